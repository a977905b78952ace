package io.millrace.bench.tune;

import io.millrace.cli.evaluate.Evaluation;
import io.millrace.cli.evaluate.OccurringRows;
import io.millrace.cli.tune.LearnerTuning;
import io.millrace.client.Decision;
import io.millrace.client.TuneQuery;
import io.millrace.core.bandit.Policy;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.Metric;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What {@code millrace tune learner} makes of two jobs, in one thread: the learner's metrics, the
 * tuning of the command itself, the tuner's policy, and orders that the learner takes at once.
 * Between real jobs an order comes some rows later; the window in which it comes counts for neither
 * value here or there.
 */
final class LearnerLoop implements LearnerTuning.Ends {
  private static final String KEY = "key";
  private static final long INCARNATION = 1;

  private final OccurringRows stream;
  private final OnlineLearner[] learners;
  private final PolicyLoop policy;
  private final Evaluation evaluation;
  private final LearnerTuning tuning;
  private Control ordered;

  /**
   * @param learners by rate, ascending
   * @param policy its context, where it takes one, is the logarithm of the loss over the window
   *     before
   * @param start the rate that the model has before anything is ordered
   * @param reach how many places further than the rate in force a decision may go
   */
  LearnerLoop(
      OccurringRows stream,
      OnlineLearner[] learners,
      double[] rates,
      Policy policy,
      int start,
      int reach,
      long seed) {
    this.stream = stream;
    this.learners = learners;
    this.policy = new PolicyLoop(policy, rates, seed);
    evaluation = new Evaluation(learners[start], stream.options().input(), 1);
    List<LearnerTuning.Arm> arms = new ArrayList<>();
    for (int a = 0; a < rates.length; a++) {
      arms.add(new LearnerTuning.Arm(Integer.toString(a), rates[a]));
    }
    tuning =
        new LearnerTuning(
            OptimizerSpec.LEARNING_RATE, arms, start, reach, policy.shape().contextLength(), this);
  }

  /**
   * Goes through the stream.
   *
   * @param window rows between metrics, at least 1
   * @return mean progressive loss
   */
  double run(int window) throws InterruptedException {
    double sum = 0;
    long scored = 0;
    for (int i = 0; i < stream.rows().count(); i++) {
      evaluation.take(stream.rows(), i);
      if ((i + 1) % window == 0 && evaluation.scored() > scored) {
        double mean = (evaluation.lossSum() - sum) / (evaluation.scored() - scored);
        sum = evaluation.lossSum();
        scored = evaluation.scored();
        tuning.take(
            new Metric(
                KEY,
                INCARNATION,
                Instant.EPOCH,
                Map.of("predicted", i + 1L),
                Map.of("windowLoss", mean),
                null));
        follow();
      }
    }
    return evaluation.loss();
  }

  /** Does what has been ordered, and says so. */
  private void follow() throws InterruptedException {
    if (ordered == null) {
      return;
    }
    Control c = ordered;
    ordered = null;
    tuning.take(
        new ControlEcho(
            c.getKey(),
            "learn",
            c.getOrigin(),
            c.getSequence(),
            c.getCommand(),
            c.getName(),
            c.getValue(),
            ControlOutcome.TAKEN,
            "",
            "",
            INCARNATION,
            0L,
            1L,
            Instant.EPOCH,
            ArmCommand.UNKNOWN));
  }

  @Override
  public Decision decide(TuneQuery query) {
    policy.allow(query.arms().stream().mapToInt(Integer::parseInt).toArray());
    int arm = policy.decide(query.context().isEmpty() ? 0 : query.context().get(0));
    evaluation.use(learners[arm]);
    return new Decision(
        KEY, query.id(), Integer.toString(arm), 0, false, query.arms(), List.of(), "", 0);
  }

  /** A cost that the policy does not take is a dead letter of the tune job. */
  @Override
  public void report(Decision decision, double cost) {
    if (policy.takes(cost)) {
      policy.learn(cost);
    }
  }

  @Override
  public void order(Control order) {
    ordered = order;
  }
}
