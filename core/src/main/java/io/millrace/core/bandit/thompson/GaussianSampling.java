package io.millrace.core.bandit.thompson;

import io.millrace.core.bandit.AbstractPolicy;
import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.RewardModel;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;

/**
 * Thompson sampling where what is believed of the arms are independent normals: the arm with the
 * greatest sample {@code mean_a + deviation_a z_a} is played, z_a normal number a of {@link
 * Purpose#POSTERIOR}. The probability of every arm is computed by quadrature, see {@link
 * GreatestOf}, to about nine digits.
 *
 * <p>A share of uniform decisions, where there is one, is drawn as {@link
 * io.millrace.core.bandit.IndexPolicy} draws it.
 */
public abstract class GaussianSampling extends AbstractPolicy {
  /** Ends of panels, in deviations from the mean. */
  private static final double[] ENDS = {-8, -5, -3, -1.5, 0, 1.5, 3, 5, 8};

  /** Panels that are narrower than this part of the least deviation are not needed. */
  private static final double APART = 0.5;

  /** Where nothing at all is uncertain, ties are broken by samples of this deviation. */
  private static final double LEAST_DEVIATION = 1e-9;

  /** A belief of numbers this large has overflowed: it is as if nothing were known. */
  private static final double MOST = 1e100;

  /** As {@link AbstractPolicy}. */
  protected GaussianSampling(PolicySettings settings, CostRange costs, Blocks blocks) {
    super(settings, costs, blocks);
  }

  /** As {@link AbstractPolicy}. */
  protected GaussianSampling(PolicySettings settings, CostRange costs, RewardModel model) {
    super(settings, costs, model);
  }

  /**
   * What is believed of the eligible arms.
   *
   * @param mean by arm, to be filled
   * @param deviation by arm, to be filled; at least 0
   */
  protected abstract void believe(
      PolicyRequest request,
      LearnerState state,
      double[] mean,
      double[] deviation,
      Workspace workspace);

  @Override
  public final void choose(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    double[] mean = workspace.array("thompson.mean", shape.maxArms());
    double[] deviation = workspace.array("thompson.deviation", shape.maxArms());
    probabilities(request, state, draws, out, workspace);
    double epsilon = epsilon(request, state);
    Draws samples = draws.fork(Purpose.POSTERIOR);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      out.scores()[a] = mean[a] + deviation[a] * samples.normal(a);
    }
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
    double[] mean = workspace.array("thompson.mean", shape.maxArms());
    double[] deviation = workspace.array("thompson.deviation", shape.maxArms());
    believe(request, state, mean, deviation, workspace);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      if (!(Math.abs(mean[a]) < MOST && deviation[a] < MOST)) {
        mean[a] = 0;
        deviation[a] = 1;
      }
      deviation[a] = Math.max(deviation[a], LEAST_DEVIATION * (1 + Math.abs(mean[a])));
    }
    integrate(request, mean, deviation, out.probabilities(), workspace);
    explore(request, epsilon(request, state), out.probabilities());
    out.settle(request);
  }

  private static void integrate(
      PolicyRequest request, double[] mean, double[] deviation, double[] p, Workspace workspace) {
    GreatestOf greatest = workspace.object("thompson.greatest", GreatestOf.class, GreatestOf::new);
    int n = request.count();
    int[] eligible = request.eligible();
    double narrowest = Double.POSITIVE_INFINITY;
    greatest.begin();
    for (int i = 0; i < n; i++) {
      double s = deviation[eligible[i]];
      narrowest = Math.min(narrowest, s);
      for (double end : ENDS) {
        greatest.breakAt(mean[eligible[i]] + end * s);
      }
    }
    greatest.lay(n, APART * narrowest);
    double far = ENDS[ENDS.length - 1];
    for (int i = 0; i < n; i++) {
      double m = mean[eligible[i]];
      double s = deviation[eligible[i]];
      for (int k = 0; k < greatest.nodes(); k++) {
        double z = (greatest.node(k) - m) / s;
        greatest.density(i, k, Math.abs(z) > far ? 0 : Elementary.exp(-z * z / 2));
      }
    }
    double[] byPlace = workspace.atLeast("thompson.p", n);
    greatest.probabilities(byPlace);
    for (int i = 0; i < n; i++) {
      p[eligible[i]] = byPlace[i];
    }
  }
}
