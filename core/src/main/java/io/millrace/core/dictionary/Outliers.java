package io.millrace.core.dictionary;

import io.millrace.core.compute.Workspace;
import java.util.Arrays;

/**
 * The usual size of signals, and what a signal counts that is far larger: statistics grow with the
 * squares of signals, so that one of a million times the usual size would be all that is learned
 * from. A signal of more than {@value #MOST} times the usual size counts as much less as it is
 * larger; what it adds is then that of the largest signal that counts whole.
 *
 * <p>The usual size is the mean of the sizes so far, larger ones taken at the limit, forgotten as
 * the statistics are; before there is one, the median of the batch at hand. A source whose signals
 * have grown for good is followed within some batches, because the mean moves towards the limit.
 * What a size is, is the method's business: a squared norm, or a sum.
 */
public final class Outliers {
  /** Sizes up to so many times the usual one count whole. */
  public static final double MOST = 25;

  /** Numbers that a state keeps: sum of mean sizes, and how many they are, both forgetting. */
  public static final int NUMBERS = 2;

  private Outliers() {}

  /** The usual size so far, 0: none. */
  public static double usual(double[] kept, int at) {
    return kept[at + 1] > 0 ? kept[at] / kept[at + 1] : 0;
  }

  /**
   * Takes the sizes of a batch in, and weighs its signals.
   *
   * @param sizes [n], at least 0
   * @param weights [n], not modified
   * @param keep what the numbers so far are multiplied by
   * @param kept the state's {@value #NUMBERS} numbers from {@code at}, modified
   * @param out [n], the weights, those of outliers less
   * @return how many are outliers
   */
  public static int weigh(
      double[] sizes,
      double[] weights,
      int n,
      double keep,
      double[] kept,
      int at,
      double[] out,
      Workspace workspace) {
    double usual = usual(kept, at);
    double most = MOST * (usual > 0 ? usual : median(sizes, n, workspace));
    double sum = 0;
    int positive = 0;
    int outliers = 0;
    for (int r = 0; r < n; r++) {
      boolean outlier = sizes[r] > most;
      out[r] = outlier ? weights[r] * (most / sizes[r]) : weights[r];
      outliers += outlier ? 1 : 0;
      if (sizes[r] > 0) {
        sum += Math.min(sizes[r], most);
        positive++;
      }
    }
    kept[at] *= keep;
    kept[at + 1] *= keep;
    if (positive > 0) {
      kept[at] += sum / positive;
      kept[at + 1] += 1;
    }
    return outliers;
  }

  /** The lower median of the sizes above 0; 0 where none is. */
  private static double median(double[] sizes, int n, Workspace workspace) {
    double[] sorted = workspace.atLeast("outliers.sorted", n);
    int count = 0;
    for (int r = 0; r < n; r++) {
      if (sizes[r] > 0) {
        sorted[count++] = sizes[r];
      }
    }
    if (count == 0) {
      return 0;
    }
    Arrays.sort(sorted, 0, count);
    return sorted[(count - 1) / 2];
  }
}
