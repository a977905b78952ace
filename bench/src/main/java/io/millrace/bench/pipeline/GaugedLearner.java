package io.millrace.bench.pipeline;

import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Rows;
import io.millrace.core.optim.Hyper;
import io.millrace.core.optim.Workspace;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;
import java.util.Map;

/** A learner whose predictions are counted by the {@link Gauge} of the running job. */
final class GaugedLearner implements OnlineLearner {
  private final OnlineLearner learner;
  private final Gauge gauge;

  GaugedLearner(OnlineLearner learner, Gauge gauge) {
    this.learner = learner;
    this.gauge = gauge;
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
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    gauge.example();
    learner.predict(rows, row, state, out, workspace);
  }

  @Override
  public void judge(Outcome prediction, double label) {
    learner.judge(prediction, label);
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    return learner.learn(batch, state, key, workspace);
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
  public OnlineLearner with(Map<String, Double> changed) {
    return new GaugedLearner(learner.with(changed), gauge);
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
