package io.millrace.core.sample.gaussian;

import io.millrace.core.compute.Vectors;
import io.millrace.core.linalg.LuSolver;
import io.millrace.core.linalg.SpectralRadius;
import io.millrace.core.sample.LinearGaussian;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import java.util.Arrays;
import java.util.List;

/**
 * The exact stationary mean and covariance of Langevin chains at a constant step size over
 * linear-Gaussian clients: not the posterior, but what a long run of the chain itself comes to,
 * mini-batch noise and delay included. For tests of long runs, and for choosing a step size.
 *
 * <p>With {@code phi = [theta - c; 1]} a step is {@code phi <- G phi + [sqrt(h) z; 0]}, G random
 * through the mini-batch of n rows drawn with replacement. The second moment M of phi after a visit
 * of L steps to client s is {@code K_s^L vec M + sum_{j<L} K_s^j vec Q}, with
 *
 * <pre>
 * K = E[G (x) G] = Gbar (x) Gbar + n (mean_i G_i (x) G_i - Gm (x) Gm),  Gbar = G0 + n Gm,  Q = diag(h I, 0)
 * </pre>
 *
 * <p>M is the fixed point over the choice of the client, and the law is the average over the L
 * positions of a visit. Derived for this project; checked by independent programs. Cost {@code O(S
 * (d + 1)^6 log L)}: for a few parameters.
 *
 * @param stable whether there is one; without, the law is null
 * @param law mean and covariance; null where the chain diverges
 * @param roundContraction largest size of an eigenvalue of the mean of one round: what a chain
 *     remembers from visit to visit
 * @param growth largest size of an eigenvalue of the second moment of one round; at least 1 where
 *     the chain diverges
 */
