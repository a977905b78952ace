package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.solver.GridStencil;
import io.millrace.core.solver.Sor;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Systems solved on the device have the iterates, counts and residuals of the core's solver. */
class RelaxedSystemsTest {
  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  @ParameterizedTest
  @CsvSource({"1, 2, 50", "2, 3, 50", "7, 4, 40", "17, 2, 12"})
  void systemsHaveTheBitsOfSor(int side, int systems, int most) {
    int n = side * side;
    Random random = new Random(side);
    try (RelaxedSystems solver = new RelaxedSystems(device, side, 1, systems)) {
      for (int order = 0; order < 3; order++) {
        emulator.emuSetOrder(order);
        solver.begin();
        GridStencil[] a = new GridStencil[systems];
        double[] omega = random.doubles(systems, 0.5, 1.9).toArray();
        double[][] b = new double[systems][];
        double[][] x = new double[systems][];
        for (int s = 0; s < systems; s++) {
          a[s] = GridStencil.shiftedLaplacian(side, random.nextDouble());
          b[s] = s == 1 ? new double[n] : random.doubles(n, -1, 1).toArray();
          x[s] = s == 1 ? new double[n] : random.doubles(n, -1, 1).toArray();
          assertThat(solver.add(a[s].diagonal(), omega[s], 1e-8, b[s], x[s])).isEqualTo(s);
        }
        solver.solve(most);
        double[] found = new double[n];
        for (int s = 0; s < systems; s++) {
          Sor sor = new Sor();
          int iterations = sor.solve(a[s], b[s], x[s], omega[s], 1e-8, most);
          assertThat(solver.solved(s)).isTrue();
          assertThat(solver.iterations(s)).isEqualTo(iterations);
          solver.read(s, found);
          assertThat(found).isEqualTo(x[s]);
          assertThat(solver.residual(s)).isEqualTo(sor.residual());
          assertThat(solver.previousResidual(s)).isEqualTo(sor.previousResidual());
        }
      }
    }
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  @Test
  void aResidualWhoseSquareOverflowsIsTheHosts() {
    try (RelaxedSystems solver = new RelaxedSystems(device, 2, 1, 1)) {
      solver.begin();
      solver.solve(3); // nothing to do
      solver.add(4, 1, 1e-8, new double[] {1e200, 0, 0, 0}, new double[4]);
      solver.solve(3);
      assertThat(solver.solved(0)).isFalse();
    }
  }
}
