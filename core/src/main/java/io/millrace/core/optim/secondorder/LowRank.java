package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.LuSolver;
import io.millrace.core.optim.StepContext;

/**
 * The matrix Q = (I + U V') diag(d) of {@link PsgdLraWhiten}, aimed anew at every step. Not
 * thread-safe.
 */
final class LowRank {
  /** Products of a and b with the factor that stays, as an update of the other needs them. */
  static final class Turn {
    private boolean heads;
    private double[] a;
    private double[] b;

    /** a'V and b'V on heads, a'U and b'U on tails, [r]. */
    private double[] ya;

    private double[] yb;

    /** The size of the step, for the smoothness. */
    double size;
  }

  private final LuSolver solver = new LuSolver();
  private final Turn turn = new Turn();
  private int n;
  private int r;
  private double[] u;
  private double[] v;
  private Workspace workspace;
  private Kernels compute;

  /** The diagonal; live. */
  double[] d;

  void aim(int size, int rank, double[] ofU, double[] ofV, double[] ofD, StepContext context) {
    n = size;
    r = rank;
    u = ofU;
    v = ofV;
    d = ofD;
    workspace = context.workspace();
    compute = context.compute();
  }

  private double[] small(String name) {
    return workspace.atLeast(name, r);
  }

  private double[] square(String name) {
    return workspace.atLeast(name, r * r);
  }

  /** out += left (right' x). */
  private void addOuter(double[] left, double[] right, double[] x, double sign, double[] out) {
    double[] y = small("low-rank-y");
    compute.gemv(1, compute.left(right, n, r).transposed(), x, 0, 0, y, 0);
    compute.gemv(sign, compute.left(left, n, r), y, 0, 1, out, 0);
  }

  /** out = Q x. */
  void apply(double[] x, double[] out) {
    for (int i = 0; i < n; i++) {
      out[i] = d[i] * x[i];
    }
    addOuter(u, v, out, 1, out);
  }

  /** out = Q'x; out may be x. */
  void applyTransposed(double[] x, double[] out) {
    if (out != x) {
      System.arraycopy(x, 0, out, 0, n);
    }
    addOuter(v, u, out, 1, out);
    for (int i = 0; i < n; i++) {
      out[i] *= d[i];
    }
  }

  /** S = I + V'U, [r x r]; valid until the next call. */
  double[] s() {
    double[] s = square("low-rank-s");
    compute.gemm(
        1, compute.left(v, n, r).transposed(), compute.right(u, n, r), 0, compute.into(s, r, r));
    for (int i = 0; i < r; i++) {
      s[i * r + i] += 1;
    }
    return s;
  }

  /**
   * b = Q'^-1 x and inverse = Q^-1 b.
   *
   * @param s of {@link #s}, not modified
   * @return false where Q is singular
   */
  boolean solve(double[] s, double[] x, double[] b, double[] inverse) {
    double[] y = small("low-rank-y");
    for (int i = 0; i < n; i++) {
      b[i] = x[i] / d[i];
    }
    if (!solver.factor(r, s, true)) {
      return false;
    }
    compute.gemv(1, compute.left(u, n, r).transposed(), b, 0, 0, y, 0);
    solver.solve(y);
    compute.gemv(-1, compute.left(v, n, r), y, 0, 1, b, 0);
    if (!solver.factor(r, s, false)) {
      return false;
    }
    System.arraycopy(b, 0, inverse, 0, n);
    compute.gemv(1, compute.left(v, n, r).transposed(), b, 0, 0, y, 0);
    solver.solve(y);
    compute.gemv(-1, compute.left(u, n, r), y, 0, 1, inverse, 0);
    for (int i = 0; i < n; i++) {
      inverse[i] /= d[i];
    }
    return true;
  }

