package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Products of the device have the bits of the scalar backend, in all four forms. */
class DeviceProductsTest {
  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  @ParameterizedTest
  @CsvSource({
    "1, 1, 1",
    "3, 5, 1",
    "64, 64, 16",
    "65, 63, 17",
    "7, 130, 33",
    "128, 66, 40",
    "1, 200, 3"
  })
  void bitsAreThoseOfTheScalarBackend(int m, int n, int k) {
    Random random = new Random(m * 31L + n);
    double[] a = numbers(random, 2 + m * k);
    double[] b = numbers(random, 1 + k * n);
    if (m > 2) {
      a[2 + k] = Double.POSITIVE_INFINITY; // meets no zero of a padding
    }
    try (DeviceProducts products =
        new DeviceProducts(device, ScalarBackend.INSTANCE.kernels(), 1)) {
      for (int form = 0; form < 12; form++) {
        emulator.emuSetOrder(form % 3);
        double[] c = numbers(random, 3 + m * n);
        double[] expected = c.clone();
        run(ScalarBackend.INSTANCE.kernels(), form, m, n, k, a, b, expected);
        run(products, form, m, n, k, a, b, c);
        assertThat(c).as("form %d", form).isEqualTo(expected);
      }
    }
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  private static void run(
      Kernels x, int form, int m, int n, int k, double[] a, double[] b, double[] c) {
    boolean lt = (form & 1) != 0;
    boolean rt = (form & 2) != 0;
    x.gemm(
        form < 4 ? 1 : -0.3,
        x.left(a, 2, lt ? k : m, lt ? m : k).transposed(lt),
        x.right(b, 1, rt ? n : k, rt ? k : n).transposed(rt),
        form < 8 ? 0 : 0.5 * (form - 7),
        x.into(c, 3, m, n));
  }

  @Test
  void smallProductsAndAllElseStayOnTheHost() {
    try (DeviceProducts products =
        new DeviceProducts(device, ScalarBackend.INSTANCE.kernels(), 1000)) {
      double[] c = new double[81];
      run(
          products,
          0,
          9,
          9,
          9,
          numbers(new Random(1), 90),
          numbers(new Random(2), 90),
          new double[84]);
      assertThat(emulator.emuBytesInUse()).isZero();
      assertThat(products.cholesky(1, new double[] {4}, c)).isTrue();
      assertThat(c[0]).isEqualTo(2);
    }
  }

  private static double[] numbers(Random random, int n) {
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = Math.scalb(random.nextGaussian(), random.nextInt(40) - 20);
    }
    return v;
  }
}
