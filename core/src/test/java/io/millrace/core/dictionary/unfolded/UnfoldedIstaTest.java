package io.millrace.core.dictionary.unfolded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.learner.Coders;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.spec.HyperValues;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class UnfoldedIstaTest {
  private static final int ATOMS = 11;
  private static final int DIMENSION = 7;

  /** Signals under a random dictionary. */
  private static final class Batch {
    final Gram gram;
    final double[] c;
    final double[] xx;

    Batch(int n, Random random) {
      double[] d = random.doubles(ATOMS * DIMENSION, -0.6, 0.6).toArray();
      double[] products = new double[ATOMS * ATOMS];
      c = new double[n * ATOMS];
      xx = new double[n];
      for (int j = 0; j < ATOMS; j++) {
        for (int k = 0; k < ATOMS; k++) {
          products[j * ATOMS + k] = Vectors.dot(d, j * DIMENSION, d, k * DIMENSION, DIMENSION);
        }
      }
      gram = new Gram().aim(ATOMS, products);
      for (int i = 0; i < n; i++) {
        double[] x = random.doubles(DIMENSION, -2, 2).toArray();
        xx[i] = Vectors.dot(x, 0, x, 0, DIMENSION);
        for (int j = 0; j < ATOMS; j++) {
          c[i * ATOMS + j] = Vectors.dot(d, j * DIMENSION, x, 0, DIMENSION);
        }
      }
    }
  }

  @Property(tries = 300)
  void gradientsAgreeWithFiniteDifferences(
      @ForAll @IntRange(min = 1, max = 6) int layers,
      @ForAll @IntRange(min = 1, max = 4) int n,
      @ForAll boolean supervised,
      @ForAll boolean nonNegative,
      @ForAll @IntRange(min = 0, max = 1) int ridge,
      @ForAll @IntRange(min = 0, max = 4) int keep,
      @ForAll long seed) {
    Random random = new Random(seed);
    Batch batch = new Batch(n, random);
    UnfoldedIsta network = new UnfoldedIsta(layers, 0.2 * ridge, nonNegative, keep);
    UnfoldedLoss loss = new UnfoldedLoss(network, keep > 0 ? 0 : 0.1);
    double[] labels = supervised ? random.doubles(n * ATOMS, -1, 1).toArray() : null;
    loss.aim(batch.gram, batch.c, batch.xx, labels, random.doubles(n).toArray(), n);
    double[] theta = random.doubles(2 * layers, 0.05, 0.3).toArray();
    double[] gradient = new double[2 * layers];
    loss.gradient(theta, gradient);
    assertThat(loss.lastValue()).isEqualTo(loss.value(theta));
    double h = 1e-6;
    for (int i = 0; i < 2 * layers; i++) {
      double[] up = theta.clone();
      double[] down = theta.clone();
      up[i] += h;
      down[i] -= h;
      if (sameSigns(network, batch, up, down, n)) {
        double finite = (loss.value(up) - loss.value(down)) / (2 * h);
        assertThat(gradient[i]).isCloseTo(finite, within(1e-6 * (1 + Math.abs(finite))));
      }
    }
  }

  /** Between two points with other signs there is a kink. */
  private static boolean sameSigns(
      UnfoldedIsta network, Batch batch, double[] up, double[] down, int n) {
    int length = network.layers() * ATOMS;
    double[] q = new double[length];
    double[] a = new double[length];
    double[] b = new double[length];
    for (int i = 0; i < n; i++) {
      network.forward(up, batch.gram, batch.c, i * ATOMS, q, a);
      network.forward(down, batch.gram, batch.c, i * ATOMS, q, b);
      for (int j = 0; j < length; j++) {
        if (Math.signum(a[j]) != Math.signum(b[j])) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void layersStartAsStepsOfIsta() {
    Batch batch = new Batch(1, new Random(4));
    double lipschitz = batch.gram.lipschitz();
    UnfoldedIsta network = new UnfoldedIsta(9, 0, false, 0);
    double[] theta = new double[18];
    network.start(lipschitz, 0.2, theta);
    double[] a = new double[9 * ATOMS];
    network.forward(theta, batch.gram, batch.c, 0, new double[9 * ATOMS], a);
    var spec = Coders.spec("ista");
    SparseCoder ista =
        spec.make()
            .apply(
                HyperValues.of(
                    "ista",
                    spec.hypers().apply(DIMENSION),
                    Map.of("lambda", 0.2, "max-sweeps", 9.0, "tolerance", 0.0)));
    double[] code = new double[ATOMS];
    ista.encode(batch.gram, batch.c, 0, batch.xx[0], code, 0, new Workspace());
    assertThat(Arrays.copyOfRange(a, 8 * ATOMS, 9 * ATOMS)).containsExactly(code, within(1e-14));
  }

  @Test
  void hardThresholdKeepsTheLargestAndOfEqualOnesTheFirst() {
    Gram identity = new Gram().aim(4, new double[16]);
    UnfoldedIsta network = new UnfoldedIsta(1, 0, false, 2);
    double[] a = new double[4];
    network.forward(
        new double[] {1, 0}, identity, new double[] {1, -3, 1, 0.5}, 0, new double[4], a);
    assertThat(a).containsExactly(1, -3, 0, 0);
  }

  /**
   * What the seed paper found for the l1 norm: trained with codes as labels the layers recover them
   * better, trained without on the objective they have a lower objective.
   */
  @Test
  void labelsHelpRecoveryAndTheObjectiveHelpsItself() {
    Random random = new Random(11);
    int n = 200;
    Batch batch = new Batch(n, random);
    double[] codes = new double[n * ATOMS];
    for (int i = 0; i < n; i++) {
      codes[i * ATOMS + random.nextInt(ATOMS)] = random.nextGaussian();
      codes[i * ATOMS + random.nextInt(ATOMS)] = random.nextGaussian();
      double[] a = Arrays.copyOfRange(codes, i * ATOMS, (i + 1) * ATOMS);
      double[] c = new double[ATOMS];
      for (int j = 0; j < ATOMS; j++) {
        c[j] = Vectors.dot(batch.gram.values(), j * ATOMS, a, 0, ATOMS);
      }
      System.arraycopy(c, 0, batch.c, i * ATOMS, ATOMS);
      batch.xx[i] = Vectors.dot(a, 0, c, 0, ATOMS);
    }
    UnfoldedIsta network = new UnfoldedIsta(5, 0, false, 0);
    UnfoldedLoss recovery = new UnfoldedLoss(network, 0.1);
    recovery.aim(batch.gram, batch.c, batch.xx, codes, null, n);
    UnfoldedLoss objective = new UnfoldedLoss(network, 0.1);
    objective.aim(batch.gram, batch.c, batch.xx, null, null, n);
    double[] start = new double[10];
    network.start(batch.gram.lipschitz(), 0.1, start);
    double[] labelled = trained(recovery, start);
    double[] unlabelled = trained(objective, start);
    assertThat(recovery.value(labelled))
        .isLessThan(recovery.value(unlabelled))
        .isLessThan(recovery.value(start));
    assertThat(objective.value(unlabelled))
        .isLessThan(objective.value(labelled))
        .isLessThan(objective.value(start));
  }

  private static double[] trained(UnfoldedLoss loss, double[] start) {
    OptimizerRun run =
        new OptimizerRun(Optimizers.configure("adam", Map.of()).optimizer(), start.clone());
    for (int t = 0; t < 500; t++) {
      run.step(loss, 0.005);
    }
    return run.theta();
  }

  @Test
  void nonNegativeCodesHaveNoNegativeEntriesHoweverFewArePositive() {
    UnfoldedIsta network = new UnfoldedIsta(1, 0, true, 3);
    Gram gram = new Gram().aim(4, new double[16]);
    double[] code = new double[4];
    double[] c = {-2, 1, -3, -0.5};
    network.forward(new double[] {1, 0}, gram, c, 0, new double[4], code);
    assertThat(code).containsExactly(0, 1, 0, 0);
  }
}
