package io.millrace.core.supervised;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.BlockReader;
import io.millrace.core.state.BlockWriter;
import io.millrace.core.state.CoordinateTable;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A key that holds only the features it has seen says and learns the same, to the bit. */
class SparseFormTest {
  private static final int WIDTH = 80;

  private static InputSpec input(String loss) {
    int classes = Math.min(3, Losses.spec(loss).maxClasses());
    return new InputSpec(
        InputSpec.Kind.SPARSE,
        WIDTH,
        0,
        Losses.spec(loss).target(),
        List.of("a", "b", "c").subList(0, classes),
        100);
  }

  private static SupervisedOptions options(String loss, Scaling scaling, String optimizer) {
    return SupervisedOptions.builder(input(loss), loss)
        .scaling(scaling)
        .optimizer(optimizer, Map.of())
        .form(StateForm.DENSE)
        .build();
  }

  static List<String> optimizers() {
    return Optimizers.ALL.stream()
        .map(OptimizerSpec::id)
        .filter(id -> sparse(id) != SparseSupport.DENSE_ONLY)
        .toList();
  }

  private static SparseSupport sparse(String id) {
    return Optimizers.configure(id, Map.of()).optimizer().sparse();
  }

  /** The same learner in both forms, learning side by side. */
  private static final class Pair {
    final SupervisedLearner dense;
    final SupervisedLearner sparse;
    final Workspace workspace = new Workspace();
    final Random random = new Random(3);
    LearnerState whole;
    LearnerState seen;
    int taken;
    int refused;

    Pair(SupervisedOptions options) {
      dense = new SupervisedLearner(options);
      sparse = new SupervisedLearner(options.withForm(StateForm.SPARSE));
      whole = Learners.fresh(dense);
      seen = Learners.fresh(sparse);
      whole.setVersion(dense.stateVersion());
      seen.setVersion(sparse.stateVersion());
    }

    /**
     * A mini-batch; now and then a row names a feature twice, or has a number beyond all bounds.
     */
    Rows rows(int count, boolean wild) {
      Rows rows = new Rows(false);
      for (int r = 0; r < count; r++) {
        rows.beginRow();
        int first = random.nextInt(WIDTH - 20);
        for (int c = 0; c < 5; c++) {
          int j = random.nextInt(4) == 0 ? first : first + random.nextInt(8);
          rows.add(j, wild && c == 2 ? 1e200 : random.nextGaussian() * (1 + j % 3));
        }
        if (count == 1 && distinct(rows)) {
          rows.markDistinct();
        }
        double y = dense.options().input().target() == InputSpec.Target.CLASS ? first % 2 : first;
        rows.endRow(y, 0.5 + random.nextDouble());
      }
      return rows;
    }

    private static boolean distinct(Rows rows) {
      return Arrays.stream(rows.index(), 0, rows.pendingCoordinates()).distinct().count()
          == rows.pendingCoordinates();
    }

