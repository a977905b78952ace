package io.millrace.core.dictionary.orthogonal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Vectors;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.MethodRun;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.linalg.PolarFactor;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OrthogonalDictionaryTest {
  @Property(tries = 60)
  void staysInTheSpectralBall(
      @ForAll @IntRange(min = 1, max = 12) int size,
      @ForAll @IntRange(min = 1, max = 15) int batch,
      @ForAll @DoubleRange(min = 0.1, max = 4) double cRho,
      @ForAll boolean msp,
      @ForAll long seed) {
    MethodRun run =
        new MethodRun(
            "orthogonal",
            size,
            size,
            Map.of("schedule", msp ? "msp" : "fw", "output", "iterate"),
            Map.of("c-rho", cRho));
    SparseSignals signals = SparseSignals.orthogonal(size, 0.4, seed);
    PolarFactor polar = new PolarFactor(size);
    for (int t = 0; t < 25; t++) {
      assertThat(run.step(signals.next(batch))).isTrue();
      assertThat(polar.decompose(run.state.block("d"))).isTrue();
      assertThat(polar.norm()).isLessThanOrEqualTo(1 + 1e-12);
      assertThat(run.figure("gap")).isGreaterThanOrEqualTo(-1e-9);
    }
  }

  /** Median of three seeds; N = 30, theta = 0.1, 2,000 batches of 60. */
  @ParameterizedTest
  @CsvSource({"fw, 1e-4", "msp, 4e-5"})
  void recoversTheDictionaryAndClosesTheGap(String schedule, double bound) {
    double[][] runs =
        IntStream.range(0, 3)
            .parallel()
            .mapToObj(seed -> recover(schedule, seed))
            .toArray(double[][]::new);
    assertThat(median(runs, 0)).isLessThanOrEqualTo(bound);
    assertThat(median(runs, 2)).isLessThan(median(runs, 1));
  }

  /** Recovery error at the end, gap after 50 batches, gap at the end. */
  private static double[] recover(String schedule, long seed) {
    Map<String, String> words = Map.of("schedule", schedule, "output", "iterate");
    MethodRun run = new MethodRun("orthogonal", 30, 30, words, Map.of());
    SparseSignals signals = SparseSignals.orthogonal(30, 0.1, seed);
    double early = 0;
    for (int t = 1; t <= 2000; t++) {
      run.step(signals.next(60));
      early = t == 50 ? run.figure("gap") : early;
    }
    PolarFactor polar = new PolarFactor(30);
    polar.decompose(run.state.block("d"));
    double[] d = new double[900];
    polar.orthogonal(ScalarBackend.INSTANCE.kernels(), d);
    return new double[] {Recovery.error(signals.truth, d, 30), early, run.figure("gap")};
  }

  private static double median(double[][] runs, int of) {
    return Arrays.stream(runs).mapToDouble(r -> r[of]).sorted().toArray()[1];
  }

  @ParameterizedTest
  @ValueSource(strings = {"average", "exponential"})
  void whiteningRecoversACompleteDictionary(String whitening) {
    SparseSignals signals = SparseSignals.complete(8, 0.15, 3);
    MethodRun run =
        new MethodRun(
            "orthogonal",
            8,
            8,
            Map.of("whitening", whitening),
            Map.of("theta", 0.15, "decay", 0.999));
    MethodRun without = new MethodRun("orthogonal", 8, 8, Map.of(), Map.of());
    for (int t = 0; t < 1500; t++) {
      double[] y = signals.next(40);
      run.step(y);
      without.step(y);
    }
    double[] atoms = run.publish().tensor("dictionary", 8, 8).clone();
    double[] plain = without.publish().tensor("dictionary", 8, 8);
    assertThat(Recovery.error(signals.truth, SparseSignals.unitNorm(atoms, 8), 8)).isLessThan(2e-3);
    assertThat(Recovery.error(signals.truth, plain, 8)).isGreaterThan(0.02);
  }

  @ParameterizedTest
  @CsvSource({"fw, polar, none", "fw, iterate, none", "msp, polar, average"})
  void codesReconstructTheSignalAndTheModelCodesAlike(
      String schedule, String output, String whitening) {
    Map<String, String> words =
        Map.of("schedule", schedule, "output", output, "whitening", whitening);
    MethodRun run = new MethodRun("orthogonal", 6, 6, words, Map.of());
    SparseSignals signals = SparseSignals.complete(6, 0.3, 5);
    for (int t = 0; t < 60; t++) {
      run.step(signals.next(20));
    }
    double[] y = signals.next(3);
    double[] codes = run.encode(y)[0];
    double[] back = new double[6];
    if (output.equals("polar")) {
      for (int r = 0; r < 3; r++) {
        run.method.reconstruct(run.state, codes, r * 6, back, 0);
        assertThat(back).containsExactly(Arrays.copyOfRange(y, r * 6, r * 6 + 6), within(1e-10));
      }
      MethodRun reader = new MethodRun("orthogonal", 6, 6, words, Map.of());
      reader.warmStart(run.publish());
      assertThat(reader.encode(y)[0]).containsExactly(codes, within(1e-9));
    }
    // D of schedule fw lies inside the ball: what it misses of a signal is in the objective, beside
    // how far the code is from a single spike.
    run.method.reconstruct(run.state, codes, 0, back, 0);
    double squares = 0;
    for (int i = 0; i < 6; i++) {
      squares += (y[i] - back[i]) * (y[i] - back[i]);
    }
    double norm = 0;
    double cubes = 0;
    for (int j = 0; j < 6; j++) {
      norm += codes[j] * codes[j];
      cubes += Math.abs(codes[j] * codes[j] * codes[j]);
    }
    double spread = 0.5 * (norm - cubes / Math.sqrt(norm));
    if (whitening.equals("none")) {
      assertThat(run.encode(y)[1][0]).isCloseTo(0.5 * squares + spread, within(1e-12));
    } else {
      assertThat(run.encode(y)[1][0]).isCloseTo(spread, within(1e-12));
    }
  }

  @Test
  void whitenedModelsStartWhitenedLearnersOnly() {
    MethodRun whitened =
        new MethodRun("orthogonal", 4, 4, Map.of("whitening", "average"), Map.of());
    MethodRun plain = new MethodRun("orthogonal", 4, 4, Map.of(), Map.of());
    assertThatThrownBy(() -> plain.warmStart(whitened.publish()))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("learned from whitened signals; dictionary.whitening here is 'none'");
    assertThatThrownBy(() -> whitened.warmStart(plain.publish()))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("learned without whitening");
    PublishedModel bad = plain.publish();
    bad.tensors().get("dictionary").data()[3] = Double.NaN;
    assertThatThrownBy(() -> plain.warmStart(bad))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("tensor 'dictionary' of the model is not finite");
  }

  @ParameterizedTest
  @CsvSource({"fw, none", "msp, average"})
  void goesOnBitForBitFromACopyWithFreshScratch(String schedule, String whitening) {
    Map<String, String> words = Map.of("schedule", schedule, "whitening", whitening);
    MethodRun whole = new MethodRun("orthogonal", 5, 5, words, Map.of("refresh", 3.0));
    MethodRun second = new MethodRun("orthogonal", 5, 5, words, Map.of("refresh", 3.0));
    SparseSignals signals = SparseSignals.orthogonal(5, 0.3, 9);
    for (int t = 0; t < 30; t++) {
      double[] y = signals.next(4);
      if (t < 13) {
        whole.step(y);
      } else {
        if (t == 13) {
          second.copyFrom(whole);
        }
        whole.step(y);
        second.step(y);
      }
    }
    assertThat(second.bits()).isEqualTo(whole.bits());
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "average"})
  void aStepThatIsNotFiniteChangesNothing(String whitening) {
    MethodRun run = new MethodRun("orthogonal", 4, 4, Map.of("whitening", whitening), Map.of());
    run.step(SparseSignals.orthogonal(4, 0.3, 1).next(20));
    String before = run.bits();
    double[] huge = new double[8];
    Arrays.fill(huge, 1e160);
    assertThat(run.step(huge)).isFalse();
    assertThat(run.bits()).isEqualTo(before);
  }

  @Test
  void signalsOfNothingMoveNothing() {
    MethodRun run = new MethodRun("orthogonal", 4, 4, Map.of("schedule", "fw"), Map.of());
    double[] before = run.state.block("d").clone();
    assertThat(run.step(new double[8])).isTrue();
    assertThat(run.state.block("d")).isEqualTo(before);
    assertThat(run.figure("rank")).isZero();
  }

  @Property
  void keepsTheLargestEntriesAboveTheThreshold(
      @ForAll @IntRange(min = 1, max = 9) int n,
      @ForAll @IntRange(min = 0, max = 9) int most,
      @ForAll @IntRange(min = 0, max = 3) int tau,
      @ForAll long seed) {
    double[] code = new double[n];
    for (int j = 0; j < n; j++) {
      code[j] = Math.floorMod(seed * 31 + j * (seed | 1), 11) - 5;
    }
    double[] kept = code.clone();
    int count = new HardThreshold(tau, most).apply(kept, 0, n);
    double least = Double.POSITIVE_INFINITY;
    double dropped = 0;
    int nonZeros = 0;
    for (int j = 0; j < n; j++) {
      if (kept[j] != 0) {
        assertThat(kept[j]).isEqualTo(code[j]);
        least = Math.min(least, Math.abs(code[j]));
        nonZeros++;
      } else if (Math.abs(code[j]) > tau) {
        dropped = Math.max(dropped, Math.abs(code[j]));
      }
    }
    assertThat(count).isEqualTo(nonZeros);
    assertThat(least).isGreaterThan(tau);
    assertThat(dropped).isLessThanOrEqualTo(least);
    assertThat(dropped == 0 || count == most).isTrue();
  }

  @Test
  void needsAsManyAtomsAsNumbers() {
    assertThatThrownBy(
            () ->
                new DictionaryLearner(
                    DictionaryOptions.of(4, 5).withMethod("orthogonal", Map.of())))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.atoms = 5; must be 4");
  }

  @Test
  void startsOrthogonal() {
    MethodRun run = new MethodRun("orthogonal", 7, 7, Map.of(), Map.of());
    double[] d = run.state.block("d");
    for (int i = 0; i < 7; i++) {
      for (int j = 0; j < 7; j++) {
        assertThat(Vectors.dot(d, i * 7, d, j * 7, 7)).isCloseTo(i == j ? 1 : 0, within(1e-13));
      }
    }
  }
}
