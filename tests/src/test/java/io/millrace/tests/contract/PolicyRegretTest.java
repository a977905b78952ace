package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Bounds of the papers on the regret against the best arm in hindsight, over T = 10,000 decisions
 * between d = 10 arms, costs in [0, 1]; and rules that are known to break them.
 */
class PolicyRegretTest {
  private static final int T = 10_000;
  private static final int D = 10;
  private static final int SEEDS = 20;
  private static final double LN_T = StrictMath.log(T);
  private static final double LN_D = StrictMath.log(D);

  private static final Map<String, Double> UNSCALED = Map.of("scaled", 0.0);
  private static final Map<String, Double> UNIFORM = Map.of("epsilon", 1.0);
  private static final Map<String, Double> GREEDY = Map.of("epsilon", 0.0);

  /** Costs that are fixed before the first decision: of arm a at time t, and the context there. */
  private record World(double[] costs, double[] contexts, int bins) {
    double cost(int t, int arm) {
      return costs[t * D + arm];
    }

    /** The cost of the best arm of every bin in hindsight. */
    double best() {
      double[] sums = new double[bins * D];
      for (int t = 0; t < T; t++) {
        int bin = (int) (contexts[t] * bins);
        for (int a = 0; a < D; a++) {
          sums[bin * D + a] += cost(t, a);
        }
      }
      return IntStream.range(0, bins)
          .mapToDouble(b -> Arrays.stream(sums, b * D, (b + 1) * D).min().orElseThrow())
          .sum();
    }
  }

  private static World coins(int seed, IntToDoubleFunction mean) {
    PhiloxDraws draws = new PhiloxDraws(seed, "coins");
    double[] costs = new double[T * D];
    for (int t = 0; t < T; t++) {
      draws.at(t);
      for (int a = 0; a < D; a++) {
        costs[t * D + a] = draws.coin(a, mean.applyAsDouble(a)) ? 1 : 0;
      }
    }
    return new World(costs, new double[T], 1);
  }

  /** One arm a little better than the others. */
  private static World close(int seed) {
    return coins(seed, a -> a == 7 ? 0.45 : 0.5);
  }

  /** One arm much better than the others. */
  private static World apart(int seed) {
    return coins(seed, a -> a == 7 ? 0.1 : 0.9);
  }

  /**
   * Whatever UCB1 plays costs 1 and all else nothing: it draws nothing, so this is known before.
   */
  private static World againstUcb1() {
    double[] costs = new double[T * D];
    run(policy("ucb1", Map.of(), 0), 0, new double[T], (t, arm) -> costs[t * D + arm] = 1);
    return new World(costs, new double[T], 1);
  }

  /** In each fifth of the contexts another arm is the best. */
  private static World byContext(int seed) {
    PhiloxDraws draws = new PhiloxDraws(seed, "contexts");
    double[] costs = new double[T * D];
    double[] contexts = new double[T];
    for (int t = 0; t < T; t++) {
      contexts[t] = draws.at(t).uniform(100);
      for (int a = 0; a < D; a++) {
        costs[t * D + a] = draws.coin(a, a == (int) (contexts[t] * 5) ? 0.1 : 0.9) ? 1 : 0;
      }
    }
    return new World(costs, contexts, 5);
  }

  private static Policy policy(String id, Map<String, Double> values, int context) {
    return Policies.configure(id, new PolicyShape(D, context, 0), values);
  }

  private interface Costs {
    double of(int t, int arm);
  }

  /** The sum of the costs of one run. */
  private static double run(Policy policy, int seed, double[] contexts, Costs costs) {
    LearnerState state = new LearnerState(policy.schema());
    policy.initialize(state, D);
    PolicyRequest request = new PolicyRequest(policy.shape());
    PolicyDecision decision = new PolicyDecision(policy.shape());
    PhiloxDraws draws = new PhiloxDraws(seed, "decisions");
    Workspace workspace = new Workspace();
    double[] pending = new double[policy.pendingLength()];
    request.setAllEligible(D);
    double sum = 0;
    for (int t = 0; t < T; t++) {
      request.setRound(t + 1);
      Arrays.fill(request.context(), contexts[t]);
      policy.choose(request, state, draws.at(t), decision, workspace);
      policy.remember(request, decision.arm(), state, pending, workspace);
      double cost = costs.of(t, decision.arm());
      sum += cost;
      policy.learn(state, decision.arm(), decision.probability(), pending, cost, workspace);
    }
    return sum;
  }

