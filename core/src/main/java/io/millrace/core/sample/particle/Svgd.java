package io.millrace.core.sample.particle;

import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * SVGD: Stein variational gradient descent. Liu, Wang, "Stein Variational Gradient Descent: A
 * General Purpose Bayesian Inference Algorithm", arXiv:1608.04471, Algorithm 1.
 *
 * <pre>
 * x_j &lt;- x_j + eps phi_j,   phi as in {@link SteinDirection}
 * </pre>
 *
 * <p>Draws nothing: the same particles come to the same places. Deviations from the paper: the
 * inverse multiquadric kernel instead of the Gaussian; plain steps instead of AdaGrad's. One score
 * per particle and step. Immutable.
 */
public final class Svgd implements ParticleMethod {
  public static final ParticleSpec SPEC =
      new ParticleSpec(
          "svgd",
          new Source(
              "Liu, Wang, Stein Variational Gradient Descent: A General Purpose Bayesian Inference"
                  + " Algorithm, arXiv:1608.04471",
              Source.Confidence.DERIVED),
          List.of(SteinDirection.BANDWIDTH),
          Svgd::new);

  private final double h2;

  Svgd(HyperValues values) {
    h2 = values.get(SteinDirection.BANDWIDTH);
  }

  @Override
  public void step(
      Score score, double[] particles, int count, double stepSize, Workspace workspace) {
    int d = particles.length / count;
    double[] x = workspace.array("svgd-x", d);
    double[] g = workspace.array("svgd-g", d);
    double[] scores = workspace.array("svgd-scores", particles.length);
    double[] phi = workspace.array("svgd-phi", particles.length);
    for (int j = 0; j < count; j++) {
      System.arraycopy(particles, j * d, x, 0, d);
      score.at(x, g);
      System.arraycopy(g, 0, scores, j * d, d);
    }
    SteinDirection.of(particles, scores, count, h2, phi, workspace);
    for (int i = 0; i < particles.length; i++) {
      particles[i] += stepSize * phi[i];
    }
  }
}
