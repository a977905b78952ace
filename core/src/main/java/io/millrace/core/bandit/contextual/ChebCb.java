package io.millrace.core.bandit.contextual;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * ChebCB: a polynomial of the context for every arm, and inverse-gap weighting. Khodak, Chow,
 * Balcan, Talwalkar, "Learning to Relax: Setting Solver Parameters Across a Sequence of Linear
 * System Instances", ICLR 2024, Algorithm 4.
 *
 * <pre>
 * phi = T_0(z) .. T_(m-1)(z),   yhat_i = theta_i . phi,   p by {@link InverseGap}
 * of the arm played:  G &lt;- G + phi phi',  h &lt;- h + (k - low) phi
 * L = (Kmax - Kmin) / (b - a),   N = 2 + 4 (b - a) (L / Kmax) (1 + ln m),   scale = N Kmax
 * theta = argmin theta' (G + 0.001 I) theta / 2 - theta' h / scale
 *         with |theta_0| &lt;= 1 / N,  |theta_j| &lt;= 2 (b - a) L / (scale j)
 * alpha = (pi + 2 / pi ln(2 m + 1)) (b - a) L / (2 scale (m + 1)),   R = sum (yhat - k / scale)^2
 * eta = 2 t sqrt(d t / max(R + 2 alpha^2 t, 1e-12))
 * </pre>
 *
 * <p>z is the context scaled to [-1, 1], k the cost, t the costs learned. At first eta is 0: the
 * arms are drawn uniformly. Coefficients are computed anew for the arm played, and for every arm
 * when the scale changes. Until its cost comes, 2 numbers are kept of a decision: z and yhat.
 *
 * <p>Deviations from the paper: a ridge of 0.001, without which an arm with few costs has many
 * solutions and a replay may find another one; sums in place of the history; nothing is subtracted
 * from R. An arm that starts from a mean cost is as if it had been seen at features 1, 0, .., 0.
 * Memory d m (m + 2) + 5 numbers beside the common ones; {@code 2 d m} flops per decision, a system
 * of m numbers per cost, or d of them. Immutable.
 */
