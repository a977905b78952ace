package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.coder.CdLasso;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Codes of the device are those of the core's coder, to the bit, and take as many sweeps. */
class LassoCodesTest {
  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  /** Signals of random atoms; the last atoms depend on each other where so asked. */
  private static final class Task {
    final int atoms;
    final int signals;
    final double[] gram;
    final double[] c;
    final double[] xx;

    Task(int atoms, int dimension, int signals, int dependent, long seed) {
      this.atoms = atoms;
      this.signals = signals;
      Random random = new Random(seed);
      double[] d = new double[atoms * dimension];
      for (int k = 0; k < atoms; k++) {
        double squares = 0;
        for (int i = 0; i < dimension; i++) {
          boolean copy = k >= atoms - dependent;
          double v =
              copy ? d[(k - dependent) * dimension + i] + (k % 2) * d[i] : random.nextGaussian();
          d[k * dimension + i] = v;
          squares += v * v;
        }
        for (int i = 0; i < dimension; i++) {
          d[k * dimension + i] /= Math.sqrt(squares);
        }
      }
      gram = new double[atoms * atoms];
      for (int k = 0; k < atoms; k++) {
        for (int l = 0; l < atoms; l++) {
          for (int i = 0; i < dimension; i++) {
            gram[k * atoms + l] += d[k * dimension + i] * d[l * dimension + i];
          }
        }
      }
      c = new double[signals * atoms];
      xx = new double[signals];
      for (int s = 0; s < signals; s++) {
        double[] x = new double[dimension];
        double size = s == 0 ? 0 : Math.scalb(1.0, random.nextInt(6) - 3);
        for (int i = 0; i < dimension; i++) {
          x[i] = size * random.nextGaussian();
          xx[s] += x[i] * x[i];
        }
        for (int k = 0; k < atoms; k++) {
          for (int i = 0; i < dimension; i++) {
            c[s * atoms + k] += x[i] * d[k * dimension + i];
          }
        }
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 3, 3, 0, 0.1, 0, false, 1e-4",
    "5, 3, 6, 0, 0.05, 0, false, 1e-10",
    "31, 10, 8, 6, 0.1, 0, false, 1e-6",
    "64, 16, 6, 20, 0.02, 0.01, false, 1e-4",
    "70, 20, 6, 10, 0.05, 0, true, 1e-8",
    "128, 64, 4, 0, 0.15, 0, false, 1e-4",
    "40, 12, 5, 8, 0, 0.1, false, 1e-6"
  })
  void codesHaveTheBitsOfTheCoder(
      int atoms,
      int dimension,
      int signals,
      int dependent,
      double lambda,
      double lambda2,
      boolean nonNegative,
      double tolerance) {
    Task task = new Task(atoms, dimension, signals, dependent, atoms);
    CdLasso coder = new CdLasso(lambda, lambda2, nonNegative, tolerance, 200);
    double[] expected = new double[signals * atoms];
    int[] sweeps = new int[signals];
    Gram view = new Gram().aim(atoms, task.gram);
    Workspace workspace = new Workspace();
    for (int s = 0; s < signals; s++) {
      int at = s * atoms;
      sweeps[s] = coder.solve(view, task.c, at, task.xx[s], expected, at, workspace);
    }
    LassoCodes.Problem problem =
        new LassoCodes.Problem(lambda, lambda2, nonNegative, tolerance, 200);
    try (LassoCodes codes = new LassoCodes(device, atoms, atoms, problem, signals)) {
      codes.dictionary(task.gram);
      for (int order = 0; order < 3; order++) {
        emulator.emuSetOrder(order);
        double[] found = new double[signals * atoms];
        int[] took = new int[signals];
        codes.encode(signals, task.c, task.xx, found, took);
        assertThat(took).as("order %d", order).isEqualTo(sweeps);
        assertThat(found).as("order %d", order).isEqualTo(expected);
        // Again, from where the search has ended.
        codes.encode(signals, task.c, task.xx, found, took);
      }
    }
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  @Test
  void aCodeOfMoreNonZerosThanAllowedForIsTheHosts() {
    Task task = new Task(20, 20, 2, 0, 3);
    LassoCodes.Problem problem = new LassoCodes.Problem(1e-3, 0, false, 1e-6, 100);
    try (LassoCodes codes = new LassoCodes(device, 20, 4, problem, 2)) {
      codes.dictionary(task.gram);
      int[] took = {-1, -1};
      codes.encode(2, task.c, task.xx, new double[40], took);
      assertThat(took).containsExactly(1, 0); // the first signal is zero
    }
  }

  @Test
  void dictionariesBeyondSharedMemoryAreRefused() {
    LassoCodes.Problem problem = new LassoCodes.Problem(0.1, 0, false, 1e-6, 100);
    assertThatThrownBy(() -> new LassoCodes(device, 3000, 64, problem, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "3000 atoms with 64 non-zeros take 63584 bytes of a block's shared memory, at most"
                + " 49152 are there");
  }
}
