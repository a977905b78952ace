package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Backends;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A learner on a device learns what it learns without one, whatever becomes of the device. */
class CudaBackendTest {
  private static final int DIMENSION = 64;
  private static final int ATOMS = 80;
  private static final int BATCH = 128;
  private static final int STEPS = 3;

  private final Emulator emulator = Emulator.load();

  @Test
  void itIsTakenWhereItIsNamedAndNotByAuto() {
    assertThat(Backends.select("cuda").backend().id()).isEqualTo("cuda");
    assertThat(Backends.select("cuda").backend().arithmetic()).isEqualTo("scalar");
    assertThat(Backends.select("auto").backend().id()).isNotEqualTo("cuda");
    assertThat(Backends.select("auto").reason())
        .contains("not 'cuda': it is only taken where it is named");
  }

  @Test
  void aLearnerOnTheDeviceHasTheBitsOfOneWithout() {
    long before = figure("fallbacks");
    assertThat(learn("cuda")).isEqualTo(learn("scalar"));
    assertThat(figure("fallbacks")).isEqualTo(before);
    assertThat(emulator.emuLaunches()).as("products done on the device").isPositive();
    assertThat(figure("launches")).isGreaterThanOrEqualTo(emulator.emuLaunches());
    assertThat(figure("bytesMoved")).isGreaterThan(8L * ATOMS * BATCH * emulator.emuLaunches());
    assertThat(figure("waitedMicros")).isPositive();
  }

  @Test
  void aLearnerGoesOnWithTheSameBitsWhenTheDeviceIsLost() {
    double[] expected = learn("scalar");
    for (int after = 0; after < 3; after++) {
      emulator.emuReset();
      emulator.emuLoseAfter(after);
      long before = figure("fallbacks");
      assertThat(learn("cuda")).as("lost at launch %d", after).isEqualTo(expected);
      assertThat(figure("fallbacks")).as("once, then it stays").isEqualTo(before + 1);
    }
  }

  @Test
  void aLearnerGoesOnWithTheSameBitsWhereTheDeviceHasNoRoom() {
    double[] expected = learn("scalar");
    long before = figure("fallbacks");
    emulator.emuSetBudget(50_000);
    assertThat(learn("cuda")).isEqualTo(expected);
    assertThat(figure("fallbacks")).isGreaterThan(before + 1);
  }

  /** Kernels that nobody has any more give back what they held. */
  @AfterEach
  void memoryIsFreedWithTheKernels() {
    emulator.emuReset();
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (emulator.emuBytesInUse() > 0) {
      assertThat(System.nanoTime()).as("%d bytes", emulator.emuBytesInUse()).isLessThan(deadline);
      System.gc();
    }
  }

  private static long figure(String name) {
    return CudaBackend.INSTANCE.figures().get(name).getAsLong();
  }

  private static double[] learn(String backend) {
    DictionaryLearner learner =
        new DictionaryLearner(DictionaryOptions.of(DIMENSION, ATOMS).withBackend(backend));
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "key");
    Workspace workspace = new Workspace();
    Rows rows = learner.newRows();
    Random random = new Random(9);
    for (int s = 0; s < STEPS; s++) {
      rows.clear();
      for (int r = 0; r < BATCH; r++) {
        rows.beginRow();
        int at = rows.extend(DIMENSION);
        for (int i = 0; i < DIMENSION; i++) {
          rows.value()[at + i] = random.nextGaussian();
        }
        rows.endRow(Double.NaN, 1);
      }
      assertThat(learner.learn(rows, state, "key", workspace).kind())
          .isEqualTo(StepOutcome.Kind.LEARNED);
    }
    return state.block("dictionary").clone();
  }
}
