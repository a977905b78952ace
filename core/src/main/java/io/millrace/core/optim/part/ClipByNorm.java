package io.millrace.core.optim.part;

import io.millrace.core.compute.Vectors;
import io.millrace.core.optim.GradientTransform;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Scales the gradient so that its Euclidean norm is at most c. Pascanu, Mikolov, Bengio, "On the
 * difficulty of training recurrent neural networks", arXiv:1211.5063, Algorithm 1.
 *
 * <pre>
 * g &lt;- g c / |g|      where |g| &gt; c
 * </pre>
 *
 * <p>Deviations from the paper: none. Memory 0, 3d flops. Exact on sparse mini-batches, bit for bit
 * if their coordinates are in ascending order: zeros add nothing to the norm. Immutable.
 */
public final class ClipByNorm implements GradientTransform {
  static final Hyper LIMIT =
      new Hyper(
          "clip-norm",
          Double.POSITIVE_INFINITY,
          new Range(0, true, Double.POSITIVE_INFINITY, false, false),
          "largest Euclidean norm of the gradient");

  public static final PartSpec SPEC =
      new PartSpec(
          "clip-norm",
          new Source(
              "Pascanu, Mikolov, Bengio, On the difficulty of training recurrent neural networks,"
                  + " arXiv:1211.5063",
              Source.Confidence.DERIVED),
          List.of(LIMIT),
          ClipByNorm::new);

  private final double limit;

  ClipByNorm(HyperValues values) {
    limit = values.get(LIMIT);
  }

  @Override
  public void apply(double[] update, double[] theta, Slots slots, StepContext context) {
    double sum = 0;
    for (double u : update) {
      sum += u * u;
    }
    double norm = Vectors.root(sum, update, 0, update.length, 1);
    if (norm > limit) {
      double scale = limit / norm;
      for (int i = 0; i < update.length; i++) {
        update[i] *= scale;
      }
    }
  }

  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
