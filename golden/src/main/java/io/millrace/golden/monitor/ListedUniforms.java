package io.millrace.golden.monitor;

import io.millrace.core.rng.Draws;
import io.millrace.golden.kind.MalformedGolden;

/** Uniforms as a file lists them. */
final class ListedUniforms implements Draws {
  private double[] listed = {};

  /** Takes those of the next test. */
  void aim(double[] uniforms) {
    listed = uniforms;
  }

  @Override
  public double uniform(long index) {
    if (index >= listed.length) {
      throw new MalformedGolden("lists " + listed.length + " uniforms, asked for more");
    }
    double u = listed[(int) index];
    if (!(u >= 0 && u < 1)) {
      throw new MalformedGolden("lists a uniform of " + u + "; must lie in [0, 1)");
    }
    return u;
  }

  @Override
  public double normal(long index) {
    throw new MalformedGolden("lists no normals");
  }

  @Override
  public int index(long index, int bound) {
    throw new MalformedGolden("lists no indexes");
  }

  @Override
  public Draws fork(int purpose) {
    return this;
  }
}
