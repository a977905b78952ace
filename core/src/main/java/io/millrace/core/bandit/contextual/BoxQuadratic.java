package io.millrace.core.bandit.contextual;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.linalg.PositiveDefinite;

/**
 * The least point of {@code theta' H theta / 2 - g' theta} in the box {@code |theta_j| <= u_j}, H
 * positive definite, by a primal active-set method. The point is unique. For a few numbers: each
 * step solves a system of those that are free.
 */
final class BoxQuadratic {
  /** Far more than so few numbers ever need; rounding cannot make it go on for ever. */
  private static final int STEPS_PER_NUMBER = 50;

  private BoxQuadratic() {}

  /**
   * Solves.
   *
   * @param h [m x m], not modified
   * @param g [m], not modified
   * @param u [m], at least 0, not modified
   * @param theta [m], overwritten
   */
  static void solve(
      int m, double[] h, double[] g, double[] u, double[] theta, Workspace workspace) {
    double[] a = workspace.array("box.a", m * m);
    System.arraycopy(h, 0, a, 0, m * m);
    System.arraycopy(g, 0, theta, 0, m);
    PositiveDefinite.solve(workspace.kernels(ScalarBackend.INSTANCE), m, a, theta);
    double[] side = workspace.array("box.side", m);
    boolean inside = true;
    for (int j = 0; j < m; j++) {
      side[j] = Math.abs(theta[j]) <= u[j] ? 0 : Math.signum(theta[j]);
      theta[j] = Math.max(-u[j], Math.min(u[j], theta[j]));
      inside &= side[j] == 0;
    }
    if (!inside) {
      activeSet(m, h, g, u, theta, side, workspace);
    }
  }

  /** From a point in the box; side is -1 or 1 where a number is held at a bound, else 0. */
  private static void activeSet(
      int m,
      double[] h,
      double[] g,
      double[] u,
      double[] theta,
      double[] side,
      Workspace workspace) {
    double[] next = workspace.array("box.next", m);
    for (int step = 0; step < STEPS_PER_NUMBER * m; step++) {
      free(m, h, g, theta, side, next, workspace);
      int hit = advance(m, u, theta, next, side);
      if (hit >= 0) {
        side[hit] = Math.signum(theta[hit]);
      } else {
        int release = wrongly(m, h, g, u, theta, side);
        if (release < 0) {
          return;
        }
        side[release] = 0;
      }
    }
  }

  /** The least point of the free numbers, the others held. */
  private static void free(
      int m,
      double[] h,
      double[] g,
      double[] theta,
      double[] side,
      double[] next,
      Workspace workspace) {
    double[] a = workspace.array("box.a", m * m);
    double[] right = workspace.array("box.right", m);
    int n = 0;
    for (int i = 0; i < m; i++) {
      next[i] = theta[i];
      n += side[i] == 0 ? 1 : 0;
    }
    int row = 0;
    for (int i = 0; i < m; i++) {
      if (side[i] != 0) {
        continue;
      }
      int col = 0;
      double sum = g[i];
      for (int j = 0; j < m; j++) {
        if (side[j] == 0) {
          a[row * n + col++] = h[i * m + j];
        } else {
          sum -= h[i * m + j] * theta[j];
        }
      }
      right[row++] = sum;
    }
    PositiveDefinite.solve(workspace.kernels(ScalarBackend.INSTANCE), n, a, right);
    row = 0;
    for (int i = 0; i < m; i++) {
      if (side[i] == 0) {
        next[i] = right[row++];
      }
    }
  }

  /** Goes towards {@code next} as far as the box allows; the number that meets its bound, or -1. */
  private static int advance(int m, double[] u, double[] theta, double[] next, double[] side) {
    double most = 1;
    int hit = -1;
    for (int j = 0; j < m; j++) {
      double move = next[j] - theta[j];
      if (side[j] == 0 && Math.abs(next[j]) > u[j] && move != 0) {
        double to = ((move > 0 ? u[j] : -u[j]) - theta[j]) / move;
        if (to < most) {
          most = to;
          hit = j;
        }
      }
    }
    double share = Math.max(0, most);
    for (int j = 0; j < m; j++) {
      if (side[j] == 0) {
        double to = hit < 0 ? next[j] : theta[j] + share * (next[j] - theta[j]);
        theta[j] = Math.max(-u[j], Math.min(u[j], to));
      }
    }
    if (hit >= 0) {
      theta[hit] = next[hit] > theta[hit] ? u[hit] : next[hit] < theta[hit] ? -u[hit] : theta[hit];
    }
    return hit;
  }

  /** The held number that would gain most by leaving its bound, or -1. */
  private static int wrongly(
      int m, double[] h, double[] g, double[] u, double[] theta, double[] side) {
    int worst = -1;
    double most = 0;
    for (int i = 0; i < m; i++) {
      if (side[i] == 0 || u[i] == 0) {
        continue;
      }
      double slope = -g[i];
      double size = Math.abs(g[i]);
      for (int j = 0; j < m; j++) {
        slope += h[i * m + j] * theta[j];
        size += Math.abs(h[i * m + j] * theta[j]);
      }
      // At the upper bound the slope must not be positive, at the lower not negative.
      double gain = side[i] * slope;
      if (gain > most && gain > 1e-14 * size) {
        worst = i;
        most = gain;
      }
    }
    return worst;
  }
}
