package io.millrace.core.optim.variance;

import io.millrace.core.compute.Vectors;
import io.millrace.core.optim.Moments;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import java.util.List;

/**
 * The corrected gradient of MARS, shared by its bases: {@code c = g + gamma beta1 / (1 - beta1) (g
 * - last)}, scaled to norm 1 where it is longer, per tensor (block of the layout). Immutable.
 */
final class MarsCorrection {
  static final Hyper BETA1 = Moments.BETA1.withDefault(0.95);
  static final Hyper GAMMA =
      new Hyper(
          "gamma", 0.025, Range.nonNegative(), "weight of the variance reduction; 0: the base");
  static final String PAPER =
      "Yuan, Liu, Wu, Zhou, Gu, MARS: Unleashing the Power of Variance Reduction for Training"
          + " Large Models, arXiv:2411.10438";

  private MarsCorrection() {}

  /**
   * Writes c.
   *
   * @param last gradient to compare with, not modified
   * @param c overwritten
   */
  static void apply(
      double[] g, double[] last, double gamma, double beta1, ParamLayout layout, double[] c) {
    double scale = gamma * beta1 / (1 - beta1);
    List<ParamLayout.Block> blocks = layout.blocks();
    for (int b = 0; b < blocks.size(); b++) {
      int from = blocks.get(b).offset();
      int to = from + blocks.get(b).size();
      double sum = 0;
      for (int i = from; i < to; i++) {
        c[i] = g[i] + scale * (g[i] - last[i]);
        sum += c[i] * c[i];
      }
      double norm = Vectors.root(sum, c, from, to - from, 1);
      if (norm > 1) {
        for (int i = from; i < to; i++) {
          c[i] /= norm;
        }
      }
    }
  }
}
