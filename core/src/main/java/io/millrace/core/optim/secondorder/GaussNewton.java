package io.millrace.core.optim.secondorder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import java.util.Arrays;

/** What both systems of {@link Egn} ask of the layers. */
final class GaussNewton {
  private GaussNewton() {}

  /** A layer; the last one is there already. */
  static Layer layer(Objective f, int index, Layer last) {
    return index + 1 == f.layers() ? last : f.layer(index);
  }

  /** The loss's curvature in the model's outputs, column by column. */
  static void curvature(Layer last, double[] theta, int sample, double[] q, Workspace workspace) {
    int c = last.outputs();
    double[] unit = workspace.atLeast("unit", c);
    double[] bent = workspace.atLeast("bent", c);
    for (int l = 0; l < c; l++) {
      Arrays.fill(unit, 0, c, 0);
      unit[l] = 1;
      last.outputCurvature(theta, sample, unit, bent);
      for (int k = 0; k < c; k++) {
        q[k * c + l] = bent[k];
      }
    }
  }
}
