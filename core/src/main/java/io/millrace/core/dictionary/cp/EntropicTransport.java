package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;

/**
 * Entropic optimal transport between histograms on a grid {@code d1 x d2} with a cost that is a sum
 * over the axes, {@code M[(a,b),(a',b')] = M1[a][a'] + M2[b][b']}, in the dual: the conjugate in p
 * of
 *
 * <pre>
 * H_q(p)  = min over P >= 0, P 1 = p, P' 1 = q of &lt;P, M> + gamma sum P ln P
 * H_q*(g) = gamma (-sum q ln q + &lt;q, ln(K e^(g/gamma))>),   K = exp(-M/gamma) = K1 (x) K2
 * grad    = e^(g/gamma) o K'(q / (K e^(g/gamma)))           p >= 0, sums to sum q
 * </pre>
 *
 * <p>Cuturi, Peyre, "A Smoothed Dual Approach for Variational Wasserstein Problems", SIAM J.
 * Imaging Sci. 9 (2016), theorem 2.4. K is applied axis by axis, {@code 2 d1 d2 (d1 + d2)} flops
 * each time. A gamma below 0.02 times the greatest cost leaves K with entries too small for
 * products: then sums of exponentials are taken in the log domain, at some 20 times the price.
 * Immutable.
 */
public final class EntropicTransport {
  private static final double LOG_DOMAIN_BELOW = 0.02;

  private final int rows;
  private final int columns;
  private final double gamma;
  private final ComputeBackend backend;
  private final boolean logDomain;

  /** -M1/gamma and -M2/gamma, or their exponentials; index of q first. */
  private final double[] first;

  private final double[] second;

  /**
   * Transport in the domain that gamma asks for.
   *
   * @param first M1 [d1 x d1], row-major, q's bin first, p's second
   * @param second M2 [d2 x d2]
   * @param gamma above 0
   */
  public EntropicTransport(
      int rows,
      int columns,
      double[] first,
      double[] second,
      double gamma,
      ComputeBackend backend) {
    this(
        rows,
        columns,
        first,
        second,
        gamma,
        gamma < LOG_DOMAIN_BELOW * (greatest(first) + greatest(second)),
        backend);
  }

  EntropicTransport(
      int rows,
      int columns,
      double[] first,
      double[] second,
      double gamma,
      boolean logDomain,
      ComputeBackend backend) {
    this.rows = rows;
    this.columns = columns;
    this.gamma = gamma;
    this.logDomain = logDomain;
    this.backend = backend;
    this.first = kernel(first, gamma, logDomain);
    this.second = kernel(second, gamma, logDomain);
  }

  /** Squared distances of the points of a line of length 1. */
  static double[] squaredDistances(int points) {
    double[] m = new double[points * points];
    for (int i = 0; i < points; i++) {
      for (int j = 0; j < points; j++) {
        double distance = points == 1 ? 0 : (double) (i - j) / (points - 1);
        m[i * points + j] = distance * distance;
      }
    }
    return m;
  }

  private static double greatest(double[] cost) {
    double greatest = 0;
    for (double c : cost) {
      greatest = Math.max(greatest, c);
    }
    return greatest;
  }

  private static double[] kernel(double[] cost, double gamma, boolean logDomain) {
    double[] kernel = new double[cost.length];
    for (int i = 0; i < cost.length; i++) {
      kernel[i] = logDomain ? -cost[i] / gamma : Elementary.exp(-cost[i] / gamma);
    }
    return kernel;
  }

  /**
   * {@code H_q*(g)}.
   *
   * @param q [d1 d2] from {@code at}, at least 0; of any sum
   * @param g [d1 d2] from {@code at}, finite
   * @param gradient [d1 d2] from {@code at}, overwritten
   */
  public double conjugate(double[] q, double[] g, int at, double[] gradient, Workspace workspace) {
    int n = rows * columns;
    double shift = Double.NEGATIVE_INFINITY;
    double total = 0;
    double entropy = 0;
    for (int i = 0; i < n; i++) {
      shift = Math.max(shift, g[at + i]);
      double qi = q[at + i];
      total += qi;
      entropy -= qi > 0 ? qi * Elementary.log(qi) : 0;
    }
    // H*(g) = H*(g - shift) + shift sum q: so that no exponential overflows.
    double logs =
        logDomain
            ? logDomain(q, g, at, shift, gradient, workspace)
            : plain(q, g, at, shift, gradient, workspace);
    return gamma * (entropy + logs) + shift * total;
  }

