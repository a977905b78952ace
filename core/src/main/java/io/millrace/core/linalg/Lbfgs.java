package io.millrace.core.linalg;

import io.millrace.core.compute.Vectors;

/**
 * Minimises smooth convex functions by the limited-memory BFGS method: Nocedal, Wright, "Numerical
 * Optimization", algorithms 7.4 and 7.5.
 *
 * <p>The line search brackets a minimum by the sign of the slope, which is enough for a convex
 * function. Values are compared only up to their rounding, so that gradients far below the root of
 * the machine precision can be reached. It ends at a slope of at most 0.9 of the first (strong
 * curvature condition).
 *
 * <p>Written here because no library with only this in it was found: commons-math and hipparchus
 * have nonlinear conjugate gradients but no L-BFGS, others bring a whole machine learning system.
 * Memory {@code 2 k n} for k pairs, {@code 4 k n} flops an iteration besides the function.
 * Allocates nothing once it has seen the largest n. Not thread-safe.
 */
public final class Lbfgs {
  /** A convex function with its gradient. */
  @FunctionalInterface
  public interface Function {
    /**
     * The value at x.
     *
     * @param x [n], not modified
     * @param gradient [n], overwritten
     */
    double evaluate(double[] x, double[] gradient);
  }

  private static final double CURVATURE = 0.9;
  private static final double EXPANSION = 3;
  private static final int LINE_STEPS = 40;

  /** Relative rounding that a comparison of two values forgives. */
  private static final double ROUNDING = 1e-12;

  private final int memory;
  private double[][] s;
  private double[][] y;
  private final double[] rho;
  private final double[] alpha;
  private double[] gradient = {};
  private double[] direction = {};
  private double[] start = {};
  private double[] startGradient = {};
  private int length = -1;
  private int stored;
  private int newest;
  private double value;

  /**
   * A minimiser.
   *
   * @param memory pairs of steps and gradient changes kept, at least 1
   */
  public Lbfgs(int memory) {
    this.memory = memory;
    s = new double[memory][];
    y = new double[memory][];
    rho = new double[memory];
    alpha = new double[memory];
  }

  /**
   * Minimises {@code f}.
   *
   * @param n variables
   * @param x [n], the start; overwritten by the best point found
   * @param maxIterations limit, at least 0
   * @param tolerance Euclidean norm of the gradient to stop at
   * @return iterations taken; see {@link #gradientNorm} for whether they were enough
   */
  public int minimize(Function f, int n, double[] x, int maxIterations, double tolerance) {
    resize(n);
    stored = 0;
    value = f.evaluate(x, gradient);
    int iteration = 0;
    while (iteration < maxIterations && gradientNorm() > tolerance) {
      System.arraycopy(x, 0, start, 0, n);
      System.arraycopy(gradient, 0, startGradient, 0, n);
      if (!step(f, x)) {
        if (stored == 0) {
          break;
        }
        // The curvature remembered misleads: go on from steepest descent.
        stored = 0;
        continue;
      }
      remember(x);
      iteration++;
    }
    return iteration;
  }

  /** The least value found. */
  public double value() {
    return value;
  }

  /** Norm of the gradient at the point found; NaN or infinite where the function was not finite. */
  public double gradientNorm() {
    return Math.sqrt(Vectors.dot(gradient, 0, gradient, 0, length));
  }

  private void resize(int n) {
    if (n > gradient.length) {
      gradient = new double[n];
      direction = new double[n];
      start = new double[n];
      startGradient = new double[n];
      for (int i = 0; i < memory; i++) {
        s[i] = new double[n];
        y[i] = new double[n];
      }
    }
    length = n;
  }

  /** One iteration from {@code start}; false, and x back there, where no progress was possible. */
  private boolean step(Function f, double[] x) {
    double slope = direction();
    double startValue = value;
    double low = 0;
    double lowSlope = slope;
    double high = Double.POSITIVE_INFINITY;
    double highSlope = 0;
    double a = stored == 0 ? Math.min(1, 1 / gradientNorm()) : 1;
    double slack = ROUNDING * (1 + Math.abs(startValue));
    for (int i = 0; slope < 0 && i < LINE_STEPS; i++) {
      for (int k = 0; k < length; k++) {
        x[k] = start[k] + a * direction[k];
      }
      value = f.evaluate(x, gradient);
      double now = Vectors.dot(gradient, 0, direction, 0, length);
      boolean finite = Double.isFinite(now) && Double.isFinite(value);
      boolean below = finite && value <= startValue + slack;
      if (below && Math.abs(now) <= -CURVATURE * slope) {
        return true;
      }
      if (below && now < 0) {
        low = a;
        lowSlope = now;
      } else {
        high = a;
        highSlope = finite ? now : Double.POSITIVE_INFINITY;
      }
      a = next(low, lowSlope, high, highSlope);
    }
    System.arraycopy(start, 0, x, 0, length);
    System.arraycopy(startGradient, 0, gradient, 0, length);
    value = startValue;
    return false;
  }

  /** Where to look next: further out, or by the secant of the slopes well inside the bracket. */
  private static double next(double low, double lowSlope, double high, double highSlope) {
    if (Double.isInfinite(high)) {
      return EXPANSION * low;
    }
    double secant = highSlope > 0 ? -lowSlope / (highSlope - lowSlope) : 0.5;
    return low + (high - low) * Math.max(0.1, Math.min(0.9, secant));
  }

  /** Two-loop recursion; the slope along the direction. */
  private double direction() {
    for (int k = 0; k < length; k++) {
      direction[k] = -gradient[k];
    }
    for (int i = 0; i < stored; i++) {
      int p = Math.floorMod(newest - i, memory);
      alpha[p] = rho[p] * Vectors.dot(s[p], 0, direction, 0, length);
      add(-alpha[p], y[p]);
    }
    if (stored > 0) {
      double scale = 1 / (rho[newest] * Vectors.dot(y[newest], 0, y[newest], 0, length));
      for (int k = 0; k < length; k++) {
        direction[k] *= scale;
      }
    }
    for (int i = stored - 1; i >= 0; i--) {
      int p = Math.floorMod(newest - i, memory);
      double beta = rho[p] * Vectors.dot(y[p], 0, direction, 0, length);
      add(alpha[p] - beta, s[p]);
    }
    return Vectors.dot(gradient, 0, direction, 0, length);
  }

  private void add(double factor, double[] v) {
    for (int k = 0; k < length; k++) {
      direction[k] += factor * v[k];
    }
  }

  private void remember(double[] x) {
    int p = stored == 0 ? 0 : (newest + 1) % memory;
    for (int k = 0; k < length; k++) {
      s[p][k] = x[k] - start[k];
      y[p][k] = gradient[k] - startGradient[k];
    }
    double curvature = Vectors.dot(s[p], 0, y[p], 0, length);
    // Rounding near the minimum may make it 0 or negative: such a pair says nothing.
    if (curvature > 0) {
      rho[p] = 1 / curvature;
      newest = p;
      stored = Math.min(stored + 1, memory);
    }
  }
}
