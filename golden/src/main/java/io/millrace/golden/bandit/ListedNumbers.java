package io.millrace.golden.bandit;

import io.millrace.core.rng.Draws;
import io.millrace.golden.kind.MalformedGolden;

/** Uniforms and normals of one round as a golden file lists them, whatever their purpose. */
final class ListedNumbers implements Draws {
  private static final double[] NONE = {};

  private double[] uniforms = NONE;
  private double[] normals = NONE;

  /**
   * Sets what may be drawn.
   *
   * @return this
   */
  ListedNumbers of(double[] newUniforms, double[] newNormals) {
    uniforms = newUniforms;
    normals = newNormals;
    return this;
  }

  /** One uniform and nothing else. */
  ListedNumbers of(double uniform) {
    return of(new double[] {uniform}, NONE);
  }

  @Override
  public double uniform(long index) {
    double u = listed("uniforms", uniforms, index);
    if (!(u >= 0 && u < 1)) {
      throw new MalformedGolden("uniform " + u + "; must lie in [0, 1)");
    }
    return u;
  }

  @Override
  public double normal(long index) {
    return listed("normals", normals, index);
  }

  @Override
  public int index(long index, int bound) {
    throw new MalformedGolden("the policy draws indexes, which no file lists");
  }

  @Override
  public Draws fork(int purpose) {
    return this;
  }

  private static double listed(String what, double[] numbers, long index) {
    if (index >= numbers.length) {
      throw new MalformedGolden(
          "the policy draws number " + index + " of " + numbers.length + " " + what);
    }
    return numbers[(int) index];
  }
}
