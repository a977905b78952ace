package io.millrace.core.sample.surrogate;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;

/**
 * Where all clients anchor, round by round, from what they send anyway: exact gradients at the
 * point of the round, and surrogates. Newton's method for the mode of the posterior with a line
 * search by slopes.
 *
 * <pre>
 * g(theta) = grad log p(theta) + sum_s grad log p(x_s | theta)
 * first    theta_1 = argmax p q of the surrogates as they were fitted
 * next     argmax p q of the surrogates anchored at theta: theta + P^-1 g(theta), P = Lambda_0 + Lambda
 * back     where g against the way that was gone is a quarter as steep as it was with it, or more,
 *          to where the secant of the two slopes has its zero
 * </pre>
 *
 * <p>Where the model is linear-Gaussian no step goes back and the second is the mode. Elsewhere the
 * curvature of a point may be far less than that of the way there, as in logistic regression far
 * from the data, and a whole step would lead ever further away. Immutable: what is known of the
 * rounds so far is in a state of {@link #schema}, and the same rounds give the same points.
 */
public final class AnchorSearch {
  /** Rounds after which it is not looked any further. */
  public static final int MOST_ROUNDS = 50;

  /**
   * A step that is this short beside the standard deviation of the posterior along it changes
   * nothing that draws could show.
   */
  private static final double SHORT = 0.1;

  /** How steep it may be against the way gone, as a part of how steep it was with it. */
  private static final double AGAINST = 0.25;

  private static final double LEAST = 0.1;
  private static final double MOST = 0.9;

  private static final String BEFORE = "before";
  private static final String GRADIENT = "gradient";
  private static final String FIGURES = "figures";

  /** Places in {@link #FIGURES}. */
  private enum Figure {
    ROUNDS,
    /** Whole steps made; before the first one there is no way to go back. */
    STEPS,
    GAP
  }

  private final GaussianPrior prior;
  private final Kernels kernels;

  /** A search under a prior. */
  public AnchorSearch(GaussianPrior prior, Kernels kernels) {
    this.prior = prior;
    this.kernels = kernels;
  }

  /** What is known of the rounds so far. */
  public static StateSchema schema(int size) {
    return new StateSchema.Builder()
        .block(BEFORE, size)
        .block(GRADIENT, size)
        .block(FIGURES, Figure.values().length)
        .build();
  }

  /**
   * The first point.
   *
   * @param product of the surrogates as they were fitted
   * @throws io.millrace.core.ConfigException where the mode is not determined
   */
  public double[] first(NaturalGaussian product) {
    return Federation.mode(prior, product, kernels);
  }

  /**
   * The point of the next round.
   *
   * @param search of {@link #schema}, modified in place
   * @param anchors of all clients at the point of this round
   * @param product of their surrogates anchored there
   * @return [d], a new array
   * @throws io.millrace.core.ConfigException where the mode is not determined
   */
  public double[] next(LearnerState search, List<Anchor> anchors, NaturalGaussian product) {
    double[] figures = search.block(FIGURES);
    double[] before = search.block(BEFORE);
    double[] gradientBefore = search.block(GRADIENT);
    figures[Figure.ROUNDS.ordinal()]++;
    double[] point = anchors.get(0).point();
    double[] gradient = new double[point.length];
    prior.addGradient(point, gradient);
    for (Anchor anchor : anchors) {
      Vectors.add(gradient.length, 1, anchor.gradient(), gradient);
    }
    boolean first = figures[Figure.STEPS.ordinal()] == 0;
    double[] next = null;
    if (first) {
      next = Federation.mode(prior, product, kernels);
    } else {
      double slopeBefore = along(point, before, gradientBefore);
      double slope = along(point, before, gradient);
      if (slope >= -AGAINST * slopeBefore) {
        next = Federation.findMode(prior, product, kernels);
      }
      if (next == null) {
        // Not a number: too far for the model itself. No curvature at all: too far to go on.
        double secant = slope < 0 ? slopeBefore / (slopeBefore - slope) : LEAST;
        return between(before, point, Math.max(LEAST, Math.min(MOST, secant)));
      }
    }
    figures[Figure.STEPS.ordinal()]++;
    figures[Figure.GAP.ordinal()] = Math.sqrt(Math.max(along(next, point, gradient), 0));
    System.arraycopy(point, 0, before, 0, point.length);
    System.arraycopy(gradient, 0, gradientBefore, 0, point.length);
    return next;
  }

  /** {@code g'(to - from)}. */
  private static double along(double[] to, double[] from, double[] g) {
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      sum += g[i] * (to[i] - from[i]);
    }
    return sum;
  }

  private static double[] between(double[] from, double[] to, double part) {
    double[] point = new double[from.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = from[i] + part * (to[i] - from[i]);
    }
    return point;
  }

  /**
   * Length of the last whole step in standard deviations of the posterior: how far from the mode
   * the point before it was. NaN before there was one.
   */
  public double gap(LearnerState search) {
    double[] figures = search.block(FIGURES);
    return figures[Figure.STEPS.ordinal()] == 0 ? Double.NaN : figures[Figure.GAP.ordinal()];
  }

  /** Rounds taken. */
  public int rounds(LearnerState search) {
    return (int) search.block(FIGURES)[Figure.ROUNDS.ordinal()];
  }

  /**
   * Whether the clients may stay at the point of the last round.
   *
   * @param asked rounds that are taken in any case
   */
  public boolean settled(LearnerState search, int asked) {
    int rounds = rounds(search);
    return rounds >= asked && gap(search) <= SHORT || rounds >= MOST_ROUNDS;
  }
}
