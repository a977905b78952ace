package io.millrace.client;

import java.util.Arrays;
import java.util.List;

/**
 * What a posterior says of one set of features: the scores of every draw of its model. Where the
 * draws differ, the model does not know better. Scores are those of {@link Score#values}: for a
 * regression the mean of a label, not the label, which has its noise beside.
 */
public final class Predictive {
  /** From {@code low} to {@code high}. */
  public record Interval(double low, double high) {}

  private final Score score;
  private final double[][] sorted;

  /**
   * From scores.
   *
   * @param sorted scores of the draws for each output, ascending; kept
   */
  Predictive(Score score, double[][] sorted) {
    this.score = score;
    this.sorted = sorted;
  }

  /** The means over the draws, and the class that they stand for. */
  public Score score() {
    return score;
  }

  /** Class names in order of their index; empty where the model knows no classes. */
  public List<String> classes() {
    return score.classes();
  }

  /** Number of outputs: 1, or one for each class where there are more than two. */
  public int outputs() {
    return sorted.length;
  }

  /** Number of draws. */
  public int draws() {
    return sorted[0].length;
  }

  /** Mean of an output over the draws. */
  public double mean(int output) {
    return score.values()[output];
  }

  /** Standard deviation of an output over the draws; NaN of fewer than two. */
  public double deviation(int output) {
    double mean = mean(output);
    double sum = 0;
    for (double v : sorted[output]) {
      sum += (v - mean) * (v - mean);
    }
    return Math.sqrt(sum / (draws() - 1));
  }

  /**
   * Below which an output lies with a probability; linear between draws.
   *
   * @param q in [0, 1]
   */
  public double quantile(int output, double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("quantile " + q + "; must lie in [0, 1]");
    }
    double[] s = sorted[output];
    double place = q * (s.length - 1);
    int below = (int) place;
    int above = Math.min(below + 1, s.length - 1);
    return s[below] + (place - below) * (s[above] - s[below]);
  }

  /**
   * In which an output lies with a probability, as much of it left out above as below.
   *
   * @param level in [0, 1], such as 0.95
   */
  public Interval interval(int output, double level) {
    return new Interval(quantile(output, (1 - level) / 2), quantile(output, (1 + level) / 2));
  }

  /** That of the first output. */
  public Interval interval(double level) {
    return interval(0, level);
  }

  @Override
  public String toString() {
    double[] deviations = new double[outputs()];
    Arrays.setAll(deviations, this::deviation);
    return score + " +- " + Arrays.toString(deviations) + " over " + draws() + " draws";
  }
}
