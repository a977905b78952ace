package io.millrace.core.sample.posterior;

import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;

/**
 * Mean, covariance, split R-hat and effective sample size of draws that come one by one, without
 * keeping the draws. Immutable: what is kept of a chain is in a state of {@link #schema}.
 *
 * <p>Mean and covariance are Welford's running ones. Beside them the draws are cut into batches of
 * equal length, of which mean and variance are kept; when there are more than {@value #BATCHES},
 * each two become one of twice the length. So there are always 32 to 64 of them: the first half of
 * the batches is the first half of the chain, for split R-hat, and the variance of their means
 * gives the effective sample size. Draws of the batch that is not full yet, and of an odd last one,
 * count in mean and covariance alone.
 *
 * <p>Memory {@code d (2 + 2 * 66)} doubles, and with the full covariance d^2 more; a draw costs
 * {@code d} or {@code d^2} additions.
 */
public final class DrawStatistics {
  /** Most batches; even. */
  static final int BATCHES = 64;

  /** Up to so many parameters the whole covariance is kept, above its diagonal. */
  public static final int MOST_FOR_COVARIANCE = 256;

  private static final String COUNTS = "counts";
  private static final String MEAN = "mean";
  private static final String SPREAD = "spread";
  private static final String BATCH_MEANS = "batch-means";
  private static final String BATCH_SPREADS = "batch-spreads";

  /** Places in {@link #COUNTS}. */
  private enum Count {
    DRAWS,
    LENGTH,
    FULL,
    OPEN
  }

  private final int size;
  private final boolean covariance;

  /**
   * For chains of a size.
   *
   * @param size d, at least 1
   */
  public DrawStatistics(int size) {
    this.size = size;
    this.covariance = size <= MOST_FOR_COVARIANCE;
  }

  /** What is kept of a chain. */
  public StateSchema schema() {
    return new StateSchema.Builder()
        .block(COUNTS, StateSchema.Type.LONGS, Count.values().length)
        .block(MEAN, size)
        .block(SPREAD, covariance ? (long) size * size : size)
        .block(BATCH_MEANS, (long) size * (BATCHES + 1))
        .block(BATCH_SPREADS, (long) size * (BATCHES + 1))
        .build();
  }

  /** Whether all of the covariance is kept. */
  public boolean keepsCovariance() {
    return covariance;
  }

  /** Draws taken in. */
  public long draws(LearnerState state) {
    return state.longs(COUNTS)[Count.DRAWS.ordinal()];
  }

  /**
   * Takes a draw in.
   *
   * @param theta [d], not modified
   */
  public void add(LearnerState state, double[] theta) {
    long[] counts = state.longs(COUNTS);
    long n = ++counts[Count.DRAWS.ordinal()];
    double[] mean = state.block(MEAN);
    double[] spread = state.block(SPREAD);
    double kept = (n - 1.0) / n;
    for (int i = 0; i < size; i++) {
      double away = theta[i] - mean[i];
      if (covariance) {
        for (int j = 0; j <= i; j++) {
          spread[i * size + j] += kept * away * (theta[j] - mean[j]);
        }
      } else {
        spread[i] += kept * away * away;
      }
    }
    for (int i = 0; i < size; i++) {
      mean[i] += (theta[i] - mean[i]) / n;
    }
    addToBatch(state, counts, theta);
  }

  private void addToBatch(LearnerState state, long[] counts, double[] theta) {
    double[] means = state.block(BATCH_MEANS);
    double[] spreads = state.block(BATCH_SPREADS);
    int batch = (int) counts[Count.FULL.ordinal()];
    long n = ++counts[Count.OPEN.ordinal()];
    for (int i = 0; i < size; i++) {
      int at = batch * size + i;
      if (n == 1) {
        means[at] = theta[i];
        spreads[at] = 0;
      } else {
        double away = theta[i] - means[at];
        means[at] += away / n;
        spreads[at] += away * (theta[i] - means[at]);
      }
    }
    counts[Count.LENGTH.ordinal()] = Math.max(1, counts[Count.LENGTH.ordinal()]);
    if (n == counts[Count.LENGTH.ordinal()]) {
      counts[Count.OPEN.ordinal()] = 0;
      if (++counts[Count.FULL.ordinal()] > BATCHES) {
        halve(counts, means, spreads);
      }
    }
  }

  /** Each two full batches become one; the last one, which has no second, is open again. */
  private void halve(long[] counts, double[] means, double[] spreads) {
    long length = counts[Count.LENGTH.ordinal()];
    for (int b = 0; b < BATCHES / 2; b++) {
      for (int i = 0; i < size; i++) {
        int first = 2 * b * size + i;
        int second = first + size;
        double away = means[second] - means[first];
        double spread = spreads[first] + spreads[second] + away * away * length / 2;
        means[b * size + i] = (means[first] + means[second]) / 2;
        spreads[b * size + i] = spread;
      }
    }
    System.arraycopy(means, BATCHES * size, means, BATCHES / 2 * size, size);
    System.arraycopy(spreads, BATCHES * size, spreads, BATCHES / 2 * size, size);
    counts[Count.FULL.ordinal()] = BATCHES / 2;
    counts[Count.OPEN.ordinal()] = length;
    counts[Count.LENGTH.ordinal()] = 2 * length;
  }

  /** Mean of all draws; [d], live. */
  public double[] mean(LearnerState state) {
    return state.block(MEAN);
  }

