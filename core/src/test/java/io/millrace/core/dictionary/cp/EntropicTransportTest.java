package io.millrace.core.dictionary.cp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class EntropicTransportTest {
  private final Workspace workspace = new Workspace();

  private static EntropicTransport grid(int rows, int columns, double gamma, boolean logDomain) {
    return new EntropicTransport(
        rows,
        columns,
        EntropicTransport.squaredDistances(rows),
        EntropicTransport.squaredDistances(columns),
        gamma,
        logDomain,
        ScalarBackend.INSTANCE);
  }

  /** A histogram with empty bins, of any mass. */
  private static double[] histogram(int n, long seed) {
    double[] q = new Random(seed).doubles(n).map(v -> v < 0.3 ? 0 : v).toArray();
    q[0] = 0.5;
    return q;
  }

  @Property(tries = 100)
  void theGradientIsTheOneOfTheValue(
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll @IntRange(min = 1, max = 4) int columns,
      @ForAll @DoubleRange(min = 0.05, max = 2) double gamma,
      @ForAll boolean logDomain,
      @ForAll long seed) {
    int n = rows * columns;
    EntropicTransport transport = grid(rows, columns, gamma, logDomain);
    double[] q = histogram(n, seed);
    double[] g = new Random(seed + 1).doubles(n, -1, 1).toArray();
    double[] gradient = new double[n];
    double[] unused = new double[n];
    transport.conjugate(q, g, 0, gradient, workspace);
    for (int i = 0; i < n; i++) {
      double step = 1e-5 * gamma;
      double old = g[i];
      g[i] = old + step;
      double above = transport.conjugate(q, g, 0, unused, workspace);
      g[i] = old - step;
      double below = transport.conjugate(q, g, 0, unused, workspace);
      g[i] = old;
      assertThat(gradient[i]).isCloseTo((above - below) / (2 * step), within(1e-6));
      assertThat(gradient[i]).isGreaterThanOrEqualTo(0);
    }
    assertThat(Arrays.stream(gradient).sum()).isCloseTo(Arrays.stream(q).sum(), within(1e-12 * n));
  }

  @Property(tries = 100)
  void bothDomainsAgree(
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(min = 1, max = 5) int columns,
      @ForAll @DoubleRange(min = 0.04, max = 2) double gamma,
      @ForAll long seed) {
    int n = rows * columns;
    double[] q = histogram(n, seed);
    double[] g = new Random(seed + 1).doubles(n, -2, 2).toArray();
    double[] plain = new double[n];
    double[] logs = new double[n];
    double first = grid(rows, columns, gamma, false).conjugate(q, g, 0, plain, workspace);
    double second = grid(rows, columns, gamma, true).conjugate(q, g, 0, logs, workspace);
    assertThat(second).isCloseTo(first, within(1e-11 * (1 + Math.abs(first))));
    assertThat(logs).containsExactly(plain, within(1e-11));
  }

  @Test
  void theGridIsTheMatrixOfItsSums() {
    int rows = 3;
    int columns = 4;
    int n = rows * columns;
    double[] first = new Random(1).doubles(rows * rows).toArray();
    double[] second = new Random(2).doubles(columns * columns).toArray();
    double[] whole = new double[n * n];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < n; j++) {
        whole[i * n + j] =
            first[i / columns * rows + j / columns] + second[i % columns * columns + j % columns];
      }
    }
    double[] q = histogram(n, 3);
    double[] g = new Random(4).doubles(n, -1, 1).toArray();
    for (boolean logDomain : new boolean[] {false, true}) {
      double[] separable = new double[n];
      double[] plain = new double[n];
      double a =
          new EntropicTransport(
                  rows, columns, first, second, 0.3, logDomain, ScalarBackend.INSTANCE)
              .conjugate(q, g, 0, separable, workspace);
      double b =
          new EntropicTransport(n, 1, whole, new double[1], 0.3, ScalarBackend.INSTANCE)
              .conjugate(q, g, 0, plain, workspace);
      assertThat(a).isCloseTo(b, within(1e-13));
      assertThat(separable).containsExactly(plain, within(1e-13));
    }
  }

  @Test
  void smallGammaNeedsNoLuck() {
    double[] q = histogram(25, 5);
    double[] g = new Random(6).doubles(25, -3, 3).toArray();
    double[] gradient = new double[25];
    EntropicTransport transport =
        new EntropicTransport(
            5,
            5,
            EntropicTransport.squaredDistances(5),
            EntropicTransport.squaredDistances(5),
            1e-4,
            ScalarBackend.INSTANCE);
    double value = transport.conjugate(q, g, 0, gradient, workspace);
    // Without smoothing: each bin of q sends its mass where g - M is greatest.
    double hard = 0;
    for (int l = 0; l < 25; l++) {
      double best = Double.NEGATIVE_INFINITY;
      for (int k = 0; k < 25; k++) {
        double rows = (l / 5 - k / 5) / 4.0;
        double columns = (l % 5 - k % 5) / 4.0;
        best = Math.max(best, g[k] - rows * rows - columns * columns);
      }
      hard += q[l] * best;
    }
    assertThat(value).isCloseTo(hard, within(1e-2));
    assertThat(Arrays.stream(gradient).sum()).isCloseTo(Arrays.stream(q).sum(), within(1e-12));
  }
}
