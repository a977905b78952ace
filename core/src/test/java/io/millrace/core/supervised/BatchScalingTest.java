package io.millrace.core.supervised;

import static io.millrace.core.supervised.Learners.assertSameBits;
import static io.millrace.core.supervised.Learners.fresh;
import static io.millrace.core.supervised.Learners.input;
import static io.millrace.core.supervised.Learners.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Losses;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.optim.schedule.BatchScaling.Rule;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchScalingTest {
  private static final double RATE = 1.0 / 64;

  private static SupervisedOptions options(double rate, String schedule) {
    InputSpec input = input(InputSpec.Kind.DENSE, Losses.spec("squared"));
    return SupervisedOptions.builder(input, "squared")
        .optimizer("sgd", Map.of("learning-rate", rate))
        .schedule(schedule, Map.of())
        .build();
  }

  private static SupervisedLearner scaled(String rule, int base, int batch, String schedule) {
    return new SupervisedLearner(
        options(RATE, schedule).withBatchScaling(new BatchScaling(Rule.of(rule), base, batch)));
  }

  private static SupervisedLearner plain(double rate, String schedule) {
    return new SupervisedLearner(options(rate, schedule));
  }

  /** One example many times. */
  private static Rows repeated(int times) {
    Rows rows = new Rows(true);
    for (int r = 0; r < times; r++) {
      rows.beginRow();
      for (int c = 0; c < Learners.WIDTH; c++) {
        rows.add(0.25 * (c - 5));
      }
      rows.endRow(1.5, 1);
    }
    return rows;
  }

  private static LearnerState after(SupervisedLearner learner, int miniBatch, int steps) {
    LearnerState state = fresh(learner);
    for (int t = 0; t < steps; t++) {
      assertThat(learner.learn(repeated(miniBatch), state, "k", new Workspace()))
          .isEqualTo(StepOutcome.LEARNED);
    }
    return state;
  }

  @ParameterizedTest
  @CsvSource({
    "linear, 2, 8, 4",
    "linear, 8, 2, 0.25",
    "square-root, 2, 8, 2",
    "square-root, 16, 4, 0.5",
    "linear, 4, 4, 1",
    "none, 1, 8, 1",
  })
  void stepsAtTheScaledRate(String rule, int base, int batch, double factor) {
    for (String schedule : List.of("constant", "inverse-sqrt", "warm-restarts")) {
      assertSameBits(
          after(scaled(rule, base, batch, schedule), batch, 5),
          after(plain(factor * RATE, schedule), batch, 5));
    }
  }

  @Test
  void oneScaledStepIsAlmostManySmallOnes() {
    double[] one = after(scaled("linear", 1, 16, "constant"), 16, 1).block("theta");
    LearnerState many = after(plain(RATE, "constant"), 1, 1);
    double[] first = many.block("theta");
    for (int j = 0; j < one.length; j++) {
      assertThat(one[j]).isCloseTo(16 * first[j], within(1e-15)); // the start is 0
    }
  }

  @Test
  void aRateSetLaterIsScaledAlike() {
    SupervisedLearner set =
        scaled("linear", 1, 4, "inverse-sqrt").with(Map.of("learning-rate", RATE / 2));
    assertThat(set.values()).containsEntry("learning-rate", RATE / 2);
    assertSameBits(after(set, 4, 3), after(plain(2 * RATE, "inverse-sqrt"), 4, 3));
  }

  @Test
  void modelsTellTheRuleAndAreReadWithIt() {
    SupervisedLearner learner = scaled("square-root", 2, 8, "constant");
    LearnerState state = after(learner, 8, 2);
    PublishedModel model = publish(learner, state, new Workspace());
    assertThat(model.config())
        .containsEntry("optimizer.batch-rule", "square-root")
        .containsEntry("optimizer.base-batch", "2")
        .containsEntry("mini-batch", "8")
        .containsEntry("optimizer.learning-rate", Double.toString(RATE));
    SupervisedLearner scoring = SupervisedLearner.forScoring(model.config());
    LearnerState read = fresh(scoring);
    scoring.warmStart(read, model);
    assertThat(read.block("theta")).isEqualTo(state.block("theta"));
    SupervisedLearner without = plain(RATE, "constant");
    assertThat(publish(without, fresh(without), new Workspace()).config())
        .doesNotContainKeys("optimizer.batch-rule", "optimizer.base-batch", "mini-batch");
  }

  @Test
  void refusesARuleWithNothingToScaleAndMiniBatchesBelowOne() {
    SupervisedOptions unset = options(RATE, "constant").withHyperparameters(Map.of());
    assertThatThrownBy(
            () ->
                new SupervisedLearner(unset.withBatchScaling(new BatchScaling(Rule.LINEAR, 0, 0))))
        .isInstanceOfSatisfying(
            ConfigException.class,
            e ->
                assertThat(e.faults())
                    .satisfiesExactly(
                        f ->
                            assertThat(f).isEqualTo("optimizer.base-batch = 0; must be at least 1"),
                        f -> assertThat(f).isEqualTo("mini-batch = 0; must be at least 1"),
                        f -> assertThat(f).contains("batch-rule = linear; there is no learning")));
    assertThatThrownBy(() -> scaled("none", 3, 8, "constant"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("optimizer.base-batch = 3; must be absent");
    assertThatThrownBy(() -> Rule.of("cubic"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no batch rule 'cubic'; known: [none, linear, square-root]");
  }
}