  /** Gives U and V equal traces, and moves their Gram matrices towards each other. */
  void balance() {
    double[] uu = square("low-rank-uu");
    double[] vv = square("low-rank-vv");
    compute.gemm(
        1, compute.left(u, n, r).transposed(), compute.right(u, n, r), 0, compute.into(uu, r, r));
    compute.gemm(
        1, compute.left(v, n, r).transposed(), compute.right(v, n, r), 0, compute.into(vv, r, r));
    double traceU = 0;
    double traceV = 0;
    for (int i = 0; i < r; i++) {
      traceU += uu[i * r + i];
      traceV += vv[i * r + i];
    }
    if (traceU == 0 || traceV == 0) {
      return; // Q is diagonal: there is nothing to balance.
    }
    double rho2 = Math.sqrt(traceU / traceV);
    double rho = Math.sqrt(rho2);
    double trace = traceU / rho2 + traceV * rho2;
    double[] e = square("low-rank-e");
    double[] half = square("low-rank-half");
    for (int i = 0; i < r * r; i++) {
      e[i] = 0.1 * (uu[i] / rho2 - vv[i] * rho2) / trace;
    }
    compute.gemm(0.5, compute.left(e, r, r), compute.right(e, r, r), 0, compute.into(half, r, r));
    turn(u, 1 / rho, -1, e, half);
    turn(v, rho, 1, e, half);
  }

  /** A &lt;- scale A (I + sign E + E^2 / 2). */
  private void turn(double[] a, double scale, double sign, double[] e, double[] half) {
    double[] by = square("low-rank-by");
    for (int i = 0; i < r * r; i++) {
      double identity = i % (r + 1) == 0 ? 1 : 0;
      by[i] = scale * (identity + sign * e[i] + half[i]);
    }
    double[] turned = workspace.atLeast("low-rank-turned", n * r);
    compute.gemm(1, compute.left(a, n, r), compute.right(by, r, r), 0, compute.into(turned, n, r));
    System.arraycopy(turned, 0, a, 0, n * r);
  }

  /**
   * Prepares {@link #update} of U (heads) or V (tails).
   *
   * @param a kept, overwritten by the update
   * @param b likewise
   * @return valid until the next call
   */
  Turn turn(boolean heads, double[] a, double[] b) {
    double[] other = heads ? v : u;
    double[] ya = small("low-rank-ya");
    double[] yb = small("low-rank-yb");
    double[] ta = workspace.array("low-rank-ta", n);
    double[] tb = workspace.array("low-rank-tb", n);
    compute.gemv(1, compute.left(other, n, r).transposed(), a, 0, 0, ya, 0);
    compute.gemv(1, compute.left(other, n, r).transposed(), b, 0, 0, yb, 0);
    compute.gemv(1, compute.left(other, n, r), ya, 0, 0, ta, 0);
    compute.gemv(1, compute.left(other, n, r), yb, 0, 0, tb, 0);
    turn.heads = heads;
    turn.a = a;
    turn.b = b;
    turn.ya = ya;
    turn.yb = yb;
    turn.size =
        compute.norm(n, a, 0) * compute.norm(n, ta, 0)
            + compute.norm(n, b, 0) * compute.norm(n, tb, 0);
    return turn;
  }

  /**
   * Updates U or V.
   *
   * @param s of {@link #s}, of the U and V before the update
   */
  void update(Turn by, double[] s, double rate) {
    boolean heads = by.heads;
    double[] a = by.a;
    double[] b = by.b;
    double[] ya = by.ya;
    double[] yb = by.yb;
    if (heads) { // (a'V) S and (b'V) S
      double[] za = small("low-rank-za");
      double[] zb = small("low-rank-zb");
      compute.gemv(1, compute.left(s, r, r).transposed(), ya, 0, 0, za, 0);
      compute.gemv(1, compute.left(s, r, r).transposed(), yb, 0, 0, zb, 0);
      ya = za;
      yb = zb;
    } else {
      compute.gemv(1, compute.left(v, n, r), ya, 0, 1, a, 0);
      compute.gemv(1, compute.left(v, n, r), yb, 0, 1, b, 0);
    }
    double[] factor = heads ? u : v;
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < r; j++) {
        factor[i * r + j] -= rate * (a[i] * ya[j] - b[i] * yb[j]);
      }
    }
  }
}
