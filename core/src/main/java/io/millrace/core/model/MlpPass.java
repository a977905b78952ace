package io.millrace.core.model;

import io.millrace.core.compute.Kernels;

/**
 * Rows on their way through a {@link Mlp}, forward and back. With X the rows, layers l = 0 .. L, f
 * the activation and D_L the loss's derivative in the last outputs,
 *
 * <pre>
 * Z_l = A_(l-1) W_l + 1 b_l'       A_l = f(Z_l)      A_(-1) = X      outputs: Z_L
 * dW_l = A_(l-1)' D_l      db_l = D_l' 1      D_(l-1) = D_l W_l' * f'(Z_(l-1))
 * </pre>
 *
 * and along a direction (V_l, c_l) in the parameters, R standing for the derivative along it
 * (Pearlmutter, "Fast Exact Multiplication by the Hessian", Neural Computation 6, 1994):
 *
 * <pre>
 * RZ_l = RA_(l-1) W_l + A_(l-1) V_l + 1 c_l'     RA_l = f'(Z_l) * RZ_l     RA_(-1) = 0
 * RdW_l = RA_(l-1)' D_l + A_(l-1)' RD_l          Rdb_l = RD_l' 1
 * RD_(l-1) = (RD_l W_l' + D_l V_l') * f'(Z_(l-1)) + D_l W_l' * f''(Z_(l-1)) * RZ_(l-1)
 * </pre>
 *
 * Matrices are row-major, W_l [inputs x units] with its bias behind it. Arrays grow to the largest
 * number of rows. Not thread-safe.
 */
final class MlpPass {
  private final int[] units;
  private final Activation activation;
  private final Kernels compute;
  private final int last;
  private final int[] at;
  private int rows;
  private double[] back = new double[0];

  /** The rows. */
  final InputRows input;

  /** Inputs of the units of each layer. */
  final double[][] z;

  /** Outputs of the units of each layer but the last. */
  final double[][] a;

  /** Derivatives of the loss in {@link #z}. */
  final double[][] d;

  /** R of {@link #z}. */
  final double[][] rz;

  /** R of {@link #a}. */
  final double[][] ra;

  /** R of {@link #d}. */
  final double[][] rd;

  /**
   * Space for a network.
   *
   * @param units of each layer, the last one's are the outputs
   */
  MlpPass(int[] units, Activation activation, Kernels compute) {
    this.units = units;
    this.activation = activation;
    this.compute = compute;
    last = units.length - 1;
    at = new int[units.length];
    input = new InputRows(compute);
    z = new double[units.length][0];
    a = new double[units.length][0];
    d = new double[units.length][0];
    rz = new double[units.length][0];
    ra = new double[units.length][0];
    rd = new double[units.length][0];
  }

  /** Makes room for the rows that {@link #input} has been aimed at, and finds the layers. */
  void begin() {
    rows = input.count();
    at[0] = 0;
    for (int l = 0; l <= last; l++) {
      if (l > 0) {
        at[l] = at[l - 1] + (inputs(l - 1) + 1) * units[l - 1];
      }
      int need = rows * units[l];
      if (z[l].length < need) {
        int size = Math.max(need, 2 * z[l].length);
        z[l] = new double[size];
        a[l] = new double[l < last ? size : 0];
        d[l] = new double[size];
        rz[l] = new double[size];
        ra[l] = new double[l < last ? size : 0];
        rd[l] = new double[size];
        back = back.length < size ? new double[size] : back;
      }
    }
  }

  /** Where a layer's parameters begin. */
  int at(int layer) {
    return at[layer];
  }

  /** Inputs of a layer, the bias left out. */
  int inputs(int layer) {
    return layer == 0 ? input.width() : units[layer - 1];
  }

  /** One past the last parameter. */
  int size() {
    return at[last] + (inputs(last) + 1) * units[last];
  }

  /** Fills {@link #z} and {@link #a} up to a layer. */
  void forward(double[] theta, int upTo) {
    for (int l = 0; l <= upTo; l++) {
      if (l == 0) {
        input.times(theta, units[0], z[0]);
      } else {
        multiply(a[l - 1], l, theta, 0, z[l]);
      }
      addBias(theta, l, z[l]);
      if (l < last) {
        for (int i = 0; i < rows * units[l]; i++) {
          a[l][i] = activation.of(z[l][i]);
        }
      }
    }
  }

