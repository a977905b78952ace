package io.millrace.core.sample.posterior;

import java.util.Arrays;

/**
 * Whether chains have come to one law, and how many independent draws theirs are worth, from the
 * draws of one parameter. Gelman, Carlin, Stern, Dunson, Vehtari, Rubin, "Bayesian Data Analysis",
 * third edition, section 11.4; Vehtari, Gelman, Simpson, Carpenter, Buerkner, "Rank-Normalization,
 * Folding, and Localization", Bayesian Analysis 2021, for the rank versions.
 *
 * <pre>
 * R-hat = sqrt(((n-1)/n W + B/n) / W),  W = mean of the variances of the chains,  B = n var(their means)
 * ESS   = m n / tau,  tau = -1 + 2 sum_t P_t,  P_t = rho_2t + rho_2t+1 while positive, made monotone (Geyer)
 * </pre>
 *
 * <p>Each chain is split in halves first, so that a chain that still moves disagrees with itself.
 * Neither figure sees a bias that all chains share, such as that of long visits without surrogates.
 *
 * <p>All chains have the same number of draws, at least 4; the middle draw of an odd number is left
 * out. Allocates.
 */
public final class Convergence {
  private Convergence() {}

  /** Split R-hat; 1 where chains agree, NaN where nothing varies. */
  public static double splitRhat(double[][] chains) {
    return rhat(split(chains));
  }

  /** Effective sample size of all chains together. */
  public static double effectiveSampleSize(double[][] chains) {
    return ess(split(chains));
  }

  /** The greater of split R-hat of the ranks and of the ranks of distances from the median. */
  public static double rankSplitRhat(double[][] chains) {
    double[][] halves = split(chains);
    return Math.max(rhat(normalScores(halves)), rhat(normalScores(folded(halves))));
  }

  /** Effective sample size of the ranks. */
  public static double bulkEffectiveSampleSize(double[][] chains) {
    return ess(normalScores(split(chains)));
  }

  /**
   * Effective sample size of one chain by the variance of batch means, {@code n var / (b
   * var(means))}.
   *
   * @param batches at least 2; draws that do not fill a batch are left out
   */
  public static double batchMeansEss(double[] chain, int batches) {
    int length = chain.length / batches;
    double[] means = new double[batches];
    for (int i = 0; i < batches; i++) {
      means[i] = mean(Arrays.copyOfRange(chain, i * length, (i + 1) * length));
    }
    return batchMeansEss(
        (double) length * batches,
        variance(Arrays.copyOf(chain, length * batches)),
        length,
        variance(means));
  }

  /** {@code n var / (b var(means))}. */
  static double batchMeansEss(double draws, double variance, double length, double ofMeans) {
    return draws * variance / (length * ofMeans);
  }

  /** R-hat of parts of equal length, from their means and variances. */
  static double rhat(double length, double[] means, double[] variances) {
    double within = mean(variances);
    double between = variance(means);
    return Math.sqrt(((length - 1) / length * within + between) / within);
  }

  private static double rhat(double[][] parts) {
    double[] means = Arrays.stream(parts).mapToDouble(Convergence::mean).toArray();
    double[] variances = Arrays.stream(parts).mapToDouble(Convergence::variance).toArray();
    return rhat(parts[0].length, means, variances);
  }

  private static double[][] split(double[][] chains) {
    int n = chains[0].length;
    if (n < 4) {
      throw new IllegalStateException(n + " draws of a chain, must be at least 4");
    }
    double[][] halves = new double[2 * chains.length][];
    for (int c = 0; c < chains.length; c++) {
      if (chains[c].length != n) {
        throw new IllegalStateException(
            "chains of " + n + " and " + chains[c].length + " draws, must be as long");
      }
      halves[2 * c] = Arrays.copyOfRange(chains[c], 0, n / 2);
      halves[2 * c + 1] = Arrays.copyOfRange(chains[c], n - n / 2, n);
    }
    return halves;
  }

  private static double ess(double[][] parts) {
    int m = parts.length;
    int n = parts[0].length;
    double[] means = Arrays.stream(parts).mapToDouble(Convergence::mean).toArray();
    double within = Arrays.stream(parts).mapToDouble(Convergence::variance).average().orElseThrow();
    double pooled = within * (n - 1) / n + variance(means);
    double sum = 0;
    double least = Double.POSITIVE_INFINITY;
    for (int t = 0; t + 1 < n; t += 2) {
      double pair =
          (t == 0 ? 1 : correlation(parts, means, t, within, pooled))
              + correlation(parts, means, t + 1, within, pooled);
      if (!(pair > 0)) {
        break;
      }
      least = Math.min(least, pair);
      sum += least;
    }
    double all = (double) m * n;
    double tau = Math.max(2 * sum - 1, 1 / StrictMath.log10(all));
    return all / tau;
  }

  /** Autocorrelation over all parts, {@code 1 - (W - mean of autocovariances) / pooled}. */
  private static double correlation(
      double[][] parts, double[] means, int lag, double within, double pooled) {
    int n = parts[0].length;
    double sum = 0;
    for (int c = 0; c < parts.length; c++) {
      double covariance = 0;
      for (int i = 0; i + lag < n; i++) {
        covariance += (parts[c][i] - means[c]) * (parts[c][i + lag] - means[c]);
      }
      sum += covariance / (n - 1);
    }
    return 1 - (within - sum / parts.length) / pooled;
  }

  private static double[][] folded(double[][] parts) {
    double[] all = Arrays.stream(parts).flatMapToDouble(Arrays::stream).sorted().toArray();
    double median = (all[(all.length - 1) / 2] + all[all.length / 2]) / 2;
    return Arrays.stream(parts)
        .map(p -> Arrays.stream(p).map(x -> Math.abs(x - median)).toArray())
        .toArray(double[][]::new);
  }

  /**
   * Normal scores of the ranks over all parts, {@code (r - 3/8) / (N + 1/4)}; ties share a rank.
   */
  private static double[][] normalScores(double[][] parts) {
    int n = parts[0].length;
    double[] sorted = Arrays.stream(parts).flatMapToDouble(Arrays::stream).sorted().toArray();
    double[][] scores = new double[parts.length][n];
    for (int c = 0; c < parts.length; c++) {
      for (int i = 0; i < n; i++) {
        double x = parts[c][i];
        double rank = (below(sorted, x, false) + below(sorted, x, true) + 1) / 2.0;
        scores[c][i] = NormalQuantile.of((rank - 0.375) / (sorted.length + 0.25));
      }
    }
    return scores;
  }

  /** How many are below x, or with {@code orEqual} at most x. */
  private static int below(double[] sorted, double x, boolean orEqual) {
    int low = 0;
    int high = sorted.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (sorted[middle] < x || orEqual && sorted[middle] == x) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private static double mean(double[] x) {
    double sum = 0;
    for (double v : x) {
      sum += v;
    }
    return sum / x.length;
  }

  private static double variance(double[] x) {
    double mean = mean(x);
    double sum = 0;
    for (double v : x) {
      sum += (v - mean) * (v - mean);
    }
    return sum / (x.length - 1);
  }
}
