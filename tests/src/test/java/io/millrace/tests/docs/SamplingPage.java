package io.millrace.tests.docs;

import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.ParticleMethods;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.particle.ParticleSpec;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.sample.surrogate.SurrogateSpec;

/** docs/sampling.md: what samplers of a posterior are composed of, as it is declared. */
final class SamplingPage {
  private SamplingPage() {}

  /** The whole page. */
  static String markdown() {
    StringBuilder out = new StringBuilder();
    out.append("# Sampling a posterior: diffusions, estimators, surrogates\n\n");
    out.append("Generated from `Diffusions`, `Estimators`, `SurrogateKinds` and ");
    out.append("`ParticleMethods`. A sampler is one diffusion with one estimator; surrogates ");
    out.append("make it federated: `sgld` with surrogates is FSGLD, with `none` DSGLD. ");
    out.append(SpecMarkdown.HOW_CHECKED).append("\n\n");
    out.append("Which of them for what: [posteriors.md](posteriors.md). ");
    out.append("Measured figures: [benchmarks/sampling.md](benchmarks/sampling.md).\n");
    out.append("\n## Diffusions\n\nThe first is the default. A step size h means a drift of h/2 ");
    out.append("times the gradient of the log posterior and noise of variance h, except for ");
    out.append("`sghmc`, whose step size is eta.\n");
    for (DiffusionSpec s : Diffusions.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    out.append("\n## Estimators\n\nHow the gradient over everybody's rows is estimated from ");
    out.append("rows of the client at which the chain is.\n");
    for (EstimatorSpec s : Estimators.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    out.append("\n## Surrogates\n\nHow a client describes its likelihood to the others. All but ");
    out.append("`none` are guarded, so that none claims more curvature than its client has, and ");
    out.append("anchored in ").append(SurrogateOptions.ANCHOR_ROUNDS);
    out.append(" rounds, or more until they are near the mode.\n");
    for (SurrogateSpec s : SurrogateKinds.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    out.append("\n## Methods over particles\n");
    for (ParticleSpec s : ParticleMethods.ALL) {
      SpecMarkdown.head(out, s);
      SpecMarkdown.hypers(out, s.hypers());
    }
    return out.toString();
  }
}
