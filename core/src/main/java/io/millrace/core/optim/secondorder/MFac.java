package io.millrace.core.optim.secondorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.optim.WeightDecay;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * M-FAC with a window that slides: a natural-gradient step by the empirical Fisher matrix of the
 * last gradients. Frantar, Kurtic, Alistarh, "M-FAC: Efficient Matrix-Free Approximations of
 * Second-Order Information", arXiv:2107.03356, section 3.2.
 *
 * <pre>
 * g     &lt;- g + wd theta                                 (coupled weight decay)
 * W     : g replaces the oldest row                      [M x d]
 * u      = (damp I + W'W / M)^-1 g
 *        = (g - W' (M damp I + W W')^-1 W g) / damp       (Woodbury)
 * b     &lt;- mu b + (1 - mu) u                            (mu = momentum)
 * theta &lt;- theta - lr b
 * </pre>
 *
 * <p>Divided by M also while the window fills. Deviations from the paper: defaults (M 1024, damp
 * 1e-5 there) that suit small streaming models. Memory {@code M d + M^2 + d}; one gradient, about
 * {@code 4 M d + M^3 / 3} flops per step. Immutable.
 */
public final class MFac implements Optimizer {
  static final Hyper MOMENTUM =
      new Hyper("momentum", 0, Range.halfOpen(0, 1), "mu, decay of the average of updates");

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "mfac",
          1,
          new Source(
              "Frantar, Kurtic, Alistarh, M-FAC: Efficient Matrix-Free Approximations of"
                  + " Second-Order Information, arXiv:2107.03356",
              Source.Confidence.CODE),
          0.01,
          List.of(MOMENTUM, WeightDecay.COUPLED, FisherWindow.WINDOW, FisherWindow.DAMP),
          MFac::new);

  private static final String RING = "w";
  private static final String GRAM = "gram";
  private static final String BUFFER = "b";

  private final double momentum;
  private final double weightDecay;
  private final int window;
  private final double damp;

  MFac(HyperValues values) {
    momentum = values.get(MOMENTUM);
    weightDecay = values.get(WeightDecay.COUPLED);
    window = (int) values.get(FisherWindow.WINDOW);
    damp = values.get(FisherWindow.DAMP);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.block(RING, (long) window * layout.size());
    slots.block(GRAM, (long) window * window);
    slots.elementwise(BUFFER);
  }

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    int d = theta.length;
    double[] w = slots.get(RING);
    double[] gram = slots.get(GRAM);
    double[] b = slots.get(BUFFER);
    double[] g = context.workspace().array("g", d);
    f.gradient(theta, g);
    int row = (int) (slots.steps() % window);
    int used = FisherWindow.used(window, slots.nextStep());
    for (int i = 0; i < d; i++) {
      g[i] += weightDecay * theta[i];
      w[row * d + i] = g[i];
    }
    double[] y = context.workspace().atLeast("y", window);
    // The right-hand side W g is the ring's new row of products as well.
    context.compute().gemv(1, context.compute().left(w, used, d), g, 0, 0, y, 0);
    for (int i = 0; i < used; i++) {
      gram[row * window + i] = y[i];
      gram[i * window + row] = y[i];
    }
    if (!FisherWindow.solve(gram, window, used, damp, context, y)) {
      Arrays.fill(theta, Double.NaN); // The square of a gradient has overflowed.
      return;
    }
    context.compute().gemv(-1, context.compute().left(w, used, d).transposed(), y, 0, 1, g, 0);
    double lr = context.learningRate();
    for (int i = 0; i < d; i++) {
      b[i] = momentum * b[i] + (1 - momentum) * g[i] / damp;
      theta[i] -= lr * b[i];
    }
  }

  /** Products of gradients mix all coordinates. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
