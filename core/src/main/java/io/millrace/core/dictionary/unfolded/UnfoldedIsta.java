package io.millrace.core.dictionary.unfolded;

import io.millrace.core.compute.Vectors;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.optim.ParamLayout;
import java.util.Arrays;
import java.util.List;

/**
 * Iterative shrinkage unfolded into T layers, each with a step and a threshold of its own to be
 * learned; the matrices are the dictionary's. Gregor, LeCun, "Learning Fast Approximations of
 * Sparse Coding", ICML 2010; Ito, Takabe, Wadayama, "Trainable ISTA", IEEE TSP 67 (2019), for
 * scalars only. From {@code a_0 = 0}
 *
 * <pre>
 * q_t = c - H a_{t-1},   r_t = a_{t-1} + step_t q_t,   a_t = shrink(r_t, threshold_t)
 * </pre>
 *
 * <p>with {@code H = G + lambda2 I}; or, with a number of entries to keep, {@code a_t} = the
 * entries of r_t largest in size and no threshold (iterative hard thresholding). Backwards, with e
 * the gradient where a_t is not 0 and 0 elsewhere,
 *
 * <pre>
 * d/d step_t = &lt;e, q_t&gt;,   d/d threshold_t = - &lt;e, sign a_t&gt;,   d/d a_{t-1} = e - step_t H e
 * </pre>
 *
 * <p>Parameters are one array, see {@link #layout()}. Immutable; 2 K s flop a layer at s non-zeros,
 * twice that with gradients.
 */
public final class UnfoldedIsta {
  private final int layers;
  private final double lambda2;
  private final boolean nonNegative;
  private final int keep;

  /**
   * A network.
   *
   * @param layers T, at least 1
   * @param lambda2 weight of {@code 0.5 ||a||^2} in what the layers minimise, at least 0
   * @param nonNegative whether codes have no negative entries
   * @param keep entries that the hard threshold leaves; 0: soft thresholds
   */
  public UnfoldedIsta(int layers, double lambda2, boolean nonNegative, int keep) {
    this.layers = layers;
    this.lambda2 = lambda2;
    this.nonNegative = nonNegative;
    this.keep = keep;
  }

  /** T. */
  public int layers() {
    return layers;
  }

  /** Weight of {@code 0.5 ||a||^2}. */
  public double lambda2() {
    return lambda2;
  }

  /** Steps, then thresholds, one each per layer. */
  public ParamLayout layout() {
    return new ParamLayout(
        List.of(
            new ParamLayout.Block("steps", layers, 1, 0),
            new ParamLayout.Block("thresholds", layers, 1, layers)));
  }

  /**
   * The parameters with which the layers are so many steps of ISTA.
   *
   * @param lipschitz at least the largest eigenvalue of H, positive
   * @param theta [2T], overwritten
   */
  public void start(double lipschitz, double lambda, double[] theta) {
    Arrays.fill(theta, 0, layers, 1 / lipschitz);
    Arrays.fill(theta, layers, 2 * layers, lambda / lipschitz);
  }

  /**
   * Codes one signal.
   *
   * @param theta [2T], not modified
   * @param c [K] from {@code cOffset}, not modified
   * @param q [T x K], overwritten by every layer's q
   * @param a [T x K], overwritten by every layer's output; the code is the last
   */
  public void forward(double[] theta, Gram gram, double[] c, int cOffset, double[] q, double[] a) {
    int atoms = gram.atoms();
    for (int t = 0; t < layers; t++) {
      int at = t * atoms;
      int before = at - atoms;
      if (t == 0) {
        System.arraycopy(c, cOffset, q, 0, atoms);
      } else {
        CodeMeasures.gradient(gram, c, cOffset, a, before, q, at);
      }
      for (int j = 0; j < atoms; j++) {
        double old = t == 0 ? 0 : a[before + j];
        q[at + j] -= lambda2 * old;
        a[at + j] = old + theta[t] * q[at + j];
      }
      if (keep > 0) {
        for (int j = at; nonNegative && j < at + atoms; j++) {
          a[j] = Math.max(a[j], 0);
        }
        Vectors.keepLargest(a, at, atoms, keep);
      } else {
        shrink(atoms, theta[layers + t], a, at);
      }
    }
  }

  /**
   * Adds one signal's gradient.
   *
   * @param q from {@link #forward}
   * @param a from {@link #forward}
   * @param error [K] the loss's derivative in the code; overwritten
   * @param scratch [K], overwritten
   * @param weight factor of what is added
   * @param gradient [2T], added to
   */
  public void backward(
      double[] theta,
      Gram gram,
      double[] q,
      double[] a,
      double[] error,
      double[] scratch,
      double weight,
      double[] gradient) {
    int atoms = gram.atoms();
    for (int t = layers - 1; t >= 0; t--) {
      int at = t * atoms;
      double step = 0;
      double threshold = 0;
      for (int j = 0; j < atoms; j++) {
        double out = a[at + j];
        if (out == 0) {
          error[j] = 0;
        } else {
          step += error[j] * q[at + j];
          threshold -= error[j] * Math.signum(out);
        }
      }
      gradient[t] += weight * step;
      gradient[layers + t] += keep > 0 ? 0 : weight * threshold;
      if (t > 0) {
        for (int j = 0; j < atoms; j++) {
          double e = error[j];
          error[j] = theta[t] * e;
          scratch[j] = e - lambda2 * error[j];
        }
        CodeMeasures.gradient(gram, scratch, 0, error, 0, scratch, 0);
        System.arraycopy(scratch, 0, error, 0, atoms);
      }
    }
  }

  private void shrink(int atoms, double threshold, double[] a, int at) {
    for (int j = at; j < at + atoms; j++) {
      double size = (nonNegative ? a[j] : Math.abs(a[j])) - threshold;
      a[j] = size > 0 ? Math.copySign(size, a[j]) : 0;
    }
  }
}
