package io.millrace.core.learn;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Forwards every call to another learner. Subclasses override what they watch or replace. They
 * implement {@link #with} themselves, because its result has to be wrapped too.
 */
public abstract class ForwardingLearner implements OnlineLearner {
  /** The one that does the work. */
  protected final OnlineLearner learner;

  protected ForwardingLearner(OnlineLearner learner) {
    this.learner = learner;
  }

  @Override
  public String algorithm() {
    return learner.algorithm();
  }

  @Override
  public int stateVersion() {
    return learner.stateVersion();
  }

  @Override
  public StateSchema schema() {
    return learner.schema();
  }

  @Override
  public SortedMap<String, String> meaning() {
    return learner.meaning();
  }

  @Override
  public long mostBytes() {
    return learner.mostBytes();
  }

  @Override
  public long publishedGrowth() {
    return learner.publishedGrowth();
  }

  @Override
  public long expectedBytes() {
    return learner.expectedBytes();
  }

  @Override
  public List<StateSchema> readable() {
    return learner.readable();
  }

  @Override
  public LearnerState reform(LearnerState old, String key) {
    return learner.reform(old, key);
  }

  @Override
  public void initialize(LearnerState state, String key) {
    learner.initialize(state, key);
  }

  @Override
  public LearnerState upgrade(int from, LearnerState old) {
    return learner.upgrade(from, old);
  }

  @Override
  public Rows newRows() {
    return learner.newRows();
  }

  @Override
  public String unfit(Rows rows, int row) {
    return learner.unfit(rows, row);
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    learner.predict(rows, row, state, out, workspace);
  }

  @Override
  public void judge(Outcome prediction, double label) {
    learner.judge(prediction, label);
  }

  @Override
  public int classOf(Outcome prediction) {
    return learner.classOf(prediction);
  }

  @Override
  public int probabilities() {
    return learner.probabilities();
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    return learner.learn(batch, state, key, workspace);
  }

  @Override
  public boolean scoresSteps() {
    return learner.scoresSteps();
  }

  @Override
  public double stepLoss(LearnerState state) {
    return learner.stepLoss(state);
  }

  @Override
  public void figures(LearnerState state, Figures out) {
    learner.figures(state, out);
  }

  @Override
  public List<Hyper> hyperparameters() {
    return learner.hyperparameters();
  }

  @Override
  public Map<String, Double> values() {
    return learner.values();
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    learner.publish(state, out, workspace);
  }

  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    learner.warmStart(state, from);
  }
}
