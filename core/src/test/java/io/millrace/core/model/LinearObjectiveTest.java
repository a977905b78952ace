package io.millrace.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.ParamLayout;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class LinearObjectiveTest {
  @Provide
  Arbitrary<LossSpec> smooth() {
    return Arbitraries.of(LogisticLoss.SPEC, SquaredLoss.SPEC, SoftmaxLoss.SPEC, PoissonLoss.SPEC);
  }

  @Property(tries = 200)
  void gradientAndCurvatureAgreeWithFiniteDifferences(
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 19) int width,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll boolean dense,
      @ForAll @IntRange(min = 0, max = 3) int padding,
      @ForAll long seed) {
    Random random = new Random(seed);
    Loss loss = spec.make().make(spec.maxClasses() == 0 ? 0 : Math.min(3, spec.maxClasses()), 1);
    int k = loss.outputs();
    Rows batch = new Rows(dense);
    for (int r = 0; r < rows; r++) {
      batch.beginRow();
      for (int j = 0; j < width; j++) {
        if (dense) {
          batch.add(random.nextGaussian());
        } else {
          batch.add(random.nextInt(width), random.nextGaussian()); // duplicates add up
        }
      }
      batch.endRow(k > 1 ? random.nextInt(k) : random.nextInt(2), random.nextDouble());
    }
    int n = width * k + k + padding;
    LinearObjective f = new LinearObjective(loss);
    f.aim(batch, dense ? null : batch.index(), batch.value(), width * k, ParamLayout.vector(n));
    double[] theta = random.doubles(n, -0.5, 0.5).toArray();
    double[] v = random.doubles(n, -1, 1).toArray();
    double[] g = random.doubles(n).toArray();
    double[] hv = random.doubles(n).toArray();
    f.gradient(theta, g);
    f.hessianVector(theta, v, hv);
    double h = 1e-5;
    double[] up = new double[n];
    double[] down = new double[n];
    for (int i = 0; i < n; i++) {
      up[i] = theta[i] + h * v[i];
      down[i] = theta[i] - h * v[i];
    }
    double[] a = new double[n];
    double[] b = new double[n];
    f.gradient(up, a);
    f.gradient(down, b);
    double along = 0;
    for (int i = 0; i < n; i++) {
      along += g[i] * v[i];
      double finite = (a[i] - b[i]) / (2 * h);
      assertThat(hv[i]).isCloseTo(finite, within(1e-5 * (1 + Math.abs(finite))));
    }
    double finite = (f.value(up) - f.value(down)) / (2 * h);
    assertThat(along).isCloseTo(finite, within(1e-5 * (1 + Math.abs(finite))));
    for (int i = 0; i < padding; i++) {
      assertThat(g[n - 1 - i]).isZero();
    }
    double[] mean = new double[n];
    double[] stored = new double[2 * n + 2];
    for (int r = 0; r < f.samples(); r++) {
      f.sampleGradient(theta, r, a);
      for (int i = 0; i < n; i++) {
        mean[i] += a[i] / rows;
      }
      if (dense) {
        f.storeSample(r, stored, n + 1);
        f.storedGradient(theta, stored, n + 1, b);
        assertThat(b).containsExactly(a, within(1e-14));
      }
    }
    assertThat(mean).containsExactly(g, within(1e-12));
    assertThat(f.badRow()).isEqualTo(-1);
    layerAgrees(f.layer(), theta, v, g, hv);
  }

  /** Gradient and curvature once more, put together from what the layer says. */
  private static void layerAgrees(
      Layer layer, double[] theta, double[] v, double[] gradient, double[] hessianVector) {
    int k = layer.outputs();
    double[] g = new double[theta.length];
    double[] hv = new double[theta.length];
    double[] x = new double[layer.inputs()];
    double[] slope = new double[k];
    double[] bend = new double[k];
    double[] along = new double[k];
    for (int s = 0; s < layer.samples(); s++) {
      layer.input(s, x);
      layer.outputDerivative(theta, s, slope);
      java.util.Arrays.fill(along, 0);
      for (int i = 0; i < x.length * k; i++) {
        along[i % k] += x[i / k] * v[i];
      }
      layer.outputCurvature(theta, s, along, bend);
      for (int i = 0; i < x.length * k; i++) {
        g[i] += slope[i % k] * x[i / k] / layer.samples();
        hv[i] += bend[i % k] * x[i / k] / layer.samples();
      }
    }
    assertThat(g).containsExactly(gradient, within(1e-12));
    assertThat(hv).containsExactly(hessianVector, within(1e-12));
  }
}
