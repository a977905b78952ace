package io.millrace.core.optim.part;

import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.PartSpec;
import io.millrace.core.optim.PublishTransform;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Publishes an average of the parameters instead of the last ones. Polyak, Juditsky, "Acceleration
 * of Stochastic Approximation by Averaging", SIAM J. Control and Optimization 30 (1992); the
 * polynomial weights of Shamir, Zhang, "Stochastic Gradient Descent for Non-smooth Optimization",
 * arXiv:1212.1824, section 4.
 *
 * <pre>
 * average &lt;- (1 - c) average + c theta,   c = (1 + g) / (n + g)      n = steps - from &gt;= 1
 * kept as lag &lt;- lag + W(n-1) (theta - theta before),   average = theta - lag / W(n)
 * W(n) = n (n+1) .. (n+g) / (g+1)!
 * </pre>
 *
 * <p>Deviations from the papers: none; the second line is the first one solved for its distance to
 * theta, so that a coordinate that does not move costs nothing. Memory 1, 4d flops. Exact on sparse
 * mini-batches around any optimizer. Numbers that fix the weights are part of the slot's name: a
 * running job cannot change them. Immutable.
 */
public final class PolyakAveraging implements PublishTransform {
  static final Hyper GAMMA =
      Hyper.structural(
          "averaging-gamma",
          0,
          Range.integers(0, 16),
          "0 weighs all steps alike; the larger, the shorter the average's memory");
  static final Hyper FROM =
      Hyper.structural(
          "averaging-from",
          0,
          Range.integers(0, 1e12),
          "steps before the average begins; until then the parameters are published");

  public static final PartSpec SPEC =
      new PartSpec(
          "polyak-averaging",
          new Source(
              "Polyak, Juditsky, Acceleration of Stochastic Approximation by Averaging, SIAM J."
                  + " Control and Optimization 30 (1992); Shamir, Zhang, arXiv:1212.1824",
              Source.Confidence.DERIVED),
          List.of(GAMMA, FROM),
          PolyakAveraging::new);

  private final int gamma;
  private final long from;
  private final String lag;

  PolyakAveraging(HyperValues values) {
    gamma = (int) values.get(GAMMA);
    from = (long) values.get(FROM);
    lag = ("polyak-averaging.lag-" + gamma + "-" + from).intern();
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.elementwise(lag);
  }

  @Override
  public void stepped(double[] before, double[] theta, Slots slots) {
    double weight = weight(slots.steps() - from);
    if (weight == 0) {
      return;
    }
    double[] to = slots.get(lag);
    for (int i = 0; i < theta.length; i++) {
      to[i] += weight * (theta[i] - before[i]);
    }
  }

  @Override
  public void publish(double[] point, Slots slots) {
    double weight = weight(slots.steps() - from);
    if (weight == 0) {
      return;
    }
    double[] behind = slots.get(lag);
    for (int i = 0; i < point.length; i++) {
      point[i] -= behind[i] / weight;
    }
  }

  /** W(n): the sum of the weights of n steps where the first weighs one. */
  private double weight(long n) {
    if (n <= 0) {
      return 0;
    }
    double product = 1;
    for (int j = 0; j <= gamma; j++) {
      product *= (n + j) / (j + 1.0);
    }
    return product;
  }

  @Override
  public SparseSupport sparse() {
    return SparseSupport.EXACT;
  }
}
