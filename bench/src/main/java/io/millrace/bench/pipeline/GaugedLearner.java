package io.millrace.bench.pipeline;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import java.util.Map;

/** A subtask's learner whose predictions are counted by the {@link Gauge} of the running job. */
final class GaugedLearner extends ForwardingLearner {
  private final Gauge gauge;
  private boolean begun;
  private int unreported;

  GaugedLearner(OnlineLearner learner, Gauge gauge) {
    super(learner);
    this.gauge = gauge;
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    count();
    learner.predict(rows, row, state, out, workspace);
  }

  @Override
  public StepOutcome learnOne(
      Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
    count();
    return learner.learnOne(row, state, key, out, workspace);
  }

  private void count() {
    if (!begun) {
      begun = true;
      gauge.begin();
    }
    if (++unreported == Gauge.CHUNK) {
      unreported = 0;
      gauge.chunk();
    }
  }

  @Override
  public OnlineLearner with(Map<String, Double> changed) {
    return new GaugedLearner(learner.with(changed), gauge);
  }
}
