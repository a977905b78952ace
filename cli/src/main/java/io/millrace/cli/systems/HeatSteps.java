package io.millrace.cli.systems;

import io.millrace.core.solver.GridStencil;
import io.millrace.core.solver.RelaxedSolver;
import io.millrace.core.solver.SsorCg;

/**
 * The steps of a simulation of heat in a square plate, Crank and Nicolson, with a diffusion
 * coefficient that changes over time and a source that goes round in a circle: 24x24 unknowns, five
 * units of time. Khodak, Chow, Balcan, Talwalkar, "Learning to Relax: Setting Solver Parameters
 * Across a Sequence of Linear System Instances", arXiv:2310.02246, section 4.
 *
 * <pre>
 * (I - dt c / 2 Laplacian) u' = (I + dt c / 2 Laplacian) u + dt f,   c and f in the middle of the step
 * c(t) = max(0.1 sin 2 pi t, -10 sin 2 pi t)
 * </pre>
 *
 * <p>Solved by preconditioned conjugate gradients from the state before the step, to a residual of
 * 1e-8 relative to the right-hand side. The context is c. The state goes on from the exact
 * solution, so that every omega is asked about the same systems.
 */
public final class HeatSteps implements SystemStream {
  private static final int INTERVALS = 25;
  private static final int SIDE = INTERVALS - 1;
  private static final double STOP = 5;
  private static final double TOLERANCE = 1e-8;

  /** To go on from; omega is one that does well on most steps. */
  private static final double EXACT = 1e-14;

  private static final double EXACT_OMEGA = 1.4;
  private static final double GREATEST_COEFFICIENT = 10;

  private final double dt;
  private final SsorCg solver = new SsorCg();
  private final double[] u = new double[SIDE * SIDE];
  private final double[] x = new double[SIDE * SIDE];
  private final double[] b = new double[SIDE * SIDE];
  private GridStencil stencil;
  private double coefficient;
  private long step;

  /**
   * @param steps that the five units of time are cut into, at least 1
   */
  public HeatSteps(int steps) {
    dt = STOP / steps;
    for (int k = 0; k < u.length; k++) {
      u[k] = bump(k, 0.5, 0.5, 0.25);
    }
  }

  @Override
  public void next() {
    if (step > 0) {
      solver.solve(stencil, b, u, EXACT_OMEGA, EXACT, RelaxedSolver.MAX_ITERATIONS);
    }
    double middle = (step + 0.5) * dt;
    step++;
    double sine = StrictMath.sin(2 * Math.PI * middle);
    coefficient = Math.max(0.1 * sine, -10 * sine);
    double coupling = 0.5 * coefficient * dt * INTERVALS * INTERVALS;
    stencil = new GridStencil(SIDE, 1 + 4 * coupling, coupling);
    double angle = 16 * Math.PI * middle;
    double centreX = 0.5 + StrictMath.cos(angle) / 4;
    double centreY = 0.5 + StrictMath.sin(angle) / 4;
    stencil.multiply(u, b);
    for (int k = 0; k < b.length; k++) {
      // The matrix on the right is 2 I minus the one on the left.
      b[k] = 2 * u[k] - b[k] + dt * 32 * bump(k, centreX, centreY, 0.125);
    }
  }

  /** A smooth bump of height 1 about a centre, 0 from a radius on, at an unknown's place. */
  private static double bump(int unknown, double centreX, double centreY, double radius) {
    double dx = (double) (unknown / SIDE + 1) / INTERVALS - centreX;
    double dy = (double) (unknown % SIDE + 1) / INTERVALS - centreY;
    double square = (dx * dx + dy * dy) / (radius * radius);
    return square < 1 ? StrictMath.exp(1 - 1 / (1 - square)) : 0;
  }

  @Override
  public double context() {
    return coefficient;
  }

  @Override
  public double contextLow() {
    return 0;
  }

  @Override
  public double contextHigh() {
    return GREATEST_COEFFICIENT;
  }

  @Override
  public int iterations(double omega) {
    System.arraycopy(u, 0, x, 0, u.length);
    return solver.solve(stencil, b, x, omega, TOLERANCE, RelaxedSolver.MAX_ITERATIONS);
  }
}
