package io.millrace.core.optim.variance;

import io.millrace.core.linalg.IntegerPower;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Streaming SVRG: stages of fresh events, a growing large batch for the anchor point first, then
 * corrected steps; no event is used twice. Frostig, Ge, Kakade, Sidford, "Competing with the
 * Empirical Risk Minimizer in a Single Pass", arXiv:1412.6606, Algorithm 1.
 *
 * <pre>
 * stage s:  ws &lt;- theta,   mu = mean gradient of k_s fresh mini-batches at ws
 *           m_s times, fresh mini-batches:  theta &lt;- theta - lr (g(theta) - g(ws) + mu)
 * k_s = (k_0 + s dk) growth^s,   m_s = (m_0 + s dm) growth^s,   s = 0, 1, ...
 * </pre>
 *
 * <p>Sizes and lengths may also be listed stage by stage; the stages behind the end of a list of
 * two or more follow the progression.
 *
 * <p>k_s is {@code anchor-steps} mini-batches for each unit of {@code anchor-batch-sizes},
 * collected while the parameters rest ({@link AnchorBatch}). Deviations from the paper: m_s is not
 * drawn at random; stages grow as configured, in the paper by a factor. Memory 3d (ws, mu, sum of
 * the large batch) and 3 scalars, two gradients of the same mini-batch (one while collecting),
 * about 4d flops per step. Immutable.
 */
public final class StreamingSvrg extends AnchoredDescent {
  static final Hyper LENGTH =
      Hyper.list("stage-lengths", 8, Range.integers(1, 1e9), "steps of the first stage, m_0");
  static final Hyper LENGTH_INCREMENT =
      new Hyper(
          "stage-lengths-increment", 8, Range.integers(0, 1e9), "added from stage to stage, dm");
  static final Hyper SIZE =
      Hyper.list(
          "anchor-batch-sizes", 8, Range.integers(1, 1e9), "large batch of the first stage, k_0");
  static final Hyper SIZE_INCREMENT =
      new Hyper(
          "anchor-batch-sizes-increment",
          8,
          Range.integers(0, 1e9),
          "added from stage to stage, dk");
  static final Hyper GROWTH =
      new Hyper(
          "growth",
          1,
          new Range(1, false, 16, false, false),
          "both are multiplied by it from stage to stage");

  /** One mini-batch for each unit of the sizes. */
  static final Hyper STEPS =
      new Hyper(
          AnchorBatch.STEPS.name(),
          1,
          AnchorBatch.STEPS.range(),
          "mini-batches for each unit of anchor-batch-sizes");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "streaming_svrg",
          1,
          new Source(
              "Frostig, Ge, Kakade, Sidford, Competing with the Empirical Risk Minimizer in a"
                  + " Single Pass, arXiv:1412.6606",
              Source.Confidence.DERIVED),
          0.1,
          List.of(LENGTH, LENGTH_INCREMENT, SIZE, SIZE_INCREMENT, GROWTH, STEPS),
          StreamingSvrg::new);

  /** Longest stage: counts stay exact. */
  private static final double LONGEST = 1L << 52;

  private final double[] lengths;
  private final double lengthIncrement;
  private final double[] sizes;
  private final double sizeIncrement;
  private final double growth;

  StreamingSvrg(HyperValues values) {
    super(values);
    lengths = values.list(LENGTH);
    lengthIncrement = values.get(LENGTH_INCREMENT);
    sizes = values.list(SIZE);
    sizeIncrement = values.get(SIZE_INCREMENT);
    growth = values.get(GROWTH);
  }

  @Override
  double length(double stage) {
    return of(lengths, lengthIncrement, stage);
  }

  @Override
  double anchorSize(double stage) {
    return of(sizes, sizeIncrement, stage);
  }

  private double of(double[] listed, double increment, double stage) {
    if (stage < listed.length) {
      return listed[(int) stage];
    }
    double linear = listed[0] + stage * increment;
    return Math.min(LONGEST, Math.floor(linear * IntegerPower.of(growth, (long) stage)));
  }
}
