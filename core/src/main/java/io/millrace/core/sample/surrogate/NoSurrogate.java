package io.millrace.core.sample.surrogate;

import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Nothing: the conducive gradient is 0, and FSGLD is DSGLD, bit for bit. Ahn, Shahbaba, Welling,
 * "Distributed Stochastic Gradient MCMC", ICML 2014. Deviations from the paper: none. Immutable.
 */
public final class NoSurrogate implements SurrogateKind {
  public static final SurrogateSpec SPEC =
      new SurrogateSpec(
          "none",
          new Source(
              "Ahn, Shahbaba, Welling, Distributed Stochastic Gradient MCMC, ICML 2014",
              Source.Confidence.CODE_READ),
          List.of(),
          NoSurrogate::new);

  NoSurrogate(HyperValues values) {}

  @Override
  public NaturalGaussian fit(Likelihood likelihood, FitContext context) {
    return NaturalGaussian.none(likelihood.size());
  }

  @Override
  public boolean informs() {
    return false;
  }
}
