package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.rng.PhiloxDraws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Gradients of many keys in one launch have the bits of the core's objective. */
class MlpGradientsTest {
  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  /** Keys with mini-batches of their own, and what the core says of them. */
  private static final class Task {
    final int width;
    final int[] units;
    final String loss;
    final int size;
    final List<Rows> batches = new ArrayList<>();
    final List<double[]> thetas = new ArrayList<>();
    final List<double[]> expected = new ArrayList<>();
    final List<Integer> bad = new ArrayList<>();

    Task(int width, Integer[] hidden, String lossId, int outputs, int keys, int mostRows) {
      this.width = width;
      loss = lossId;
      Loss made = Losses.spec(lossId).make().make(outputs, Double.NaN);
      Architecture model = Models.make(ModelOptions.mlp("relu", hidden), made);
      units = new int[hidden.length + 1];
      for (int l = 0; l < hidden.length; l++) {
        units[l] = hidden[l];
      }
      units[hidden.length] = made.outputs();
      size = model.layout(width).size() + 3; // padding behind the parameters
      ModelObjective objective = model.objective(ScalarBackend.INSTANCE.kernels());
      Random random = new Random(width * 31L + keys);
      for (int k = 0; k < keys; k++) {
        double[] theta = new double[size];
        model.initialize(theta, width, new PhiloxDraws(3, "key" + k));
        for (int i = 0; i < size; i++) {
          theta[i] += 0.1 * random.nextGaussian();
        }
        Rows rows = new Rows(true);
        int n = 1 + random.nextInt(mostRows);
        for (int r = 0; r < n; r++) {
          rows.beginRow();
          int at = rows.extend(width);
          for (int i = 0; i < width; i++) {
            rows.value()[at + i] = random.nextGaussian();
          }
          boolean huge = k == keys / 2 && r == n - 1 && k > 0;
          if (huge) {
            rows.value()[at] = 1e300;
          }
          rows.endRow(
              outputs > 1 ? random.nextInt(outputs) : random.nextGaussian(),
              r % 3 == 0 ? 1 : random.nextDouble());
        }
        double[] gradient = new double[size];
        objective.aim(rows, null, rows.value(), width, model.layout(width));
        objective.gradient(theta, gradient);
        thetas.add(theta);
        batches.add(rows);
        expected.add(gradient);
        bad.add(objective.badRow());
      }
    }

    /** Computes keys {@code from .. to} in one launch and compares. */
    void compare(MlpGradients gradients, int from, int to) {
      gradients.begin();
      for (int k = from; k < to; k++) {
        Rows rows = batches.get(k);
        assertThat(gradients.takes(rows.count())).isTrue();
        assertThat(gradients.add(thetas.get(k))).isEqualTo(k - from);
        for (int r = 0; r < rows.count(); r++) {
          gradients.row(rows.value(), rows.start(r), rows.label(r), rows.weight(r));
        }
      }
      gradients.compute();
      double[] found = new double[size];
      for (int k = from; k < to; k++) {
        gradients.gradient(k - from, found);
        double[] wanted = expected.get(k);
        for (int i = 0; i < size; i++) {
          assertThat(Double.doubleToLongBits(found[i]))
              .as("key %d, parameter %d: %s, scalar %s", k, i, found[i], wanted[i])
              .isEqualTo(Double.doubleToLongBits(wanted[i]));
        }
        assertThat(gradients.badRow(k - from)).as("bad row of key %d", k).isEqualTo(bad.get(k));
      }
    }

    int rows() {
      return batches.stream().mapToInt(Rows::count).sum();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "softmax, 3, 5, '8', 4, 9",
    "softmax, 10, 32, '64', 3, 20",
    "logistic, 2, 7, '6 5 4', 5, 6",
    "squared, 1, 1, '1', 3, 1",
    "squared, 1, 33, '17 300', 2, 5",
  })
  void bitsAreThoseOfTheCoreWhateverTheOrderOfThreads(
      String loss, int outputs, int width, String hidden, int keys, int rows) {
    Integer[] units =
        Arrays.stream(hidden.split(" ")).map(Integer::valueOf).toArray(Integer[]::new);
    Task task = new Task(width, units, loss, outputs, keys, rows);
    try (MlpGradients gradients =
        new MlpGradients(device, width, task.units, loss, task.size, keys, task.rows())) {
      for (int order = 0; order < 3; order++) {
        emulator.emuSetOrder(order);
        task.compare(gradients, 0, keys);
      }
    }
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  @Test
  void howManyKeysShareALaunchChangesNoBit() {
    Task task = new Task(6, new Integer[] {9, 3}, "softmax", 4, 7, 5);
    try (MlpGradients gradients =
        new MlpGradients(device, 6, task.units, "softmax", task.size, 7, task.rows())) {
      for (int each = 1; each <= 7; each++) {
        for (int from = 0; from < 7; from += each) {
          task.compare(gradients, from, Math.min(7, from + each));
        }
      }
      gradients.begin();
      gradients.compute(); // nothing to do
    }
  }

  @Test
  void moreThanItsMemoryIsRefusedAndNothingIsHeld() {
    emulator.emuSetBudget(10_000);
    assertThatThrownBy(() -> new MlpGradients(device, 6, new int[] {9, 3}, "softmax", 100, 7, 50))
        .isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.outOfMemory()).isTrue())
        .hasMessageContaining("CUDA_ERROR_OUT_OF_MEMORY");
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  @Test
  void aDeviceThatIsLostInMidBatchSaysSo() {
    Task task = new Task(6, new Integer[] {9}, "squared", 1, 3, 5);
    MlpGradients gradients =
        new MlpGradients(device, 6, task.units, "squared", task.size, 3, task.rows());
    task.compare(gradients, 0, 3);
    emulator.emuLoseAfter(1);
    task.compare(gradients, 0, 3);
    assertThatThrownBy(() -> task.compare(gradients, 0, 3))
        .isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.outOfMemory()).isFalse())
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
    gradients.close();
  }

  @Test
  void aLossWithoutAKernelIsRefused() {
    assertThatThrownBy(() -> new MlpGradients(device, 6, new int[] {9, 1}, "huber", 100, 7, 50))
        .isInstanceOf(ConfigException.class)
        .hasMessage(
            "model.loss = 'huber' has no kernel; those that have one: [squared, logistic,"
                + " softmax]");
  }
}
