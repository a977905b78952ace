package io.millrace.core.dictionary.coder;

import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;

/**
 * Lasso by iterative shrinkage: {@code a <- shrink(a + (c - G a) / L, lambda / L)}, see {@link
 * ProximalGradient}. Daubechies, Defrise, De Mol, Comm. Pure Appl. Math. 57 (2004). With L at least
 * the largest eigenvalue of G, {@code F(a_k) - F* <= L ||a_0 - a*||^2 / (2 k)}.
 */
public final class Ista extends ProximalGradient {
  public static final CoderSpec SPEC =
      new CoderSpec(
          "ista",
          new Source(
              "Daubechies, Defrise, De Mol, An iterative thresholding algorithm for linear inverse"
                  + " problems with a sparsity constraint, Comm. Pure Appl. Math. 57 (2004)",
              Source.Confidence.DERIVED),
          ProximalGradient::hypers,
          Ista::new);

  private Ista(HyperValues v) {
    super(SPEC.id(), v);
  }

  @Override
  public String id() {
    return SPEC.id();
  }

  @Override
  double extrapolate(double t, int atoms, double[] z, double[] old, double[] next) {
    System.arraycopy(next, 0, z, 0, atoms);
    return t;
  }
}
