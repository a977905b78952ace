package io.millrace.core.model;

import java.util.Locale;

/**
 * The function that a hidden unit applies to its input {@code z}, with its first two derivatives.
 * Names in the job's YAML are in lower case.
 */
public enum Activation {
  /**
   * {@code max(z, 0)}. Nair, Hinton, "Rectified Linear Units Improve Restricted Boltzmann
   * Machines", ICML 2010. Derivatives at 0 are 0.
   */
  RELU {
    @Override
    double of(double z) {
      return z > 0 || z != z ? z : 0; // no number stays none
    }

    @Override
    double slope(double z, double a) {
      return z > 0 ? 1 : 0;
    }

    @Override
    double bend(double z, double a) {
      return 0;
    }
  },

  /** {@code tanh z}. */
  TANH {
    @Override
    double of(double z) {
      return StrictMath.tanh(z);
    }

    @Override
    double slope(double z, double a) {
      return 1 - a * a;
    }

    @Override
    double bend(double z, double a) {
      return -2 * a * (1 - a * a);
    }
  },

  /**
   * {@code z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))}. Hendrycks, Gimpel, "Gaussian Error
   * Linear Units (GELUs)", arXiv:1606.08415, section 2, the form with tanh.
   */
  GELU {
    @Override
    double of(double z) {
      return 0.5 * z * (1 + StrictMath.tanh(inner(z)));
    }

    @Override
    double slope(double z, double a) {
      double t = StrictMath.tanh(inner(z));
      double steep = 1 - t * t;
      // Where tanh is flat its factor may have overflowed.
      return 0.5 * (1 + t) + (steep == 0 ? 0 : 0.5 * z * steep * innerSlope(z));
    }

    @Override
    double bend(double z, double a) {
      double t = StrictMath.tanh(inner(z));
      double steep = 1 - t * t;
      if (steep == 0) {
        return 0;
      }
      double d = innerSlope(z);
      return steep * d + 0.5 * z * steep * (6 * SCALE * CUBE * z - 2 * t * d * d);
    }
  };

  private static final double SCALE = Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  private static double inner(double z) {
    return SCALE * (z + CUBE * z * z * z);
  }

  private static double innerSlope(double z) {
    return SCALE * (1 + 3 * CUBE * z * z);
  }

  /** The unit's output. */
  abstract double of(double z);

  /**
   * First derivative in {@code z}.
   *
   * @param a {@link #of} z
   */
  abstract double slope(double z, double a);

  /**
   * Second derivative in {@code z}.
   *
   * @param a {@link #of} z
   */
  abstract double bend(double z, double a);

  /** Name in the job's YAML. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }
}
