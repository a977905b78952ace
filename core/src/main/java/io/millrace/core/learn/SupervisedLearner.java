package io.millrace.core.learn;

import io.millrace.core.model.Rows;
import io.millrace.core.optim.Hyper;
import io.millrace.core.optim.Workspace;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;
import java.util.Map;

/**
 * Online supervised learning of a linear model: loss, optimizer and feature scaling put together.
 */
public final class SupervisedLearner implements OnlineLearner {
  /**
   * @throws io.millrace.core.ConfigException listing every fault of the options
   */
  public SupervisedLearner(SupervisedOptions options) {
    throw new UnsupportedOperationException();
  }

  /**
   * A learner good for {@link #predict} with a state filled by {@link #warmStart}, from what {@link
   * #publish} wrote as configuration. Its optimizer is plain SGD.
   *
   * @throws StateException naming what is missing or not understood
   */
  public static SupervisedLearner forScoring(Map<String, String> config) {
    throw new UnsupportedOperationException();
  }

  /** What this learner was built from, with the values in force. */
  public SupervisedOptions options() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String algorithm() {
    throw new UnsupportedOperationException();
  }

  @Override
  public int stateVersion() {
    throw new UnsupportedOperationException();
  }

  @Override
  public StateSchema schema() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void initialize(LearnerState state, String key) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LearnerState upgrade(int from, LearnerState old) {
    throw new UnsupportedOperationException();
  }

  @Override
  public Rows newRows() {
    throw new UnsupportedOperationException();
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void judge(Outcome prediction, double label) {
    throw new UnsupportedOperationException();
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public List<Hyper> hyperparameters() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Map<String, Double> values() {
    throw new UnsupportedOperationException();
  }

  @Override
  public OnlineLearner with(Map<String, Double> changed) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    throw new UnsupportedOperationException();
  }
}