public record StationaryLaw(
    boolean stable, GaussianLaw law, double roundContraction, double growth) {
  /**
   * Solves for the law.
   *
   * @param shards all clients; their shares sum to 1
   * @param priorPrecision of the Gaussian prior around 0
   * @param anchored whether gradients are corrected by those at the anchor
   * @param stepSize h
   * @param miniBatch n
   * @param localSteps L
   * @param centre [d], near the mean, for precision
   */
  public static StationaryLaw of(
      List<Shard> shards,
      double priorPrecision,
      boolean anchored,
      double stepSize,
      int miniBatch,
      int localSteps,
      double[] centre) {
    int d = centre.length;
    int m = d + 1;
    int k = m * m;
    double[] noise = new double[k];
    for (int i = 0; i < d; i++) {
      noise[i * m + i] = stepSize;
    }
    double[] round = new double[k * k];
    double[] fresh = new double[k];
    double[] drift = new double[d * d];
    double[][] steps = new double[shards.size()][];
    for (int s = 0; s < shards.size(); s++) {
      Shard shard = shards.get(s);
      Moments one = Moments.of(shard, priorPrecision, anchored, stepSize, miniBatch, centre);
      steps[s] = one.second;
      double[] many = Moments.power(one.second, k, localSteps);
      double[] sum = new double[k];
      for (int l = 0; l < localSteps; l++) {
        sum = next(one.second, sum, noise);
      }
      Vectors.add(k * k, shard.share(), many, round);
      Vectors.add(k, shard.share(), sum, fresh);
      Vectors.add(d * d, shard.share(), Moments.power(one.first, d, localSteps), drift);
    }
    double contraction = SpectralRadius.of(drift, d);
    double growth = SpectralRadius.of(centred(round, m), k - 1);
    if (growth >= 1) {
      return new StationaryLaw(false, null, contraction, growth);
    }
    double[] moment = solve(round, fresh, k);
    double[] average = new double[k];
    for (int s = 0; s < steps.length; s++) {
      double[] at = moment;
      for (int l = 0; l < localSteps; l++) {
        at = next(steps[s], at, noise);
        Vectors.add(k, shards.get(s).share() / localSteps, at, average);
      }
    }
    return new StationaryLaw(true, law(average, centre), contraction, growth);
  }

  private static double[] next(double[] second, double[] at, double[] noise) {
    int k = at.length;
    double[] out = noise.clone();
    for (int i = 0; i < k; i++) {
      out[i] += Vectors.dot(second, i * k, at, 0, k);
    }
    return out;
  }

  /** Without the row and column of the constant, which always has the eigenvalue 1. */
  private static double[] centred(double[] round, int m) {
    int k = m * m;
    double[] out = new double[(k - 1) * (k - 1)];
    for (int i = 0; i < k - 1; i++) {
      System.arraycopy(round, i * k, out, i * (k - 1), k - 1);
    }
    return out;
  }

  /** {@code (I - round) x = fresh}, the last equation being that of the constant, {@code x = 1}. */
  private static double[] solve(double[] round, double[] fresh, int k) {
    double[] a = new double[k * k];
    for (int i = 0; i < k - 1; i++) {
      for (int j = 0; j < k; j++) {
        a[i * k + j] = (i == j ? 1 : 0) - round[i * k + j];
      }
    }
    a[k * k - 1] = 1;
    double[] x = fresh.clone();
    x[k - 1] = 1;
    if (!new LuSolver().solve(k, a, x)) {
      throw new ArithmeticException("the moments of a stable chain have no solution");
    }
    return x;
  }

  private static GaussianLaw law(double[] moment, double[] centre) {
    int d = centre.length;
    int m = d + 1;
    double[] mean = new double[d];
    double[] covariance = new double[d * d];
    for (int i = 0; i < d; i++) {
      mean[i] = moment[i * m + d];
      for (int j = 0; j < d; j++) {
        covariance[i * d + j] = moment[i * m + j] - moment[i * m + d] * moment[j * m + d];
      }
    }
    for (int i = 0; i < d; i++) {
      mean[i] += centre[i];
    }
    return new GaussianLaw(mean, covariance);
  }

  /**
   * Mean and second moment of one step at a client.
   *
   * @param first [d x d], the mean of G without the constant
   * @param second [(d+1)^2 x (d+1)^2], K
   */
  private record Moments(double[] first, double[] second) {
    static Moments of(
        Shard shard,
        double priorPrecision,
        boolean anchored,
        double stepSize,
        int miniBatch,
        double[] centre) {
      int d = centre.length;
      int m = d + 1;
      double half = stepSize / 2;
      double[] constant = constantPart(shard, priorPrecision, anchored, half, centre);
      LinearGaussian rows = (LinearGaussian) shard.likelihood();
      int n = rows.rows();
      double weight = n == 0 ? 0 : half * rows.mass() / (shard.share() * miniBatch);
      double[] mean = new double[m * m];
      double[] squares = new double[m * m * m * m];
      for (int i = 0; i < n; i++) {
        double[] g = rowPart(rows, i, weight, anchored ? shard.anchor().point() : null, centre);
        double p = rows.power(i) / rows.mass();
        Vectors.add(m * m, p, g, mean);
        addKronecker(g, p, m, squares);
      }
      double[] whole = constant.clone();
      Vectors.add(m * m, miniBatch, mean, whole);
      double[] second = new double[squares.length];
      addKronecker(whole, 1, m, second);
      Vectors.add(squares.length, miniBatch, squares, second);
      addKronecker(mean, -miniBatch, m, second);
      double[] first = new double[d * d];
      for (int i = 0; i < d; i++) {
        System.arraycopy(whole, i * m, first, i * d, d);
      }
      return new Moments(first, second);
    }

    /** What a row drawn adds to G: {@code weight (b - A theta)}, or the same less that there. */
    private static double[] rowPart(
        LinearGaussian rows, int row, double weight, double[] anchor, double[] centre) {
      int d = centre.length;
      double[] a = new double[d * d];
      double[] b = new double[d];
      rows.addRow(row, 1, a, b);
      NaturalGaussian one =
          anchor == null
              ? NaturalGaussian.full(b, a)
              : NaturalGaussian.full(new double[d], a).anchored(anchor, new double[d]);
      return affine(one, weight, centre);
    }

    /** What does not depend on the rows drawn: identity, prior, correction, anchor. */
    private static double[] constantPart(
        Shard shard, double priorPrecision, boolean anchored, double half, double[] centre) {
      int d = centre.length;
      int m = d + 1;
      double[] lambda = new double[d];
      Arrays.fill(lambda, priorPrecision);
      NaturalGaussian all = NaturalGaussian.diagonal(new double[d], lambda);
      if (shard.correction().isPresent()) {
        all = all.times(shard.correction().get(), 1);
      }
      if (anchored) {
        all = all.times(NaturalGaussian.linear(shard.anchor().gradient()), 1 / shard.share());
      }
      double[] g = affine(all, half, centre);
      for (int i = 0; i < m; i++) {
        g[i * m + i] += 1;
      }
      return g;
    }

    /** {@code weight (eta - Lambda (c + u))} as a matrix over [u; 1]. */
    private static double[] affine(NaturalGaussian of, double weight, double[] centre) {
      int d = centre.length;
      int m = d + 1;
      double[] lambda = new double[d * d];
      double[] at = new double[d];
      of.addLambda(1, lambda);
      of.addGradient(centre, 1, at);
      double[] g = new double[m * m];
      for (int i = 0; i < d; i++) {
        for (int j = 0; j < d; j++) {
          g[i * m + j] = -weight * lambda[i * d + j];
        }
        g[i * m + d] = weight * at[i];
      }
      return g;
    }

    private static void addKronecker(double[] g, double factor, int m, double[] out) {
      int k = m * m;
      for (int i = 0; i < m; i++) {
        for (int j = 0; j < m; j++) {
          double f = factor * g[i * m + j];
          for (int p = 0; p < m && f != 0; p++) {
            for (int q = 0; q < m; q++) {
              out[(i * m + p) * k + j * m + q] += f * g[p * m + q];
            }
          }
        }
      }
    }

    /** A matrix to a whole power of at least 1, by squaring. */
    static double[] power(double[] a, int n, int exponent) {
      double[] result = GaussianLaw.identity(n);
      double[] square = a;
      for (int e = exponent; e > 0; e >>= 1) {
        if ((e & 1) == 1) {
          result = times(result, square, n);
        }
        square = e > 1 ? times(square, square, n) : square;
      }
      return result;
    }

    private static double[] times(double[] a, double[] b, int n) {
      double[] out = new double[n * n];
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < n; j++) {
          double f = a[i * n + j];
          for (int q = 0; q < n; q++) {
            out[i * n + q] += f * b[j * n + q];
          }
        }
      }
      return out;
    }
  }
}
