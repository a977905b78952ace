package io.millrace.golden.bandit;

import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.MalformedGolden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A policy, its state and its pending decisions, driven by the rounds of a golden file. */
final class PolicyReplay {
  /** Arms and rounds of a file are numbers that it may state wrongly. */
  static final int MOST = 100_000;

  private record Pending(int arm, double probability, double[] kept) {}

  final Policy policy;
  final LearnerState state;
  final PolicyRequest request;
  final PolicyDecision decision;
  private final Workspace workspace = new Workspace();
  private final List<Pending> pending = new ArrayList<>();

  PolicyReplay(String id, PolicyShape shape, int arms, Map<String, Double> values) {
    policy = Policies.configure(id, shape, values);
    state = new LearnerState(policy.schema());
    policy.initialize(state, arms);
    request = new PolicyRequest(shape);
    request.setAllEligible(arms);
    decision = new PolicyDecision(shape);
  }

  /** Decides the next round; the request has its context, features and eligible arms. */
  void decide(Draws draws) {
    request.setRound(pending.size() + 1);
    String fault = policy.unfit(request);
    if (fault != null) {
      throw new MalformedGolden("round " + (pending.size() + 1) + ": " + fault);
    }
    policy.choose(request, state, draws, decision, workspace);
    int arm = decision.arm();
    double[] kept = new double[policy.pendingLength()];
    policy.remember(request, arm, state, kept, workspace);
    pending.add(new Pending(arm, decision.probability(), kept));
  }

  /**
   * Learns the cost of a round that was decided.
   *
   * @param round from 0
   */
  void learn(int round, double cost) {
    String fault = policy.costs().fault(cost);
    if (fault != null) {
      throw new MalformedGolden("round " + (round + 1) + ": " + fault);
    }
    Pending p = pending.get(round);
    if (!policy.learn(state, p.arm, p.probability, p.kept, cost, workspace)) {
      throw new MalformedGolden("round " + (round + 1) + ": cost " + cost + " overflows");
    }
  }

  /** Learns the cost of the last round. */
  void learn(double cost) {
    learn(pending.size() - 1, cost);
  }

  /** Arm of the last round. */
  int arm() {
    return decision.arm();
  }

  /** A tensor or a setting of the present state. */
  PublishedTensors published(int arms) {
    PublishedTensors out = new PublishedTensors();
    policy.publish(state, arms, out, workspace);
    return out;
  }

  /** A figure of the present state. */
  double figure(String name) {
    double[] value = {Double.NaN};
    policy.figures(
        state,
        (n, v) -> {
          if (n.equals(name)) {
            value[0] = v;
          }
        });
    return value[0];
  }
}
