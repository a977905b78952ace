package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.ConfigException;
import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/** What every policy promises. */
enum PolicyCheck {
  PROBABILITIES_ARE_THOSE_OF_THE_ELIGIBLE_ARMS(PolicyCheck::probabilities),
  CHOOSING_CHANGES_NOTHING(PolicyCheck::choosing),
  ARMS_COME_AS_OFTEN_AS_SAID(PolicyCheck::frequencies),
  GOES_ON_FROM_A_COPY_AT_ANY_POSITION(PolicyCheck::recovery),
  LATE_COSTS_DO_NO_MORE_HARM_THAN_DECLARED(PolicyCheck::order),
  ALLOCATES_NOTHING(PolicyCheck::allocation),
  REFUSES_POISON(PolicyCheck::poison),
  REFUSES_REQUESTS_THAT_DO_NOT_FIT(PolicyCheck::requests),
  FINDS_THE_CHEAPEST_ARM(PolicyCheck::learning),
  ARMS_COME_AND_GO(PolicyCheck::arms),
  A_START_FROM_ANOTHER_ARM_IS_TAKEN_ONCE(PolicyCheck::start),
  OTHER_VALUES_GO_ON_FROM_THE_SAME_STATE(PolicyCheck::values),
  UNIFORM_DECISIONS_BY_THE_REQUEST(PolicyCheck::exploration),
  PUBLISHES_WHAT_IT_KNOWS(PolicyCheck::publishing);

  private static final int ROUNDS = 60;

  private final Consumer<PolicySpec> check;

  PolicyCheck(Consumer<PolicySpec> check) {
    this.check = check;
  }

  void run(PolicySpec spec) {
    check.accept(spec);
  }

