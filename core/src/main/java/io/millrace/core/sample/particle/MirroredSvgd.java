package io.millrace.core.sample.particle;

import io.millrace.core.compute.Workspace;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * MSVGD: Stein variational gradient descent on the probability simplex, in the coordinates of the
 * entropic mirror. Shi, Liu, Mackey, "Sampling with Mirrored Stein Operators", ICLR 2022,
 * arXiv:2106.12506, Algorithm 1.
 *
 * <pre>
 * eta = grad psi(theta),   eta_j &lt;- eta_j + eps phi_j,   theta = grad psi*(eta)
 * </pre>
 *
 * <p>phi is that of {@link SteinDirection} for the density of eta. Particles stay on the simplex
 * whatever the step. Deviations from the paper: plain steps instead of AdaGrad's; the kernel is one
 * of the dual coordinates. Immutable.
 */
public final class MirroredSvgd implements ParticleMethod {
  public static final ParticleSpec SPEC =
      new ParticleSpec(
          "msvgd",
          new Source(
              "Shi, Liu, Mackey, Sampling with Mirrored Stein Operators, arXiv:2106.12506",
              Source.Confidence.CODE_READ),
          List.of(SteinDirection.BANDWIDTH),
          MirroredSvgd::new);

  private final double h2;

  MirroredSvgd(HyperValues values) {
    h2 = values.get(SteinDirection.BANDWIDTH);
  }

  @Override
  public void step(
      Score score, double[] particles, int count, double stepSize, Workspace workspace) {
    int d = particles.length / count;
    double[] theta = workspace.array("msvgd-theta", d);
    double[] g = workspace.array("msvgd-g", d);
    double[] eta = workspace.array("msvgd-eta", d - 1);
    double[] dual = workspace.array("msvgd-dual", d - 1);
    double[] all = workspace.array("msvgd-all", count * (d - 1));
    double[] scores = workspace.array("msvgd-scores", count * (d - 1));
    double[] phi = workspace.array("msvgd-phi", count * (d - 1));
    for (int j = 0; j < count; j++) {
      System.arraycopy(particles, j * d, theta, 0, d);
      score.at(theta, g);
      SimplexMirror.toDual(theta, eta);
      SimplexMirror.dualScore(theta, g, dual);
      System.arraycopy(eta, 0, all, j * (d - 1), d - 1);
      System.arraycopy(dual, 0, scores, j * (d - 1), d - 1);
    }
    SteinDirection.of(all, scores, count, h2, phi, workspace);
    for (int j = 0; j < count; j++) {
      for (int i = 0; i < d - 1; i++) {
        eta[i] = all[j * (d - 1) + i] + stepSize * phi[j * (d - 1) + i];
      }
      SimplexMirror.toPrimal(eta, theta);
      System.arraycopy(theta, 0, particles, j * d, d);
    }
  }
}
