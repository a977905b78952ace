package io.millrace.core.bandit.thompson;

import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Set;

/**
 * Thompson sampling with Beta priors. Agrawal, Goyal, "Analysis of Thompson Sampling for the
 * Multi-armed Bandit Problem", arXiv:1111.1797, Algorithm 1.
 *
 * <pre>
 * theta_a ~ Beta(1 + s_a, 1 + n_a - s_a),   the arm with the greatest theta_a
 * </pre>
 *
 * <p>Rewards are {@code (high - cost) / (high - low)}. The probability that an arm's theta is the
 * greatest is computed by quadrature, see {@link GreatestOf}, and the arm is drawn from these
 * probabilities by one uniform: what is logged is exactly what was drawn from. The quadrature is
 * right to about nine digits, and to about four where counts are fractions below 1.
 *
 * <p>Deviations from the paper: rewards between 0 and 1 are counted as fractions, where the paper
 * draws a coin of each. No memory beside the common one; d exponentials at each of some hundred
 * nodes per decision. Immutable.
 */
public final class ThompsonBeta extends DrawnPolicy {
  public static final PolicySpec SPEC =
      new PolicySpec(
          "thompson_beta",
          1,
          new Source(
              "Agrawal, Goyal, Analysis of Thompson Sampling for the Multi-armed Bandit Problem,"
                  + " arXiv:1111.1797",
              Source.Confidence.MEMORY),
          PolicySpec.Input.NOTHING,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          PolicyHypers.bounded(PolicyHypers.EPSILON),
          ThompsonBeta::new);

  /** Ends of panels, in deviations from the mean: a Beta has a longer tail than a normal. */
  private static final double[] ENDS = {
    -30, -20, -12, -8, -5, -3, -1.5, 0, 1.5, 3, 5, 8, 12, 20, 30
  };

  private static final double APART = 0.5;

  /** Below the exponential of this, a density over its greatest value counts as 0. */
  private static final double NOTHING = -50;

  private ThompsonBeta(PolicySettings settings) {
    super(settings, PolicyHypers.bounds(settings), new Blocks(settings.shape()));
  }

  @Override
  protected void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    int n = request.count();
    int[] eligible = request.eligible();
    GreatestOf greatest = workspace.object("thompson.greatest", GreatestOf.class, GreatestOf::new);
    double[] successes = workspace.atLeast("thompson.successes", n);
    double[] failures = workspace.atLeast("thompson.failures", n);
    double[] peak = workspace.atLeast("thompson.peak", n);
    double narrowest = 1;
    greatest.begin();
    greatest.breakAt(0);
    greatest.breakAt(1);
    for (int i = 0; i < n; i++) {
      double s = successes(state, eligible[i]);
      double all = pulls(state, eligible[i]) + 2;
      successes[i] = s;
      failures[i] = all - 2 - s;
      peak[i] = peak(s, failures[i]);
      double mean = (s + 1) / all;
      double deviation = Math.sqrt(mean * (1 - mean) / (all + 1));
      out.scores()[eligible[i]] = mean;
      narrowest = Math.min(narrowest, deviation);
      for (double end : ENDS) {
        greatest.breakAt(Math.max(0, Math.min(1, mean + end * deviation)));
      }
    }
    greatest.lay(n, APART * narrowest);
    for (int k = 0; k < greatest.nodes(); k++) {
      double x = greatest.node(k);
      double log = Elementary.log(x);
      double log1m = StrictMath.log1p(-x);
      for (int i = 0; i < n; i++) {
        double exponent = successes[i] * log + failures[i] * log1m - peak[i];
        greatest.density(i, k, exponent < NOTHING ? 0 : Elementary.exp(exponent));
      }
    }
    double[] p = workspace.atLeast("thompson.p", n);
    greatest.probabilities(p);
    for (int i = 0; i < n; i++) {
      out.probabilities()[eligible[i]] = p[i];
    }
  }

  private double successes(LearnerState state, int arm) {
    double n = pulls(state, arm);
    return n > 0 ? Math.max(0, Math.min(n, n * (1 - costs.unit(meanCost(state, arm))))) : 0;
  }

  /** Greatest value of {@code s ln x + f ln(1 - x)}. */
  private static double peak(double s, double f) {
    return times(s, s / (s + f)) + times(f, f / (s + f));
  }

  /** {@code x ln y}, 0 where x is 0 whatever y. */
  private static double times(double x, double y) {
    return x > 0 ? x * Elementary.log(y) : 0;
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
