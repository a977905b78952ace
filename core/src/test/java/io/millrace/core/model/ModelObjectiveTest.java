package io.millrace.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.Rows;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.ParamLayout;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Every kind of model over random shapes, against finite differences and against itself. */
class ModelObjectiveTest {
  @Provide
  Arbitrary<LossSpec> smooth() {
    return Arbitraries.of(LogisticLoss.SPEC, SquaredLoss.SPEC, SoftmaxLoss.SPEC, PoissonLoss.SPEC);
  }

  @Provide
  Arbitrary<ModelOptions> models() {
    Arbitrary<ModelOptions> mlp =
        Combinators.combine(
                Arbitraries.of(Activation.values()),
                Arbitraries.integers().between(1, 7).list().ofMinSize(1).ofMaxSize(4))
            .as((f, hidden) -> ModelOptions.mlp(f.id(), hidden.toArray(Integer[]::new)));
    return Arbitraries.frequencyOf(
        net.jqwik.api.Tuple.of(1, Arbitraries.just(ModelOptions.linear())),
        net.jqwik.api.Tuple.of(2, Arbitraries.integers().between(1, 6).map(ModelOptions::fm)),
        net.jqwik.api.Tuple.of(4, mlp));
  }

  /** A model, a mini-batch, and points in the parameters. */
  private static final class Case {
    final Random random;
    final Loss loss;
    final Rows batch;
    final int width;
    final int used;
    final ModelObjective f;
    final double[] theta;
    final double[] v;

    Case(
        ModelOptions model,
        LossSpec spec,
        int width,
        int rows,
        boolean dense,
        int padding,
        long s) {
      random = new Random(s);
      this.width = width;
      loss = spec.make().make(spec.maxClasses() == 0 ? 0 : Math.min(3, spec.maxClasses()), 1);
      int k = loss.outputs();
      batch = new Rows(dense);
      for (int r = 0; r < rows; r++) {
        batch.beginRow();
        for (int j = 0; j < width; j++) {
          if (dense) {
            batch.add(random.nextGaussian());
          } else {
            batch.add(random.nextInt(width), random.nextGaussian()); // duplicates occur
          }
        }
        batch.endRow(k > 1 ? random.nextInt(k) : random.nextInt(2), random.nextDouble());
      }
      Architecture architecture = Models.make(model, loss);
      f = architecture.objective(ScalarBackend.INSTANCE.kernels());
      used = architecture.layout(width).size();
      int n = used + padding;
      f.aim(batch, dense ? null : batch.index(), batch.value(), width, ParamLayout.vector(n));
      double spread = 1 / Math.sqrt(width);
      theta = random.doubles(n, -spread, spread).toArray();
      v = random.doubles(n, -1, 1).toArray();
    }

    double[] noise() {
      return random.doubles(theta.length).toArray();
    }

    double[] moved(double step) {
      double[] to = theta.clone();
      for (int i = 0; i < to.length; i++) {
        to[i] += step * v[i];
      }
      return to;
    }
  }

