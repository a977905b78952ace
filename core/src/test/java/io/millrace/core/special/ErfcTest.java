package io.millrace.core.special;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ErfcTest {
  /** x and erfc(x) to 20 digits, by mpmath. */
  private static final double[][] KNOWN = {
    {-6.0, 1.9999999999999999785},
    {-3.3, 1.9999969422902035618},
    {-1.0, 1.8427007929497148693},
    {-0.5, 1.5204998778130465377},
    {-0.001, 1.0011283787909692364},
    {0.0, 1.0},
    {1e-10, 0.99999999988716208329},
    {0.1, 0.8875370839817151016},
    {0.3, 0.67137324054087258381},
    {0.46875, 0.50738652678206200841},
    {0.5, 0.47950012218695346232},
    {0.75, 0.2888443663464848684},
    {1.0, 0.15729920705028513066},
    {1.3, 0.06599205505934755415},
    {1.5, 0.033894853524689272933},
    {2.0, 0.0046777349810472658379},
    {2.5, 0.00040695201744495893956},
    {3.0, 0.000022090496998585441373},
    {3.7, 1.6715105790914597513e-7},
    {4.0, 1.5417257900280018852e-8},
    {5.0, 1.5374597944280348502e-12},
    {6.25, 9.6722041318762539915e-19},
    {8.0, 1.122429717298292708e-29},
    {10.0, 2.088487583762544757e-45},
    {13.0, 1.7395573154667245218e-75},
    {17.0, 1.0212280150942608811e-127},
    {20.0, 5.3958656116079009289e-176},
    {24.0, 1.6489825831519335142e-252},
    {26.0, 5.6631924088561428465e-296},
  };

  @Test
  void isWithinThreeUnitsOfTheLastPlace() {
    for (double[] k : KNOWN) {
      assertThat(Erfc.of(k[0])).as("erfc(%s)", k[0]).isCloseTo(k[1], within(3 * Math.ulp(k[1])));
    }
  }

  @Test
  void fallsFromTwoToZeroAndKeepsWhatIsNoNumber() {
    assertThat(Erfc.of(Double.NEGATIVE_INFINITY)).isEqualTo(2);
    assertThat(Erfc.of(Double.POSITIVE_INFINITY)).isZero();
    assertThat(Erfc.of(30)).isZero();
    assertThat(Erfc.of(Double.NaN)).isNaN();
    assertThat(Erfc.phi(0)).isEqualTo(0.5);
  }

  @Test
  void neverRises() {
    double before = 2;
    for (double x = -6; x < 27; x += 0x1p-10) {
      double v = Erfc.of(x);
      assertThat(v).as("erfc(%s)", x).isLessThanOrEqualTo(before + 2 * Math.ulp(before));
      before = v;
    }
  }
}
