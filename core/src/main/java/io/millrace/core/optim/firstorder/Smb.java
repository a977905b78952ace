package io.millrace.core.optim.firstorder;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.optim.StepContext;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Set;

/**
 * SMB, stochastic model building. Birbil, Martin, Onay, Oztoprak, "Bolstering Stochastic Gradient
 * Descent with Model Building", arXiv:2111.07058, Algorithm 1.
 *
 * <pre>
 * s = -lr g,  trial = theta + s;  taken where f(trial) &lt;= f - c lr |g|^2, else, with
 * y = g(trial) - g and, per tensor, yy = y'y, ss = s's, ys = y's, yg = y'g, sg = s'g, gg = g'g:
 * sig   = (sqrt(ss) (sqrt(yy) + sqrt(gg) / eta) - ys) / 2
 * th    = (ys + 2 sig)^2 - ss yy
 * cg    = -ss / (2 sig)
 * cs    = cg / th (yy sg - (ys + 2 sig) yg)
 * cy    = cg / th (ss yg - (ys + 2 sig) sg)
 * theta &lt;- theta + cg g + cs s + cy y
 * </pre>
 *
 * <p>All of it on the same mini-batch; a tensor is a block of the layout. Deviations from the
 * paper: none; the option to change lr once per epoch is left to schedules, a stream has no epochs.
 * No memory; a gradient and two losses, and one more gradient where the trial is refused.
 * Immutable.
 */
public final class Smb implements Optimizer {
  static final Hyper ETA =
      new Hyper("eta", 0.99, new Range(0, true, 1, true, false), "bound on the model's step");
  static final Hyper C =
      new Hyper(
          "c", 0.1, new Range(0, true, 1, true, false), "share of decrease that is asked for");

  /** Below this norm the trial is taken whatever it yields, as in the authors' code. */
  private static final double FLAT = 1e-8;

  public static final OptimizerSpec SPEC =
      new OptimizerSpec(
          "smb",
          1,
          new Source(
              "Birbil, Martin, Onay, Oztoprak, Bolstering Stochastic Gradient Descent with Model"
                  + " Building, arXiv:2111.07058",
              Source.Confidence.CODE),
          1,
          List.of(ETA, C),
          Smb::new);

  private final double eta;
  private final double c;

  Smb(HyperValues values) {
    eta = values.get(ETA);
    c = values.get(C);
  }

  @Override
  public Set<Oracle> needs() {
    return Set.of(Oracle.VALUE, Oracle.GRADIENT);
  }

  @Override
  public void declareSlots(ParamLayout layout, Slots.Declaration slots) {}

  @Override
  public void step(Objective f, double[] theta, Slots slots, StepContext context) {
    int n = theta.length;
    double[] g = context.workspace().array("g", n);
    double[] trial = context.workspace().array("trial", n);
    double lr = context.learningRate();
    double before = f.value(theta);
    f.gradient(theta, g);
    double square = 0;
    for (int i = 0; i < n; i++) {
      square += g[i] * g[i];
      trial[i] = theta[i] - lr * g[i];
    }
    if (Math.sqrt(square) < FLAT || f.value(trial) <= before - c * lr * square) {
      System.arraycopy(trial, 0, theta, 0, n);
      return;
    }
    double[] y = context.workspace().array("y", n);
    f.gradient(trial, y);
    List<ParamLayout.Block> blocks = f.layout().blocks();
    for (int b = 0; b < blocks.size(); b++) {
      int from = blocks.get(b).offset();
      model(theta, g, y, lr, from, from + blocks.get(b).size());
    }
  }

  /** The minimizer of the model of one tensor; {@code y}: gradient at the trial. */
  private void model(double[] theta, double[] g, double[] y, double lr, int from, int to) {
    double yy = 0;
    double yg = 0;
    double gg = 0;
    for (int i = from; i < to; i++) {
      y[i] -= g[i];
      yy += y[i] * y[i];
      yg += y[i] * g[i];
      gg += g[i] * g[i];
    }
    if (gg == 0) {
      return; // No step, so no model of one: sig and th would be 0.
    }
    double ss = lr * lr * gg;
    double ys = -lr * yg;
    double sg = -lr * gg;
    double sig = 0.5 * (Math.sqrt(ss) * (Math.sqrt(yy) + Math.sqrt(gg) / eta) - ys);
    double span = ys + 2 * sig;
    double th = span * span - ss * yy;
    double cg = -ss / (2 * sig);
    double cs = cg / th * (yy * sg - span * yg);
    double cy = cg / th * (ss * yg - span * sg);
    for (int i = from; i < to; i++) {
      theta[i] += (cg - lr * cs) * g[i] + cy * y[i];
    }
  }

  /** The products go over whole tensors. */
  @Override
  public SparseSupport sparse() {
    return SparseSupport.DENSE_ONLY;
  }
}
