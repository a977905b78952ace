package io.millrace.bench.policy;

import io.millrace.bench.CpuClock;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Map;

/**
 * A policy in a world where the best arm depends on the context, costs in (0, 1). Decisions and
 * costs are made in blocks, so that the clock is read rarely: a block of decisions, then a block of
 * their costs, as where costs come late.
 */
final class DecisionMeasurement {
  private static final int BLOCK = 256;
  private static final long BLOCK_NANOS = 100_000_000L;

  private final Policy policy;
  private final PolicyShape shape;
  private final LearnerState state;
  private final PolicyRequest request;
  private final PolicyDecision decision;
  private final Workspace workspace = new Workspace();
  private final PhiloxDraws draws = new PhiloxDraws(1, "decisions");
  private final PhiloxDraws world = new PhiloxDraws(1, "world");
  private final int[] arms = new int[BLOCK];
  private final double[] probabilities = new double[BLOCK];
  private final double[][] pending;
  private final double[] costs = new double[BLOCK];
  private final double[][] contexts;
  private long round;

  DecisionMeasurement(PolicySpec spec, int arms, int context) {
    shape =
        switch (spec.input()) {
          case NOTHING -> new PolicyShape(arms, 0, 0);
          case NUMBER -> new PolicyShape(arms, 1, 0);
          case CONTEXT -> new PolicyShape(arms, context, 0);
          case FEATURES -> new PolicyShape(arms, 0, context);
        };
    policy = spec.policy(shape, Map.of());
    state = new LearnerState(policy.schema());
    policy.initialize(state, arms);
    request = new PolicyRequest(shape);
    request.setAllEligible(arms);
    decision = new PolicyDecision(shape);
    pending = new double[BLOCK][policy.pendingLength()];
    contexts = new double[BLOCK][Math.max(shape.contextLength(), arms * shape.featureLength())];
    for (int a = 0; a < arms; a++) {
      request.values()[a] = a / (double) arms;
    }
  }

  long stateBytes() {
    return policy.schema().totalBytes();
  }

  /** Plays about so many rounds. */
  void play(long rounds) {
    for (long r = 0; r < rounds; r += BLOCK) {
      describe();
      choose();
      cost();
      learn();
    }
  }

  /** Microseconds of a decision and of a cost. */
  double[] measure() {
    long choosing = 0;
    long learning = 0;
    long n = 0;
    while (choosing + learning < BLOCK_NANOS) {
      describe();
      long start = CpuClock.nanos();
      choose();
      long chosen = CpuClock.nanos();
      cost();
      long learn = CpuClock.nanos();
      learn();
      learning += CpuClock.nanos() - learn;
      choosing += chosen - start;
      n += BLOCK;
    }
    return new double[] {choosing / 1e3 / n, learning / 1e3 / n};
  }

  private void describe() {
    for (int i = 0; i < BLOCK; i++) {
      world.at(round + i);
      for (int j = 0; j < contexts[i].length; j++) {
        contexts[i][j] = world.uniform(10 + j);
      }
    }
  }

  private void choose() {
    for (int i = 0; i < BLOCK; i++) {
      double[] input = shape.featureLength() > 0 ? request.features() : request.context();
      System.arraycopy(contexts[i], 0, input, 0, input.length);
      request.setRound(round + i + 1);
      policy.choose(request, state, draws.at(round + i), decision, workspace);
      arms[i] = decision.arm();
      probabilities[i] = decision.probability();
      policy.remember(request, arms[i], state, pending[i], workspace);
    }
  }

  /** Least of the arm whose place is that of the context, or of the tenth part of the arms. */
  private void cost() {
    for (int i = 0; i < BLOCK; i++) {
      double best = contexts[i].length > 0 ? contexts[i][0] : 0.1;
      double far = arms[i] / (double) shape.maxArms() - best;
      costs[i] = 0.1 + 0.6 * far * far + 0.2 * world.at(round + i).uniform(0);
    }
  }

  private void learn() {
    for (int i = 0; i < BLOCK; i++) {
      policy.learn(state, arms[i], probabilities[i], pending[i], costs[i], workspace);
    }
    round += BLOCK;
  }
}