  /** {@code out = rows W_l + beta out}. */
  private void multiply(double[] of, int l, double[] theta, double beta, double[] out) {
    compute.gemm(
        1,
        compute.left(of, rows, units[l - 1]),
        compute.right(theta, at[l], units[l - 1], units[l]),
        beta,
        compute.into(out, rows, units[l]));
  }

  private void addBias(double[] theta, int l, double[] to) {
    int bias = at[l] + inputs(l) * units[l];
    for (int r = 0; r < rows; r++) {
      for (int k = 0; k < units[l]; k++) {
        to[r * units[l] + k] += theta[bias + k];
      }
    }
  }

  /**
   * From {@link #d} of the last layer to that of layer {@code downTo}.
   *
   * @param out receives the gradient of every layer passed; null: it is not wanted
   */
  void backward(double[] theta, int downTo, double[] out) {
    for (int l = last; l >= downTo; l--) {
      if (out != null) {
        gradient(l, d[l], out);
      }
      if (l > downTo) {
        through(d[l], l, theta, 0, d[l - 1]);
        for (int i = 0; i < rows * units[l - 1]; i++) {
          d[l - 1][i] *= activation.slope(z[l - 1][i], a[l - 1][i]);
        }
      }
    }
  }

  /** {@code out = of W_l' + beta out}. */
  private void through(double[] of, int l, double[] theta, double beta, double[] out) {
    compute.gemm(
        1,
        compute.left(of, rows, units[l]),
        compute.right(theta, at[l], units[l - 1], units[l]).transposed(),
        beta,
        compute.into(out, rows, units[l - 1]));
  }

  /** The parameters' part in {@code A'D}, bias included. */
  private void gradient(int l, double[] delta, double[] out) {
    if (l == 0) {
      input.transposeTimes(delta, units[0], out);
    } else {
      outer(a[l - 1], delta, l, 0, out);
    }
    int bias = at[l] + inputs(l) * units[l];
    for (int k = 0; k < units[l]; k++) {
      double sum = 0;
      for (int r = 0; r < rows; r++) {
        sum += delta[r * units[l] + k];
      }
      out[bias + k] = sum;
    }
  }

  private void outer(double[] of, double[] delta, int l, double beta, double[] out) {
    compute.gemm(
        1,
        compute.left(of, rows, units[l - 1]).transposed(),
        compute.right(delta, rows, units[l]),
        beta,
        compute.into(out, at[l], units[l - 1], units[l]));
  }

  /**
   * Fills {@link #rz} and {@link #ra} for a direction in the parameters; after {@link #forward}.
   */
  void tangent(double[] theta, double[] v) {
    input.times(v, units[0], rz[0]);
    addBias(v, 0, rz[0]);
    bend(0);
    for (int l = 1; l <= last; l++) {
      multiply(ra[l - 1], l, theta, 0, rz[l]);
      multiply(a[l - 1], l, v, 1, rz[l]);
      addBias(v, l, rz[l]);
      bend(l);
    }
  }

  /** From {@link #rz} of a layer to that of the last one, the parameters at rest. */
  void tangentFrom(int layer, double[] theta) {
    bend(layer);
    for (int l = layer + 1; l <= last; l++) {
      multiply(ra[l - 1], l, theta, 0, rz[l]);
      bend(l);
    }
  }

  private void bend(int l) {
    if (l < last) {
      for (int i = 0; i < rows * units[l]; i++) {
        ra[l][i] = activation.slope(z[l][i], a[l][i]) * rz[l][i];
      }
    }
  }

  /**
   * Hessian times the direction of {@link #tangent}, from {@link #d} and {@link #rd} of the last
   * layer.
   *
   * @param v the direction
   * @param out overwritten where there are parameters
   */
  void tangentBackward(double[] theta, double[] v, double[] out) {
    for (int l = last; l >= 0; l--) {
      gradient(l, rd[l], out);
      if (l == 0) {
        return;
      }
      outer(ra[l - 1], d[l], l, 1, out);
      through(d[l], l, theta, 0, back);
      through(rd[l], l, theta, 0, rd[l - 1]);
      through(d[l], l, v, 1, rd[l - 1]);
      for (int i = 0; i < rows * units[l - 1]; i++) {
        double before = z[l - 1][i];
        double after = a[l - 1][i];
        double steep = activation.slope(before, after);
        double bent = activation.bend(before, after) * rz[l - 1][i];
        d[l - 1][i] = back[i] * steep;
        rd[l - 1][i] = rd[l - 1][i] * steep + back[i] * bent;
      }
    }
  }
}
