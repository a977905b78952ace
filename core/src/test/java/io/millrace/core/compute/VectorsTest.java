package io.millrace.core.compute;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class VectorsTest {
  @Test
  void theSignOfEveryFiniteNumberIsThatOfSignum() {
    DoubleStream.of(0, Double.MIN_VALUE, Double.MIN_NORMAL, 1e-300, 0.3, 1, Math.PI, 1e308)
        .flatMap(x -> DoubleStream.of(x, -x))
        .forEach(x -> assertThat(Vectors.sign(x)).as("sign of " + x).isEqualTo(Math.signum(x)));
  }

  @Test
  void whatIsNotFiniteHasNoSign() {
    assertThat(Vectors.sign(Double.NEGATIVE_INFINITY)).isNaN();
    assertThat(Vectors.sign(Double.NaN)).isNaN();
  }

  @Test
  void aProductAtIndicesHasTheBitsOfThatOfTheGathered() {
    Random random = new Random(1);
    for (int n = 0; n < 70; n++) {
      double[] a = random.doubles(200, -1, 1).toArray();
      double[] b = random.doubles(n + 3, -1, 1).toArray();
      int[] index = random.ints(n + 3, 0, 200).toArray();
      double[] gathered = new double[n + 3];
      Arrays.setAll(gathered, i -> a[index[i]]);
      assertThat(Double.doubleToRawLongBits(Vectors.dotAt(a, index, b, 3, n + 3)))
          .isEqualTo(Double.doubleToRawLongBits(Vectors.dot(gathered, 3, b, 3, n)));
    }
  }

  @Test
  void oneElementThatIsNotFiniteIsFoundWherever() {
    for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1.0 / 0}) {
      for (int n = 1; n < 40; n++) {
        double[] a = new double[n + 1];
        Arrays.fill(a, -Double.MAX_VALUE);
        a[n] = bad; // behind the end
        assertThat(Vectors.allFinite(a, n)).isTrue();
        for (int i = 0; i < n; i++) {
          a[i] = bad;
          assertThat(Vectors.allFinite(a, n)).as("%s at %d of %d", bad, i, n).isFalse();
          a[i] = 1;
        }
      }
    }
  }

  @Test
  void oneElementBeyondTheLargestIsFoundWherever() {
    for (double largest : new double[] {1, Float.MAX_VALUE, 1e200, Double.MAX_VALUE}) {
      long bits = Double.doubleToRawLongBits(largest);
      for (double bad : new double[] {Math.nextUp(largest), -1.0 / 0, Double.NaN}) {
        for (int n = 1; n < 40; n++) {
          double[] a = new double[n + 1];
          Arrays.fill(a, -largest);
          a[n] = bad; // behind the end
          assertThat(Vectors.allWithin(a, n, largest)).as("%d of %s", n, largest).isTrue();
          for (int i = 0; i < n; i++) {
            a[i] = bad;
            assertThat(Vectors.allWithin(a, n, largest)).as("%s at %d", bad, i).isFalse();
            a[i] = 0.5;
          }
        }
        assertThat(Vectors.beyond(bad, bits)).isNegative();
      }
      assertThat(Vectors.beyond(-largest, bits)).isZero();
    }
  }

  @Test
  void choosesAndFlipsByTheSignBit() {
    for (double x : new double[] {0.0, Double.MIN_VALUE, 3, Double.POSITIVE_INFINITY}) {
      assertThat(Vectors.bySign(x, 5, 7)).isEqualTo(5);
      assertThat(Vectors.bySign(-x, 5, 7)).isEqualTo(7);
      assertThat(Vectors.flipped(5, x)).isEqualTo(5);
      assertThat(Vectors.flipped(5, -x)).isEqualTo(-5);
    }
  }
}
