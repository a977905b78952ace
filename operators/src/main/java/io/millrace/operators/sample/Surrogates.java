package io.millrace.operators.sample;

import io.millrace.core.compute.Vectors;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.schemas.DoubleBytes;
import java.nio.ByteBuffer;

/** Gaussian functions as fields of records: what is kept of Lambda follows from its length. */
final class Surrogates {
  private Surrogates() {}

  /**
   * From two fields.
   *
   * @param size number d of parameters
   * @return null where their lengths are not those of a Gaussian function of d parameters
   */
  static NaturalGaussian read(ByteBuffer eta, ByteBuffer lambda, int size) {
    int n = DoubleBytes.count(lambda);
    if (DoubleBytes.count(eta) != size || n != 0 && n != size && n != (long) size * size) {
      return null;
    }
    return of(DoubleBytes.read(eta), DoubleBytes.read(lambda));
  }

  /** From two arrays, which are kept. */
  static NaturalGaussian of(double[] eta, double[] lambda) {
    int d = eta.length;
    if (lambda.length == 0) {
      return NaturalGaussian.linear(eta);
    }
    // One parameter: a diagonal is all there is, and both are the same function.
    return lambda.length == d
        ? NaturalGaussian.diagonal(eta, lambda)
        : NaturalGaussian.full(eta, lambda);
  }

  static boolean isFinite(NaturalGaussian q) {
    return Vectors.allFinite(q.eta(), q.eta().length)
        && Vectors.allFinite(q.lambda(), q.lambda().length);
  }
}
