package io.millrace.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Estimates over many logs of a world whose truth is known. */
class OffPolicyStatTest {
  private static final int LOGS = 500;
  private static final int DECISIONS = 600;

  /** Reward of each arm in each of the two contexts, and how the logging policy chooses. */
  private static final double[][] REWARDS = {{0.1, 0.3, 0.5, 0.8}, {0.7, 0.5, 0.2, 0.1}};

  private static final double[][] LOGGED = {{0.4, 0.3, 0.2, 0.1}, {0.15, 0.15, 0.3, 0.4}};

  /** The evaluated policy takes the best arm nine times of ten. */
  private static final double[][] TARGET = {
    {0.1 / 3, 0.1 / 3, 0.1 / 3, 0.9}, {0.9, 0.1 / 3, 0.1 / 3, 0.1 / 3}
  };

  private static double truth;

  /** Sum, sum of squares of the estimates over the logs, and how often the error covers. */
  private static final double[][] RESULTS = new double[Estimator.values().length][3];

  private static double effective;

  @BeforeAll
  static void simulate() {
    truth = 0;
    for (int context = 0; context < 2; context++) {
      for (int a = 0; a < REWARDS[context].length; a++) {
        truth += 0.5 * TARGET[context][a] * REWARDS[context][a];
      }
    }
    OffPolicy rule = OffPolicy.of(Map.of("clip", 3.0, "switch", 5.0));
    PhiloxDraws draws = new PhiloxDraws(41, "logs");
    for (int log = 0; log < LOGS; log++) {
      double[] b = simulate(rule, draws.at(log));
      effective += OffPolicy.effectiveSampleSize(b, 0) / LOGS;
      for (Estimator e : Estimator.values()) {
        double error = OffPolicy.value(b, 0, e) - truth;
        double[] r = RESULTS[e.ordinal()];
        r[0] += error;
        r[1] += error * error;
        r[2] += Math.abs(error) < 1.96 * OffPolicy.standardError(b, 0, e) ? 1 : 0;
      }
    }
  }

  /** A log under predictions by the means of the arms, which know nothing of the context. */
  private static double[] simulate(OffPolicy rule, Draws draws) {
    double[] b = new double[OffPolicy.LENGTH];
    double[] means = new double[ArmMeans.PER_ARM * 4];
    for (int t = 0; t < DECISIONS; t++) {
      int context = draws.coin(3L * t, 0.5) ? 1 : 0;
      int arm = draws.categorical(3L * t + 1, LOGGED[context]);
      double reward = draws.coin(3L * t + 2, REWARDS[context][arm]) ? 1 : 0;
      double predicted = 0;
      for (int a = 0; a < 4; a++) {
        predicted += TARGET[context][a] * ArmMeans.mean(means, 0, a);
      }
      double weight = TARGET[context][arm] / LOGGED[context][arm];
      rule.take(b, 0, weight, reward, predicted, ArmMeans.mean(means, 0, arm));
      ArmMeans.take(means, 0, arm, reward);
    }
    return b;
  }

  private static double bias(Estimator e) {
    return RESULTS[e.ordinal()][0] / LOGS;
  }

  /** Standard error of the mean of the estimates, from their spread. */
  private static double biasError(Estimator e) {
    double mean = bias(e);
    return Math.sqrt((RESULTS[e.ordinal()][1] / LOGS - mean * mean) / LOGS);
  }

  private static double rootMeanSquare(Estimator e) {
    return Math.sqrt(RESULTS[e.ordinal()][1] / LOGS);
  }

  @ParameterizedTest
  @EnumSource(names = {"IPS", "DR", "SNIPS", "SNDR"})
  void estimatesTheTruthOnAverage(Estimator e) {
    // The bias of a ratio is of the order 1 / effective sample size times its variance.
    double ofRatio = e.isMean() ? 0 : 0.25 / effective;
    assertThat(Math.abs(bias(e))).isLessThan(5 * biasError(e) + ofRatio);
  }

  /** The same test finds out those that are biased. */
  @ParameterizedTest
  @EnumSource(names = {"CLIPPED_IPS", "DM", "CLIPPED_DR", "SWITCH_DR", "DR_OS"})
  void cutWeightsAndPredictionsAloneAreBiased(Estimator e) {
    assertThat(Math.abs(bias(e))).isGreaterThan(5 * biasError(e));
  }

  @Test
  void clippedWeightsErrTowardsTooLittle() {
    assertThat(bias(Estimator.CLIPPED_IPS)).isNegative();
  }

  @Test
  void predictionsAndNormalizationMakeTheEstimateSteadier() {
    assertThat(rootMeanSquare(Estimator.SNIPS)).isLessThan(0.8 * rootMeanSquare(Estimator.IPS));
    assertThat(rootMeanSquare(Estimator.DR)).isLessThan(0.9 * rootMeanSquare(Estimator.IPS));
  }

  @ParameterizedTest
  @EnumSource(names = {"IPS", "SNIPS", "DR", "SNDR"})
  void standardErrorsCoverTheTruthAtAFixedTime(Estimator e) {
    assertThat(RESULTS[e.ordinal()][2] / LOGS).isBetween(0.90, 0.98);
  }
}
