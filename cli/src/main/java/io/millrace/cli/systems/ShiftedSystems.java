package io.millrace.cli.systems;

import io.millrace.core.compute.Vectors;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.solver.GridStencil;
import io.millrace.core.solver.RelaxedSolver;
import io.millrace.core.solver.Sor;
import java.util.Arrays;

/**
 * The systems of the source paper: the Laplacian on 10x10 points with a shift of its diagonal that
 * is drawn anew each time, and a right-hand side that is standard normal within a ball of radius
 * {@code sqrt(n)}; solved by SOR from zero to a relative residual of 1e-8. The context is the
 * shift.
 */
public final class ShiftedSystems implements SystemStream {
  private static final int SIDE = 10;
  private static final double TOLERANCE = 1e-8;

  private final Shifts shifts;
  private final PhiloxDraws draws;
  private final Sor solver = new Sor();
  private final double[] b = new double[SIDE * SIDE];
  private final double[] x = new double[SIDE * SIDE];
  private GridStencil stencil;
  private double shift;
  private long number;

  /** Equal seeds give equal systems. */
  public ShiftedSystems(Shifts shifts, long seed) {
    this.shifts = shifts;
    this.draws = new PhiloxDraws(seed, "systems-" + shifts.id());
  }

  @Override
  public void next() {
    draws.at(number++);
    shift = shifts.draw(draws.fork(Purpose.SCHEDULE));
    stencil = GridStencil.shiftedLaplacian(SIDE, shift);
    Draws normals = draws.fork(Purpose.NOISE);
    int at = 0;
    do {
      for (int i = 0; i < b.length; i++) {
        b[i] = normals.normal(at++);
      }
    } while (Vectors.norm(b, 0, b.length) > Math.sqrt(b.length));
  }

  @Override
  public double context() {
    return shift;
  }

  @Override
  public double contextLow() {
    return Shifts.LOW;
  }

  @Override
  public double contextHigh() {
    return Shifts.HIGH;
  }

  @Override
  public int iterations(double omega) {
    Arrays.fill(x, 0);
    return solver.solve(stencil, b, x, omega, TOLERANCE, RelaxedSolver.MAX_ITERATIONS);
  }
}
