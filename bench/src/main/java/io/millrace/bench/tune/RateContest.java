package io.millrace.bench.tune;

import io.millrace.cli.evaluate.Evaluation;
import io.millrace.cli.evaluate.OccurringRows;
import io.millrace.core.bandit.Policy;
import io.millrace.core.compute.Workspace;
import io.millrace.core.decision.Gains;
import io.millrace.core.decision.PromotionGate;
import io.millrace.core.decision.Verdict;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.tuning.Trial;
import io.millrace.core.tuning.Tuner;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The learning rate of a live learner, by three ways. A tuner orders it anew for every window of
 * rows, and the one model goes on from window to window, whatever the rates were. Or a tuner lets
 * one learner per rate run side by side on the same rows and stops the worse ones; what counts is
 * the loss of the one that led before each row. Or the gate of a job with candidates decides which
 * of them serves; what counts is the loss of that one.
 */
final class RateContest {
  private final OccurringRows stream;
  private final double[] rates;
  private final OnlineLearner[] learners;

  /**
   * What side by side came to.
   *
   * @param loss mean progressive loss of the leader
   * @param work rows learned from over all learners, in units of the rows of the stream
   * @param chosen the rate that was left
   */
  record SideBySide(double loss, double work, double chosen) {}

  /**
   * @param rates ascending, above 0
   */
  RateContest(OccurringRows stream, String optimizer, double[] rates) {
    this.stream = stream;
    this.rates = rates.clone();
    OnlineLearner base =
        new SupervisedLearner(
            stream
                .options()
                .withOptimizer(optimizer, Map.of(OptimizerSpec.LEARNING_RATE, rates[0])));
    learners = new OnlineLearner[rates.length];
    for (int a = 0; a < rates.length; a++) {
      learners[a] = base.with(Map.of(OptimizerSpec.LEARNING_RATE, rates[a]));
    }
  }

  /** A rate by its number. */
  double rate(int arm) {
    return rates[arm];
  }

  private Evaluation evaluation(int arm) {
    return new Evaluation(learners[arm], stream.options().input(), 1);
  }

  /** Mean progressive loss under one rate. */
  double fixed(int arm) {
    Evaluation evaluation = evaluation(arm);
    for (int i = 0; i < stream.rows().count(); i++) {
      evaluation.take(stream.rows(), i);
    }
    return evaluation.loss();
  }

  /**
   * Mean progressive loss of one learner under the rates that a tuner orders.
   *
   * @param window rows per decision, at least 1
   * @param start arm before the first decision
   * @param reach how many places further than the rate in force a decision may go
   */
  double tuned(Policy policy, int window, int start, int reach, long seed) {
    try {
      return new LearnerLoop(stream, learners, rates, policy, start, reach, seed).run(window);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nothing waits here", e);
    }
  }

  /**
   * One learner per rate, until a tuner stops it.
   *
   * @param tuner over one parameter, whose configurations are the rates in their order; resource is
   *     rows
   */
  SideBySide sideBySide(Tuner tuner) {
    LearnerState state = new LearnerState(tuner.schema());
    tuner.initialize(state);
    PhiloxDraws draws = new PhiloxDraws(0, "rates");
    Workspace workspace = new Workspace();
    Evaluation[] evaluations = new Evaluation[rates.length];
    List<Trial> running = trials(tuner, state, draws, workspace);
    double sum = 0;
    long work = 0;
    int n = stream.rows().count();
    for (int i = 0; i < n; i++) {
      int leader = -1;
      for (Trial t : running) {
        if (evaluations[t.config()] == null) {
          evaluations[t.config()] = evaluation(t.config());
        }
        if (leader < 0 || evaluations[t.config()].lossSum() < evaluations[leader].lossSum()) {
          leader = t.config();
        }
      }
      double before = evaluations[leader].lossSum();
      for (Trial t : running) {
        evaluations[t.config()].take(stream.rows(), i);
        work++;
      }
      sum += evaluations[leader].lossSum() - before;
      if (i + 1 == Math.rint(running.get(0).resource()) && !tuner.finished(state)) {
        for (Trial t : running) {
          tuner.report(state, t, evaluations[t.config()].loss(), new double[0], workspace);
        }
        running =
            tuner.finished(state)
                ? List.of(new Trial(1).set(tuner.incumbent(state), 0, n))
                : trials(tuner, state, draws, workspace);
      }
    }
    return new SideBySide(sum / n, (double) work / n, rates[running.get(0).config()]);
  }

  /**
   * One learner per rate, of which one serves: the others take its place, or are stopped, as the
   * gate of a job with candidates says.
   *
   * @param gate as many candidates as there are rates
   * @param base which of them serves at first
   */
  SideBySide gated(PromotionGate gate, double bound, int base) {
    double[] b = new double[gate.length()];
    gate.appoint(b, base, -1);
    Evaluation[] running = new Evaluation[rates.length];
    for (int a = 0; a < rates.length; a++) {
      running[a] = evaluation(a);
      gate.start(b, a);
    }
    double[] losses = new double[rates.length];
    double sum = 0;
    long work = 0;
    int n = stream.rows().count();
    for (int i = 0; i < n; i++) {
      for (int a = 0; a < rates.length; a++) {
        if (running[a] != null) {
          double before = running[a].lossSum();
          running[a].take(stream.rows(), i);
          losses[a] = running[a].lossSum() - before;
          work++;
        }
      }
      sum += losses[gate.champion(b)];
      compare(gate, b, bound, losses, running);
    }
    return new SideBySide(sum / n, (double) work / n, rates[gate.champion(b)]);
  }

  /** What a job does after each event; see {@code Contest} of its operator. */
  private static void compare(
      PromotionGate gate, double[] b, double bound, double[] losses, Evaluation[] running) {
    int champion = gate.champion(b);
    for (int a = 0; a < running.length; a++) {
      int former = gate.former(b);
      int against = a == champion ? former : champion;
      if (running[a] == null || against < 0) {
        continue;
      }
      double gain = Gains.ofLosses(losses[against], losses[a]);
      Verdict verdict = gate.observe(b, a, Math.max(-bound, Math.min(bound, gain)));
      if (verdict.drops() || verdict.rollsBack()) {
        running[a] = null;
      } else if (verdict == Verdict.CONFIRMED && !gate.running(b, former)) {
        running[former] = null;
      }
      if (verdict.changesChampion()) {
        return;
      }
    }
  }

  /** All trials that can run now. */
  private static List<Trial> trials(
      Tuner tuner, LearnerState state, PhiloxDraws draws, Workspace workspace) {
    List<Trial> all = new ArrayList<>();
    for (Trial t = new Trial(1);
        tuner.next(state, draws.at(state.steps()), t, workspace);
        t = new Trial(1)) {
      all.add(t);
    }
    return all;
  }
}
