package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.OptimizerRun;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Two different methods that are one in a special case, and bounds that a rule implies. */
class ReductionTest {
  private final Target target = Target.all().get(3);

  private OptimizerRun run(String id, Map<String, Double> values) {
    return new OptimizerRun(Optimizers.configure(id, values).optimizer(), target.start());
  }

  @ParameterizedTest
  @CsvSource({
    "xgrad_sgdm, s, 0, momentum",
    "xgrad_adam, s, 0, adam",
    "xgrad_adamw, s, 0, adamw",
    "normalized_gd, beta, 0, sgd",
    "nag_gs, update-gamma, 0, nag4",
    "alr_smag, lower-bound, -1e12, momentum",
    "sps_max, lower-bound, -1e12, sgd",
  })
  void methodsAreOneInASpecialCase(String id, String hyper, double value, String other) {
    OptimizerRun a = run(id, Map.of(hyper, value));
    OptimizerRun b = run(other, Map.of());
    for (int t = 0; t < 50; t++) {
      target.at(t);
      a.step(target, 0.05);
      b.step(target, 0.05);
      assertThat(a.theta()).containsExactly(b.theta(), Offset.offset(1e-13));
    }
  }

  @Test
  void lionWithWeightDecayStaysWithinItsInverse() {
    OptimizerRun run = run("lion", Map.of("weight-decay", 2.0));
    for (int t = 0; t < 2000; t++) {
      target.at(t);
      run.step(target, 0.05);
    }
    for (double w : run.theta()) {
      assertThat(Math.abs(w)).isLessThanOrEqualTo(0.5);
    }
  }

  @ParameterizedTest
  @CsvSource({"aegd, 0.1", "aegd, 100", "preconditioned_aegd, 100"})
  void anEnergyIsPositiveAndNeverGrows(String id, double rate) {
    OptimizerRun run = run(id, Map.of());
    double[] before = null;
    for (int t = 0; t < 200; t++) {
      target.at(t);
      run.step(target, rate);
      double[] r = run.state().block("r").clone();
      for (int i = 0; i < r.length; i++) {
        assertThat(r[i]).isPositive();
        assertThat(before == null || r[i] <= before[i]).isTrue();
      }
      before = r;
    }
  }

  /** Stretching a coordinate by k stretches nothing but its parameter, by 1/k. */
  @Test
  void saniaDoesNotDependOnTheScaleOfItsFeatures() {
    OptimizerRun plain = run("sania_adagrad_sqr", Map.of("eps", 1e-30));
    OptimizerRun stretched = run("sania_adagrad_sqr", Map.of("eps", 1e-30));
    double[] k = {1, 100, 0.01, 7, 1, 0.5};
    for (int i = 0; i < k.length; i++) {
      stretched.theta()[i] /= k[i];
    }
    Stretched f = new Stretched(target, k);
    for (int t = 0; t < 50; t++) {
      target.at(t);
      plain.step(target, 1);
      stretched.step(f, 1);
      for (int i = 0; i < k.length; i++) {
        assertThat(stretched.theta()[i] * k[i]).isCloseTo(plain.theta()[i], Offset.offset(1e-9));
      }
    }
  }
}