  /** Variance of a parameter over all draws; NaN with fewer than two. */
  public double variance(LearnerState state, int i) {
    double[] spread = state.block(SPREAD);
    return spread[covariance ? i * size + i : i] / (draws(state) - 1);
  }

  /** Number d of parameters. */
  public int size() {
    return size;
  }

  /**
   * The Gaussian with mean and covariance of the draws of all chains.
   *
   * @param chains at least one, together at least two draws
   * @throws IllegalStateException where the covariance is not kept
   */
  public GaussianLaw law(List<LearnerState> chains) {
    return new GaussianLaw(mean(chains), covariance(chains));
  }

  /** Mean of the draws of all chains; a new array, zeros where there are none. */
  public double[] mean(List<LearnerState> chains) {
    return pool(chains, null);
  }

  /**
   * Covariance of the draws of all chains; a new array, not finite with fewer than two draws.
   *
   * @throws IllegalStateException where it is not kept
   */
  public double[] covariance(List<LearnerState> chains) {
    if (!covariance) {
      throw new IllegalStateException(
          size + " parameters; the covariance is kept up to " + MOST_FOR_COVARIANCE);
    }
    return spread(chains);
  }

  /** Variances of the draws of all chains; a new array, not finite with fewer than two draws. */
  public double[] variances(List<LearnerState> chains) {
    double[] spread = spread(chains);
    if (!covariance) {
      return spread;
    }
    double[] diagonal = new double[size];
    for (int i = 0; i < size; i++) {
      diagonal[i] = spread[i * size + i];
    }
    return diagonal;
  }

  private double[] spread(List<LearnerState> chains) {
    double[] spread = new double[covariance ? size * size : size];
    pool(chains, spread);
    double all = -1;
    for (LearnerState chain : chains) {
      all += draws(chain);
    }
    for (int i = 0; i < size; i++) {
      for (int j = covariance ? 0 : i; j <= i; j++) {
        spread[at(i, j)] /= all;
        if (covariance) {
          spread[at(j, i)] = spread[at(i, j)];
        }
      }
    }
    return spread;
  }

  /** Place of a pair, j at most i; of a parameter with itself where no others are kept. */
  private int at(int i, int j) {
    return covariance ? i * size + j : i;
  }

  /**
   * The mean over chains, one after the other.
   *
   * @param spread takes the sums of products of distances from it; null: they are not asked for
   */
  private double[] pool(List<LearnerState> chains, double[] spread) {
    double[] mean = new double[size];
    double all = 0;
    for (LearnerState chain : chains) {
      double n = draws(chain);
      double share = n == 0 ? 0 : n / (all + n);
      double[] m = chain.block(MEAN);
      double[] s = chain.block(SPREAD);
      for (int i = 0; spread != null && i < size; i++) {
        for (int j = covariance ? 0 : i; j <= i; j++) {
          spread[at(i, j)] += s[at(i, j)] + all * share * (m[i] - mean[i]) * (m[j] - mean[j]);
        }
      }
      for (int i = 0; i < size; i++) {
        mean[i] += share * (m[i] - mean[i]);
      }
      all += n;
    }
    return mean;
  }

  /**
   * Effective sample size of a parameter's draws of one chain; NaN before there are two batches.
   */
  public double effectiveSampleSize(LearnerState chain, int i) {
    long[] counts = chain.longs(COUNTS);
    int full = (int) counts[Count.FULL.ordinal()];
    if (full < 2) {
      return Double.NaN;
    }
    long length = counts[Count.LENGTH.ordinal()];
    Part all = part(chain, 0, full, i);
    return Convergence.batchMeansEss(
        (double) length * full, all.variance(), length, all.varianceOfMeans / (full - 1));
  }

  /**
   * Split R-hat of a parameter over chains. Where chains differ in their number of draws, the parts
   * do in length, and their mean length is taken. NaN before every chain has two batches.
   */
  public double splitRhat(List<LearnerState> chains, int i) {
    double[] means = new double[2 * chains.size()];
    double[] variances = new double[means.length];
    double lengths = 0;
    for (int c = 0; c < chains.size(); c++) {
      long[] counts = chains.get(c).longs(COUNTS);
      int half = (int) counts[Count.FULL.ordinal()] / 2;
      if (half == 0 || half * counts[Count.LENGTH.ordinal()] < 2) {
        return Double.NaN;
      }
      for (int h = 0; h < 2; h++) {
        Part part = part(chains.get(c), h * half, half, i);
        means[2 * c + h] = part.mean;
        variances[2 * c + h] = part.variance();
        lengths += part.length;
      }
    }
    return Convergence.rhat(lengths / means.length, means, variances);
  }

  /**
   * Several batches together.
   *
   * @param spread sum of squared distances of the draws from the mean
   * @param varianceOfMeans sum of squared distances of the batch means from the mean
   */
  private record Part(double length, double mean, double spread, double varianceOfMeans) {
    double variance() {
      return spread / (length - 1);
    }
  }

  private Part part(LearnerState chain, int first, int count, int i) {
    double[] means = chain.block(BATCH_MEANS);
    double[] spreads = chain.block(BATCH_SPREADS);
    double length = chain.longs(COUNTS)[Count.LENGTH.ordinal()];
    double mean = 0;
    for (int b = first; b < first + count; b++) {
      mean += means[b * size + i] / count;
    }
    double within = 0;
    double between = 0;
    for (int b = first; b < first + count; b++) {
      double away = means[b * size + i] - mean;
      within += spreads[b * size + i];
      between += away * away;
    }
    return new Part(length * count, mean, within + length * between, between);
  }
}
