package io.millrace.core.bandit.index;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.Weights;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Set;

/**
 * Softmax, or Boltzmann exploration. Sutton, Barto, "Reinforcement Learning: An Introduction", MIT
 * Press 1998, Section 2.3.
 *
 * <pre>
 * p_a proportional to exp(mean reward_a / temperature)      the mean is 0 without pulls
 * </pre>
 *
 * <p>Rewards are {@code (high - cost) / (high - low)}. Deviations from the paper: none. No memory
 * beside the common one; d exponentials per decision. Immutable.
 */
public final class Softmax extends DrawnPolicy {
  static final Hyper TEMPERATURE =
      new Hyper(
          "temperature", 0.1, Range.positive(), "the lower, the more often the best arm is played");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "softmax",
          1,
          new Source(
              "Sutton, Barto, Reinforcement Learning: An Introduction, MIT Press 1998, Section 2.3",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(TEMPERATURE, PolicyHypers.EPSILON),
          Softmax::new);

  private final double temperature;

  private Softmax(PolicySettings settings) {
    super(settings, PolicyHypers.bounds(settings), new Blocks(settings.shape()));
    temperature = settings.values().get(TEMPERATURE);
  }

  @Override
  protected void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    double[] score = out.scores();
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      score[a] = pulls(state, a) > 0 ? (1 - costs.unit(meanCost(state, a))) / temperature : 0;
    }
    Weights.softmax(request, score, out.probabilities());
  }

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
