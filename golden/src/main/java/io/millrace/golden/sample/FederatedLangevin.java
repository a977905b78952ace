package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.StateSlots;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.gaussian.StationaryLaw;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.Tolerance;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * DSGLD and FSGLD over linear-Gaussian clients: the posterior in closed form, surrogates, single
 * gradients part by part, trajectories, and the exact stationary law of the chain. A case is a case
 * of the file.
 */
public final class FederatedLangevin implements GoldenKind {
  /** How files say that they follow the step of {@link Sampler}. */
  private static final Set<String> CONVENTIONS =
      Set.of(
          "theta_next = theta + h/2*total + sqrt(h)*z ; total = prior + N_s/(f_s n) sum_i grad log"
              + " p(x_i|theta) [+ conducive] ; conducive = (eta_sum - lam_sum theta) - (eta_s -"
              + " lam_s theta)/f_s",
          "as in fsgld_gaussian_mean.json");

  /**
   * Stationary laws are given to fewer digits than single steps: files solve for second moments
   * around 0, which are up to a thousand times the covariance, and lose as much.
   */
  private static final double STATIONARY = 1_000;

  private static final int MOST_ROWS = 10_000;
  private static final int MOST_STEPS = 1_000;

  @Override
  public String id() {
    return "federated_langevin";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    JsonNode shared = Fields.object(file, "shared");
    String convention = Fields.text(shared, "convention");
    if (!CONVENTIONS.contains(convention)) {
      throw new UnsupportedGolden("no convention '" + convention + "'");
    }
    Clients clients = Clients.of(shared);
    clients.comparePosterior(shared, tally);
    double[] shares = Fields.flat("f", Fields.array(shared, "f", clients.all().size()));
    for (double f : shares) {
      if (!(f > 0 && f <= 1)) {
        throw new MalformedGolden("'f' has " + f + "; must lie in (0, 1]");
      }
    }
    ListedSurrogates surrogates =
        ListedSurrogates.of(clients, Fields.object(shared, "surrogates"), tally);
    for (JsonNode c : Fields.array(file, "cases")) {
      String name = Fields.text(c, "name");
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      tally.begin();
      Run run = new Run(name, clients, shares, surrogates, inputs, expected, tally);
      if (inputs.has("minibatch_indexes")) {
        run.gradient();
      } else if (inputs.has("rounds")) {
        run.trajectory();
      } else {
        run.stationary();
      }
    }
  }

