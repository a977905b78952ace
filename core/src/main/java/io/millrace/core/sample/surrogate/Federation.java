package io.millrace.core.sample.surrogate;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.PositiveDefinite;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.NaturalGaussian.Shape;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;

/**
 * How clients come to an epoch, step by step: what a client computes from its own rows and sends,
 * and what is computed from what all have sent.
 *
 * <pre>
 * client   {@link #surrogate}          fit, guard                        sends eta, Lambda
 * all      {@link AnchorSearch#first}  theta* = argmax p(theta) q(theta) is told to all
 * client   {@link #anchored}           curvature, guard, gradient there  sends eta, Lambda, gradient
 * all      {@link AnchorSearch#next}   the next theta*                   is told to all, or enough
 * </pre>
 *
 * <p>The last two steps are repeated: after the second round theta* is a Newton step from the
 * first, and what noise there was in Lambda no longer matters. Where the model is not linear in its
 * parameters there are as many rounds as it takes to come near the mode.
 */
public final class Federation {
  /** Part of the excess of curvature that would be unstable, up to which a surrogate is left. */
  private static final double MARGIN = 0.8;

  private Federation() {}

  /** All steps in one process. */
  public static Epoch agree(
      List<? extends Likelihood> clients,
      double[] shares,
      GaussianPrior prior,
      SurrogateOptions options,
      long jobSeed,
      Workspace workspace) {
    List<NaturalGaussian> surrogates = new ArrayList<>();
    for (int s = 0; s < clients.size(); s++) {
      FitContext context = FitContext.of(prior, shares[s], jobSeed, Integer.toString(s), workspace);
      surrogates.add(surrogate(clients.get(s), options, context));
    }
    Kernels kernels = workspace.kernels(ScalarBackend.INSTANCE);
    Epoch epoch = Epoch.of(shares, surrogates, List.of());
    if (options.anchorRounds() > 0) {
      AnchorSearch search = new AnchorSearch(prior, kernels);
      LearnerState found = new LearnerState(AnchorSearch.schema(epoch.product().size()));
      double[] next = search.first(epoch.product());
      while (!search.settled(found, options.anchorRounds())) {
        epoch = anchoredAt(clients, surrogates, shares, options, next, kernels);
        next = search.next(found, epoch.anchors(), epoch.product());
      }
    }
    if (options.shape() != Shape.NONE) {
      return epoch;
    }
    return flat(epoch);
  }

  /** The epoch without curvature, anchored where it was. */
  private static Epoch flat(Epoch epoch) {
    List<NaturalGaussian> flat = new ArrayList<>();
    for (int s = 0; s < epoch.surrogates().size(); s++) {
      NaturalGaussian known = epoch.surrogates().get(s);
      flat.add(flat(known, epoch.anchors().isEmpty() ? null : epoch.anchors().get(s).gradient()));
    }
    return Epoch.of(epoch.shares(), flat, epoch.anchors());
  }

  /**
   * What is left of a surrogate where no curvature is kept.
   *
   * @param gradient at the anchor; null: it has none
   */
  public static NaturalGaussian flat(NaturalGaussian surrogate, double[] gradient) {
    return NaturalGaussian.linear(gradient == null ? surrogate.eta() : gradient.clone());
  }

  /**
   * An epoch with every surrogate anchored at a point.
   *
   * @param fitted surrogates of the clients as {@link #surrogate} gave them
   */
  public static Epoch anchoredAt(
      List<? extends Likelihood> clients,
      List<NaturalGaussian> fitted,
      double[] shares,
      SurrogateOptions options,
      double[] point,
      Kernels kernels) {
    List<NaturalGaussian> surrogates = new ArrayList<>();
    List<Anchor> anchors = new ArrayList<>();
    for (int s = 0; s < clients.size(); s++) {
      Anchor anchor = Anchor.of(clients.get(s), point);
      anchors.add(anchor);
      surrogates.add(anchored(clients.get(s), fitted.get(s), options, anchor, shares[s], kernels));
    }
    return Epoch.of(shares, surrogates, anchors);
  }

