package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.jna.Pointer;
import io.millrace.core.rng.Philox;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Random numbers and elementary functions of the device are Java's, to the bit. */
class NoiseTest {
  private static final double TWO_PI = 2 * Math.PI;

  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  @Test
  void normalsAreThoseOfPhiloxDraws() {
    int n = 513;
    long[] keys = {Philox.key(1, "chain"), Philox.key(-5, "b"), 0, -1};
    long[] steps = {0, 7, 1L << 40, -1};
    Pointer stream = device.stream();
    try (DeviceBuffer k = DeviceBuffer.staged();
        DeviceBuffer s = DeviceBuffer.staged();
        DeviceBuffer out = DeviceBuffer.staged()) {
      k.reserve(32).host().write(0, keys, 0, 4);
      s.reserve(32).host().write(0, steps, 0, 4);
      k.send(32, stream);
      s.send(32, stream);
      long bytes = 8L * 4 * n;
      device
          .kernel("noise", "philox_normals")
          .begin()
          .with(k)
          .with(s)
          .with(Purpose.NOISE)
          .with(n)
          .with(out.reserve(bytes))
          .launch(2, 4, 256, 0, stream);
      out.fetch(bytes, stream);
      CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
      PhiloxDraws draws = new PhiloxDraws(1, "chain");
      for (int i = 0; i < 4; i++) {
        PhiloxDraws at = draws.at(keys[i], steps[i]).fork(Purpose.NOISE);
        for (int j = 0; j < n; j++) {
          assertThat(out.host().getDouble(8L * (i * n + j)))
              .as("stream %d, normal %d", i, j)
              .isEqualTo(at.normal(j));
        }
      }
    }
    CudaException.check("cuStreamDestroy", Driver.cuStreamDestroy_v2(stream));
    assertThat(emulator.emuBytesInUse()).isZero();
  }

  @Test
  void elementaryFunctionsAreThoseOfStrictMath() {
    int n = 200_000;
    Random random = new Random(11);
    double[] x = new double[n];
    double[] angles = new double[n];
    double[] edges = {
      0,
      -0.0,
      1,
      -1,
      Double.MIN_VALUE,
      -Double.MIN_VALUE,
      Double.MIN_NORMAL,
      709.78,
      709.79,
      -745.13,
      -745.14,
      -708.4,
      -720,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Double.NaN,
      0.5,
      2,
      1e-9,
      1e-300,
      0.34657,
      0.3466,
      1.0397,
      1.04,
      1 + 0x1p-52,
      1 - 0x1p-53,
      1 + 0x1p-21
    };
    for (int i = 0; i < n; i++) {
      x[i] =
          i < edges.length
              ? edges[i]
              : i % 3 == 0
                  ? 750 * (2 * random.nextDouble() - 1)
                  : i % 3 == 1 ? random.nextGaussian() : Double.longBitsToDouble(random.nextLong());
      angles[i] =
          i % 5 == 0
              ? Math.min(
                  TWO_PI, Math.max(0, (i / 5 % 9) * Math.PI / 4 + 1e-12 * random.nextGaussian()))
              : TWO_PI * random.nextDouble();
    }
    Pointer stream = device.stream();
    try (DeviceBuffer of = DeviceBuffer.staged();
        DeviceBuffer turns = DeviceBuffer.staged();
        DeviceBuffer out = DeviceBuffer.staged()) {
      of.reserve(8L * n).host().write(0, x, 0, n);
      turns.reserve(8L * n).host().write(0, angles, 0, n);
      of.send(8L * n, stream);
      turns.send(8L * n, stream);
      device
          .kernel("noise", "strict_functions")
          .begin()
          .with(n)
          .with(of)
          .with(turns)
          .with(out.reserve(32L * n))
          .launch((n + 255) / 256, 1, 256, 0, stream);
      out.fetch(32L * n, stream);
      CudaException.check("cuStreamSynchronize", Driver.cuStreamSynchronize(stream));
      double[] found = out.host().getDoubleArray(0, 4 * n);
      for (int i = 0; i < n; i++) {
        same("exp", x[i], found[i], StrictMath.exp(x[i]));
        same("log", x[i], found[n + i], StrictMath.log(x[i]));
        same("sin", angles[i], found[2 * n + i], StrictMath.sin(angles[i]));
        same("cos", angles[i], found[3 * n + i], StrictMath.cos(angles[i]));
      }
    }
    CudaException.check("cuStreamDestroy", Driver.cuStreamDestroy_v2(stream));
  }

  private static void same(String function, double of, double found, double expected) {
    if (Double.doubleToLongBits(found) != Double.doubleToLongBits(expected)) {
      throw new AssertionError(function + "(" + of + ") = " + found + ", StrictMath: " + expected);
    }
  }
}