  private record Run(
      String name,
      Clients clients,
      double[] shares,
      ListedSurrogates surrogates,
      JsonNode inputs,
      JsonNode expected,
      Tally tally) {
    private List<Shard> shards(String surrogate) {
      List<Shard> all = new ArrayList<>();
      Epoch epoch =
          surrogate == null ? null : Epoch.of(shares, surrogates.named(surrogate), List.of());
      for (int s = 0; s < shares.length; s++) {
        NaturalGaussian correction = epoch == null ? null : epoch.conducive(s);
        all.add(new Shard(clients.all().get(s), clients.prior(), shares[s], correction, null));
      }
      return all;
    }

    private String surrogate() {
      String method = Fields.text(inputs, "method");
      return switch (method) {
        case "dsgld" -> {
          if (Fields.given(inputs, "surrogate")) {
            throw new MalformedGolden(name + ": dsgld has no surrogate");
          }
          yield null;
        }
        case "fsgld" -> Fields.text(inputs, "surrogate");
        default -> throw new UnsupportedGolden("no method '" + method + "'");
      };
    }

    private static Sampler sampler(int n) {
      return new Sampler(
          Estimators.spec("mini-batch").build(Map.of("mini-batch", (double) n)),
          Diffusions.spec("sgld").build(Map.of()));
    }

    void gradient() {
      double[] theta = theta("theta");
      int s = Fields.integer(inputs, "client", 0, shares.length - 1);
      JsonNode rows = Fields.array(inputs, "minibatch_indexes");
      if (rows.isEmpty()) {
        throw new MalformedGolden(name + ": the mini-batch is empty");
      }
      for (Map.Entry<String, JsonNode> e : expected.properties()) {
        String what = name + "." + e.getKey();
        String surrogate =
            e.getKey().equals("dsgld")
                ? null
                : e.getKey().startsWith("fsgld_") ? e.getKey().substring(6) : unknown(what);
        parts(what, shards(surrogate).get(s), theta, rows, Fields.object(expected, e.getKey()));
      }
    }

    private String unknown(String what) {
      throw new UnsupportedGolden("no method '" + what + "'");
    }

    private void parts(String what, Shard shard, double[] theta, JsonNode rows, JsonNode listed) {
      int d = theta.length;
      LocalStep step = new LocalStep(new Workspace());
      step.aim(
          0, 1, 1, new ListedSteps().at(rows, null, shard.likelihood().rows(), rows.size(), d));
      Sampler sampler = sampler(rows.size());
      StateSlots none = new StateSlots(new LearnerState(sampler.clientSchema(d, 0)));
      double[] prior = new double[d];
      double[] likelihood = new double[d];
      double[] conducive = new double[d];
      double[] total = new double[d];
      shard.prior().addGradient(theta, prior);
      sampler.estimator().estimate(shard, theta, none, step, likelihood, new double[d]);
      shard.addCorrection(theta, conducive);
      sampler.drift(shard, theta, none, step, total, new double[d]);
      Clients.compare(what + ".prior", Fields.array(listed, "prior"), prior, tally);
      Clients.compare(what + ".lik", Fields.array(listed, "lik"), likelihood, tally);
      Clients.compare(what + ".total", Fields.array(listed, "total"), total, tally);
      if (shard.correction().isPresent()) {
        Clients.compare(what + ".conducive", Fields.array(listed, "conducive"), conducive, tally);
      }
    }

    void trajectory() {
      double[] theta = theta("theta0");
      List<Shard> shards = shards(surrogate());
      int n = Fields.integer(inputs, "n", 1, MOST_ROWS);
      int localSteps = Fields.integer(inputs, "local_steps", 1, MOST_STEPS);
      double h = stepSize();
      Sampler sampler = sampler(n);
      StateSlots none = new StateSlots(new LearnerState(sampler.clientSchema(theta.length, 0)));
      LocalStep step = new LocalStep(new Workspace());
      ListedSteps draws = new ListedSteps();
      JsonNode rounds = Fields.array(inputs, "rounds");
      JsonNode results = Fields.array(expected, "rounds", rounds.size());
      long t = 0;
      for (int r = 0; r < rounds.size(); r++) {
        tally.exact(name + ".round", (long) r, Fields.integer(rounds.get(r), "round"));
        Shard shard = shards.get(Fields.integer(rounds.get(r), "client", 0, shards.size() - 1));
        JsonNode steps = Fields.array(rounds.get(r), "steps", localSteps);
        JsonNode after = Fields.array(results.get(r), "steps", localSteps);
        for (int l = 0; l < localSteps; l++, t++) {
          JsonNode s = steps.get(l);
          tally.exact(name + ".step", t, Fields.integer(s, "step"));
          draws.at(
              Fields.array(s, "minibatch_indexes"),
              Fields.array(s, "z"),
              shard.likelihood().rows(),
              n,
              theta.length);
          sampler.step(shard, theta, none, none, step.aim(t, h, 1, draws));
          Clients.compare(
              name + ".rounds[" + r + "].steps[" + l + "].theta_after",
              Fields.array(after.get(l), "theta_after"),
              theta,
              tally);
        }
      }
    }

    void stationary() {
      int n = Fields.integer(inputs, "n", 1, MOST_ROWS);
      int localSteps = Fields.integer(inputs, "local_steps", 1, MOST_STEPS);
      StationaryLaw found = law(n, localSteps);
      boolean stable = Fields.flag(expected, "stable");
      tally.exact(name + ".stable", stable, found.stable());
      if (!stable) {
        tally.compare(name + ".rho", Fields.number(inputs, "rho"), found.growth(), within());
        return;
      }
      if (!found.stable()) {
        return;
      }
      number("round_contraction", found.roundContraction());
      array("mean", found.law().mean());
      array("cov", found.law().covariance());
      double bias = found.law().meanDistance(clients.posterior());
      number("bias_norm", bias);
      number("mse", found.law().trace() + bias * bias);
      number("trace_cov_ratio", found.law().trace() / clients.posterior().trace());
      number("w2_to_posterior", found.law().wasserstein(clients.posterior(), clients.kernels()));
    }

    private StationaryLaw law(int n, int localSteps) {
      try {
        return StationaryLaw.of(
            shards(surrogate()),
            clients.prior().precision(),
            false,
            stepSize(),
            n,
            localSteps,
            clients.posterior().mean());
      } catch (ArithmeticException e) {
        throw new MalformedGolden(name + ": " + e.getMessage());
      }
    }

    private void number(String field, double actual) {
      tally.compare(name + "." + field, Fields.number(expected, field), actual, within());
    }

    private void array(String field, double[] actual) {
      double[] listed = Fields.flat(field, Fields.array(expected, field));
      tally.compare(name + "." + field, listed, actual, within());
    }

    private Tolerance within() {
      return tally.tolerance().times(STATIONARY);
    }

    private double stepSize() {
      double h = Fields.number(inputs, "h");
      if (!(h > 0)) {
        throw new MalformedGolden("'h' is " + h + "; must be positive");
      }
      return h;
    }

    private double[] theta(String field) {
      return Fields.flat(field, Fields.array(inputs, field), clients.size());
    }
  }
}
