package io.millrace.core.supervised;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.LossSpec;
import io.millrace.core.state.BlockReader;
import io.millrace.core.state.BlockWriter;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** What tests of supervised learners share: inputs, mini-batches, comparisons. */
final class Learners {
  static final int WIDTH = 12;

  private Learners() {}

  static InputSpec input(InputSpec.Kind kind, LossSpec loss) {
    List<String> classes =
        loss.maxClasses() == 0
            ? List.of()
            : loss.maxClasses() == 2 ? List.of("a", "b") : List.of("a", "b", "c");
    return new InputSpec(kind, WIDTH, 0, loss.target(), classes, 100);
  }

  static LearnerState fresh(OnlineLearner learner) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    return state;
  }

  /** Rows with a third of the coordinates, in any order. */
  static Rows batch(boolean dense, LossSpec loss, int rows, Random random) {
    Rows batch = new Rows(dense);
    for (int r = 0; r < rows; r++) {
      batch.beginRow();
      int skip = random.nextInt(WIDTH);
      for (int c = 0; c < WIDTH; c++) {
        int j = (c + skip) % WIDTH;
        double v = random.nextInt(3) == 0 ? random.nextGaussian() : 0;
        if (dense) {
          batch.add(v);
        } else if (v != 0) {
          batch.add(j, v);
        }
      }
      double y =
          switch (loss.target()) {
            case CLASS -> random.nextInt(loss.maxClasses() == 2 ? 2 : 3);
            case NON_NEGATIVE -> random.nextInt(4);
            default -> random.nextGaussian();
          };
      batch.endRow(y, 0.5 + random.nextDouble());
    }
    return batch;
  }

  /** A copy of a row that says of its coordinates that they are distinct. */
  static Rows marked(Rows row) {
    Rows copy = new Rows(row.dense());
    copy.beginRow();
    int at = copy.extend(row.end(0));
    System.arraycopy(row.value(), 0, copy.value(), at, row.end(0));
    if (!row.dense()) {
      System.arraycopy(row.index(), 0, copy.index(), at, row.end(0));
    }
    copy.markDistinct();
    copy.endRow(row.label(0), row.weight(0));
    return copy;
  }

  static void assertSameBits(LearnerState a, LearnerState b) {
    assertThat(a.steps()).isEqualTo(b.steps());
    assertThat(a.schema()).isEqualTo(b.schema());
    for (int i = 0; i < a.schema().size(); i++) {
      for (int j = 0; j < a.schema().length(i); j++) {
        assertThat(Double.doubleToRawLongBits(a.block(i)[j]))
            .as("%s[%d]", a.schema().name(i), j)
            .isEqualTo(Double.doubleToRawLongBits(b.block(i)[j]));
      }
    }
  }

  static PublishedModel publish(OnlineLearner learner, LearnerState state, Workspace workspace) {
    Map<String, String> config = new HashMap<>();
    Map<String, PublishedModel.Tensor> tensors = new HashMap<>();
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            assertThat(config.put(name, value)).isNull();
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            int size = 1;
            for (int n : shape) {
              size *= n;
            }
            assertThat(data).hasSize(size);
            assertThat(tensors.put(name, new PublishedModel.Tensor(shape, data.clone()))).isNull();
          }
        },
        workspace);
    return new PublishedModel(config, tensors);
  }

  /** Stopped, written, read back and continued with other scratch space: the same bits. */
  static void assertContinues(
      OnlineLearner learner, OnlineLearner restarted, boolean dense, LossSpec loss) {
    assertContinues(learner, restarted, dense, loss, 0);
  }

  /**
   * As above.
   *
   * @param refused steps that are refused, as they make the loss of their rows explode
   */
  static void assertContinues(
      OnlineLearner learner, OnlineLearner restarted, boolean dense, LossSpec loss, int refused) {
    LearnerState state = fresh(learner);
    Random random = new Random(3);
    Workspace workspace = new Workspace();
    List<Rows> batches = new ArrayList<>();
    for (int t = 0; t < 12; t++) {
      batches.add(batch(dense, loss, 1 + t % 3, random));
    }
    LearnerState other = null;
    int learned = 0;
    for (int t = 0; t < batches.size(); t++) {
      if (t == 5) {
        other = reread(state);
      }
      learned +=
          learner.learn(batches.get(t), state, "k", workspace) == StepOutcome.LEARNED ? 1 : 0;
    }
    Workspace dirty = new Workspace();
    restarted.learn(batches.get(11), fresh(restarted), "another", dirty);
    for (int t = 5; t < batches.size(); t++) {
      restarted.learn(batches.get(t), other, "k", dirty);
    }
    assertSameBits(other, state);
    assertThat(learned).isEqualTo(12 - refused);
    assertThat(state.steps()).isEqualTo(learned);
  }

  /** A state as it is after it has been written and read again. */
  private static LearnerState reread(LearnerState state) {
    StateSchema schema = state.schema();
    BlockWriter writer = new BlockWriter().begin(1);
    for (int i = 0; i < schema.size(); i++) {
      writer.doubles(schema.name(i), state.block(i), schema.length(i));
    }
    int length = writer.finish();
    BlockReader reader = new BlockReader();
    reader.open(writer.array(), 0, length, "k");
    LearnerState read = new LearnerState(schema);
    while (reader.next()) {
      reader.doubles(read.block(reader.name()));
    }
    read.setSteps(state.steps());
    return read;
  }

  /** One row predicted and learned from in one go or in two: the same bits, good row or bad. */
  static void assertLearnsOneAsPredictedThenLearned(
      OnlineLearner learner, boolean dense, LossSpec loss) {
    LearnerState one = fresh(learner);
    LearnerState two = fresh(learner);
    Random random = new Random(13);
    Workspace workspace = new Workspace();
    Workspace other = new Workspace();
    Outcome out = new Outcome();
    Outcome expected = new Outcome();
    int learned = 0;
    for (int t = 0; t < 40; t++) {
      Rows row = batch(dense, loss, 1, random);
      if (t % 10 == 9) {
        row.clear();
        addHugeRow(row);
      }
      learner.predict(row, 0, two, expected, other);
      StepOutcome step = learner.learn(row, two, "k", other);
      learned += step == StepOutcome.LEARNED ? 1 : 0;
      Rows same = t % 3 == 0 ? marked(row) : row;
      assertThat(learner.learnOne(same, one, "k", out, workspace)).isEqualTo(step);
      assertSameBits(out, expected);
      assertSameBits(one, two);
    }
    // All before the first huge row; one that a step survives may spoil those behind it.
    assertThat(learned).isGreaterThanOrEqualTo(9);
  }

  /** Adds a row whose values are far beyond those of {@link #batch}. */
  static void addHugeRow(Rows rows) {
    rows.beginRow();
    for (int j = 0; j < WIDTH; j++) {
      if (rows.dense()) {
        rows.add(1e200);
      } else {
        rows.add(j, 1e200);
      }
    }
    rows.endRow(1, 1);
  }

  private static void assertSameBits(Outcome a, Outcome b) {
    assertThat(bits(a.raw, a.rawCount)).isEqualTo(bits(b.raw, b.rawCount));
    assertThat(bits(a.scores, a.scoreCount)).isEqualTo(bits(b.scores, b.scoreCount));
    assertThat(Double.doubleToRawLongBits(a.loss)).isEqualTo(Double.doubleToRawLongBits(b.loss));
    assertThat(a.correct).isEqualTo(b.correct);
  }

  static long[] bits(double[] values, int count) {
    return Arrays.stream(values, 0, count).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  /** Predicting and learning in steady state. */
  static void assertAllocatesNothing(OnlineLearner learner, boolean dense, LossSpec loss) {
    LearnerState state = fresh(learner);
    Random random = new Random(6);
    Workspace workspace = new Workspace();
    Outcome out = new Outcome();
    Rows[] batches = new Rows[16];
    for (int t = 0; t < batches.length; t++) {
      batches[t] = batch(dense, loss, 1 + t % 3, random);
    }
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    // The first passes fill the workspace, load classes and compile; a step that allocates does so
    // in every pass.
    long least = Long.MAX_VALUE;
    boolean learned = true;
    for (int pass = 0; pass < 20 && least > 0; pass++) {
      long before = threads.getThreadAllocatedBytes(id);
      for (Rows b : batches) {
        if (b.count() == 1) {
          learned &= learner.learnOne(b, state, "k", out, workspace) == StepOutcome.LEARNED;
        }
        learner.predict(b, 0, state, out, workspace);
        learned &= learner.learn(b, state, "k", workspace) == StepOutcome.LEARNED;
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(id) - before);
    }
    assertThat(learned).isTrue();
    assertThat(least).isZero();
  }
}
