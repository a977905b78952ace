package io.millrace.bench.tune;

import io.millrace.cli.systems.CostTable;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;

/** A policy that decides, learns the cost of its decision, and decides again. */
final class PolicyLoop {
  private final Policy policy;
  private final LearnerState state;
  private final PolicyRequest request;
  private final PolicyDecision decision;
  private final PhiloxDraws draws;
  private final Workspace workspace = new Workspace();
  private final double[] pending;
  private long round;

  /**
   * @param values of the parameter, one for each arm
   * @param seed equal seeds draw alike
   */
  PolicyLoop(Policy policy, double[] values, long seed) {
    this.policy = policy;
    state = new LearnerState(policy.schema());
    policy.initialize(state, values.length);
    request = new PolicyRequest(policy.shape());
    request.setAllEligible(values.length);
    System.arraycopy(values, 0, request.values(), 0, values.length);
    decision = new PolicyDecision(policy.shape());
    draws = new PhiloxDraws(seed, "policy");
    pending = new double[policy.pendingLength()];
  }

  /**
   * The next decision.
   *
   * @param context of the case; unused by a policy that takes none
   * @return the arm
   */
  int decide(double context) {
    if (request.context().length > 0) {
      request.context()[0] = context;
    }
    round++;
    request.setRound(round);
    policy.choose(request, state, draws.at(round), decision, workspace);
    policy.remember(request, decision.arm(), state, pending, workspace);
    return decision.arm();
  }

  /** Whether the policy learns from a cost of this size. */
  boolean takes(double cost) {
    return policy.costs().contains(cost);
  }

  /**
   * Makes some arms eligible, and no others, from the next decision on.
   *
   * @param arms ascending
   */
  void allow(int[] arms) {
    request.setEligible(arms, arms.length);
  }

  /** Learns the cost of the last decision. */
  void learn(double cost) {
    if (!policy.learn(state, decision.arm(), decision.probability(), pending, cost, workspace)) {
      throw new IllegalStateException(
          policy.spec().id() + " refused cost " + cost + " in round " + round);
    }
  }

  /** Goes through all systems of a table. */
  long iterations(CostTable table) {
    long sum = 0;
    for (int t = 0; t < table.systems(); t++) {
      int cost = table.cost(t, decide(table.context(t)));
      learn(cost);
      sum += cost;
    }
    return sum;
  }
}