  private static double regret(String id, Map<String, Double> values, int seed, World world) {
    int context = world.bins > 1 && id.equals("tsallis_inf_cb") ? 1 : 0;
    return run(policy(id, values, context), seed, world.contexts, world::cost) - world.best();
  }

  private static double meanRegret(
      String id, Map<String, Double> values, IntFunction<World> world) {
    return IntStream.range(0, SEEDS)
        .mapToDouble(seed -> regret(id, values, seed, world.apply(seed)))
        .average()
        .orElseThrow();
  }

  @Test
  void tsallisInfWhateverTheCosts() {
    double bound = 4 * Math.sqrt((double) D * T) + 1;
    World adversarial = againstUcb1();
    assertThat(meanRegret("tsallis_inf", UNSCALED, PolicyRegretTest::close)).isLessThan(bound);
    assertThat(meanRegret("tsallis_inf", UNSCALED, PolicyRegretTest::apart)).isLessThan(bound);
    assertThat(meanRegret("tsallis_inf", UNSCALED, s -> adversarial)).isLessThan(bound);
    assertThat(meanRegret("epsilon_greedy", UNIFORM, PolicyRegretTest::apart))
        .as("uniform decisions")
        .isGreaterThan(bound);
    assertThat(regret("ucb1", Map.of(), 0, adversarial)).as("UCB1").isGreaterThan(bound);
  }

  @Test
  void exp3WhateverTheCosts() {
    double bound = 2.63 * Math.sqrt(T * D * LN_D);
    World adversarial = againstUcb1();
    assertThat(meanRegret("exp3", Map.of(), PolicyRegretTest::close)).isLessThan(bound);
    assertThat(meanRegret("exp3", Map.of(), PolicyRegretTest::apart)).isLessThan(bound);
    assertThat(meanRegret("exp3", Map.of(), s -> adversarial)).isLessThan(bound);
    assertThat(meanRegret("epsilon_greedy", UNIFORM, PolicyRegretTest::apart))
        .as("uniform decisions")
        .isGreaterThan(bound);
    assertThat(regret("ucb1", Map.of(), 0, adversarial)).as("UCB1").isGreaterThan(bound);
  }

  /** With probability 0.999 of each run. */
  @Test
  void exp3IxInEveryRun() {
    double bound =
        2 * Math.sqrt(2.0 * D * T * LN_D)
            + (Math.sqrt(2.0 * D * T / LN_D) + 1) * StrictMath.log(2 / 0.001);
    World adversarial = againstUcb1();
    for (int seed = 0; seed < SEEDS; seed++) {
      assertThat(regret("exp3_ix", Map.of(), seed, adversarial)).isLessThan(bound);
      assertThat(regret("exp3_ix", Map.of(), seed, apart(seed))).isLessThan(bound);
    }
    assertThat(regret("ucb1", Map.of(), 0, adversarial)).as("UCB1").isGreaterThan(bound);
  }

  /** Gaps are 0.8. */
  @Test
  void ucb1OfIndependentCosts() {
    double gaps = (D - 1) * 0.8;
    double bound = 8 * (D - 1) * LN_T / 0.8 + (1 + Math.PI * Math.PI / 3) * gaps;
    assertThat(meanRegret("ucb1", Map.of(), PolicyRegretTest::apart)).isLessThan(bound);
    assertThat(meanRegret("epsilon_greedy", GREEDY, PolicyRegretTest::apart))
        .as("without exploration")
        .isGreaterThan(bound);
    assertThat(meanRegret("epsilon_greedy", UNIFORM, PolicyRegretTest::apart))
        .as("uniform decisions")
        .isGreaterThan(bound);
  }

  @Test
  void tsallisInfCbAgainstTheBestArmOfEveryBin() {
    int m = 5;
    double bound = m * (4 * Math.sqrt((double) D * T / m) + 1);
    assertThat(meanRegret("tsallis_inf_cb", UNSCALED, PolicyRegretTest::byContext))
        .isLessThan(bound);
    assertThat(meanRegret("tsallis_inf", UNSCALED, PolicyRegretTest::byContext))
        .as("without the context")
        .isGreaterThan(bound);
  }
}