    void step(int i) {
      Rows rows = rows(i % 3 == 0 ? 3 : 1, i % 10 == 9);
      Outcome a = new Outcome();
      Outcome b = new Outcome();
      StepOutcome one;
      StepOutcome two;
      if (rows.count() == 1) {
        one = dense.learnOne(rows, whole, "k", a, workspace);
        two = sparse.learnOne(rows, seen, "k", b, workspace);
      } else {
        dense.predict(rows, 1, whole, a, workspace);
        sparse.predict(rows, 1, seen, b, workspace);
        one = dense.learn(rows, whole, "k", workspace);
        two = sparse.learn(rows, seen, "k", workspace);
      }
      assertThat(two).isEqualTo(one);
      assertThat(b.raw).isEqualTo(a.raw);
      assertThat(b.loss).isEqualTo(a.loss);
      taken += one.kind() == StepOutcome.Kind.LEARNED ? 1 : 0;
      refused += one.kind() == StepOutcome.Kind.LEARNED ? 0 : 1;
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void bothFormsLearnTheSameToTheBit(String optimizer) {
    for (String loss : List.of("logistic", "softmax", "squared")) {
      for (Scaling scaling : List.of(Scaling.NONE, Scaling.STANDARD)) {
        Pair pair = new Pair(options(loss, scaling, optimizer));
        for (int i = 0; i < 40; i++) {
          pair.step(i);
          if (i == 20) {
            pair.seen = writtenAndRead(pair.seen);
          }
        }
        assertThat(pair.taken).isGreaterThan(20);
        if (scaling != Scaling.NONE) { // else a rule may make a step of any size of it
          assertThat(pair.refused).isPositive();
        }
        CoordinateTable table = pair.seen.table(SupervisedParts.FEATURES);
        assertThat(table.count()).isPositive().isLessThan(WIDTH);
        assertThat(pair.sparse.readable()).containsExactly(pair.dense.schema());
        assertThat(pair.dense.readable()).containsExactly(pair.sparse.schema());
        Learners.assertSameBits(pair.dense.reform(pair.seen, "k"), pair.whole);
        LearnerState packed = pair.sparse.reform(pair.whole, "k");
        Learners.assertSameBits(pair.dense.reform(packed, "k"), pair.whole);
        assertThat(packed.table(SupervisedParts.FEATURES).count())
            .isLessThanOrEqualTo(table.count());
        pair.seen = packed; // a state that the dense form has written goes on
        pair.step(1);
        samePublished(pair);
      }
    }
  }

  /** Models whose first rows are drawn, each feature with its own. */
  @ParameterizedTest
  @ValueSource(strings = {"fm", "mlp"})
  void featuresThatStartWithDrawnParametersDoSoInBothForms(String kind) {
    ModelOptions model =
        kind.equals("fm")
            ? new ModelOptions("fm", List.of(), "", 3, 20)
            : ModelOptions.mlp("relu", 4, 3);
    for (String optimizer : List.of("sgd", "adam", "rate_mixture", "rmsprop")) {
      for (String loss : List.of("logistic", "softmax")) {
        Pair pair = new Pair(options(loss, Scaling.STANDARD, optimizer).withModel(model));
        for (int i = 0; i < 40; i++) {
          pair.step(i);
          if (i == 20) {
            pair.seen = writtenAndRead(pair.seen);
          }
        }
        assertThat(pair.taken).isGreaterThan(20);
        Learners.assertSameBits(pair.dense.reform(pair.seen, "k"), pair.whole);
        LearnerState packed = pair.sparse.reform(pair.whole, "k");
        assertThat(packed.table("features").count())
            .isLessThanOrEqualTo(pair.seen.table("features").count());
        pair.seen = packed;
        pair.step(1);
        PublishedModel whole = PublishedModel.of(pair.dense, pair.whole, pair.workspace);
        PublishedModel seen = PublishedModel.of(pair.sparse, pair.seen, pair.workspace);
        sameRows(whole, seen);
        PublishedModel read = readAgain(pair.dense, seen, pair.workspace);
        sameRows(read, readAgain(pair.sparse, seen, pair.workspace));
        LearnerState again = Learners.fresh(pair.sparse);
        pair.sparse.warmStart(again, seen);
        sameRows(read, PublishedModel.of(pair.sparse, again, pair.workspace));
      }
    }
  }

  private static PublishedModel readAgain(
      SupervisedLearner learner, PublishedModel model, Workspace workspace) {
    return PublishedModel.of(learner, learner.read(model, Long.MAX_VALUE), workspace);
  }

  /** What is published of the features seen is the same; of others the sparse form has nothing. */
  private static void sameRows(PublishedModel whole, PublishedModel seen) {
    assertThat(seen.tensors().keySet()).isEqualTo(whole.tensors().keySet());
    seen.tensors()
        .forEach(
            (name, t) -> {
              double[] all = whole.tensor(name, t.shape());
              int rows = t.rows() == null ? 1 : t.rows().length;
              int stride = t.data().length / rows;
              for (int i = 0; i < rows; i++) {
                int row = t.rows() == null ? 0 : t.rows()[i];
                assertThat(Arrays.copyOfRange(t.data(), i * stride, (i + 1) * stride))
                    .as("%s, row %d", name, row)
                    .isEqualTo(Arrays.copyOfRange(all, row * stride, (row + 1) * stride));
              }
            });
  }

  private static LearnerState writtenAndRead(LearnerState state) {
    BlockWriter writer = new BlockWriter();
    writer.begin(1);
    for (int i = 0; i < state.schema().size(); i++) {
      String name = state.schema().name(i);
      switch (state.schema().type(i)) {
        case TABLE -> writer.table(name, state.table(i));
        case LONGS -> writer.longs(name, state.longs(name), state.longs(name).length);
        default -> writer.doubles(name, state.block(i), state.block(i).length);
      }
    }
    int length = writer.finish();
    BlockReader reader = new BlockReader();
    reader.open(writer.array(), 0, length, "test");
    Object[] arrays = new Object[state.schema().size()];
    for (int i = 0; reader.next(); i++) {
      arrays[i] =
          switch (reader.type()) {
            case BlockWriter.TABLE -> reader.table();
            case BlockWriter.LONGS -> reader.longs();
            default -> reader.doubles();
          };
    }
    LearnerState read = LearnerState.of(state.schema(), arrays);
    read.setSteps(state.steps());
    read.setVersion(state.version());
    return read;
  }

  /** The same model leaves, and the same comes of what starts from it. */
  private static void samePublished(Pair pair) {
    PublishedModel whole = PublishedModel.of(pair.dense, pair.whole, pair.workspace);
    PublishedModel seen = PublishedModel.of(pair.sparse, pair.seen, pair.workspace);
    assertThat(seen.config()).isEqualTo(whole.config());
    assertThat(seen.tensors().keySet()).isEqualTo(whole.tensors().keySet());
    whole
        .tensors()
        .forEach(
            (name, t) -> assertThat(seen.tensor(name, t.shape())).as(name).isEqualTo(t.data()));
    LearnerState one = pair.dense.read(whole, Long.MAX_VALUE);
    LearnerState two = pair.sparse.read(seen, Long.MAX_VALUE);
    LearnerState three = pair.sparse.read(whole, Long.MAX_VALUE);
    Learners.assertSameBits(pair.dense.reform(two, "k"), one);
    Learners.assertSameBits(pair.dense.reform(three, "k"), one);
  }

  @Test
  void aReaderIsNotMadeToHoldMoreThanItIsWillingTo() {
    Pair pair = new Pair(options("logistic", Scaling.STANDARD, "adam"));
    for (int i = 0; i < 10; i++) {
      pair.step(i);
    }
    PublishedModel seen = PublishedModel.of(pair.sparse, pair.seen, pair.workspace);
    assertThat(pair.sparse.read(seen, 10_000).table(SupervisedParts.FEATURES).count())
        .isEqualTo(pair.seen.table(SupervisedParts.FEATURES).count());
    assertThatThrownBy(() -> pair.sparse.read(seen, 1000))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("bytes, the reader's limit is 1000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"storm", "gravity"})
  void anOptimizerThatMixesCoordinatesHasNoSparseForm(String optimizer) {
    SupervisedOptions o = options("logistic", Scaling.NONE, optimizer);
    assertThatThrownBy(() -> new SupervisedLearner(o.withForm(StateForm.SPARSE)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("state.form = sparse; must be auto or dense")
        .hasMessageContaining(optimizer);
    SupervisedLearner auto = new SupervisedLearner(o.withForm(StateForm.AUTO));
    assertThat(auto.schema().indexOf(SupervisedParts.FEATURES)).isNegative();
    assertThat(auto.readable()).isEmpty();
  }

  @Test
  void aWideModelHoldsWhatItHasSeenUnlessToldOtherwise() {
    InputSpec wide =
        new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.CLASS, List.of("a", "b"), 1000);
    SupervisedOptions o = SupervisedOptions.of(wide, "logistic", "rate_mixture", Map.of());
    SupervisedLearner auto = new SupervisedLearner(o);
    assertThat(auto.schema().totalBytes()).isLessThan(1000);
    assertThat(auto.mostBytes()).isGreaterThan(8L * 9 << 18);
    assertThat(new SupervisedLearner(o.withForm(StateForm.DENSE)).schema().totalBytes())
        .isGreaterThan(8L * 9 << 18);
    InputSpec narrow =
        new InputSpec(InputSpec.Kind.NAMED, 0, 6, InputSpec.Target.CLASS, List.of("a", "b"), 1000);
    assertThat(new SupervisedLearner(o.withInput(narrow)).schema().indexOf("features"))
        .isNegative();
  }

  /** What order of values comes may change the promise of an optimizer; not where the state is. */
  @Test
  void anOrderThatWouldMixCoordinatesIsRefused() {
    SupervisedLearner sparse =
        new SupervisedLearner(
            options("logistic", Scaling.NONE, "sgd")
                .withOptimizer("sgd", Map.of("gradient-noise", 0.0))
                .withForm(StateForm.SPARSE));
    assertThatThrownBy(() -> sparse.with(Map.of("gradient-noise", 0.5)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("mix coordinates");
  }

  /** Heap of a key's numbers after events of 8 columns: 4 numbers, 4 categories of 20 each. */
  private static long heapOfNamed(String optimizer, int columns, int events) {
    InputSpec named =
        new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.CLASS, List.of("a", "b"), 1000);
    SupervisedLearner learner =
        new SupervisedLearner(
            SupervisedOptions.of(named, "logistic", optimizer, Map.of())
                .withScaling(Scaling.STANDARD));
    LearnerState state = Learners.fresh(learner);
    FeatureEncoder encoder = new FeatureEncoder(named);
    Workspace workspace = new Workspace();
    Random random = new Random(5);
    for (int i = 0; i < events; i++) {
      Map<String, Object> x = new HashMap<>();
      for (int c = 0; c < columns; c++) {
        x.put("column" + c, c < 4 ? random.nextGaussian() : "value" + random.nextInt(20));
      }
      Rows rows = encoder.newRows();
      encoder.add(rows, x, i % 2, 1);
      learner.learn(rows, state, "k", workspace);
    }
    assertThat(state.steps()).isEqualTo(events);
    CoordinateTable table = state.table(SupervisedParts.FEATURES);
    assertThat(table.count()).isEqualTo(columns == 1 ? 1 : 4 + 4 * 20);
    return state.bytes() - table.bytes() + table.heapBytes();
  }

  @Test
  void aKeyOfNamedFeaturesTakesWhatItHasSeen() {
    assertThat(heapOfNamed("rate_mixture", 8, 1000)).isLessThan(20_000);
    assertThat(heapOfNamed("rate_mixture", 1, 100)).isLessThan(2000);
    assertThat(heapOfNamed("sgd", 8, 1000)).isLessThan(6000);
  }

  @Test
  void aKeyForgetsTheSmallestFeaturesAndSparesTheNewest() {
    SupervisedOptions o =
        options("logistic", Scaling.NONE, "sgd").toBuilder()
            .form(StateForm.AUTO)
            .maxFeatures(16)
            .build();
    SupervisedLearner learner = new SupervisedLearner(o);
    LearnerState state = Learners.fresh(learner);
    CoordinateTable table = state.table(SupervisedParts.FEATURES);
    Workspace workspace = new Workspace();
    for (int j = 0; j < 16; j++) { // the features' sizes fall with their values
      learnOne(learner, state, j, j < 4 ? 1e-9 * (4 - j) : 1, workspace);
    }
    assertThat(table.count()).isEqualTo(16);
    learnOne(learner, state, 16, 1e-12, workspace);
    assertThat(table.count()).isEqualTo(14);
    for (int j = 0; j <= 16; j++) {
      boolean forgotten = table.find(j) == CoordinateTable.ABSENT;
      assertThat(forgotten).as("feature %d", j).isEqualTo(j >= 1 && j <= 3);
    }
    Map<String, Double> figures = new HashMap<>();
    learner.figures(state, figures::put);
    assertThat(figures).containsExactly(Map.entry("forgottenFeatures", 3.0));
    assertThat(learner.mostBytes()).isLessThan(2000 + CoordinateTable.bytes(116, 2));
    LearnerState restored = writtenAndRead(state);
    for (int i = 0; i < 200; i++) {
      int j = i * 31 % 80;
      learnOne(learner, state, j, 1 + i % 5, workspace);
      learnOne(learner, restored, j, 1 + i % 5, new Workspace());
      assertThat(table.count()).isLessThanOrEqualTo(16);
    }
    assertThat(restored.table("features").coordinates()).startsWith(coordinates(table));
    assertThat(restored.block("forgotten")).isEqualTo(state.block("forgotten"));
    assertThat(restored.block("forgotten")[0]).isGreaterThan(50);
  }

  private static int[] coordinates(CoordinateTable table) {
    return Arrays.copyOf(table.coordinates(), table.count());
  }

  private static void learnOne(
      SupervisedLearner learner, LearnerState state, int feature, double v, Workspace workspace) {
    Rows row = learner.newRows();
    row.beginRow();
    row.add(feature, v);
    row.endRow(feature % 2, 1);
    assertThat(learner.learn(row, state, "k", workspace)).isEqualTo(StepOutcome.LEARNED);
  }

  @Test
  void aBoundOnFeaturesNeedsAFormThatHasOne() {
    SupervisedOptions.Builder b = options("logistic", Scaling.NONE, "adam").toBuilder();
    assertThatThrownBy(() -> new SupervisedLearner(b.maxFeatures(5).build()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("state.max-features = 5; must be none")
        .hasMessageContaining("state.form is dense");
  }
}
