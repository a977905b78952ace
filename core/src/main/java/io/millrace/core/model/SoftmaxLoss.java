package io.millrace.core.model;

import io.millrace.core.compute.Elementary;
import io.millrace.core.features.InputSpec;
import io.millrace.core.spec.Source;

/**
 * Softmax cross-entropy: the negative log-likelihood of a class whose unnormalised
 * log-probabilities are the raw outputs. Bridle, "Probabilistic Interpretation of Feedforward
 * Classification Network Outputs", Neurocomputing 1990.
 *
 * <pre>
 * p_k = e^{s_k - max s} / sum_j e^{s_j - max s}      l = -log p_y      dl/ds_k = p_k - [k = y]
 * H d = p * (d - p . d)
 * </pre>
 *
 * <p>Of several largest probabilities the lowest index stands for the class.
 */
final class SoftmaxLoss implements Loss {
  static final LossSpec SPEC =
      new LossSpec(
          "softmax",
          InputSpec.Target.CLASS,
          Integer.MAX_VALUE,
          null,
          new Source(
              "Bridle, Probabilistic Interpretation of Feedforward Classification Network Outputs,"
                  + " Neurocomputing 1990",
              Source.Confidence.DERIVED),
          (classes, parameter) -> new SoftmaxLoss(classes));

  private final int classes;

  SoftmaxLoss(int classes) {
    this.classes = classes;
  }

  @Override
  public int outputs() {
    return classes;
  }

  private double largest(double[] raw) {
    double top = raw[0];
    for (int k = 1; k < classes; k++) {
      top = Math.max(top, raw[k]); // NaN wins
    }
    return top;
  }

  @Override
  public double value(double[] raw, double y) {
    double top = largest(raw);
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      sum += Elementary.exp(raw[k] - top);
    }
    return Elementary.log(sum) + (top - raw[(int) y]);
  }

  @Override
  public void mean(double[] raw, double[] out) {
    double top = largest(raw);
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      out[k] = Elementary.exp(raw[k] - top);
      sum += out[k];
    }
    double scale = 1 / sum;
    for (int k = 0; k < classes; k++) {
      out[k] *= scale;
    }
  }

  @Override
  public void derivative(double[] raw, double y, double[] out) {
    mean(raw, out);
    int hit = (int) y;
    double others = 0;
    for (int k = 0; k < classes; k++) {
      others += k == hit ? 0 : out[k];
    }
    out[hit] = -others; // p - 1 without cancellation
  }

  @Override
  public double reported(double[] mean, double y) {
    return Loss.logLoss(mean[(int) y]);
  }

  @Override
  public int classOf(double[] mean) {
    int best = 0;
    for (int k = 1; k < classes; k++) {
      best = mean[k] > mean[best] ? k : best;
    }
    return best;
  }

  @Override
  public boolean curved() {
    return true;
  }

  @Override
  public void curvature(double[] raw, double y, double[] direction, double[] out) {
    mean(raw, out);
    double along = 0;
    for (int k = 0; k < classes; k++) {
      along += out[k] * direction[k];
    }
    for (int k = 0; k < classes; k++) {
      out[k] *= direction[k] - along;
    }
  }

  @Override
  public boolean probabilities() {
    return true;
  }
}
