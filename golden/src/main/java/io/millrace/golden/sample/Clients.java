package io.millrace.golden.sample;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.LinearGaussian;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.GaussianMean;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.List;

/**
 * The problem that the cases of a file share: a linear-Gaussian model and the rows of its clients.
 *
 * @param posterior in closed form
 */
record Clients(
    int size,
    List<LinearGaussian> all,
    GaussianPrior prior,
    GaussianLaw posterior,
    Kernels kernels) {
  private static final String MEAN = "x_i ~ N(theta, Sigma)";
  private static final String REGRESSION = "y ~ N(x.theta, sigma2)";
  private static final String ONE_REGRESSION = "linear regression, one client";

  /** Reads the problem of a file with several clients. */
  static Clients of(JsonNode shared) {
    String model = Fields.text(shared, "model");
    List<LinearGaussian> all = new ArrayList<>();
    JsonNode clients = Fields.array(shared, "clients");
    if (clients.isEmpty()) {
      throw new MalformedGolden("'clients' is empty");
    }
    if (model.startsWith(MEAN)) {
      double[] covariance = Fields.flat("Sigma", Fields.array(shared, "Sigma"));
      int d = (int) Math.sqrt(covariance.length);
      double[] precision = inverse(d, covariance);
      for (JsonNode c : clients) {
        all.add(new GaussianMean(d, rows(Fields.array(c, "x"), d), precision));
      }
      return of(d, all, Fields.number(shared, "prior_precision"));
    }
    if (!model.startsWith(REGRESSION)) {
      throw new UnsupportedGolden("no model '" + model + "'");
    }
    int d = 0;
    for (JsonNode c : clients) {
      LinearGaussian one = regression(c, Fields.number(shared, "sigma2"));
      if (d != 0 && one.size() != d) {
        throw new MalformedGolden("rows of " + d + " and of " + one.size() + " numbers");
      }
      d = one.size();
      all.add(one);
    }
    return of(d, all, 1 / Fields.number(shared, "tau2"));
  }

  /** Reads the problem of a file with one client. */
  static Clients single(JsonNode shared) {
    String model = Fields.text(shared, "model");
    if (!model.equals(ONE_REGRESSION)) {
      throw new UnsupportedGolden("no model '" + model + "'");
    }
    LinearGaussian one = regression(shared, Fields.number(shared, "sigma2"));
    return of(one.size(), List.of(one), 1 / Fields.number(shared, "tau2"));
  }

  private static Clients of(int d, List<LinearGaussian> all, double precision) {
    Kernels kernels = ScalarBackend.INSTANCE.kernels();
    GaussianPrior prior = new GaussianPrior(precision);
    return new Clients(d, all, prior, posterior(all, prior, kernels), kernels);
  }

  private static GaussianLaw posterior(
      List<LinearGaussian> all, GaussianPrior prior, Kernels kernels) {
    try {
      return GaussianLaw.posterior(all, prior, kernels);
    } catch (IllegalStateException e) {
      throw new MalformedGolden(e.getMessage());
    }
  }

  private static LinearGaussian regression(JsonNode client, double variance) {
    double[] y = Fields.flat("y", Fields.array(client, "y"));
    JsonNode x = Fields.array(client, "x", y.length);
    int d = x.isEmpty() ? 0 : x.get(0).size();
    return new LinearRegression(d, rows(x, d), y, variance);
  }

  private static double[] rows(JsonNode x, int d) {
    double[] all = new double[x.size() * d];
    for (int i = 0; i < x.size(); i++) {
      System.arraycopy(Fields.flat("x[" + i + "]", x.get(i), d), 0, all, i * d, d);
    }
    return all;
  }

  private static double[] inverse(int d, double[] covariance) {
    if (d < 1 || d * d != covariance.length) {
      throw new MalformedGolden("'Sigma' is no square matrix");
    }
    try {
      return GaussianLaw.of(
              NaturalGaussian.full(new double[d], covariance), ScalarBackend.INSTANCE.kernels())
          .covariance();
    } catch (IllegalStateException e) {
      throw new MalformedGolden("'Sigma' is not positive definite");
    }
  }

  /** The exact functions of the clients. */
  List<NaturalGaussian> exact() {
    return all.stream().map(c -> c.exact().orElseThrow()).toList();
  }

  /** Compares the posterior that the file lists. */
  void comparePosterior(JsonNode shared, Tally tally) {
    JsonNode listed = Fields.object(shared, "posterior");
    compare("posterior.mean", Fields.array(listed, "mean"), posterior.mean(), tally);
    compare("posterior.cov", Fields.array(listed, "cov"), posterior.covariance(), tally);
    if (listed.has("precision")) {
      NaturalGaussian natural = NaturalGaussian.product(exact()).times(prior.natural(size), 1);
      compare("posterior.precision", Fields.array(listed, "precision"), natural.lambda(), tally);
    }
  }

  static void compare(String where, JsonNode listed, double[] actual, Tally tally) {
    tally.compare(where, Fields.flat(where, listed), actual);
  }
}
