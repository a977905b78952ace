package io.millrace.core.bandit;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;

/**
 * A policy that computes probabilities and draws an arm from them, by one uniform: number 0 of
 * {@link Purpose#ARM}.
 */
public abstract class DrawnPolicy extends AbstractPolicy {
  /** As {@link AbstractPolicy}. */
  protected DrawnPolicy(PolicySettings settings, CostRange costs, Blocks blocks) {
    super(settings, costs, blocks);
  }

  /** As {@link AbstractPolicy}. */
  protected DrawnPolicy(PolicySettings settings, CostRange costs, RewardModel model) {
    super(settings, costs, model);
  }

  @Override
  public final void choose(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    probabilities(request, state, draws, out, workspace);
    out.choose(PolicyDecision.draw(draws.fork(Purpose.ARM).uniform(0), out.probabilities()));
  }

  @Override
  public final void probabilities(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    out.clear();
    if (request.count() == 1) {
      out.probabilities()[request.eligible()[0]] = 1;
    } else {
      distribute(request, state, draws, out, workspace);
      explore(request, epsilon(request, state), out.probabilities());
    }
    out.settle(request);
  }

  /**
   * Fills the probabilities, and the scores where there are any, of the eligible arms, two at
   * least.
   *
   * @param out all probabilities 0, all scores NaN
   */
  protected abstract void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace);
}
