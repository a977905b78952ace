package io.millrace.bench.pipeline;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A learner that does nothing: what is left is the cost of the pipeline. */
final class IdleLearner implements OnlineLearner {
  private final boolean dense;
  private final StateSchema schema = new StateSchema.Builder().build();

  IdleLearner(boolean dense) {
    this.dense = dense;
  }

  @Override
  public String algorithm() {
    return "idle";
  }

  @Override
  public int stateVersion() {
    return 1;
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public SortedMap<String, String> meaning() {
    return Collections.emptySortedMap();
  }

  @Override
  public void initialize(LearnerState state, String key) {}

  @Override
  public LearnerState upgrade(int from, LearnerState old) {
    return old;
  }

  @Override
  public Rows newRows() {
    return new Rows(dense);
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    out.scoreCount = 1;
    out.scores[0] = 0.5;
    out.rawCount = 1;
    out.raw[0] = 0;
    judge(out, rows.label(row));
  }

  @Override
  public void judge(Outcome prediction, double label) {
    prediction.loss = 0;
    prediction.correct = 1;
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    state.setSteps(state.steps() + 1);
    return StepOutcome.LEARNED;
  }

  @Override
  public List<Hyper> hyperparameters() {
    return List.of();
  }

  @Override
  public Map<String, Double> values() {
    return Map.of();
  }

  @Override
  public OnlineLearner with(Map<String, Double> changed) {
    return this;
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {}

  @Override
  public void warmStart(LearnerState state, PublishedModel from) {}
}