  private static void probabilities(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    for (long t = 1; t <= ROUNDS; t++) {
      game.ask(t);
      game.choose(t, state);
      double[] p = game.decision.probabilities();
      List<Integer> eligible =
          Arrays.stream(game.request.eligible(), 0, game.request.count()).boxed().toList();
      assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(1e-9));
      for (int a = 0; a < p.length; a++) {
        assertThat(p[a]).as("arm %d", a).isBetween(0.0, 1.0);
        if (!eligible.contains(a)) {
          assertThat(p[a]).as("arm %d, not eligible", a).isZero();
        }
      }
      assertThat(eligible).contains(game.decision.arm(), game.decision.greedy());
      assertThat(game.decision.probability()).isPositive();
      assertThat(p[game.decision.greedy()]).isEqualTo(Arrays.stream(p).max().orElseThrow());
      game.learn(t, state);
    }
    one(game, state);
  }

  /** With one eligible arm there is nothing to choose. */
  private static void one(PolicyGame game, LearnerState state) {
    game.describe(ROUNDS + 1);
    game.request.setEligible(new int[] {3}, 1);
    game.choose(ROUNDS + 1, state);
    assertThat(game.decision.arm()).isEqualTo(3);
    assertThat(game.decision.probability()).isCloseTo(1, within(1e-12));
  }

  private static void choosing(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, ROUNDS);
    long[] before = PolicyGame.bits(state);
    game.ask(ROUNDS);
    game.choose(ROUNDS, state);
    double[] p = game.decision.probabilities().clone();
    int arm = game.decision.arm();
    game.choose(ROUNDS, state);
    assertThat(PolicyGame.bits(state)).isEqualTo(before);
    assertThat(game.decision.probabilities()).containsExactly(p);
    assertThat(game.decision.arm()).isEqualTo(arm);
  }

  /** Over many draws under one state, by three standard errors of each arm. */
  private static void frequencies(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec, Map.of("epsilon", 0.3));
    LearnerState state = game.fresh();
    game.play(state, 1, 30);
    int n = 4000;
    double[] said = new double[PolicyGame.MAX_ARMS];
    double[] came = new double[PolicyGame.MAX_ARMS];
    game.ask(31);
    for (int i = 0; i < n; i++) {
      game.choose(10_000 + i, state);
      came[game.decision.arm()] += 1.0 / n;
      for (int a = 0; a < said.length; a++) {
        said[a] += game.decision.probabilities()[a] / n;
      }
    }
    for (int a = 0; a < said.length; a++) {
      double error = Math.sqrt(said[a] * (1 - said[a]) / n);
      assertThat(came[a]).as("arm %d", a).isCloseTo(said[a], within(4 * error + 1e-12));
    }
  }

  private static void recovery(PolicySpec spec) {
    for (Map<String, Double> values : List.of(Map.<String, Double>of(), restarting())) {
      PolicyGame game = PolicyGame.of(spec, values);
      LearnerState state = game.fresh();
      LearnerState[] at = new LearnerState[ROUNDS + 1];
      for (int t = 1; t <= ROUNDS; t++) {
        at[t] = state.copy();
        game.play(state, t, t + 1);
      }
      for (int t = 1; t <= ROUNDS; t++) {
        PolicyGame.of(spec, values).play(at[t], t, ROUNDS + 1);
        assertThat(PolicyGame.bits(at[t])).as("from %d on", t).isEqualTo(PolicyGame.bits(state));
      }
    }
  }

  private static Map<String, Double> restarting() {
    return Map.of("restart-threshold", 2.0, "restart-delta", 0.0);
  }

  /** Thirty decisions first, then their costs in two orders. */
  private static void order(PolicySpec spec) {
    double[] forwards = late(spec, false);
    double[] backwards = late(spec, true);
    double most = 0;
    for (int i = 0; i < forwards.length; i++) {
      most =
          Math.max(
              most,
              Math.abs(forwards[i] - backwards[i]) / (1 + Math.max(Math.abs(forwards[i]), 1)));
    }
    if (spec.orderFree()) {
      assertThat(most).isLessThan(1e-9);
    } else {
      assertThat(most).as("declared as not free of order").isGreaterThan(1e-6);
    }
  }

  private static double[] late(PolicySpec spec, boolean backwards) {
    int decisions = 30;
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, 10);
    int[] arms = new int[decisions];
    double[] p = new double[decisions];
    double[][] pending = new double[decisions][];
    for (int i = 0; i < decisions; i++) {
      game.ask(10 + i);
      game.choose(10 + i, state);
      // Another arm is played each time: a deterministic policy would repeat itself.
      arms[i] = game.request.eligible()[i % game.request.count()];
      p[i] = Math.max(game.decision.probabilities()[arms[i]], 0.1);
      pending[i] = new double[game.pending.length];
      game.policy.remember(game.request, arms[i], state, pending[i], game.workspace);
    }
    for (int i = 0; i < decisions; i++) {
      int s = backwards ? decisions - 1 - i : i;
      game.policy.learn(
          state, arms[s], p[s], pending[s], game.cost(10 + s, arms[s]), game.workspace);
    }
    return PolicyGame.numbers(state);
  }

  private static void allocation(PolicySpec spec) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    PolicyGame game = PolicyGame.of(spec, restarting());
    LearnerState state = game.fresh();
    game.play(state, 1, 1500);
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      game.ask(1500 + i);
      long before = threads.getThreadAllocatedBytes(thread);
      for (int k = 0; k < 10; k++) {
        game.choose(1500 + i, state);
        game.learn(1500 + i, state);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    assertThat(least).isLessThan(64);
  }

  private static void poison(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, 20);
    for (double cost : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -Double.MAX_VALUE}) {
      if (!Double.isFinite(cost) || game.policy.costs().low() > cost) {
        assertThat(game.policy.costs().fault(cost)).contains("cost = " + cost, "must lie in");
      }
    }
    game.ask(20);
    game.choose(20, state);
    for (double cost : new double[] {Double.MAX_VALUE, -Double.MAX_VALUE, 1e200, 1e154, 0}) {
      if (game.policy.costs().fault(cost) == null) {
        long[] before = PolicyGame.bits(state);
        boolean learned =
            game.policy.learn(
                state, game.decision.arm(), 1e-12, game.pending, cost, game.workspace);
        assertThat(Arrays.stream(PolicyGame.numbers(state)).allMatch(Double::isFinite))
            .as("after %s", cost)
            .isTrue();
        if (!learned) {
          assertThat(PolicyGame.bits(state)).isEqualTo(before);
        }
      }
    }
    game.ask(21);
    game.choose(21, state);
    assertThat(Arrays.stream(game.decision.probabilities()).sum()).isCloseTo(1, within(1e-9));
    assertThatThrownBy(
            () -> game.policy.learn(state, 0, 1, game.pending, Double.NaN, game.workspace))
        .isInstanceOf(IllegalStateException.class);
  }

  private static void requests(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    game.ask(1);
    assertThat(game.policy.unfit(game.request)).isNull();
    game.request.setEligible(new int[] {}, 0);
    assertThat(game.policy.unfit(game.request)).contains("no arm");
    game.request.setEligible(new int[] {1, 1}, 2);
    assertThat(game.policy.unfit(game.request)).contains("ascending");
    game.request.setEligible(new int[] {PolicyGame.MAX_ARMS}, 1);
    assertThat(game.policy.unfit(game.request)).contains("must lie in [0, 6)");
    game.ask(1);
    for (double[] input : List.of(game.request.context(), game.request.features())) {
      if (input.length > 0) {
        double was = input[0];
        input[0] = Double.NaN;
        assertThat(game.policy.unfit(game.request)).contains("NaN");
        input[0] = was;
      }
    }
    Arrays.fill(game.request.context(), 1e300);
    Arrays.fill(game.request.features(), -1e300);
    assertThat(game.policy.unfit(game.request)).isNull();
    game.choose(1, game.fresh());
    assertThat(Arrays.stream(game.decision.probabilities()).sum()).isCloseTo(1, within(1e-9));
    game.request.setExploration(1.5);
    assertThat(game.policy.unfit(game.request)).contains("exploration = 1.5");
  }

  /** Costs of the last rounds are below those of uniform decisions, 0.5 on average. */
  private static void learning(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, 3000);
    assertThat(game.play(state, 3000, 4000) / 1000).isLessThan(0.4);
    assertThat(IntStream.range(0, PolicyGame.ARMS).boxed().toList())
        .allSatisfy(
            a ->
                assertThat(game.policy.pulls(state, PolicyGame.BEST))
                    .isGreaterThanOrEqualTo(game.policy.pulls(state, a)));
    assertThat(game.policy.meanCost(state, PolicyGame.BEST)).isCloseTo(0.2, within(0.03));
  }

  private static void arms(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    Policy policy = game.policy;
    LearnerState state = game.fresh();
    game.play(state, 1, 100);
    game.request.setAllEligible(PolicyGame.ARMS);
    policy.start(state, 4, ArmStart.fresh(), game.request, game.workspace);
    assertThat(policy.pulls(state, 4)).isZero();
    assertThat(policy.present(state)).containsExactly(1, 1, 1, 1, 1, 0);
    // The cheapest arm is removed; it comes back with what it had.
    double pulls = policy.pulls(state, PolicyGame.BEST);
    for (long t = 100; t < 140; t++) {
      game.describe(t);
      game.request.setEligible(new int[] {0, 1, 3, 4}, 4);
      game.choose(t, state);
      assertThat(game.decision.arm()).isNotEqualTo(PolicyGame.BEST);
      game.learn(t, state);
    }
    assertThat(policy.pulls(state, PolicyGame.BEST)).isEqualTo(pulls);
    policy.purge(state, PolicyGame.BEST);
    assertThat(policy.pulls(state, PolicyGame.BEST)).isZero();
    assertThat(policy.meanCost(state, PolicyGame.BEST)).isNaN();
    game.describe(140);
    game.request.setEligible(new int[] {0, 1, 3, 4}, 4);
    policy.start(state, PolicyGame.BEST, ArmStart.fresh(), game.request, game.workspace);
    game.play(state, 140, 200);
    assertThat(Arrays.stream(PolicyGame.numbers(state)).allMatch(Double::isFinite)).isTrue();
  }

  private static void start(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    Policy policy = game.policy;
    LearnerState state = game.fresh();
    game.play(state, 1, 200);
    game.request.setAllEligible(PolicyGame.ARMS);
    double n = policy.pulls(state, PolicyGame.BEST);
    double mean = policy.meanCost(state, PolicyGame.BEST);
    policy.start(state, 4, ArmStart.from(PolicyGame.BEST, 5), game.request, game.workspace);
    assertThat(policy.pulls(state, 4)).isCloseTo(Math.min(n, 5), within(1e-9));
    assertThat(policy.meanCost(state, 4)).isCloseTo(mean, within(1e-9));
    policy.start(state, 5, ArmStart.prior(0.3, 2), game.request, game.workspace);
    assertThat(policy.pulls(state, 5)).isEqualTo(2);
    assertThat(policy.meanCost(state, 5)).isCloseTo(0.3, within(1e-9));
    game.play(state, 200, 230);
    assertThat(policy.pulls(state, 4)).isCloseTo(Math.min(n, 5), within(1e-9));
    game.request.setAllEligible(PolicyGame.MAX_ARMS);
    game.describe(230);
    game.choose(230, state);
    assertThat(Arrays.stream(game.decision.probabilities()).sum()).isCloseTo(1, within(1e-9));
  }

  private static void values(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, 50);
    Policy other = game.policy.with(Map.of("epsilon", 1.0));
    assertThat(other.schema()).isEqualTo(game.policy.schema());
    assertThat(other.meaning()).isEqualTo(game.policy.meaning());
    PolicyGame uniform = new PolicyGame(other);
    uniform.describe(50);
    uniform.request.setAllEligible(PolicyGame.ARMS);
    uniform.choose(50, state);
    for (int a = 0; a < PolicyGame.ARMS; a++) {
      assertThat(uniform.decision.probabilities()[a]).isCloseTo(0.25, within(1e-12));
    }
    for (Hyper h : Policies.hypers(spec)) {
      if (h.structural()) {
        assertThatThrownBy(() -> game.policy.with(Map.of(h.name(), h.def())))
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining(h.name());
      }
    }
    assertThatThrownBy(() -> game.policy.with(Map.of("epsilon", 2.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must lie in [0, 1]");
    assertThatThrownBy(() -> PolicyGame.of(spec, Map.of("nonsense", 1.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("nonsense");
  }

  private static void exploration(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, 50);
    game.ask(51);
    game.request.setExploration(1);
    game.choose(51, state);
    for (int i = 0; i < game.request.count(); i++) {
      assertThat(game.decision.probabilities()[game.request.eligible()[i]])
          .isCloseTo(1.0 / game.request.count(), within(1e-12));
    }
  }

  private static void publishing(PolicySpec spec) {
    PolicyGame game = PolicyGame.of(spec);
    LearnerState state = game.fresh();
    game.play(state, 1, 50);
    Map<String, double[]> tensors = new HashMap<>();
    Map<String, String> settings = new HashMap<>();
    game.policy.publish(
        state,
        PolicyGame.ARMS,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            settings.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            assertThat(data).hasSize(Arrays.stream(shape).reduce(1, (p, q) -> p * q));
            tensors.put(name, data.clone());
          }
        },
        game.workspace);
    assertThat(settings).containsEntry("policy", spec.id()).containsKey("epsilon");
    assertThat(tensors.get("pulls")).hasSize(PolicyGame.ARMS);
    assertThat(Arrays.stream(tensors.get("pulls")).sum()).isEqualTo(49);
    assertThat(tensors.get("mean-cost")).hasSize(PolicyGame.ARMS);
  }
}