public final class ChebCb extends DrawnPolicy {
  static final Hyper TERMS =
      Hyper.structural(
          "terms", 6, Range.integers(1, 32), "m, coefficients of an arm's polynomial: degree + 1");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "chebcb",
          1,
          new Source(
              "Khodak, Chow, Balcan, Talwalkar, Learning to Relax, ICLR 2024",
              Source.Confidence.CODE_READ),
          PolicySpec.Input.NUMBER,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          List.of(
              PolicyHypers.COST_LOW,
              TERMS,
              PolicyHypers.CONTEXT_LOW,
              PolicyHypers.CONTEXT_HIGH,
              PolicyHypers.EPSILON),
          ChebCb::new);

  private static final String THETA = "theta";
  private static final String GRAM = "gram";
  private static final String MOMENT = "moment";
  private static final String TOTALS = "totals";

  /** Places in the block of totals. */
  private static final int COST_MAX = 0;

  private static final int COST_MIN = 1;
  private static final int PREDICTION_2 = 2;
  private static final int PREDICTION_COST = 3;
  private static final int COST_2 = 4;
  private static final int TOTALS_LENGTH = 5;

  private static final double RIDGE = 1e-3;
  private static final double LEAST_ERROR = 1e-12;

  private final int m;
  private final Interval interval;
  private final double logTerm;

  private ChebCb(PolicySettings settings) {
    super(
        settings,
        new CostRange(
            settings.values().get(PolicyHypers.COST_LOW), false, Double.POSITIVE_INFINITY),
        blocks(settings));
    m = terms(settings);
    interval = Interval.context(settings);
    logTerm = Math.PI + 2 / Math.PI * Elementary.log(2 * m + 1);
  }

  private static int terms(PolicySettings settings) {
    return (int) settings.values().get(TERMS);
  }

  private static Blocks blocks(PolicySettings settings) {
    int m = terms(settings);
    return new Blocks(settings.shape())
        .perArm(THETA, m, Blocks.Start.OWN)
        .perArm(GRAM, (long) m * m, Blocks.Start.SHARE)
        .perArm(MOMENT, m, Blocks.Start.SHARE)
        .once(TOTALS, TOTALS_LENGTH);
  }

  /** L. */
  private double lipschitz(double[] totals) {
    return (totals[COST_MAX] - totals[COST_MIN]) / interval.width();
  }

  /** N. */
  private double boxFactor(double[] totals) {
    double most = totals[COST_MAX];
    double relative = most > 0 ? lipschitz(totals) * interval.width() / most : 0;
    return 2 + 4 * relative * (1 + Elementary.log(m));
  }

  /** What costs are divided by; 1 while every cost is 0. */
  private double scale(double[] totals) {
    return totals[COST_MAX] > 0 ? totals[COST_MAX] * boxFactor(totals) : 1;
  }

  private double alpha(double[] totals) {
    return logTerm / (2 * scale(totals) * (m + 1)) * interval.width() * lipschitz(totals);
  }

  /** R. */
  private double error(double[] totals) {
    double scale = scale(totals);
    return totals[PREDICTION_2]
        - 2 * totals[PREDICTION_COST] / scale
        + totals[COST_2] / (scale * scale);
  }

  private double eta(LearnerState state) {
    double t = learned(state);
    double[] totals = state.block(TOTALS);
    double alpha = alpha(totals);
    double error = Math.max(error(totals) + 2 * alpha * alpha * t, LEAST_ERROR);
    return 2 * t * Math.sqrt(arms(state) * t / error);
  }

  @Override
  protected void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    double[] phi = workspace.array("cheb.phi", m);
    Chebyshev.fill(interval.centred(request.context()[0]), m, phi, 0);
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      out.scores()[a] = -predict(state, a, phi);
    }
    InverseGap.distribute(request, out.scores(), eta(state), out.probabilities());
  }

  private double predict(LearnerState state, int arm, double[] phi) {
    double[] theta = state.block(THETA);
    double sum = 0;
    for (int j = 0; j < m; j++) {
      sum += theta[arm * m + j] * phi[j];
    }
    return sum;
  }

  @Override
  public int pendingLength() {
    return 2;
  }

  /** Keeps the scaled context and the prediction for the arm. */
  @Override
  public void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    double[] phi = workspace.array("cheb.phi", m);
    pending[0] = interval.centred(request.context()[0]);
    Chebyshev.fill(pending[0], m, phi, 0);
    pending[1] = predict(state, arm, phi);
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    double yhat = pending[1];
    double[] totals = state.block(TOTALS);
    if (!Double.isFinite(totals[COST_2] + cost * cost)
        || !Double.isFinite(totals[PREDICTION_COST] + yhat * cost)) {
      return false;
    }
    double[] phi = workspace.array("cheb.phi", m);
    Chebyshev.fill(pending[0], m, phi, 0);
    double[] gram = state.block(GRAM);
    double[] moment = state.block(MOMENT);
    for (int i = 0; i < m; i++) {
      for (int j = 0; j < m; j++) {
        gram[(arm * m + i) * m + j] += phi[i] * phi[j];
      }
      moment[arm * m + i] += phi[i] * (cost - costs.low());
    }
    double before = scale(totals);
    boolean first = learned(state) == 0;
    totals[COST_MAX] = first ? cost : Math.max(totals[COST_MAX], cost);
    totals[COST_MIN] = first ? cost : Math.min(totals[COST_MIN], cost);
    totals[PREDICTION_2] += yhat * yhat;
    totals[PREDICTION_COST] += yhat * cost;
    totals[COST_2] += cost * cost;
    boolean all = scale(totals) != before;
    for (int a = 0; a < shape.maxArms(); a++) {
      if (a == arm || all && pulls(state, a) > 0) {
        fit(state, a, workspace);
      }
    }
    return true;
  }

  private void fit(LearnerState state, int arm, Workspace workspace) {
    double[] h = workspace.array("cheb.h", m * m);
    double[] g = workspace.array("cheb.g", m);
    double[] box = workspace.array("cheb.box", m);
    double[] theta = workspace.array("cheb.theta", m);
    double[] totals = state.block(TOTALS);
    double scale = scale(totals);
    System.arraycopy(state.block(GRAM), arm * m * m, h, 0, m * m);
    for (int j = 0; j < m; j++) {
      h[j * (m + 1)] += RIDGE;
      g[j] = state.block(MOMENT)[arm * m + j] / scale;
    }
    box(totals, box);
    BoxQuadratic.solve(m, h, g, box, theta, workspace);
    System.arraycopy(theta, 0, state.block(THETA), arm * m, m);
  }

  /** Greatest size of each coefficient. */
  private void box(double[] totals, double[] out) {
    out[0] = 1 / boxFactor(totals);
    for (int j = 1; j < m; j++) {
      out[j] = 2 * interval.width() * lipschitz(totals) / (scale(totals) * j);
    }
  }

  @Override
  protected void startOwn(
      LearnerState state, int arm, ArmStart start, double share, Workspace workspace) {
    if (start.from() < 0 && pulls(state, arm) > 0) {
      state.block(GRAM)[arm * m * m] = pulls(state, arm);
      state.block(MOMENT)[arm * m] = pulls(state, arm) * (start.meanCost() - costs.low());
    }
    if (learned(state) > 0 && pulls(state, arm) > 0) {
      fit(state, arm, workspace);
    }
  }

  @Override
  public void figures(LearnerState state, Figures out) {
    double[] totals = state.block(TOTALS);
    out.figure("costMax", totals[COST_MAX]);
    out.figure("lipschitz", lipschitz(totals));
    out.figure("boxFactor", boxFactor(totals));
    out.figure("scale", scale(totals));
    out.figure("alpha", alpha(totals));
    out.figure("predictionError", error(totals));
    out.figure("eta", eta(state));
  }

  /** Also {@code theta} [arms x terms] and the bounds of its rows, {@code box} [terms]. */
  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    super.publish(state, arms, out, workspace);
    double[] box = new double[m];
    box(state.block(TOTALS), box);
    out.exact("box", new int[] {m}, box);
    out.exact(THETA, new int[] {arms, m}, Arrays.copyOf(state.block(THETA), arms * m));
  }
}
