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
import java.util.ArrayList;
import java.util.List;

/**
 * How clients come to an epoch, step by step: what a client computes from its own rows and sends,
 * and what is computed from what all have sent.
 *
 * <pre>
 * client   {@link #surrogate}   fit, guard                              sends eta, Lambda
 * all      {@link #mode}        theta* = argmax p(theta) q(theta)       is told to all
 * client   {@link #anchored}    guard again, exact gradient at theta*   sends eta, Lambda, gradient
 * </pre>
 *
 * <p>The last two steps are repeated: after the second round theta* is a Newton step from the
 * first, and what noise there was in Lambda no longer matters.
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
    Epoch epoch = Epoch.of(shares, surrogates, List.of());
    Kernels kernels = workspace.kernels(ScalarBackend.INSTANCE);
    for (int round = 0; round < options.anchorRounds(); round++) {
      epoch = anchoredAt(clients, epoch, mode(prior, epoch.product(), kernels), kernels);
    }
    if (options.shape() != Shape.NONE) {
      return epoch;
    }
    List<NaturalGaussian> flat =
        epoch.surrogates().stream().map(q -> NaturalGaussian.linear(q.eta())).toList();
    return epoch.anchors().isEmpty()
        ? Epoch.of(shares, flat, List.of())
        : anchoredAt(
            clients, Epoch.of(shares, flat, List.of()), epoch.anchors().get(0).point(), kernels);
  }

  /** The epoch with every surrogate anchored at a point. */
  public static Epoch anchoredAt(
      List<? extends Likelihood> clients, Epoch epoch, double[] point, Kernels kernels) {
    List<NaturalGaussian> surrogates = new ArrayList<>();
    List<Anchor> anchors = new ArrayList<>();
    for (int s = 0; s < clients.size(); s++) {
      Anchor anchor = Anchor.of(clients.get(s), point);
      anchors.add(anchor);
      surrogates.add(
          anchored(clients.get(s), epoch.surrogates().get(s), anchor, epoch.shares()[s], kernels));
    }
    return Epoch.of(epoch.shares(), surrogates, anchors);
  }

  /** What a client sends first: its surrogate, of the shape that is agreed on, and guarded. */
  public static NaturalGaussian surrogate(
      Likelihood likelihood, SurrogateOptions options, FitContext context) {
    NaturalGaussian fitted = options.kind().fit(likelihood, context);
    if (fitted.shape() == Shape.FULL && options.shape() == Shape.DIAGONAL) {
      fitted = fitted.diagonalAt(Curvature.mode(fitted, context.kernels()));
    }
    double[] mode =
        fitted.shape() == Shape.NONE
            ? new double[fitted.size()]
            : Curvature.mode(fitted, context.kernels());
    return fitted.toThe(
        kappa(likelihood, fitted, mode, context.share(), Curvature.CAUTIOUS, context.kernels()));
  }

  /** What a client sends in a round of anchoring. */
  public static NaturalGaussian anchored(
      Likelihood likelihood,
      NaturalGaussian surrogate,
      Anchor anchor,
      double share,
      Kernels kernels) {
    return surrogate
        .toThe(kappa(likelihood, surrogate, anchor.point(), share, 1, kernels))
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
    if (!likelihood.information(point, information)) {
      return unknown;
    }
    boolean stable = Curvature.fits(information, surrogate, 1 - MARGIN * share, kernels);
    return stable ? 1 : Curvature.kappa(information, surrogate, kernels);
  }

  /**
   * The mode of prior times product, where all anchor next.
   *
   * @throws ConfigException where it is not determined
   */
  public static double[] mode(GaussianPrior prior, NaturalGaussian product, Kernels kernels) {
    NaturalGaussian all = product.times(prior.natural(product.size()), 1);
    int d = product.size();
    double[] lambda = new double[d * d];
    all.addLambda(1, lambda);
    double[] point = all.eta().clone();
    if (!PositiveDefinite.solve(kernels, d, lambda, point)) {
      throw new ConfigException(
          "surrogate.anchor-rounds: prior and surrogates together leave a direction of theta open;"
              + " give the prior a precision, or do not anchor");
    }
    return point;
  }
}
