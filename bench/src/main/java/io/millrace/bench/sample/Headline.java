package io.millrace.bench.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.LinearGaussian;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.GaussianMean;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.sample.gaussian.StationaryLaw;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A problem of which the posterior is known, over clients that differ: the rows of a file among the
 * resources, and what other programs have found for them.
 *
 * @param name for reports
 * @param clients in the order of the file
 * @param shares all equal
 * @param file what else the file says: surrogates, and the laws that other programs have found
 */
record Headline(
    String name,
    List<LinearGaussian> clients,
    GaussianPrior prior,
    double[] shares,
    GaussianLaw posterior,
    JsonNode file) {
  static final Kernels KERNELS = ScalarBackend.INSTANCE.kernels();

  /** Rows of a mini-batch of both problems. */
  static final int MINI_BATCH = 10;

  private static final double MEAN_PRIOR = 0.2;

  /** Ten clients, each around a centre of its own: the mean of a Gaussian in the plane. */
  static Headline gaussianMean() throws IOException {
    JsonNode file = read("fsgld_headline.json");
    List<LinearGaussian> clients = new ArrayList<>();
    for (JsonNode c : file.get("clients")) {
      clients.add(new GaussianMean(2, numbers(c.get("x")), new double[] {1, 0, 0, 1}));
    }
    return of("gaussian-mean", clients, MEAN_PRIOR, file);
  }

  /** Five clients whose inputs and coefficients are shifted: Bayesian linear regression. */
  static Headline linearRegression() throws IOException {
    JsonNode file = read("fsgld_headline_linreg.json");
    List<LinearGaussian> clients = new ArrayList<>();
    for (JsonNode c : file.get("clients")) {
      double[] y = numbers(c.get("y"));
      double[] x = numbers(c.get("x"));
      clients.add(
          new LinearRegression(x.length / y.length, x, y, file.get("sigma2").doubleValue()));
    }
    return of("linear-regression", clients, 1 / file.get("tau2").doubleValue(), file);
  }

  private static Headline of(
      String name, List<LinearGaussian> clients, double precision, JsonNode file) {
    double[] shares = new double[clients.size()];
    Arrays.fill(shares, 1.0 / shares.length);
    GaussianPrior prior = new GaussianPrior(precision);
    return new Headline(
        name, clients, prior, shares, GaussianLaw.posterior(clients, prior, KERNELS), file);
  }

  private static JsonNode read(String name) throws IOException {
    try (InputStream in = Headline.class.getResourceAsStream(name)) {
      return new ObjectMapper().readTree(in);
    }
  }

  /** All numbers of nested lists. */
  static double[] numbers(JsonNode node) {
    List<JsonNode> rows = new ArrayList<>();
    node.forEach(rows::add);
    return rows.stream()
        .flatMapToDouble(
            r ->
                r.isArray()
                    ? Arrays.stream(numbers(r))
                    : Arrays.stream(new double[] {r.doubleValue()}))
        .toArray();
  }

  int size() {
    return posterior.size();
  }

  /** Clients that know nothing of each other: DSGLD. */
  List<Shard> strangers() {
    return shards(null);
  }

  /** Clients of an epoch; null: of none. */
  List<Shard> shards(Epoch epoch) {
    List<Shard> all = new ArrayList<>();
    for (int s = 0; s < shares.length; s++) {
      all.add(
          epoch == null
              ? new Shard(clients.get(s), prior, shares[s], null, null)
              : epoch.shard(s, clients.get(s), prior));
    }
    return all;
  }

  /** The clients agree on an epoch, by their own surrogates. */
  Epoch agree(SurrogateOptions options) {
    return Federation.agree(clients, shares, prior, options, 1, new Workspace());
  }

  /** The exact law of a chain over such clients. */
  StationaryLaw law(List<Shard> shards, boolean anchored, double h, int batch, int localSteps) {
    return StationaryLaw.of(
        shards, prior.precision(), anchored, h, batch, localSteps, posterior.mean());
  }

  /** Every row of a regression, client after client, for a filter that sees each once. */
  void observe(DiagonalKalmanFilter filter) {
    double noise = file.get("sigma2").doubleValue();
    for (JsonNode c : file.get("clients")) {
      double[] x = numbers(c.get("x"));
      double[] y = numbers(c.get("y"));
      for (int i = 0; i < y.length; i++) {
        filter.observe(x, i * size(), y[i], noise);
      }
    }
  }

  /** Surrogates that the file lists. */
  List<NaturalGaussian> listed(String kind) {
    JsonNode listed = file.get("surrogates").get(kind);
    List<NaturalGaussian> all = new ArrayList<>();
    for (int s = 0; s < shares.length; s++) {
      all.add(
          NaturalGaussian.full(
              numbers(listed.get("eta").get(s)), numbers(listed.get("lam").get(s))));
    }
    return all;
  }
}
