package io.millrace.tests.integration;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepBatch;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.learner.LearnerFactory;
import java.util.Map;

/**
 * The job's learner, watched by a {@link Probe}, whose snapshots carry every block of its state
 * beside what it publishes: equal snapshots mean equal parameters and equal slots.
 */
public final class ProbedLearner extends ForwardingLearner {
  private final Probe probe;

  private ProbedLearner(OnlineLearner learner, Probe probe) {
    super(learner);
    this.probe = probe;
  }

  /** Wraps those of a job, with the probe of a name. */
  public static LearnerFactory factory(LearnerFactory learner, String probe) {
    return backend -> new ProbedLearner(learner.create(backend), Probe.of(probe));
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    probe.prediction();
    learner.predict(rows, row, state, out, workspace);
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    learner.publish(state, out, workspace);
    for (int i = 0; i < state.schema().size(); i++) {
      out.tensor(
          "state/" + state.schema().name(i),
          new int[] {state.schema().length(i)},
          state.block(i).clone());
    }
  }

  @Override
  public StepBatch newStepBatch(int keys, int rows) {
    StepBatch batch = learner.newStepBatch(keys, rows);
    return batch == null ? null : new Unwrapped(batch);
  }

  /** A batch of the learners that are watched. */
  private record Unwrapped(StepBatch batch) implements StepBatch {
    @Override
    public void begin() {
      batch.begin();
    }

    @Override
    public int add(OnlineLearner probed, Rows rows, LearnerState state) {
      return batch.add(((ProbedLearner) probed).learner, rows, state);
    }

    @Override
    public void share() {
      batch.share();
    }

    @Override
    public StepOutcome take(
        int place,
        OnlineLearner probed,
        Rows rows,
        LearnerState state,
        String key,
        Workspace workspace) {
      OnlineLearner own = ((ProbedLearner) probed).learner;
      return batch.take(place, own, rows, state, key, workspace);
    }
  }

  @Override
  public OnlineLearner with(Map<String, Double> changed) {
    return new ProbedLearner(learner.with(changed), probe);
  }
}
