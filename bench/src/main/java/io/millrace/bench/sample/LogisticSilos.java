package io.millrace.bench.sample;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.likelihood.ModelLikelihood;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Bayesian logistic regression over clients whose inputs lie in different places, through the
 * objective of {@code learn}: two features and a bias.
 */
final class LogisticSilos {
  static final int SIZE = 3;
  private static final int CLIENTS = 4;
  private static final int ROWS = 100;
  private static final GaussianPrior PRIOR = new GaussianPrior(1);
  private static final double[] TRUTH = {2.5, -1.5, 0.5};

  /** Name in reports. */
  static final String NAME = "logistic-regression";

  final double[] shares = new double[CLIENTS];
  private final List<Likelihood> clients = new ArrayList<>();
  private final List<Rows> rows = new ArrayList<>();
  private final Epoch laplace;

  LogisticSilos() {
    Arrays.fill(shares, 1.0 / CLIENTS);
    Loss loss = Losses.spec("logistic").make().make(2, Double.NaN);
    Architecture model = Models.make(ModelOptions.linear(), loss);
    for (int s = 0; s < CLIENTS; s++) {
      rows.add(rows(s));
      clients.add(new ModelLikelihood(model, loss, Headline.KERNELS, rows.get(s), SIZE - 1, 1));
    }
    laplace =
        Federation.agree(
            clients,
            shares,
            PRIOR,
            SurrogateOptions.of(SurrogateKinds.spec("laplace").build(Map.of())),
            1,
            new Workspace());
  }

  private Rows rows(int s) {
    Rows rows = new Rows(true);
    PhiloxDraws draws = new PhiloxDraws(1, "logistic-" + s);
    double[] x = new double[ROWS * SIZE];
    double[] y = new double[ROWS];
    for (int i = 0; i < ROWS; i++) {
      draws.at(i);
      x[i * SIZE] = draws.normal(0) + (s % 2 == 0 ? 1.5 : -1.5);
      x[i * SIZE + 1] = draws.normal(1) + (s < 2 ? 1 : -1);
      x[i * SIZE + 2] = 1;
      double score = 0;
      for (int j = 0; j < SIZE; j++) {
        score += TRUTH[j] * x[i * SIZE + j];
      }
      y[i] = draws.fork(Purpose.SCHEDULE).coin(0, 1 / (1 + StrictMath.exp(-score))) ? 1 : 0;
      rows.beginRow();
      rows.add(x[i * SIZE]);
      rows.add(x[i * SIZE + 1]);
      rows.endRow(y[i], 1);
    }
    return rows;
  }

  /** The mode, where everybody has anchored. */
  double[] mode() {
    return laplace.anchors().get(0).point();
  }

  /** The clients of the epoch. */
  List<Shard> shards() {
    List<Shard> all = new ArrayList<>();
    for (int s = 0; s < CLIENTS; s++) {
      all.add(laplace.shard(s, clients.get(s), PRIOR));
    }
    return all;
  }

  /** Clients that know nothing of each other: DSGLD. */
  List<Shard> strangers() {
    return clients.stream().map(c -> new Shard(c, PRIOR, 1.0 / CLIENTS, null, null)).toList();
  }

  /** Laplace's approximation of the posterior. */
  GaussianLaw laplace() {
    double[] information = new double[SIZE * SIZE];
    NaturalGaussian all = PRIOR.natural(SIZE);
    for (Likelihood client : clients) {
      if (!client.information(mode(), information)) {
        throw new IllegalStateException("the logistic loss has no curvature");
      }
      all = all.times(NaturalGaussian.full(new double[SIZE], information), 1);
    }
    return new GaussianLaw(mode(), GaussianLaw.of(all, Headline.KERNELS).covariance());
  }

  /** Mean and covariance of the posterior, by quadrature. */
  GaussianLaw posterior(double spacing) {
    return GridPosterior.of(
        theta -> {
          double sum = PRIOR.value(theta);
          for (Likelihood client : clients) {
            sum += client.value(theta);
          }
          return sum;
        },
        laplace(),
        spacing);
  }

  /** Every row, client after client, for a filter that sees each once. */
  DiagonalKalmanFilter filtered() {
    DiagonalKalmanFilter filter = new DiagonalKalmanFilter(SIZE, PRIOR.precision());
    double[] x = new double[SIZE];
    for (Rows of : rows) {
      for (int i = 0; i < of.count(); i++) {
        System.arraycopy(of.value(), of.start(i), x, 0, SIZE - 1);
        x[SIZE - 1] = 1;
        filter.observeLogistic(x, 0, of.label(i));
      }
    }
    return filter;
  }
}
