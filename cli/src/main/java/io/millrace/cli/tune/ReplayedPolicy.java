package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;

/**
 * A policy that learns from the log as it goes: it is asked what it would have done before it is
 * told what came of what was done, so its value is that of a tuner which had stood beside the one
 * that made the log. It learns with the probabilities of the log; one that weights by them learns
 * nothing from a decision that left no choice.
 */
final class ReplayedPolicy implements EvaluatedPolicy {
  private final Policy policy;
  private final LearnerState state;
  private final LogShape shape;
  private final OutcomeRange range;
  private final PolicyRequest request;
  private final PolicyDecision answer;
  private final double[] pending;
  private final PhiloxDraws draws;
  private final Workspace workspace = new Workspace();
  private long decisions;

  /**
   * A policy that knows nothing yet.
   *
   * @param seed of the policies that rank by samples
   */
  ReplayedPolicy(Policy policy, LogShape shape, OutcomeRange range, long seed) {
    this.policy = policy;
    this.shape = shape;
    this.range = range;
    this.state = new LearnerState(policy.schema());
    policy.initialize(state, shape.arms().size());
    this.request = new PolicyRequest(policy.shape());
    this.answer = new PolicyDecision(policy.shape());
    this.pending = new double[policy.pendingLength()];
    this.draws = new PhiloxDraws(seed, name());
    System.arraycopy(shape.values(), 0, request.values(), 0, shape.arms().size());
  }

  @Override
  public String name() {
    return policy.spec().id();
  }

  @Override
  public boolean answers(LoggedDecision decision) {
    return true;
  }

  @Override
  public void probabilities(LoggedDecision decision, double[] out) {
    fill(decision);
    policy.probabilities(request, state, draws.at(decisions), answer, workspace);
    for (int i = 0; i < out.length; i++) {
      out[i] = answer.probabilities()[decision.arms()[i]];
    }
  }

  private void fill(LoggedDecision decision) {
    int width = policy.shape().featureLength();
    request.setEligible(decision.arms(), decision.arms().length);
    request.setRound(decisions + 1);
    System.arraycopy(decision.context(), 0, request.context(), 0, request.context().length);
    for (int i = 0; i < decision.arms().length; i++) {
      System.arraycopy(
          decision.armFeatures(), i * width, request.features(), decision.arms()[i] * width, width);
    }
    String fault = policy.unfit(request);
    if (fault != null) {
      throw new CommandFailed("--policy " + name() + ": " + fault);
    }
  }

  @Override
  public void learn(LoggedDecision decision) {
    decisions++;
    if (policy.spec().weighted() && decision.propensity() == 1) {
      return;
    }
    double cost = shape.cost(range, decision.outcome());
    String fault = policy.costs().fault(cost);
    if (fault != null) {
      throw new CommandFailed(
          "--policy "
              + name()
              + ": "
              + fault
              + "; give --range, or --set cost-low and cost-high where the policy has them");
    }
    policy.remember(request, decision.arm(), state, pending, workspace);
    if (!policy.learn(state, decision.arm(), decision.propensity(), pending, cost, workspace)) {
      throw new CommandFailed(
          "--policy " + name() + ": cost " + cost + " would make what it has learned infinite");
    }
  }
}
