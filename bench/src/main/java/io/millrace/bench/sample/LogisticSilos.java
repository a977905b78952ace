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
 * Bayesian logistic regression over clients whose inputs lie in different places: two features and
 * a bias, so that the posterior's moments can be had by quadrature. It is skewed, so Laplace's
 * approximation is off.
 */
final class LogisticSilos {
  static final int SIZE = 3;
  private static final int CLIENTS = 4;
  private static final int ROWS = 15;
  private static final GaussianPrior PRIOR = new GaussianPrior(0.1);
  private static final double[] TRUTH = {2.5, -1.5, 0.5};

  /** Of the grid, in standard deviations of Laplace's approximation. */
  private static final double REACH = 7;

  private static final int GRID = 57;

  final double[] shares = new double[CLIENTS];
  private final List<Likelihood> clients = new ArrayList<>();
  private final List<double[]> inputs = new ArrayList<>();
  private final List<double[]> labels = new ArrayList<>();
  private final Epoch laplace;

  LogisticSilos() {
    Arrays.fill(shares, 1.0 / CLIENTS);
    Loss loss = Losses.spec("logistic").make().make(2, Double.NaN);
    Architecture model = Models.make(ModelOptions.linear(), loss);
    for (int s = 0; s < CLIENTS; s++) {
      Rows rows = rows(s);
      clients.add(new ModelLikelihood(model, loss, Headline.KERNELS, rows, SIZE - 1, 1));
    }
    laplace =
        Federation.agree(
            clients,
            shares,
            PRIOR,
            SurrogateOptions.of(SurrogateKinds.spec("laplace").build(Map.of())).withAnchorRounds(6),
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
    inputs.add(x);
    labels.add(y);
    return rows;
  }

  /** The mode, where everybody has anchored. */
  double[] mode() {
    return laplace.anchors().get(0).point();
  }

  /** Laplace's approximation of the whole posterior, around its mode. */
  GaussianLaw laplace() {
    double[] lambda = new double[SIZE * SIZE];
    double[] one = new double[SIZE * SIZE];
    for (Likelihood client : clients) {
      client.information(mode(), one);
      for (int i = 0; i < one.length; i++) {
        lambda[i] += one[i];
      }
    }
    for (int i = 0; i < SIZE; i++) {
      lambda[i * SIZE + i] += PRIOR.precision();
    }
    double[] none = new double[SIZE];
    GaussianLaw around = GaussianLaw.of(NaturalGaussian.full(none, lambda), Headline.KERNELS);
    return new GaussianLaw(mode().clone(), around.covariance());
  }

  /** Mean and covariance of the posterior by quadrature on a grid. */
  GaussianLaw posterior() {
    double[] l = new double[SIZE * SIZE];
    GaussianLaw laplaces = laplace();
    Headline.KERNELS.cholesky(SIZE, laplaces.covariance(), l);
    double top = value(mode());
    double total = 0;
    double[] mean = new double[SIZE];
    double[] second = new double[SIZE * SIZE];
    double[] theta = new double[SIZE];
    int[] at = new int[SIZE];
    int points = GRID * GRID * GRID;
    for (int p = 0; p < points; p++) {
      at[0] = p % GRID;
      at[1] = p / GRID % GRID;
      at[2] = p / (GRID * GRID);
      for (int i = 0; i < SIZE; i++) {
        theta[i] = mode()[i];
        for (int j = 0; j <= i; j++) {
          theta[i] += l[i * SIZE + j] * REACH * (2.0 * at[j] / (GRID - 1) - 1);
        }
      }
      double w = StrictMath.exp(value(theta) - top);
      total += w;
      for (int i = 0; i < SIZE; i++) {
        mean[i] += w * theta[i];
        for (int j = 0; j < SIZE; j++) {
          second[i * SIZE + j] += w * theta[i] * theta[j];
        }
      }
    }
    for (int i = 0; i < SIZE; i++) {
      mean[i] /= total;
    }
    for (int i = 0; i < SIZE * SIZE; i++) {
      second[i] = second[i] / total - mean[i / SIZE] * mean[i % SIZE];
    }
    return new GaussianLaw(mean, second);
  }

  private double value(double[] theta) {
    double sum = PRIOR.value(theta);
    for (Likelihood client : clients) {
      sum += client.value(theta);
    }
    return sum;
  }

  /** The clients of the epoch, or where nothing is known of the others, strangers. */
  List<Shard> shards(boolean federated) {
    List<Shard> all = new ArrayList<>();
    for (int s = 0; s < CLIENTS; s++) {
      all.add(
          federated
              ? laplace.shard(s, clients.get(s), PRIOR)
              : new Shard(clients.get(s), PRIOR, shares[s], null, null));
    }
    return all;
  }

  /** One pass of the diagonal filter, client after client. */
  DiagonalKalmanFilter filter() {
    DiagonalKalmanFilter filter = new DiagonalKalmanFilter(SIZE, PRIOR.precision());
    for (int s = 0; s < CLIENTS; s++) {
      for (int i = 0; i < ROWS; i++) {
        filter.observeClass(inputs.get(s), i * SIZE, labels.get(s)[i]);
      }
    }
    return filter;
  }
}
