package io.millrace.bench.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.OptimizerSpec;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class TrafficTest {
  /** As the cost table of the specification has them, reductions not counted. */
  @ParameterizedTest
  @CsvSource({
    "sgd, 3, true",
    "momentum, 5, true",
    "lion, 5, true",
    "adagrad, 5, true",
    "adam, 7, true",
    "amsgrad, 9, true",
    "ademamix, 9, true",
    "diffgrad, 9, true",
    "ftrl_proximal, 7, true",
    "nag_gs, 5, true",
    "aegd, 5, true",
    "opt_amsgrad, 12, true",
    "schedulefree_adamw, 7, true",
    "normalized_gd, 3, false",
    "sps_max, 3, false",
    "alr_smag, 5, false",
    "sania_adam_sqr, 5, false",
    "sania_adagrad_sqr, 5, false",
    "mars_adamw, 9, false",
    "xgrad_sgdm, 6, false",
    "gravity, 5, false"
  })
  void countsWhatAStepMustMoveAndWhetherOnePassIsEnough(
      String optimizer, double doubles, boolean onePass) {
    Traffic traffic = Traffic.of(Subject.of(Optimizers.spec(optimizer)), 20);
    assertThat(traffic.perStep()[19]).isEqualTo(doubles);
    assertThat(traffic.onePass()).isEqualTo(onePass);
  }

  static List<OptimizerSpec> catalogue() {
    return Optimizers.ALL;
  }

  @ParameterizedTest
  @MethodSource("catalogue")
  void everyMethodCanBeMeasured(OptimizerSpec spec) {
    Subject subject = Subject.of(spec);
    if (subject.matrix()) {
      assertThat(new MatrixMeasurement(8, 1_000_000).measure(subject))
          .containsKeys("step-over-products", "microseconds-per-step");
    } else {
      assertThat(Traffic.of(subject, 12).mean()).isGreaterThan(1);
    }
  }

  @Test
  void methodsOnMatricesAreToldApart() {
    assertThat(Subject.of(Optimizers.spec("shampoo")).matrix()).isTrue();
    assertThat(Subject.of(Optimizers.spec("mars_shampoo")).matrix()).isTrue();
    assertThat(Subject.of(Optimizers.spec("mfac")).matrix()).isTrue();
    assertThat(Subject.of(Optimizers.spec("adam")).matrix()).isFalse();
    assertThat(Subject.of(Optimizers.spec("normalized_gd")).matrix()).isFalse();
  }
}
