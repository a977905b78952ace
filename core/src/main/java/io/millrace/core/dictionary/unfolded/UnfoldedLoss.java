package io.millrace.core.dictionary.unfolded;

import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import java.util.Arrays;

/**
 * What an unfolded coder's parameters are trained by, as a mean over a mini-batch, weights counted:
 * without labels the objective {@code 0.5 ||x - D a_T||^2 + lambda ||a_T||_1 + 0.5 lambda2
 * ||a_T||^2}, with codes as labels {@code 0.5 ||a_T - a||^2}. The l1 norm's derivative at 0 is 0.
 * Aimed at one mini-batch after the other; allocates only for larger ones. Not thread-safe.
 */
public final class UnfoldedLoss implements Objective {
  private final UnfoldedIsta network;
  private final ParamLayout layout;
  private final double lambda;

  private Gram gram;
  private double[] c;
  private double[] xx;
  private double[] labels;
  private double[] weights;
  private int n;

  private double[] q = {};
  private double[] a = {};
  private double[] error = {};
  private double[] scratch = {};
  private double lastValue = Double.NaN;

  /**
   * A loss.
   *
   * @param lambda of the loss without labels
   */
  public UnfoldedLoss(UnfoldedIsta network, double lambda) {
    this.network = network;
    this.layout = network.layout();
    this.lambda = lambda;
  }

  /**
   * Aims at a mini-batch; the arrays must stay as they are until it is aimed again.
   *
   * @param batchC correlations [n x K]
   * @param batchXx squared norms of the signals [n]; not read where there are labels
   * @param codes [n x K] labels, or null: the loss without labels
   * @param batchWeights [n], not negative, or null: all 1
   */
  public void aim(
      Gram ofDictionary,
      double[] batchC,
      double[] batchXx,
      double[] codes,
      double[] batchWeights,
      int samples) {
    gram = ofDictionary;
    c = batchC;
    xx = batchXx;
    labels = codes;
    weights = batchWeights;
    n = samples;
    int atoms = gram.atoms();
    int activations = network.layers() * atoms;
    if (q.length < activations) {
      q = new double[activations];
      a = new double[activations];
    }
    if (error.length < atoms) {
      error = new double[atoms];
      scratch = new double[atoms];
    }
  }

  @Override
  public ParamLayout layout() {
    return layout;
  }

  @Override
  public int samples() {
    return n;
  }

  @Override
  public double value(double[] theta) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += weight(i) * forward(theta, i);
    }
    return sum / total();
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    double total = total();
    double sum = 0;
    Arrays.fill(out, 0);
    for (int i = 0; i < n; i++) {
      sum += weight(i) * forward(theta, i);
      network.backward(theta, gram, q, a, error, scratch, weight(i) / total, out);
    }
    lastValue = sum / total;
  }

  /** {@link #value} where {@link #gradient} was last asked for. */
  public double lastValue() {
    return lastValue;
  }

  /** Codes a signal; its loss, and in {@code error} the derivative of that in the code. */
  private double forward(double[] theta, int i) {
    int atoms = gram.atoms();
    int code = (network.layers() - 1) * atoms;
    int row = i * atoms;
    network.forward(theta, gram, c, row, q, a);
    double loss = 0;
    if (labels != null) {
      for (int j = 0; j < atoms; j++) {
        error[j] = a[code + j] - labels[row + j];
        loss += 0.5 * error[j] * error[j];
      }
      return loss;
    }
    double lambda2 = network.lambda2();
    loss = 0.5 * CodeMeasures.residual(gram, c, row, xx[i], a, code);
    CodeMeasures.gradient(gram, c, row, a, code, error, 0);
    for (int j = 0; j < atoms; j++) {
      double v = a[code + j];
      loss += lambda * Math.abs(v) + 0.5 * lambda2 * v * v;
      error[j] = lambda * Math.signum(v) + lambda2 * v - error[j];
    }
    return loss;
  }

  private double weight(int i) {
    return weights == null ? 1 : weights[i];
  }

  /** Weights of none but zero leave the mean undefined; it is then 0. */
  private double total() {
    if (weights == null) {
      return n;
    }
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += weights[i];
    }
    return sum > 0 ? sum : 1;
  }
}
