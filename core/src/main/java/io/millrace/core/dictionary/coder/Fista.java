package io.millrace.core.dictionary.coder;

import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.ArrayList;
import java.util.List;

/**
 * Lasso by iterative shrinkage with momentum. Beck, Teboulle, "A Fast Iterative
 * Shrinkage-Thresholding Algorithm", SIAM J. Imaging Sci. 2 (2009); see {@link ProximalGradient}
 * for the step from z to a'. Then
 *
 * <pre>
 * t' = (1 + sqrt(1 + 4 t^2)) / 2,   z = a' + (t - 1) / t' (a' - a)
 * </pre>
 *
 * <p>so that {@code F(a_k) - F* <= 2 L ||a_0 - a*||^2 / (k + 1)^2}. With restarts (O'Donoghue,
 * Candes, "Adaptive Restart for Accelerated Gradient Schemes", 2015, the gradient scheme), a step
 * with {@code <z - a', a' - a> > 0} has no momentum and t becomes 1: faster where the problem is
 * locally strongly convex, without a proof of the bound.
 */
public final class Fista extends ProximalGradient {
  static final Hyper RESTART =
      new Hyper("restart", 1, Range.flag(), "1: momentum starts anew where it points uphill");

  public static final CoderSpec SPEC =
      new CoderSpec(
          "fista",
          new Source(
              "Beck, Teboulle, A Fast Iterative Shrinkage-Thresholding Algorithm for Linear Inverse"
                  + " Problems, SIAM J. Imaging Sci. 2 (2009)",
              Source.Confidence.DERIVED),
          Fista::withRestart,
          Fista::new);

  private final boolean restart;

  private Fista(HyperValues v) {
    super(SPEC.id(), v);
    restart = v.flag(RESTART);
  }

  private static List<Hyper> withRestart(int dimension) {
    List<Hyper> hypers = new ArrayList<>(ProximalGradient.hypers(dimension));
    hypers.add(RESTART);
    return hypers;
  }

  @Override
  public String id() {
    return SPEC.id();
  }

  @Override
  double extrapolate(double t, int atoms, double[] z, double[] old, double[] next) {
    double uphill = 0;
    if (restart) {
      for (int j = 0; j < atoms; j++) {
        uphill += (z[j] - next[j]) * (next[j] - old[j]);
      }
    }
    boolean anew = uphill > 0;
    double following = anew ? 1 : (1 + Math.sqrt(1 + 4 * t * t)) / 2;
    double momentum = anew ? 0 : (t - 1) / following;
    for (int j = 0; j < atoms; j++) {
      z[j] = next[j] + momentum * (next[j] - old[j]);
    }
    return following;
  }
}