  /** What a client sends first: its surrogate, of the shape that is agreed on, and guarded. */
  public static NaturalGaussian surrogate(
      Likelihood likelihood, SurrogateOptions options, FitContext context) {
    NaturalGaussian fitted = options.kind().fit(likelihood, context);
    fitted = shaped(fitted, options, context.kernels());
    double[] mode =
        fitted.shape() == Shape.NONE
            ? new double[fitted.size()]
            : Curvature.mode(fitted, context.kernels());
    return fitted.toThe(
        kappa(likelihood, fitted, mode, context.share(), Curvature.CAUTIOUS, context.kernels()));
  }

  private static NaturalGaussian shaped(
      NaturalGaussian surrogate, SurrogateOptions options, Kernels kernels) {
    return surrogate.shape() == Shape.FULL && options.shape() == Shape.DIAGONAL
        ? surrogate.diagonalAt(Curvature.mode(surrogate, kernels))
        : surrogate;
  }

  /**
   * What a client sends in a round of anchoring.
   *
   * @param fitted what {@link #surrogate} gave
   */
  public static NaturalGaussian anchored(
      Likelihood likelihood,
      NaturalGaussian fitted,
      SurrogateOptions options,
      Anchor anchor,
      double share,
      Kernels kernels) {
    NaturalGaussian bent = options.kind().bentAt(likelihood, fitted, anchor.point(), kernels);
    bent = shaped(bent, options, kernels);
    return bent.toThe(kappa(likelihood, bent, anchor.point(), share, 1, kernels))
        .anchored(anchor.point(), anchor.gradient());
  }

  /**
   * How much of a surrogate may be sent. A visit is stable while a surrogate claims less than 1 /
   * (1 - f) of the curvature that its client has; one that keeps away from that is sent whole, and
   * one that does not is reduced to what its client has.
   *
   * @param share f of the client
   * @param unknown what it is where the client does not know
   */
  private static double kappa(
      Likelihood likelihood,
      NaturalGaussian surrogate,
      double[] point,
      double share,
      double unknown,
      Kernels kernels) {
    int d = surrogate.size();
    if (surrogate.shape() == Shape.NONE) {
      return 1;
    }
    double[] information = new double[d * d];
    if (!likelihood.gaussNewton(point, information)) {
      return unknown;
    }
    if (Curvature.fits(information, surrogate, 1 - MARGIN * share, kernels)) {
      return 1;
    }
    return Curvature.kappa(Curvature.nonNegative(information, d, kernels), surrogate, kernels);
  }

  /**
   * The mode of prior times product, where all anchor next.
   *
   * @throws ConfigException where it is not determined
   */
  public static double[] mode(GaussianPrior prior, NaturalGaussian product, Kernels kernels) {
    double[] point = findMode(prior, product, kernels);
    if (point == null) {
      throw new ConfigException(
          "surrogate.anchor-rounds: prior and surrogates together leave a direction of theta open;"
              + " give the prior a precision, or do not anchor");
    }
    return point;
  }

  /** The same; null where it is not determined. */
  static double[] findMode(GaussianPrior prior, NaturalGaussian product, Kernels kernels) {
    NaturalGaussian all = product.times(prior.natural(product.size()), 1);
    int d = product.size();
    double[] lambda = new double[d * d];
    all.addLambda(1, lambda);
    double[] point = all.eta().clone();
    return PositiveDefinite.solve(kernels, d, lambda, point) ? point : null;
  }

  /**
   * Step size times the greatest curvature of the posterior as the surrogates say it: a chain is
   * stable below 4, and near the posterior far below 1.
   *
   * @return NaN where the surrogates say nothing of curvature
   */
  public static double stepCurvature(
      double stepSize, GaussianPrior prior, NaturalGaussian product, Kernels kernels) {
    int d = product.size();
    if (d == 0 || product.shape() == Shape.NONE) {
      return Double.NaN;
    }
    double[] lambda = new double[d * d];
    product.times(prior.natural(d), 1).addLambda(1, lambda);
    double[] values = new double[d];
    kernels.eigenSymmetric(d, lambda, values, new double[d * d]);
    return stepSize * values[d - 1];
  }
}
