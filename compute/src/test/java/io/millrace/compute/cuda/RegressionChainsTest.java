package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Philox;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.gaussian.LinearRegression;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Chains of the device go where the core's sampler goes, to the bit. */
class RegressionChainsTest {
  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1, 1, 1, 1",
    "5, 7, 40, 10, 3, 1",
    "9, 33, 100, 6, 5, 0.5",
    "4, 100, 64, 32, 2, 1",
    "3, 16, 20, 5, 4, 0"
  })
  void chainsHaveTheBitsOfTheSampler(
      int chains, int d, int rows, int batch, int steps, double temperature) {
    Random random = new Random(d);
    double[] x = random.doubles((long) rows * d, -1, 1).toArray();
    double[] y = random.doubles(rows, -2, 2).toArray();
    double[] points = random.doubles((long) chains * d, -1, 1).toArray();
    long[] keys = new long[chains];
    long[] first = new long[chains];
    for (int c = 0; c < chains; c++) {
      keys[c] = Philox.key(7, "chain-" + c);
      first[c] = 11L * c + (c == 1 ? 1L << 33 : 0);
    }
    RegressionChains.Law law = new RegressionChains.Law(0.3, 0.7, 0.25, batch, 1e-3, temperature);
    double[] expected = points.clone();
    walk(law, d, x, y, keys, first, steps, expected);
    try (RegressionChains device4 = new RegressionChains(device, d, x, y, law, chains)) {
      for (int order = 0; order < 3; order++) {
        emulator.emuSetOrder(order);
        double[] found = points.clone();
        device4.advance(chains, keys, first, steps, found);
        assertThat(found).as("order %d", order).isEqualTo(expected);
      }
      // One step after the other, fewer chains at a time: the same.
      double[] found = new double[d];
      for (int c = 0; c < chains; c++) {
        System.arraycopy(points, c * d, found, 0, d);
        for (int s = 0; s < steps; s++) {
          device4.advance(1, new long[] {keys[c]}, new long[] {first[c] + s}, 1, found);
        }
        for (int i = 0; i < d; i++) {
          assertThat(found[i]).isEqualTo(expected[c * d + i]);
        }
      }
    }
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  private static void walk(
      RegressionChains.Law law,
      int d,
      double[] x,
      double[] y,
      long[] keys,
      long[] first,
      int steps,
      double[] points) {
    Sampler sampler =
        new Sampler(
            Estimators.spec("mini-batch").build(Map.of("mini-batch", (double) law.miniBatch())),
            Diffusions.spec("sgld").build(Map.of()));
    Shard shard =
        new Shard(
            new LinearRegression(d, x, y, law.variance()),
            new GaussianPrior(law.precision()),
            law.share(),
            null,
            null);
    PhiloxDraws draws = new PhiloxDraws(7, "any");
    LocalStep step = new LocalStep(new Workspace());
    double[] theta = new double[d];
    for (int c = 0; c < keys.length; c++) {
      System.arraycopy(points, c * d, theta, 0, d);
      for (int s = 0; s < steps; s++) {
        step.aim(s, law.stepSize(), law.temperature(), draws.at(keys[c], first[c] + s));
        sampler.step(shard, theta, null, null, step);
      }
      System.arraycopy(theta, 0, points, c * d, d);
    }
  }

  @Test
  void whatDoesNotFitIsRefused() {
    RegressionChains.Law law = new RegressionChains.Law(1, 1, 1, 2000, 1e-3, 1);
    assertThatThrownBy(
            () -> new RegressionChains(device, 10, new double[10], new double[1], law, 1))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("takes 24080 bytes of a block's shared memory, at most 12288");
  }
}
