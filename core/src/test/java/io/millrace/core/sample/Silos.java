package io.millrace.core.sample;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Linear regressions over clients whose rows differ in where they lie and in what they follow. */
public final class Silos {
  public static final int SIZE = 2;
  static final double VARIANCE = 0.5;
  public static final GaussianPrior PRIOR = new GaussianPrior(0.25);
  public static final Kernels KERNELS = ScalarBackend.INSTANCE.kernels();

  public final List<LinearRegression> clients = new ArrayList<>();
  public final double[] shares;

  /** Clients with 20, 30, 40, .. rows, visited by their number of rows. */
  public Silos(int count) {
    this.shares = new double[count];
    PhiloxDraws draws = new PhiloxDraws(7, "silos");
    double all = 0;
    for (int s = 0; s < count; s++) {
      int rows = 20 + 10 * s;
      draws.at(s);
      double[] x = new double[rows * SIZE];
      double[] y = new double[rows];
      for (int i = 0; i < rows; i++) {
        x[i * SIZE] = 1;
        x[i * SIZE + 1] = (s - 1) + draws.normal(2L * i);
        y[i] = (s % 2 == 0 ? 1 : -1) + (1 + s) * x[i * SIZE + 1] + draws.normal(2L * i + 1);
      }
      clients.add(new LinearRegression(SIZE, x, y, VARIANCE));
      shares[s] = rows;
      all += rows;
    }
    for (int s = 0; s < count; s++) {
      shares[s] /= all;
    }
  }

  public GaussianLaw posterior() {
    return GaussianLaw.posterior(clients, PRIOR, KERNELS);
  }

  public Epoch epoch(SurrogateOptions options) {
    return Federation.agree(clients, shares, PRIOR, options, 3, new Workspace());
  }

  public Epoch epoch(String kind) {
    return epoch(SurrogateOptions.of(SurrogateKinds.spec(kind).build(Map.of())));
  }

  public List<Shard> shards(Epoch epoch) {
    List<Shard> all = new ArrayList<>();
    for (int s = 0; s < clients.size(); s++) {
      all.add(epoch.shard(s, clients.get(s), PRIOR));
    }
    return all;
  }

  /** DSGLD: nothing is known of the others. */
  public List<Shard> strangers() {
    List<Shard> all = new ArrayList<>();
    for (int s = 0; s < clients.size(); s++) {
      all.add(new Shard(clients.get(s), PRIOR, shares[s], null, null));
    }
    return all;
  }

  public static Sampler sampler(String estimator, int miniBatch) {
    return new Sampler(
        Estimators.spec(estimator)
            .build(estimator.equals("full") ? Map.of() : Map.of("mini-batch", 1.0 * miniBatch)),
        Diffusions.spec("sgld").build(Map.of()));
  }
}
