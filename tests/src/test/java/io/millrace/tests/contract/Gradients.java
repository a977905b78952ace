package io.millrace.tests.contract;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;

/** f(theta) = g'theta for a gradient g that is set from outside. */
final class Gradients implements Objective {
  private final ParamLayout layout;
  final double[] g;

  Gradients(int n) {
    layout = ParamLayout.vector(n);
    g = new double[n];
  }

  /** One row, the gradient itself, and a loss that is its output. */
  @Override
  public Layer layer(int index) {
    return new OneOutput(new double[][] {g}) {
      @Override
      double slope(double output, int row) {
        return 1;
      }

      @Override
      double bend(double output, int row) {
        return 0;
      }
    };
  }

  /** Draws a gradient of the given step; only every {@code keep}-th coordinate is not zero. */
  void draw(PhiloxDraws draws, long step, int keep) {
    draws.at(step);
    for (int i = 0; i < g.length; i++) {
      g[i] = (i + step) % keep == 0 ? draws.normal(i) : 0;
    }
  }

  @Override
  public ParamLayout layout() {
    return layout;
  }

  @Override
  public double value(double[] theta) {
    double sum = 0;
    for (int i = 0; i < g.length; i++) {
      sum += g[i] * theta[i];
    }
    return sum;
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    System.arraycopy(g, 0, out, 0, g.length);
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    gradient(theta, out);
  }

  @Override
  public void storeSample(int sample, double[] to, int at) {
    System.arraycopy(g, 0, to, at, g.length);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    System.arraycopy(stored, at, out, 0, g.length);
  }

  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    Arrays.fill(out, 0);
  }
}
