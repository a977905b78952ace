package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.sample.GammaPrior;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.ParticleMethods;
import io.millrace.core.sample.gaussian.GaussianMean;
import io.millrace.core.sample.particle.Score;
import io.millrace.core.sample.particle.SimplexMirror;
import io.millrace.core.sample.particle.SteinDirection;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Arrays;
import java.util.Map;

/**
 * Samplers of one client, one case each: its name is that of the sampler. Langevin chains step by
 * listed rows and noise; of methods over particles the scores and the direction are compared.
 */
public final class LangevinVariants implements GoldenKind {
  private static final String IMQ = "imq k(x,y)=1/sqrt(1+|x-y|^2/h2)";

  @Override
  public String id() {
    return "langevin_variants";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    JsonNode shared = Fields.object(file, "shared");
    Clients clients = Clients.single(shared);
    clients.comparePosterior(shared, tally);
    ListedChain chain = new ListedChain(clients, Fields.object(shared, "inputs"));
    for (JsonNode c : Fields.array(file, "cases")) {
      String name = Fields.text(c, "name");
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      if (inputs.has("rule")) {
        Fields.text(inputs, "rule");
      }
      tally.begin();
      switch (name) {
        case "svgd" -> svgd(clients, inputs, expected, tally);
        case "msvgd_dirichlet" -> mirrored(inputs, expected, tally);
        case "mirror_langevin_entropic" -> mirror(chain, inputs, expected, tally);
        default -> chain.replay(name, inputs, expected, tally);
      }
    }
  }

  private static void mirror(ListedChain chain, JsonNode inputs, JsonNode expected, Tally tally) {
    double[] shape = Fields.flat("shape", Fields.array(inputs, "shape"));
    double[] rate = Fields.flat("rate", Fields.array(inputs, "rate"));
    int d = shape.length;
    if (d < 1) {
      throw new MalformedGolden("'shape' is empty");
    }
    GammaPrior gamma = new GammaPrior(shape, rate);
    double[] none = new double[d * d];
    Shard target = Shard.whole(new GaussianMean(d, new double[0], none), gamma);
    double[] start = Fields.flat("x0", Fields.array(inputs, "x0"), d);
    chain.replayMirror(target, start, 2 * Fields.number(inputs, "step"), expected, tally);
  }

  private static void svgd(Clients clients, JsonNode inputs, JsonNode expected, Tally tally) {
    String kernel = Fields.text(inputs, "kernel");
    if (!kernel.equals(IMQ)) {
      throw new UnsupportedGolden("no kernel '" + kernel + "'");
    }
    int d = clients.size();
    Score score =
        (theta, out) -> {
          Arrays.fill(out, 0);
          clients.prior().addGradient(theta, out);
          clients.all().get(0).addGradient(theta, 1, out);
        };
    double[] particles = particles("particles", inputs, d);
    int count = particles.length / d;
    double[] scores = new double[particles.length];
    double[] at = new double[d];
    double[] g = new double[d];
    for (int j = 0; j < count; j++) {
      System.arraycopy(particles, j * d, at, 0, d);
      score.at(at, g);
      System.arraycopy(g, 0, scores, j * d, d);
    }
    double h2 = width(inputs);
    double[] phi = new double[particles.length];
    SteinDirection.of(particles, scores, count, h2, phi, new Workspace());
    Clients.compare("svgd.grad_logp", Fields.array(expected, "grad_logp"), scores, tally);
    Clients.compare("svgd.phi", Fields.array(expected, "phi"), phi, tally);
    double[] moved = particles.clone();
    ParticleMethods.spec("svgd")
        .build(Map.of("bandwidth", h2))
        .step(score, moved, count, 1, new Workspace());
    double[] listed = Fields.flat("phi", Fields.array(expected, "phi"), particles.length);
    for (int i = 0; i < moved.length; i++) {
      tally.compare("svgd moved[" + i + "]", particles[i] + listed[i], moved[i]);
    }
  }

  private static void mirrored(JsonNode inputs, JsonNode expected, Tally tally) {
    double[] alpha = Fields.flat("alpha", Fields.array(inputs, "alpha"));
    int d = alpha.length;
    if (d < 2) {
      throw new MalformedGolden("'alpha' has " + d + " numbers, must be at least 2");
    }
    Score dirichlet =
        (theta, out) -> {
          for (int i = 0; i < d; i++) {
            out[i] = (alpha[i] - 1) / theta[i];
          }
        };
    double[] eta = particles("eta", inputs, d - 1);
    int count = eta.length / (d - 1);
    double[] all = new double[count * d];
    double[] scores = new double[eta.length];
    for (int j = 0; j < count; j++) {
      double[] theta = new double[d];
      double[] g = new double[d];
      double[] dual = new double[d - 1];
      SimplexMirror.toPrimal(Arrays.copyOfRange(eta, j * (d - 1), (j + 1) * (d - 1)), theta);
      dirichlet.at(theta, g);
      SimplexMirror.dualScore(theta, g, dual);
      System.arraycopy(theta, 0, all, j * d, d);
      System.arraycopy(dual, 0, scores, j * (d - 1), d - 1);
    }
    double h2 = width(inputs);
    double[] phi = new double[eta.length];
    SteinDirection.of(eta, scores, count, h2, phi, new Workspace());
    Clients.compare("msvgd.theta", Fields.array(expected, "theta"), all, tally);
    Clients.compare(
        "msvgd.dual_grad_logp", Fields.array(expected, "dual_grad_logp"), scores, tally);
    Clients.compare("msvgd.phi_eta", Fields.array(expected, "phi_eta"), phi, tally);
    ParticleMethods.spec("msvgd")
        .build(Map.of("bandwidth", h2))
        .step(dirichlet, all, count, 1, new Workspace());
    double[] listed = Fields.flat("phi_eta", Fields.array(expected, "phi_eta"), eta.length);
    for (int j = 0; j < count; j++) {
      double[] moved = new double[d - 1];
      SimplexMirror.toDual(Arrays.copyOfRange(all, j * d, (j + 1) * d), moved);
      for (int i = 0; i < moved.length; i++) {
        int at = j * (d - 1) + i;
        tally.compare("msvgd moved[" + at + "]", eta[at] + listed[at], moved[i]);
      }
    }
  }

  private static double[] particles(String field, JsonNode inputs, int d) {
    JsonNode listed = Fields.array(inputs, field);
    if (listed.isEmpty()) {
      throw new MalformedGolden("'" + field + "' is empty");
    }
    return Fields.flat(field, listed, listed.size() * d);
  }

  private static double width(JsonNode inputs) {
    double h2 = Fields.number(inputs, "h2");
    if (!(h2 > 0)) {
      throw new MalformedGolden("'h2' is " + h2 + "; must be positive");
    }
    return h2;
  }
}