  /** {@code <q, ln(K a)>}, and the gradient. */
  private double plain(
      double[] q, double[] g, int at, double shift, double[] gradient, Workspace workspace) {
    int n = rows * columns;
    double[] mass = workspace.array("transport.mass", n);
    double[] ratio = workspace.array("transport.ratio", n);
    for (int i = 0; i < n; i++) {
      gradient[at + i] = Elementary.exp((g[at + i] - shift) / gamma);
    }
    multiply(false, gradient, at, mass, workspace);
    double logs = 0;
    for (int i = 0; i < n; i++) {
      double qi = q[at + i];
      ratio[i] = qi > 0 ? qi / mass[i] : 0;
      logs += qi > 0 ? qi * Elementary.log(mass[i]) : 0;
    }
    multiply(true, ratio, 0, mass, workspace);
    for (int i = 0; i < n; i++) {
      gradient[at + i] *= mass[i];
    }
    return logs;
  }

  /** {@code K1 X K2'}, which applies K, or {@code K1' X K2}, which applies K'. */
  private void multiply(boolean transposed, double[] x, int at, double[] out, Workspace workspace) {
    double[] half = workspace.array("transport.half", rows * columns);
    Kernels kernels = workspace.kernels(backend);
    kernels.gemm(
        1,
        kernels.left(first, rows, rows).transposed(transposed),
        kernels.right(x, at, rows, columns),
        0,
        kernels.into(half, rows, columns));
    kernels.gemm(
        1,
        kernels.left(half, rows, columns),
        kernels.right(second, columns, columns).transposed(!transposed),
        0,
        kernels.into(out, rows, columns));
  }

  private double logDomain(
      double[] q, double[] g, int at, double shift, double[] gradient, Workspace workspace) {
    int n = rows * columns;
    double[] mass = workspace.array("transport.mass", n);
    double[] ratio = workspace.array("transport.ratio", n);
    for (int i = 0; i < n; i++) {
      gradient[at + i] = (g[at + i] - shift) / gamma;
    }
    logMultiply(false, gradient, at, mass, workspace);
    double logs = 0;
    for (int i = 0; i < n; i++) {
      double qi = q[at + i];
      ratio[i] = qi > 0 ? Elementary.log(qi) - mass[i] : Double.NEGATIVE_INFINITY;
      logs += qi > 0 ? qi * mass[i] : 0;
    }
    logMultiply(true, ratio, 0, mass, workspace);
    for (int i = 0; i < n; i++) {
      gradient[at + i] = Elementary.exp(gradient[at + i] + mass[i]);
    }
    return logs;
  }

  /** {@code ln(K e^x)}, or of K'. */
  private void logMultiply(
      boolean transposed, double[] x, int at, double[] out, Workspace workspace) {
    double[] half = workspace.array("transport.half", rows * columns);
    double[] line = workspace.array("transport.line", Math.max(rows, columns));
    for (int a = 0; a < rows; a++) {
      for (int b = 0; b < columns; b++) {
        for (int k = 0; k < rows; k++) {
          double cost = transposed ? first[k * rows + a] : first[a * rows + k];
          line[k] = cost + x[at + k * columns + b];
        }
        half[a * columns + b] = SoftMax.logSum(line, 0, rows);
      }
    }
    for (int a = 0; a < rows; a++) {
      for (int b = 0; b < columns; b++) {
        for (int k = 0; k < columns; k++) {
          double cost = transposed ? second[k * columns + b] : second[b * columns + k];
          line[k] = cost + half[a * columns + k];
        }
        out[a * columns + b] = SoftMax.logSum(line, 0, columns);
      }
    }
  }
}
