package io.millrace.core.bandit.index;

import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Set;

/**
 * Epsilon-greedy. The decaying form: Auer, Cesa-Bianchi, Fischer, "Finite-time Analysis of the
 * Multiarmed Bandit Problem", Machine Learning 47, 2002, Figure 3.
 *
 * <pre>
 * with probability epsilon_t: an arm drawn uniformly
 * else: argmax s_a / n_a, 0 of an arm without pulls
 * epsilon_t = epsilon,   or  min(1, decay d / t) where decay &gt; 0
 * </pre>
 *
 * <p>The paper's decay is {@code c / g^2}, g a lower bound of the gaps. d is the number of eligible
 * arms; t counts the costs learned, and this one. Deviations from the paper: none, with rewards
 * {@code (high - cost) / (high - low)}. No memory beside the common one. Immutable.
 */
public final class EpsilonGreedy extends RewardIndex {
  static final Hyper EPSILON = PolicyHypers.EPSILON.withDefault(0.1);

  static final Hyper DECAY =
      new Hyper(
          "decay",
          0,
          Range.nonNegative(),
          "above 0: the share is min(1, decay d / t) in place of epsilon");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "epsilon_greedy",
          1,
          new Source(
              "Auer, Cesa-Bianchi, Fischer, Finite-time Analysis of the Multiarmed Bandit Problem,"
                  + " Machine Learning 47, 2002",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(EPSILON, DECAY),
          EpsilonGreedy::new);

  private final double decay;

  private EpsilonGreedy(PolicySettings settings) {
    super(settings);
    decay = settings.values().get(DECAY);
  }

  @Override
  protected double ownEpsilon(PolicyRequest request, LearnerState state) {
    return decay > 0
        ? Math.min(1, decay * request.count() / (learned(state) + 1))
        : super.ownEpsilon(request, state);
  }

  @Override
  protected double unpulled() {
    return 0;
  }

  @Override
  protected double index(double mean, double n, double t) {
    return mean;
  }
}
