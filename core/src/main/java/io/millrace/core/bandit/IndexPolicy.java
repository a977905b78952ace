package io.millrace.core.bandit;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;

/**
 * A policy that plays the arm of the greatest index. With a share epsilon of uniform decisions:
 * uniform number 0 of {@link Purpose#ARM} says whether it is one, number 1 which arm. Without, it
 * draws nothing: the probability of the arm is 1.
 */
public abstract class IndexPolicy extends AbstractPolicy {
  /** As {@link AbstractPolicy}. */
  protected IndexPolicy(PolicySettings settings, CostRange costs, Blocks blocks) {
    super(settings, costs, blocks);
  }

  /** As {@link AbstractPolicy}. */
  protected IndexPolicy(PolicySettings settings, CostRange costs, RewardModel model) {
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
    double epsilon = epsilon(request, state);
    int uniform = epsilon > 0 ? uniform(request, epsilon, draws.fork(Purpose.ARM)) : -1;
    out.choose(uniform >= 0 ? uniform : PolicyDecision.best(request, out.scores()));
  }

  @Override
  public final void probabilities(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    out.clear();
    rank(request, state, out.scores(), workspace);
    out.probabilities()[PolicyDecision.best(request, out.scores())] = 1;
    explore(request, epsilon(request, state), out.probabilities());
    out.settle(request);
  }

  /**
   * Writes the index of every eligible arm, NaN of none.
   *
   * @param index [maxArms], the greatest is played
   */
  protected abstract void rank(
      PolicyRequest request, LearnerState state, double[] index, Workspace workspace);
}
