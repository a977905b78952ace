package io.millrace.core.dictionary.cp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.dictionary.learner.MethodRun;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.StateException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CpDictionaryTest {
  private static final int ROWS = 5;
  private static final int COLUMNS = 6;
  private static final int ATOMS = 4;

  private static MethodRun run(Map<String, String> words, Map<String, Double> hypers) {
    Map<String, Double> all = new HashMap<>(Map.of("rows", (double) ROWS));
    all.putAll(hypers);
    return new MethodRun("cp", ROWS * COLUMNS, ATOMS, words, all);
  }

  /**
   * Signals {@code sum_j w_j u_j v_j'} of planted sparse factors; with u = v = null they are drawn.
   */
  private static double[] signals(int n, long seed) {
    CpShape shape = new CpShape(ROWS, COLUMNS, ATOMS);
    double[] d = new double[ATOMS * ROWS * COLUMNS];
    shape.atoms(sparse(ATOMS * ROWS, 1), sparse(ATOMS * COLUMNS, 2), d);
    double[] w = sparse(n * ATOMS, seed);
    double[] x = new double[n * ROWS * COLUMNS];
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < ATOMS; j++) {
        x[i] += w[i / 30 * ATOMS + j] * d[j * 30 + i % 30];
      }
    }
    return x;
  }

  private static double[] sparse(int n, long seed) {
    Random random = new Random(seed);
    return random.doubles(n).map(v -> v < 0.4 ? 0 : v).toArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"power", "minibatch", "sum"})
  void learnsPlantedFactors(String schedule) {
    MethodRun run = run(Map.of("schedule", schedule), Map.of());
    double[] unseen = signals(50, 1_000_000);
    double before = Arrays.stream(run.encode(unseen)[1]).sum();
    for (int t = 0; t < 400; t++) {
      assertThat(run.step(signals(20, 10 + t))).isTrue();
    }
    double after = Arrays.stream(run.encode(unseen)[1]).sum();
    assertThat(after).isLessThan(0.01 * before);
    assertThat(Arrays.stream(run.state.block("u")).min().getAsDouble()).isGreaterThanOrEqualTo(0);
    assertThat(Arrays.stream(run.state.block("v")).min().getAsDouble()).isGreaterThanOrEqualTo(0);
  }

  @Test
  void anAtomOfZerosStartsAnew() {
    MethodRun run = run(Map.of(), Map.of());
    run.step(signals(20, 5));
    Arrays.fill(run.state.block("u"), 0, ROWS, 0);
    Arrays.fill(run.state.block("b"), 0, ROWS * COLUMNS, 0);
    run.step(signals(20, 6));
    assertThat(run.figure("replacedAtoms")).isEqualTo(1);
    assertThat(run.state.block("u")[0]).isPositive();
    assertThat(run.state.block("a")[1]).isZero();
  }

  @Test
  void rowsMustDivideTheSignal() {
    assertThatThrownBy(() -> run(Map.of(), Map.of("rows", 4.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("dictionary.rows = 4; must divide 30");
    assertThatThrownBy(() -> run(Map.of("schedule", "exponential"), Map.of("rho", 3.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("must lie in (0, 1) because schedule is 'exponential'");
  }

  @Test
  void negativeFactorsAreRefused() {
    MethodRun run = run(Map.of(), Map.of());
    PublishedModel model = run.publish();
    model.tensors().get("v").data()[2] = -1;
    assertThatThrownBy(() -> run.warmStart(model))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("tensor 'v' of the model holds -1.0; its numbers are finite");
  }

  @Test
  void publishesAtomsAsOuterProducts() {
    MethodRun run = run(Map.of(), Map.of("rows", 3.0));
    PublishedModel model = run.publish();
    double[] d = model.tensor("dictionary", ATOMS, 30);
    double[] u = model.tensor("u", ATOMS, 3);
    double[] v = model.tensor("v", ATOMS, 10);
    assertThat(d[1 * 30 + 2 * 10 + 7]).isEqualTo(u[1 * 3 + 2] * v[1 * 10 + 7]);
  }
}
