package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.catalog.Schedules;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.StateSlots;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Map;

/** Langevin chains of one client with the rows and the noise that a file lists for every step. */
final class ListedChain {
  private static final double MOST_EVERY = 1e6;

  private final Clients clients;
  private final double[] start;
  private final JsonNode noise;
  private final JsonNode rows;
  private final int batch;

  /** The inputs that all cases share. */
  ListedChain(Clients clients, JsonNode shared) {
    this.clients = clients;
    start = Fields.flat("theta0", Fields.array(shared, "theta0"), clients.size());
    noise = Fields.array(shared, "z");
    rows = Fields.array(shared, "minibatch_indexes", noise.size());
    batch = Fields.integer(shared, "n", 1, 10_000);
    int count = clients.all().get(0).rows();
    if (Fields.integer(shared, "N", 1, Integer.MAX_VALUE) != count) {
      throw new MalformedGolden("'N' is " + shared.get("N") + ", but there are " + count + " rows");
    }
  }

  /** Replays a case by the sampler of its name. */
  void replay(String name, JsonNode inputs, JsonNode expected, Tally tally) {
    Shard shard = Shard.whole(clients.all().get(0), clients.prior());
    switch (name) {
      case "sgld_poly" -> {
        double b = positive(inputs, "b");
        double gamma = Fields.number(inputs, "gamma");
        Schedule schedule =
            Schedules.spec("inverse-time")
                .build(
                    positive(inputs, "a") * StrictMath.pow(b, -gamma),
                    Map.of("decay-rate", 1 / b, "power", gamma));
        run(name, sampler("mini-batch", "sgld", Map.of()), shard, schedule, expected, tally);
      }
      case "psgld" -> {
        Map<String, Double> hypers =
            Map.of("alpha", Fields.number(inputs, "alpha"), "lambda", Fields.number(inputs, "lam"));
        run(name, sampler("mini-batch", "psgld", hypers), shard, h(inputs), expected, tally);
      }
      case "sghmc" -> {
        Map<String, Double> hypers =
            Map.of(
                "alpha", Fields.number(inputs, "alpha"), "beta", Fields.number(inputs, "beta_hat"));
        double eta = positive(inputs, "eta");
        run(name, sampler("mini-batch", "sghmc", hypers), shard, t -> eta, expected, tally);
      }
      case "svrg_ld" -> {
        double every = Fields.integer(inputs, "anchor_every", 1, (int) MOST_EVERY);
        Sampler sampler =
            new Sampler(
                Estimators.spec("svrg")
                    .build(Map.of("mini-batch", (double) batch, "anchor-every", every)),
                Diffusions.spec("sgld").build(Map.of()));
        run(name, sampler, shard, h(inputs), expected, tally);
      }
      case "saga_ld" ->
          run(name, sampler("saga", "sgld", Map.of()), shard, h(inputs), expected, tally);
      case "sgld_cv" -> {
        double[] centre = Fields.flat("center", Fields.array(inputs, "center"), clients.size());
        run(
            name,
            sampler("control-variate", "sgld", Map.of()),
            shard.anchoredAt(centre),
            h(inputs),
            expected,
            tally);
      }
      case "myula" -> {
        double s = positive(inputs, "step");
        Map<String, Double> hypers =
            Map.of(
                "l1",
                Fields.number(inputs, "l1"),
                "moreau-gamma",
                Fields.number(inputs, "moreau_gamma"));
        Sampler sampler =
            new Sampler(
                Estimators.spec("full").build(Map.of()), Diffusions.spec("myula").build(hypers));
        run(name, sampler, shard, t -> 2 * s, expected, tally);
      }
      default -> throw new UnsupportedGolden("no sampler '" + name + "'");
    }
  }

  /** Replays mirror Langevin steps for a target of its own. */
  void replayMirror(Shard target, double[] from, double h, JsonNode expected, Tally tally) {
    Sampler sampler =
        new Sampler(
            Estimators.spec("full").build(Map.of()),
            Diffusions.spec("mirror-langevin").build(Map.of()));
    String fault = sampler.diffusion().faultOfStart(from);
    if (!fault.isEmpty()) {
      throw new MalformedGolden(fault);
    }
    steps("mirror", sampler, target, from, t -> h, Fields.array(expected, "x"), expected, tally);
  }

  private Sampler sampler(String estimator, String diffusion, Map<String, Double> hypers) {
    return new Sampler(
        Estimators.spec(estimator).build(Map.of("mini-batch", (double) batch)),
        Diffusions.spec(diffusion).build(hypers));
  }

  private void run(
      String name,
      Sampler sampler,
      Shard shard,
      Schedule stepSize,
      JsonNode expected,
      Tally tally) {
    JsonNode points = Fields.array(expected, "theta", noise.size());
    steps(name, sampler, shard, start, stepSize, points, expected, tally);
  }

  private void steps(
      String name,
      Sampler sampler,
      Shard shard,
      double[] from,
      Schedule stepSize,
      JsonNode points,
      JsonNode expected,
      Tally tally) {
    int d = from.length;
    int count = shard.likelihood().rows();
    LearnerState chain = new LearnerState(sampler.chainSchema(d));
    LearnerState client = new LearnerState(sampler.clientSchema(d, count));
    double[] theta = chain.block(Sampler.THETA);
    System.arraycopy(from, 0, theta, 0, d);
    sampler.estimator().initialize(shard, theta, new StateSlots(client));
    LocalStep step = new LocalStep(new Workspace());
    ListedSteps draws = new ListedSteps();
    if (points.size() > noise.size()) {
      throw new MalformedGolden(
          name + ": " + points.size() + " points, " + noise.size() + " steps");
    }
    for (int t = 0; t < points.size(); t++) {
      draws.at(count == 0 ? null : rows.get(t), noise.get(t), count, batch, d);
      sampler.step(
          shard,
          theta,
          new StateSlots(chain),
          new StateSlots(client),
          step.aim(t, stepSize.at(t), 1, draws));
      Clients.compare(name + "[" + t + "]", points.get(t), theta, tally);
      for (int b = 1; b < chain.schema().size(); b++) {
        String slot = chain.schema().name(b);
        JsonNode listed = Fields.array(expected, slot, noise.size());
        Clients.compare(name + "." + slot + "[" + t + "]", listed.get(t), chain.block(b), tally);
      }
    }
    if (expected.has("table_sum_final")) {
      Clients.compare(
          name + ".table_sum_final",
          Fields.array(expected, "table_sum_final"),
          client.block("sum"),
          tally);
    }
  }

  private static Schedule h(JsonNode inputs) {
    double h = positive(inputs, "h");
    return t -> h;
  }

  private static double positive(JsonNode inputs, String field) {
    double v = Fields.number(inputs, field);
    if (!(v > 0)) {
      throw new MalformedGolden("'" + field + "' is " + v + "; must be positive");
    }
    return v;
  }
}
