package io.millrace.tests.contract;

import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;

/**
 * A policy in a small world: four arms of which one is cheapest, whatever the context, and costs in
 * (0, 1) that every policy takes. Requests, costs and draws are functions of the round.
 */
final class PolicyGame {
  static final int ARMS = 4;
  static final int BEST = 2;

  /** Room for arms that are added. */
  static final int MAX_ARMS = 6;

  private static final long SEED = 17;

  final Policy policy;
  final PolicyRequest request;
  final PolicyDecision decision;
  final double[] pending;
  final Workspace workspace = new Workspace();
  private final PhiloxDraws world = new PhiloxDraws(SEED, "world");
  private final PhiloxDraws draws = new PhiloxDraws(SEED, "policy");

  PolicyGame(Policy policy) {
    this.policy = policy;
    request = new PolicyRequest(policy.shape());
    decision = new PolicyDecision(policy.shape());
    pending = new double[policy.pendingLength()];
    for (int a = 0; a < MAX_ARMS; a++) {
      request.values()[a] = a / (double) MAX_ARMS;
    }
  }

  static PolicyShape shape(PolicySpec spec) {
    return switch (spec.input()) {
      case NOTHING -> new PolicyShape(MAX_ARMS, 0, 0);
      case NUMBER -> new PolicyShape(MAX_ARMS, 1, 0);
      case CONTEXT -> new PolicyShape(MAX_ARMS, 3, 0);
      case FEATURES -> new PolicyShape(MAX_ARMS, 0, 5);
    };
  }

  static PolicyGame of(PolicySpec spec, Map<String, Double> values) {
    return new PolicyGame(Policies.configure(spec.id(), shape(spec), values));
  }

  static PolicyGame of(PolicySpec spec) {
    return of(spec, Map.of());
  }

  LearnerState fresh() {
    LearnerState state = new LearnerState(policy.schema());
    policy.initialize(state, ARMS);
    return state;
  }

  /** The request of a round: every third one has not all arms. */
  void ask(long t) {
    world.at(t);
    if (t % 3 == 2) {
      int without = world.index(8, ARMS);
      int[] eligible = new int[ARMS - 1];
      for (int i = 0; i < eligible.length; i++) {
        eligible[i] = i < without ? i : i + 1;
      }
      request.setEligible(eligible, eligible.length);
    } else {
      request.setAllEligible(ARMS);
    }
    describe(t);
  }

  /** Context, features and round, whatever the eligible arms. */
  void describe(long t) {
    world.at(t);
    request.setRound(t);
    for (int i = 0; i < request.context().length; i++) {
      request.context()[i] = world.uniform(100 + i);
    }
    int f = policy.shape().featureLength();
    for (int a = 0; a < MAX_ARMS; a++) {
      for (int i = 0; i < f; i++) {
        request.features()[a * f + i] = i == a % f ? 1 : 0.1 * world.uniform(200 + a * f + i);
      }
    }
  }

  /** Decides a round that was asked for and keeps what is to be kept. */
  void choose(long t, LearnerState state) {
    policy.choose(request, state, draws.at(t), decision, workspace);
    policy.remember(request, decision.arm(), state, pending, workspace);
  }

  /** Cost of an arm: near 0.2 of the best, 0.4 above that of the others. */
  double cost(long t, int arm) {
    return (arm == BEST ? 0.1 : 0.5) + 0.2 * world.at(t).uniform(50 + arm);
  }

  boolean learn(long t, LearnerState state) {
    int arm = decision.arm();
    return policy.learn(state, arm, decision.probability(), pending, cost(t, arm), workspace);
  }

  /** Plays rounds {@code from .. to-1}, each cost at once; the sum of the costs. */
  double play(LearnerState state, long from, long to) {
    double sum = 0;
    for (long t = from; t < to; t++) {
      ask(t);
      choose(t, state);
      sum += cost(t, decision.arm());
      learn(t, state);
    }
    return sum;
  }

  /** All numbers of a state. */
  static double[] numbers(LearnerState state) {
    double[] all = new double[(int) (state.schema().totalBytes() / Double.BYTES) + 1];
    int at = 0;
    for (int i = 0; i < state.schema().size(); i++) {
      double[] block = state.block(i);
      System.arraycopy(block, 0, all, at, block.length);
      at += block.length;
    }
    all[at] = state.steps();
    return all;
  }

  /** The bits of all numbers of a state. */
  static long[] bits(LearnerState state) {
    return Arrays.stream(numbers(state)).mapToLong(Double::doubleToRawLongBits).toArray();
  }
}