  @Property(tries = 400)
  void gradientAndCurvatureAgreeWithFiniteDifferences(
      @ForAll("models") ModelOptions model,
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 19) int width,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll boolean dense,
      @ForAll @IntRange(min = 0, max = 3) int padding,
      @ForAll long seed) {
    Case c = new Case(model, spec, width, rows, dense, padding, seed);
    int n = c.theta.length;
    double[] g = c.noise();
    double[] hv = c.noise();
    c.f.gradient(c.theta, g);
    c.f.hessianVector(c.theta, c.v, hv);
    // So short that no unit comes to lie across a kink.
    double h = model.activation().equals("relu") ? 1e-8 : 1e-5;
    double[] a = c.noise();
    double[] b = c.noise();
    c.f.gradient(c.moved(h), a);
    c.f.gradient(c.moved(-h), b);
    double along = 0;
    for (int i = 0; i < n; i++) {
      along += g[i] * c.v[i];
      double finite = (a[i] - b[i]) / (2 * h);
      assertThat(hv[i]).isCloseTo(finite, within(1e-5 * (1 + Math.abs(finite))));
    }
    double finite = (c.f.value(c.moved(h)) - c.f.value(c.moved(-h))) / (2 * h);
    assertThat(along).isCloseTo(finite, within(1e-5 * (1 + Math.abs(finite))));
    for (int i = c.used; i < n; i++) {
      assertThat(g[i]).isZero();
      assertThat(hv[i]).isZero();
    }
    assertThat(c.f.badRow()).isEqualTo(-1);
  }

  @Property(tries = 200)
  void aTriedDescentHasTheBitsOfTheGradientAndASubtractionAndCanBeTakenBack(
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 150) int width,
      @ForAll boolean dense,
      @ForAll boolean predicted,
      @ForAll @IntRange(min = 0, max = 1) int moves,
      @ForAll long seed) {
    Case c = new Case(ModelOptions.linear(), spec, width, 1, dense, 0, seed);
    if (c.loss.outputs() > 1) {
      assertThat(c.f.triesDescents()).isFalse();
      return;
    }
    if (!dense) { // each at most once
      for (int i = 0; i < width; i++) {
        c.batch.index()[i] = width - 1 - i;
      }
    }
    LinearObjective other = new LinearObjective(c.loss); // which nobody has asked for predictions
    other.aim(c.batch, dense ? null : c.batch.index(), c.batch.value(), width, c.f.layout());
    double[] start = c.theta.clone();
    double[] expected = descended(other, start);
    if (predicted) {
      c.f.predictOnly(c.theta, c.theta, new double[1], new double[1]);
    }
    assertThat(c.f.tryDescend(c.theta, 0.3, Double.MAX_VALUE)).isTrue();
    assertThat(c.theta).containsExactly(expected);
    if (moves > 0) { // the second is by the gradient where the first has led
      start = c.theta.clone();
      expected = descended(other, start);
      assertThat(c.f.tryDescend(c.theta, 0.3, Double.MAX_VALUE)).isTrue();
      assertThat(c.theta).containsExactly(expected);
    }
    c.f.undo(c.theta);
    assertThat(c.theta).containsExactly(start);
    assertThat(c.f.tryDescend(c.theta, Double.POSITIVE_INFINITY, Double.MAX_VALUE)).isFalse();
    c.f.undo(c.theta);
    assertThat(c.theta).containsExactly(start);
  }

  private static double[] descended(ModelObjective f, double[] theta) {
    double[] g = new double[theta.length];
    f.gradient(theta, g);
    double[] to = theta.clone();
    for (int i = 0; i < to.length; i++) {
      to[i] -= 0.3 * g[i];
    }
    return to;
  }

  @Property(tries = 100)
  void whatWasPredictedElsewhereIsNotTakenForTheGradientHere(
      @ForAll("models") ModelOptions model,
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll boolean dense,
      @ForAll long seed) {
    Case c = new Case(model, spec, width, 1, dense, 0, seed);
    double[] to = c.moved(0.5);
    double[] expected = c.noise();
    c.f.gradient(to, expected);
    double[] raw = new double[c.loss.outputs()];
    double[] mean = new double[c.loss.outputs()];
    c.f.predictOnly(c.theta, c.theta.clone(), raw, mean);
    double[] found = c.noise();
    c.f.gradient(to, found);
    assertThat(found).containsExactly(expected);
  }

  @Property(tries = 200)
  void samplesAddUpToTheBatch(
      @ForAll("models") ModelOptions model,
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll boolean dense,
      @ForAll @IntRange(min = 0, max = 3) int padding,
      @ForAll long seed) {
    Case c = new Case(model, spec, width, rows, dense, padding, seed);
    int n = c.theta.length;
    double[] g = c.noise();
    c.f.gradient(c.theta, g);
    double value = c.f.value(c.theta);
    double[] mean = new double[n];
    double[] a = c.noise();
    double[] b = c.noise();
    double[] stored = new double[2 * n + 2];
    double[] raw = new double[c.loss.outputs()];
    int[] feature = dense ? null : c.batch.index();
    double sum = 0;
    for (int r = 0; r < c.f.samples(); r++) {
      c.f.sampleGradient(c.theta, r, a);
      for (int i = 0; i < n; i++) {
        mean[i] += a[i] / rows;
      }
      if (dense) {
        c.f.storeSample(r, stored, n + 1);
        c.f.storedGradient(c.theta, stored, n + 1, b);
        assertThat(b).containsExactly(a, within(1e-13));
      }
      c.f.outputs(c.theta, width, feature, c.batch.value(), c.batch.start(r), c.batch.end(r), raw);
      sum += c.batch.weight(r) * c.loss.value(raw, c.batch.label(r)) / rows;
    }
    assertThat(mean).containsExactly(g, within(1e-12));
    assertThat(sum).isCloseTo(value, within(1e-12 * (1 + Math.abs(value))));
    assertThat(c.f.culprit(c.theta)).isEqualTo(-1);
  }

  @Property(tries = 200)
  void layersSayWhatTheModelSays(
      @ForAll("models") ModelOptions model,
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 9) int width,
      @ForAll @IntRange(min = 1, max = 4) int rows,
      @ForAll boolean dense,
      @ForAll long seed) {
    Case c = new Case(model, spec, width, rows, dense, 0, seed);
    if (!Models.make(model, c.loss).layered()) {
      return;
    }
    double[] g = c.noise();
    c.f.gradient(c.theta, g);
    double[] rebuilt = new double[g.length];
    for (int l = 0; l < c.f.layers(); l++) {
      Layer layer = c.f.layer(l);
      int k = layer.outputs();
      double[] x = new double[layer.inputs()];
      double[] slope = new double[k];
      for (int s = 0; s < layer.samples(); s++) {
        layer.input(c.theta, s, x);
        layer.outputDerivative(c.theta, s, slope);
        for (int i = 0; i < x.length * k; i++) {
          rebuilt[layer.offset() + i] += slope[i % k] * x[i / k] / layer.samples();
        }
        curvatureIsGaussNewton(c, layer, s);
      }
    }
    assertThat(rebuilt).containsExactly(g, within(1e-12));
  }

  /** J'QJv, the columns of J by moving the layer's outputs through its biases. */
  private static void curvatureIsGaussNewton(Case c, Layer layer, int sample) {
    int k = layer.outputs();
    int outputs = c.loss.outputs();
    int bias = layer.offset() + (layer.inputs() - 1) * k;
    double[] v = c.random.doubles(k, -1, 1).toArray();
    double[] found = new double[k];
    layer.outputCurvature(c.theta, sample, v, found);
    double h = 1e-7;
    double[][] j = new double[k][outputs];
    double[] along = new double[outputs];
    double[] raw = raw(c, c.theta, sample);
    double[] jacobian = new double[outputs * k + 1];
    layer.outputJacobian(c.theta, sample, jacobian, 1);
    for (int i = 0; i < k; i++) {
      double[] moved = c.theta.clone();
      moved[bias + i] += h;
      double[] up = raw(c, moved, sample);
      moved[bias + i] -= 2 * h;
      double[] down = raw(c, moved, sample);
      for (int o = 0; o < outputs; o++) {
        j[i][o] = (up[o] - down[o]) / (2 * h);
        along[o] += j[i][o] * v[i];
        assertThat(jacobian[1 + o * k + i]).isCloseTo(j[i][o], within(1e-5));
      }
    }
    double[] bent = new double[outputs];
    c.loss.curvature(raw, c.batch.label(sample), along, bent);
    for (int i = 0; i < k; i++) {
      double expected = 0;
      for (int o = 0; o < outputs; o++) {
        expected += c.batch.weight(sample) * j[i][o] * bent[o];
      }
      assertThat(found[i]).isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
    }
  }

  private static double[] raw(Case c, double[] theta, int sample) {
    double[] out = new double[c.loss.outputs()];
    int[] feature = c.batch.dense() ? null : c.batch.index();
    c.f.outputs(
        theta, c.width, feature, c.batch.value(), c.batch.start(sample), c.batch.end(sample), out);
    return out;
  }

  @Property(tries = 100)
  void sparseRowsAreDenseRowsWithZerosLeftOut(
      @ForAll("models") ModelOptions model,
      @ForAll("smooth") LossSpec spec,
      @ForAll @IntRange(min = 1, max = 12) int width,
      @ForAll long seed) {
    Case c = new Case(model, spec, width, 3, true, 0, seed);
    Rows sparse = new Rows(false);
    for (int r = 0; r < 3; r++) {
      sparse.beginRow();
      for (int j = width - 1; j >= 0; j--) {
        int at = c.batch.start(r) + j;
        if (c.random.nextBoolean()) {
          c.batch.value()[at] = 0;
        } else {
          sparse.add(j, c.batch.value()[at]);
        }
      }
      sparse.endRow(c.batch.label(r), c.batch.weight(r));
    }
    double[] g = c.noise();
    double[] hv = c.noise();
    c.f.gradient(c.theta, g);
    c.f.hessianVector(c.theta, c.v, hv);
    c.f.aim(sparse, sparse.index(), sparse.value(), width, ParamLayout.vector(c.used));
    double[] found = c.noise();
    c.f.gradient(c.theta, found);
    assertThat(found).containsExactly(g, within(1e-12));
    c.f.hessianVector(c.theta, c.v, found);
    assertThat(found).containsExactly(hv, within(1e-11));
  }

  @Property(tries = 100)
  void theRowThatOverflowsIsNamed(
      @ForAll("models") ModelOptions model,
      @ForAll boolean dense,
      @ForAll @IntRange(min = 0, max = 2) int bad,
      @ForAll long seed) {
    Case c = new Case(model, SquaredLoss.SPEC, 4, 3, dense, 0, seed);
    Arrays.fill(c.theta, 0.5);
    for (int i = c.batch.start(bad); i < c.batch.end(bad); i++) {
      c.batch.value()[i] = 1e200;
    }
    c.batch.setLabel(bad, -1e200, 1); // a saturated unit does not see large inputs
    assertThat(c.f.culprit(c.theta)).isEqualTo(bad);
    c.f.gradient(c.theta, c.noise());
    assertThat(c.f.badRow()).isEqualTo(bad);
  }
}
