package io.millrace.core.dictionary.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.online.OnlineDictionary;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class DictionaryLearnerTest {
  private static final int M = 5;
  private static final double[][] SIGNALS = {
    {1, 0, 2, 0, 0}, {0, -3, 0, 0, 1}, {0, 0, 0, 4, 4}, {2, 0, 0, 0, -1}, {0, 1, 1, 0, 0}
  };

  private final Workspace workspace = new Workspace();

  private static DictionaryOptions options(InputSpec.Kind kind) {
    return DictionaryOptions.builder(DictionaryOptions.signals(kind, M), 3)
        .method(OnlineDictionary.SPEC.id(), Map.of())
        .scaling(SignalScaling.UNIT_NORM)
        .seed(5)
        .build();
  }

  private static Rows rows(DictionaryLearner learner, double[]... signals) {
    Rows rows = learner.newRows();
    for (double[] x : signals) {
      rows.beginRow();
      for (int i = 0; i < x.length; i++) {
        if (rows.dense()) {
          rows.add(x[i]);
        } else if (x[i] != 0) {
          rows.add(i, x[i]);
        }
      }
      rows.endRow(Double.NaN, 1);
    }
    return rows;
  }

  private static LearnerState start(DictionaryLearner learner) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "key");
    return state;
  }

  @Test
  void sparseSignalsAreLearnedAsDenseOnesAre() {
    DictionaryLearner dense = new DictionaryLearner(options(InputSpec.Kind.DENSE));
    DictionaryLearner sparse = new DictionaryLearner(options(InputSpec.Kind.SPARSE));
    LearnerState one = start(dense);
    LearnerState other = start(sparse);
    for (int t = 0; t < 3; t++) {
      assertThat(dense.learn(rows(dense, SIGNALS), one, "key", workspace))
          .isEqualTo(StepOutcome.LEARNED);
      sparse.learn(rows(sparse, SIGNALS), other, "key", workspace);
    }
    assertThat(one.steps()).isEqualTo(3);
    assertThat(other.block("dictionary")).isEqualTo(one.block("dictionary"));
    assertThat(other.block("a")).isEqualTo(one.block("a"));
  }

  @Test
  void aPredictionIsTheCodeAndItsObjectiveTheLoss() {
    DictionaryLearner learner = new DictionaryLearner(options(InputSpec.Kind.DENSE));
    LearnerState state = start(learner);
    learner.learn(rows(learner, SIGNALS), state, "key", workspace);
    Outcome out = new Outcome();
    learner.predict(rows(learner, SIGNALS), 2, state, out, workspace);
    double[] x = {0, 0, 0, Math.sqrt(0.5), Math.sqrt(0.5)};
    double[] code = new double[3];
    double[] objective = new double[1];
    learner.method().encode(x, 1, state, code, objective, workspace);
    assertThat(out.rawCount).isEqualTo(3);
    assertThat(Arrays.copyOf(out.raw, 3)).containsExactly(code, within(1e-15));
    assertThat(out.loss).isCloseTo(objective[0], within(1e-15));
    assertThat(out.correct).isEqualTo(-1);
  }

  @Test
  void aSignalWhoseSquaresOverflowIsToBlame() {
    DictionaryLearner learner =
        new DictionaryLearner(options(InputSpec.Kind.DENSE).withScaling(SignalScaling.NONE));
    LearnerState state = start(learner);
    Rows rows = rows(learner, SIGNALS[0], new double[] {1e200, 0, 0, 0, 0});
    StepOutcome outcome = learner.learn(rows, state, "key", workspace);
    assertThat(outcome.kind()).isEqualTo(StepOutcome.Kind.NOT_FINITE_GRADIENT);
    assertThat(outcome.row()).isEqualTo(1);
    assertThat(state.steps()).isZero();
    assertThat(state.block("dictionary")).containsOnly(0);
  }

  @ParameterizedTest
  @ValueSource(doubles = {1, 1e-200, 1e200, 1e-310})
  void normsAreTakenWhereSquaresLeaveTheRange(double size) {
    double[] x = {7, 3 * size, -4 * size, 7};
    SignalScaling.UNIT_NORM.apply(x, 1, 2);
    assertThat(x).containsExactly(new double[] {7, 0.6, -0.8, 7}, within(1e-12));
  }

  @ParameterizedTest
  @EnumSource(SignalScaling.class)
  void aConstantSignalStaysFinite(SignalScaling scaling) {
    double[] zero = {0, 0, 0};
    scaling.apply(zero, 0, 3);
    assertThat(zero).containsOnly(0);
    double[] same = {2, 2};
    scaling.apply(same, 0, 2);
    assertThat(same[0]).isEqualTo(same[1]).isFinite();
  }

  /** Orders carry numbers, so a word goes by its place. */
  @Test
  void aWordThatMayChangeIsAHyperparameterByItsPlace() {
    DictionaryLearner learner = new DictionaryLearner(options(InputSpec.Kind.DENSE));
    assertThat(learner.values()).containsEntry("schedule", 0.0);
    assertThat(learner.hyperparameters()).extracting(h -> h.name()).contains("schedule");
    assertThat(learner.hyperparameters()).extracting(h -> h.name()).doesNotContain("start");
    DictionaryLearner other = learner.with(Map.of("schedule", 2.0, "rho", 0.9));
    assertThat(other.options().choices()).containsEntry("schedule", "exponential");
    assertThat(other.values()).containsEntry("schedule", 2.0).containsEntry("rho", 0.9);
    assertThat(other.with(Map.of("rho", 0.8)).options().choices())
        .containsEntry("schedule", "exponential");
    assertThatThrownBy(() -> learner.with(Map.of("schedule", 4.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.schedule = 4.0")
        .hasMessageContaining("exponential");
  }

  @Test
  void everyFaultOfTheOptionsIsListed() {
    DictionaryOptions wrong =
        options(InputSpec.Kind.DENSE)
            .withCoder("lasso")
            .withMethod("online", Map.of("schedule", "never", "colour", "red"))
            .withHyperparameters(Map.of("rho", -1.0, "speed", 2.0));
    assertThatThrownBy(() -> new DictionaryLearner(wrong))
        .isInstanceOfSatisfying(
            ConfigException.class, e -> assertThat(e.faults()).hasSizeGreaterThanOrEqualTo(5))
        .hasMessageContaining("no sparse coder 'lasso'")
        .hasMessageContaining("dictionary.schedule = 'never'; must be one of [power, ")
        .hasMessageContaining("has no setting 'colour'")
        .hasMessageContaining("dictionary.rho = -1.0; must lie in [0, Infinity)");
    assertThatThrownBy(
            () ->
                new DictionaryLearner(
                    DictionaryOptions.of(M, M).withMethod("orthogonal", Map.of()).withCoder("omp")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("method 'orthogonal' codes by itself; remove it");
    assertThatThrownBy(
            () -> new DictionaryLearner(DictionaryOptions.of(M, 4).withBackend("abacus")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("compute.backend = 'abacus'");
    assertThatThrownBy(() -> Methods.spec("svd"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no dictionary method 'svd'; known: [online, ");
  }

  @Test
  void otherValuesLeaveTheStateUsable() {
    DictionaryLearner learner = new DictionaryLearner(options(InputSpec.Kind.DENSE));
    LearnerState state = start(learner);
    learner.learn(rows(learner, SIGNALS), state, "key", workspace);
    DictionaryLearner other = learner.with(Map.of("lambda", 10.0));
    assertThat(other.values()).containsEntry("lambda", 10.0);
    assertThat(learner.values().get("lambda")).isCloseTo(1.2 / Math.sqrt(M), within(1e-15));
    Outcome out = new Outcome();
    other.predict(rows(other, SIGNALS), 0, state, out, workspace);
    assertThat(Arrays.copyOf(out.raw, 3)).containsOnly(0);
    assertThatThrownBy(() -> learner.with(Map.of("lambda", -1.0)))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void aModelOfOtherSignalsIsNoStart() {
    MethodRun ten = new MethodRun("online", 10, 4, Map.of(), Map.of());
    DictionaryLearner learner = new DictionaryLearner(options(InputSpec.Kind.DENSE));
    assertThatThrownBy(() -> learner.warmStart(start(learner), ten.publish()))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("features.dimension is 10 in the model, 5 here")
        .hasMessageContaining("dictionary.atoms is 4 in the model, 3 here");
    assertThatThrownBy(() -> DictionaryLearner.forCoding(Map.of("features.kind", "dense")))
        .isInstanceOf(StateException.class);
    assertThat(List.of(SignalScaling.values()))
        .extracting(SignalScaling::word)
        .doesNotHaveDuplicates();
  }
}
