package io.millrace.core.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec.Target;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class LossTest {
  static Stream<LossSpec> all() {
    return Losses.ALL.stream();
  }

  private static Loss make(LossSpec spec) {
    return spec.make()
        .make(
            spec.maxClasses() == 0 ? 0 : Math.min(4, spec.maxClasses()),
            spec.parameter() == null ? Double.NaN : spec.parameter().def());
  }

  private static double label(LossSpec spec, Loss loss, Random random) {
    return switch (spec.target()) {
      case CLASS -> random.nextInt(Math.max(2, loss.outputs()));
      case NON_NEGATIVE -> random.nextInt(5);
      default -> random.nextGaussian() * 2;
    };
  }

  @ParameterizedTest
  @MethodSource("all")
  void isNeverBelowZeroAndComesNearIt(LossSpec spec) {
    Loss loss = make(spec);
    Random random = new Random(6);
    double least = Double.POSITIVE_INFINITY;
    for (int trial = 0; trial < 2000; trial++) {
      double y = label(spec, loss, random);
      double[] s = random.doubles(loss.outputs(), -20, 20).toArray();
      assertThat(loss.value(s, y)).isNotNegative();
      double[] mean = new double[loss.outputs()];
      loss.mean(s, mean);
      assertThat(loss.reported(mean, y)).isNotNegative();
      least = Math.min(least, loss.value(s, y));
    }
    assertThat(least).isLessThan(0.1);
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.3, 1, 50, 5000, 1e9})
  void aPoissonCountThatWasMeantCostsNothing(double y) {
    Loss loss = make(Losses.spec("poisson"));
    double s = y == 0 ? -40 : Math.log(y);
    assertThat(loss.value(new double[] {s}, y)).isBetween(0.0, 1e-6 * Math.max(1, y));
    assertThat(loss.reported(new double[] {y}, y)).isBetween(0.0, 1e-6 * Math.max(1, y));
  }

  @ParameterizedTest
  @MethodSource("all")
  void derivativeAndCurvatureAreThoseOfTheValue(LossSpec spec) {
    Loss loss = make(spec);
    int k = loss.outputs();
    Random random = new Random(5);
    double h = 1e-5;
    for (int trial = 0; trial < 200; trial++) {
      double y = label(spec, loss, random);
      double[] s = random.doubles(k, -3, 3).toArray();
      double[] slope = new double[k];
      loss.derivative(s, y, slope);
      double[] v = random.doubles(k, -1, 1).toArray();
      double[] bent = new double[k];
      if (loss.curved()) {
        loss.curvature(s, y, v, bent);
      }
      for (int o = 0; o < k; o++) {
        double[] up = s.clone();
        double[] down = s.clone();
        up[o] += h;
        down[o] -= h;
        double finite = (loss.value(up, y) - loss.value(down, y)) / (2 * h);
        boolean kink = Math.abs(finite - slope[o]) > 1e-6 && hasKinkNear(loss, s, y, o, h);
        assertThat(kink || Math.abs(finite - slope[o]) < 1e-6 * (1 + Math.abs(finite))).isTrue();
      }
      if (loss.curved()) {
        double[] up = new double[k];
        double[] down = new double[k];
        double[] a = new double[k];
        double[] b = new double[k];
        for (int o = 0; o < k; o++) {
          up[o] = s[o] + h * v[o];
          down[o] = s[o] - h * v[o];
        }
        loss.derivative(up, y, a);
        loss.derivative(down, y, b);
        for (int o = 0; o < k; o++) {
          double finite = (a[o] - b[o]) / (2 * h);
          assertThat(bent[o]).isCloseTo(finite, within(1e-6 * (1 + Math.abs(finite))));
        }
      }
    }
  }

  private static boolean hasKinkNear(Loss loss, double[] s, double y, int o, double h) {
    double[] a = new double[s.length];
    double[] b = new double[s.length];
    double[] up = s.clone();
    double[] down = s.clone();
    up[o] += h;
    down[o] -= h;
    loss.derivative(up, y, a);
    loss.derivative(down, y, b);
    return Math.abs(a[o] - b[o]) > 1e-3;
  }

  @ParameterizedTest
  @MethodSource("all")
  void staysFiniteWhereTheAnswerIs(LossSpec spec) {
    Loss loss = make(spec);
    int k = loss.outputs();
    double[] slope = new double[k];
    for (double s : new double[] {-1e4, -700, -40, 0, 40, 700}) {
      double[] raw = new double[k];
      raw[0] = s;
      for (double y : spec.target() == Target.CLASS ? new double[] {0, 1} : new double[] {0, 3}) {
        loss.derivative(raw, y, slope);
        assertThat(loss.value(raw, y)).isFinite();
        for (double g : slope) {
          assertThat(g).isFinite();
        }
        double[] mean = new double[k];
        loss.mean(raw, mean);
        assertThat(loss.reported(mean, y)).isFinite();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void meanAndDerivativeInOneHaveTheSameBits(LossSpec spec) {
    assertThat(spec.source()).isNotNull();
    if (!(make(spec) instanceof ScalarLoss loss)) {
      return; // has no such method
    }
    double[] both = new double[2];
    for (double s : new double[] {-1e4, -40, -1.5, -0.0, 0, 0.3, 7, 700, Double.NaN}) {
      for (double y : new double[] {0, 1}) {
        loss.meanAndDerivative(s, y, both);
        assertThat(both[0]).isEqualTo(Double.valueOf(loss.mean(s)));
        assertThat(both[1]).isEqualTo(Double.valueOf(loss.derivative(s, y)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void nanComesOutAsNan(LossSpec spec) {
    Loss loss = make(spec);
    double[] raw = new double[loss.outputs()];
    raw[0] = Double.NaN;
    double[] slope = new double[loss.outputs()];
    loss.derivative(raw, 1, slope);
    boolean seen = Double.isNaN(loss.value(raw, 1));
    for (double g : slope) {
      seen |= Double.isNaN(g);
    }
    assertThat(seen).isTrue();
  }

  @ParameterizedTest
  @MethodSource("all")
  void namesItsSource(LossSpec spec) {
    assertThat(spec.source().citation()).isNotBlank();
    assertThat(Losses.spec(spec.id())).isSameAs(spec);
  }

  @Test
  void logisticKeepsItsDigitsFarOut() {
    ScalarLoss loss = new LogisticLoss();
    assertThat(loss.value(50, 1)).isCloseTo(Math.exp(-50), within(1e-35));
    assertThat(loss.derivative(50, 1)).isCloseTo(-Math.exp(-50), within(1e-35));
    assertThat(loss.value(-1000, 1)).isEqualTo(1000);
    assertThat(loss.reported(loss.mean(0), 1)).isCloseTo(Math.log(2), within(1e-15));
    assertThat(loss.reported(loss.mean(1000), 0)).isCloseTo(-Math.log(1e-6), within(1e-9));
    assertThat(loss.classOf(loss.mean(0))).isZero();
    assertThat(loss.classOf(loss.mean(1e-9))).isEqualTo(1);
  }

  @Test
  void logisticOfOneClassMirrorsThatOfTheOther() {
    ScalarLoss loss = new LogisticLoss();
    for (double s : new double[] {-800, -30, -1, -0.0, 0, 0.25, 2, 800}) {
      double mean = 1 / (1 + Math.exp(-s));
      assertThat(loss.mean(s)).isCloseTo(mean, within(1e-15));
      assertThat(loss.derivative(s, 0)).isEqualTo(loss.mean(s));
      assertThat(loss.derivative(s, 1)).isEqualTo(-loss.mean(-s));
      assertThat(loss.value(s, 1)).isEqualTo(loss.value(-s, 0));
      assertThat(loss.reported(0.25, 1)).isEqualTo(Loss.logLoss(0.25));
      assertThat(loss.reported(0.25, 0)).isEqualTo(Loss.logLoss(0.75));
    }
  }

  @Test
  void hingeTakesClassesAsSigns() {
    ScalarLoss loss = new HingeLoss();
    assertThat(loss.value(0.25, 1)).isEqualTo(0.75);
    assertThat(loss.value(0.25, 0)).isEqualTo(1.25);
    assertThat(loss.derivative(0.25, 1)).isEqualTo(-1);
    assertThat(loss.derivative(0.25, 0)).isEqualTo(1);
    assertThat(loss.derivative(2, 1)).isZero();
    assertThat(loss.classOf(0)).isZero();
  }

  @Test
  void quantileLeansByTau() {
    ScalarLoss loss = new QuantileLoss(0.9);
    assertThat(loss.value(0, 2)).isCloseTo(1.8, within(1e-15));
    assertThat(loss.value(2, 0)).isCloseTo(0.2, within(1e-15));
    assertThat(loss.derivative(1, 1)).isZero();
  }

  @Test
  void softmaxOfTwoClassesIsLogistic() {
    Loss softmax = new SoftmaxLoss(2);
    ScalarLoss logistic = new LogisticLoss();
    for (double s : new double[] {-30, -1, 0, 0.5, 30}) {
      double[] raw = {0.25, 0.25 + s};
      double[] p = new double[2];
      softmax.mean(raw, p);
      assertThat(p[1]).isCloseTo(logistic.mean(s), within(1e-15));
      assertThat(softmax.value(raw, 1)).isCloseTo(logistic.value(s, 1), within(1e-13));
    }
    assertThat(softmax.classOf(new double[] {0.5, 0.5})).isZero();
  }

  @Test
  void namesTheKnownOnes() {
    assertThatThrownBy(() -> Losses.spec("log"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("model.loss = log")
        .hasMessageContaining("logistic");
  }
}
