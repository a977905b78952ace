package io.millrace.core.dictionary.cp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.cp.TransportBlocks.Effort;
import io.millrace.core.dictionary.learner.MethodRun;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WassersteinCpDictionaryTest {
  private static final int SIDE = 5;
  private static final int M = SIDE * SIDE;
  private static final int ATOMS = 4;

  private static MethodRun run(Map<String, Double> hypers) {
    Map<String, Double> all = new HashMap<>(hypers);
    all.put("rows", (double) SIDE);
    return new MethodRun("wasserstein-cp", M, ATOMS, Map.of(), all);
  }

  /** Mixtures of two of four blobs. */
  private static double[] blobs(int n, long seed) {
    Random random = new Random(seed);
    double[] x = new double[n * M];
    for (int r = 0; r < n; r++) {
      for (int part = 0; part < 2; part++) {
        int blob = random.nextInt(4);
        double size = 0.3 + random.nextDouble();
        for (int i = 0; i < M; i++) {
          int down = i / SIDE - (blob % 2 == 0 ? 1 : 3);
          int right = i % SIDE - (blob < 2 ? 1 : 3);
          x[r * M + i] += size * Math.exp(-(down * down + right * right) / 0.8);
        }
      }
    }
    return x;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.2, 0.05, 0.03})
  void learnsFromTheStream(double gamma) {
    MethodRun run = run(Map.of("gamma", gamma, "max-iterations", 60.0));
    double[] unseen = blobs(10, 99);
    double before = Arrays.stream(run.encode(unseen)[1]).sum();
    double farBefore = distance(run, unseen);
    for (int t = 0; t < 25; t++) {
      assertThat(run.step(blobs(4, t))).isTrue();
    }
    assertThat(Arrays.stream(run.encode(unseen)[1]).sum()).isLessThan(before - 0.1);
    assertThat(distance(run, unseen)).isLessThan(0.8 * farBefore);
    onSimplex(run.state.block("u"));
    onSimplex(run.state.block("v"));
  }

  /** Sum of differences between a signal, of any mass, and its reconstruction of the same mass. */
  private static double distance(MethodRun run, double[] x) {
    double[] back = new double[M];
    run.method.reconstruct(run.state, run.encode(x)[0], 0, back, 0);
    double mass = Arrays.stream(x, 0, M).sum();
    assertThat(Arrays.stream(back).sum()).isCloseTo(mass, within(1e-10 * mass));
    double distance = 0;
    for (int i = 0; i < M; i++) {
      distance += Math.abs(back[i] - x[i]);
    }
    return distance;
  }

  private static void onSimplex(double[] factor) {
    for (int at = 0; at < factor.length; at += SIDE) {
      double[] one = Arrays.copyOfRange(factor, at, at + SIDE);
      assertThat(Arrays.stream(one).sum()).isCloseTo(1, within(1e-12));
      assertThat(Arrays.stream(one).min().getAsDouble()).isGreaterThanOrEqualTo(0);
    }
  }

  @Test
  void signalsWithoutMassAreCodedByNothingAndNotLearnedFrom() {
    MethodRun run = run(Map.of());
    run.step(blobs(3, 1));
    String before = run.bits();
    double[] nothing = new double[2 * M];
    nothing[3] = -1;
    assertThat(run.step(nothing)).isTrue();
    assertThat(run.bits()).isEqualTo(before);
    assertThat(run.encode(nothing)[0]).containsOnly(0);
  }

  /** The objective of a fixed window under whole rounds of codes, U and V. */
  @Property(tries = 12)
  void theObjectiveNeverRisesAndMovesAreSummable(
      @ForAll @DoubleRange(min = 0.05, max = 0.5) double gamma,
      @ForAll @DoubleRange(min = 0.05, max = 1) double prox,
      @ForAll long seed) {
    CpShape shape = new CpShape(SIDE, SIDE, ATOMS);
    int n = 5;
    double[] side = EntropicTransport.squaredDistances(SIDE);
    TransportBlocks blocks =
        new TransportBlocks(
            shape,
            new EntropicTransport(SIDE, SIDE, side, side, gamma, ScalarBackend.INSTANCE),
            new SimplexBlock(0.05, 0),
            new SimplexBlock(0, prox),
            2000,
            1e-9,
            ScalarBackend.INSTANCE);
    double[] q = blobs(n, seed);
    simplices(q, M);
    double[] u = simplices(new Random(seed).doubles(ATOMS * SIDE).toArray(), SIDE);
    double[] v = simplices(new Random(seed + 1).doubles(ATOMS * SIDE).toArray(), SIDE);
    Window window = new Window(q, n);
    double before = window.code(blocks, shape, u, v);
    double start = before;
    double moves = 0;
    for (int k = 0; k < 6; k++) {
      double[] u0 = u.clone();
      double[] v0 = v.clone();
      double entropies = window.entropies(0.05);
      double afterU = window.factor(blocks, true, u, v) + entropies;
      double afterV = window.factor(blocks, false, v, u) + entropies;
      double after = window.code(blocks, shape, u, v);
      assertThat(afterU).isLessThanOrEqualTo(before + 1e-6);
      assertThat(afterV).isLessThanOrEqualTo(afterU + 1e-6);
      assertThat(after).isLessThanOrEqualTo(afterV + 1e-6);
      moves += squares(u0, u) + squares(v0, v);
      before = after;
    }
    assertThat(moves).isLessThanOrEqualTo(2 * (start - before) / prox + 1e-5);
  }

  private static double[] simplices(double[] values, int length) {
    for (int at = 0; at < values.length; at += length) {
      double sum = Arrays.stream(values, at, at + length).sum();
      for (int i = at; i < at + length; i++) {
        values[i] /= sum;
      }
    }
    return values;
  }

  private static double squares(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sum;
  }

  /** Histograms with codes and duals. */
  private static final class Window {
    private final int n;
    private final double[] q;
    private final double[] codes;
    private final double[] duals;
    private final Effort effort = new Effort();
    private final Workspace workspace = new Workspace();

    Window(double[] q, int n) {
      this.q = q;
      this.n = n;
      codes = new double[n * ATOMS];
      duals = new double[n * M];
    }

    double code(TransportBlocks blocks, CpShape shape, double[] u, double[] v) {
      double[] d = new double[ATOMS * M];
      shape.atoms(u, v, d);
      double sum = 0;
      for (int i = 0; i < n; i++) {
        double[] one = Arrays.copyOfRange(q, i * M, (i + 1) * M);
        double[] g = new double[M];
        sum += blocks.code(one, d, g, codes, i * ATOMS, effort, workspace);
        System.arraycopy(g, 0, duals, i * M, M);
      }
      return sum;
    }

    double factor(TransportBlocks blocks, boolean first, double[] factor, double[] other) {
      return blocks.factor(q, codes, n, duals, first, factor, other, effort, workspace);
    }

    double entropies(double weight) {
      return weight * Arrays.stream(codes).map(w -> w * Math.log(w)).sum();
    }
  }
}
