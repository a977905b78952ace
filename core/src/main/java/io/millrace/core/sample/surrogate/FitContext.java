package io.millrace.core.sample.surrogate;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.GaussianPrior;

/**
 * What a fit may use beside the rows.
 *
 * @param prior of theta
 * @param share of the prior that the client takes to itself where it needs a proper local
 *     posterior; in (0, 1]
 * @param draws of this client and epoch; moved from step to step by the fit
 */
public record FitContext(
    GaussianPrior prior, double share, PhiloxDraws draws, Workspace workspace) {
  /** A context whose draws are those of a stream for surrogates alone. */
  public static FitContext of(
      GaussianPrior prior, double share, long jobSeed, String client, Workspace workspace) {
    return new FitContext(prior, share, new PhiloxDraws(jobSeed, "surrogate/" + client), workspace);
  }

  /** The part of the prior that the client takes to itself. */
  GaussianPrior localPrior() {
    return new GaussianPrior(prior.precision() * share);
  }

  Kernels kernels() {
    return workspace.kernels(ScalarBackend.INSTANCE);
  }
}
