package io.millrace.bench.state;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.learner.LearnerFactory;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** A learner whose examples are counted. */
final class CountedLearner extends ForwardingLearner {
  private static volatile Counts current;
  private final Counts counts;

  /** Examples so far. */
  static final class Counts {
    private final AtomicLong predicted = new AtomicLong();
    private final AtomicLong learned = new AtomicLong();

    long predicted() {
      return predicted.get();
    }

    long learned() {
      return learned.get();
    }
  }

  private CountedLearner(OnlineLearner learner, Counts counts) {
    super(learner);
    this.counts = counts;
  }

  /** Counts of the job to come. */
  static Counts reset() {
    current = new Counts();
    return current;
  }

  static LearnerFactory of(LearnerFactory factory) {
    return backend -> new CountedLearner(factory.create(backend), current);
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    learner.predict(rows, row, state, out, workspace);
    counts.predicted.incrementAndGet();
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    StepOutcome outcome = learner.learn(batch, state, key, workspace);
    counts.learned.addAndGet(batch.count());
    return outcome;
  }

  @Override
  public StepOutcome learnOne(
      Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
    StepOutcome outcome = learner.learnOne(row, state, key, out, workspace);
    counts.predicted.incrementAndGet();
    counts.learned.incrementAndGet();
    return outcome;
  }

  @Override
  public OnlineLearner with(Map<String, Double> changed) {
    return new CountedLearner(learner.with(changed), counts);
  }
}
