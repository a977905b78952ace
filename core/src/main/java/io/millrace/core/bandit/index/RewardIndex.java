package io.millrace.core.bandit.index;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.IndexPolicy;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.compute.Workspace;
import io.millrace.core.state.LearnerState;

/**
 * What index policies share whose arms have a number n of pulls and a mean reward in [0, 1], where
 * the least cost is the reward 1. An arm without pulls comes first, unless a policy says otherwise.
 */
abstract class RewardIndex extends IndexPolicy {
  RewardIndex(PolicySettings settings) {
    super(settings, PolicyHypers.bounds(settings), new Blocks(settings.shape()));
  }

  RewardIndex(PolicySettings settings, CostRange costs, Blocks blocks) {
    super(settings, costs, blocks);
  }

  @Override
  protected final void rank(
      PolicyRequest request, LearnerState state, double[] index, Workspace workspace) {
    double t = time(state);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      double n = count(state, a);
      index[a] = n > 0 ? index(reward(state, a), n, t) : unpulled();
    }
  }

  /** What the logarithm of the index is taken of: the number of the next cost. */
  protected double time(LearnerState state) {
    return learned(state) + 1;
  }

  /** Pulls of an arm. */
  protected double count(LearnerState state, int arm) {
    return pulls(state, arm);
  }

  /** Mean reward of an arm with pulls. */
  protected double reward(LearnerState state, int arm) {
    return 1 - costs.unit(meanCost(state, arm));
  }

  /** Reward that a start without another arm expects. */
  final double prior(ArmStart start) {
    return 1 - costs.unit(start.meanCost());
  }

  /** Index of an arm without pulls. */
  protected double unpulled() {
    return Double.POSITIVE_INFINITY;
  }

  /**
   * Index of an arm.
   *
   * @param mean reward in [0, 1]
   * @param n pulls, above 0
   * @param t of {@link #time}
   */
  protected abstract double index(double mean, double n, double t);

  /** Most policies keep no more than pulls and sum of costs. */
  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    return true;
  }
}
