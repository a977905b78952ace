package io.millrace.core.bandit.linear;

import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.DrawnPolicy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Set;

/**
 * Linear Thompson sampling with one linear model over features of the arms. Agrawal, Goyal,
 * "Thompson Sampling for Contextual Bandits with Linear Payoffs", arXiv:1209.3352, Algorithm 1.
 *
 * <pre>
 * theta ~ N(A^-1 b, v^2 A^-1),   the arm with the greatest theta . x_a
 * of the arm played:   A &lt;- A + x_a x_a',   b &lt;- b + r x_a
 * </pre>
 *
 * <p>x_a are the features that the request brings for the arm, k numbers, and r is minus the cost,
 * which may be any finite number. Scores of arms with one theta depend on each other, and their
 * probabilities have no simple form: M samples of theta, {@code samples}, are drawn from the
 * normals of {@link Purpose#POSTERIOR}, sample s from numbers {@code s k .. s k + k - 1}, and the
 * probability of an arm is the share of the samples that it wins. The arm is drawn from these
 * shares, so that what is logged is exactly what was drawn from; over the samples it is the rule of
 * the paper. An arm that wins none has probability 0 unless epsilon is above 0.
 *
 * <p>Until its cost comes, k numbers are kept of a decision: x_a. Deviations from the paper: v is
 * given, and the M samples. Memory {@code 2 k^2 + k + 1} numbers beside the common ones; {@code 2 M
 * d k} flops and M k normals per decision. Immutable.
 */
public final class SharedLinTs extends DrawnPolicy {
  static final Hyper SAMPLES =
      new Hyper(
          "samples", 100, Range.integers(1, 1e6), "M, samples that probabilities are counted from");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "lints_shared",
          1,
          new Source(
              "Agrawal, Goyal, Thompson Sampling for Contextual Bandits with Linear Payoffs,"
                  + " arXiv:1209.3352",
              Source.Confidence.MEMORY),
          PolicySpec.Input.FEATURES,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          List.of(LinearHypers.NOISE, SAMPLES, LinearHypers.RIDGE, PolicyHypers.EPSILON),
          SharedLinTs::new);

  private final SharedModel model;
  private final double noise;
  private final int samples;

  private SharedLinTs(PolicySettings settings) {
    this(settings, new SharedModel(settings));
  }

  private SharedLinTs(PolicySettings settings, SharedModel model) {
    super(settings, CostRange.FINITE, model);
    this.model = model;
    noise = settings.values().get(LinearHypers.NOISE);
    samples = (int) settings.values().get(SAMPLES);
  }

  @Override
  protected String unfitInput(PolicyRequest request) {
    return request.unfitFeatures();
  }

  /** With A = L L', theta . x_a = mean_a + v y_a . z, y_a = L^-1 x_a. */
  @Override
  protected void distribute(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    int k = model.size();
    int n = request.count();
    int[] eligible = request.eligible();
    double[] y = workspace.array("linear.y", shape.maxArms() * k);
    double[] v = workspace.array("linear.v", k);
    double[] z = workspace.array("linear.z", k);
    for (int i = 0; i < n; i++) {
      model.models().solve(state, 0, request.features(), eligible[i] * k, v);
      out.scores()[eligible[i]] = model.models().predict(state, 0, v);
    }
    model.whiten(request, state, y, workspace);
    Draws normals = draws.fork(Purpose.POSTERIOR);
    for (int s = 0; s < samples; s++) {
      for (int j = 0; j < k; j++) {
        z[j] = noise * normals.normal((long) s * k + j);
      }
      out.probabilities()[winner(request, out.scores(), y, z)]++;
    }
    for (int i = 0; i < n; i++) {
      out.probabilities()[eligible[i]] /= samples;
    }
  }

  private int winner(PolicyRequest request, double[] mean, double[] y, double[] z) {
    int best = -1;
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < request.count(); i++) {
      int a = request.eligible()[i];
      double score = mean[a];
      for (int j = 0; j < z.length; j++) {
        score += y[a * z.length + j] * z[j];
      }
      if (best < 0 || score > most) {
        best = a;
        most = score;
      }
    }
    return best;
  }
}
