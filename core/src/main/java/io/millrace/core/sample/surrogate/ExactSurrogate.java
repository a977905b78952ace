package io.millrace.core.sample.surrogate;

import io.millrace.core.ConfigException;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * The likelihood itself, for linear-Gaussian models: {@code Lambda = sum_i A_i, eta = sum_i b_i}.
 * With it FSGLD does not depend on the length of a visit. El Mekkaoui, Mesquita, Blomstedt, Kaski,
 * "Federated Stochastic Gradient Langevin Dynamics", UAI 2021, arXiv:2004.11231. Deviations from
 * the paper: none. One pass over the rows. Immutable.
 */
public final class ExactSurrogate implements SurrogateKind {
  /** The paper of conducive gradients. */
  static final String PAPER =
      "El Mekkaoui, Mesquita, Blomstedt, Kaski, Federated Stochastic Gradient Langevin Dynamics,"
          + " arXiv:2004.11231";

  public static final SurrogateSpec SPEC =
      new SurrogateSpec(
          "exact", new Source(PAPER, Source.Confidence.CODE_READ), List.of(), ExactSurrogate::new);

  ExactSurrogate(HyperValues values) {}

  @Override
  public NaturalGaussian fit(Likelihood likelihood, FitContext context) {
    return likelihood
        .exact()
        .orElseThrow(
            () ->
                new ConfigException(
                    "surrogate.kind = exact; must be another one, such as laplace, because the"
                        + " model's likelihood is no Gaussian function of its parameters"));
  }
}
