package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.sample.likelihood.ModelLikelihood;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Likelihoods of the models of learn. */
class ModelLikelihoodTest {
  private static final int WIDTH = 2;

  private static Rows rows(int count, int classes, String stream) {
    Rows rows = new Rows(true);
    PhiloxDraws draws = new PhiloxDraws(3, stream);
    for (int i = 0; i < count; i++) {
      draws.at(i);
      rows.beginRow();
      double score = 0.5;
      for (int j = 0; j < WIDTH; j++) {
        rows.add(draws.normal(j));
        score += (j + 1) * draws.normal(j);
      }
      double y =
          classes == 0
              ? score + draws.normal(WIDTH)
              : classes == 2
                  ? score + draws.normal(WIDTH) > 0 ? 1 : 0
                  : draws.fork(1).index(0, classes);
      rows.endRow(y, 1);
    }
    return rows;
  }

  private static ModelLikelihood likelihood(
      String loss, ModelOptions options, Rows rows, int classes, double dispersion) {
    Loss l = Losses.spec(loss).make().make(classes, Double.NaN);
    Architecture model = Models.make(options, l);
    return new ModelLikelihood(model, l, Silos.KERNELS, rows, WIDTH, dispersion);
  }

  @ParameterizedTest
  @CsvSource({
    "squared, linear, 0, 1",
    "logistic, linear, 2, 1",
    "softmax, linear, 3, 1",
    "logistic, mlp, 2, 1",
    "softmax, linear, 3, 0.8",
    "logistic, mlp, 2, 0.8"
  })
  void gradientsAreThoseOfTheValue(String loss, String kind, int classes, double rho) {
    ModelOptions options = kind.equals("mlp") ? ModelOptions.mlp("tanh", 3) : ModelOptions.linear();
    Loss made = Losses.spec(loss).make().make(classes, Double.NaN);
    Likelihood f =
        new ModelLikelihood(
            Models.make(options, made),
            made,
            Silos.KERNELS,
            rows(12, classes, "g"),
            WIDTH,
            1,
            new Discount(rho));
    assertThat(f.mass()).isCloseTo(rho == 1 ? 12 : 5 * (1 - Math.pow(0.8, 12)), within(1e-12));
    int d = f.size();
    PhiloxDraws draws = new PhiloxDraws(1, "theta");
    double[] theta = new double[d];
    for (int i = 0; i < d; i++) {
      theta[i] = 0.5 * draws.normal(i);
    }
    double[] g = new double[d];
    double[] byRows = new double[d];
    double[] information = new double[d * d];
    f.addGradient(theta, 1, g);
    for (int i = 0; i < f.rows(); i++) {
      f.addRowGradient(theta, i, f.power(i), byRows);
    }
    assertThat(f.information(theta, information)).isTrue();
    double e = 1e-5;
    for (int i = 0; i < d; i++) {
      double at = theta[i];
      double[] up = new double[d];
      double[] down = new double[d];
      theta[i] = at + e;
      double above = f.value(theta);
      f.addGradient(theta, 1, up);
      theta[i] = at - e;
      double below = f.value(theta);
      f.addGradient(theta, 1, down);
      theta[i] = at;
      assertThat(g[i]).isCloseTo((above - below) / (2 * e), within(1e-6 * (1 + Math.abs(g[i]))));
      assertThat(byRows[i]).isCloseTo(g[i], within(1e-12 * (1 + Math.abs(g[i]))));
      for (int j = 0; j < d; j++) {
        assertThat(information[i * d + j])
            .isCloseTo((down[j] - up[j]) / (2 * e), within(1e-5 * (1 + Math.abs(g[j]))));
      }
    }
  }

  @Test
  void aLinearModelWithTheSquaredLossIsLinearRegression() {
    Rows rows = rows(15, 0, "linear");
    double[] x = new double[15 * 3];
    double[] y = new double[15];
    for (int i = 0; i < 15; i++) {
      System.arraycopy(rows.value(), rows.start(i), x, i * 3, WIDTH);
      x[i * 3 + 2] = 1; // the bias is the last parameter
      y[i] = rows.label(i);
    }
    Likelihood model = likelihood("squared", ModelOptions.linear(), rows, 0, 0.7);
    Likelihood closed = new LinearRegression(3, x, y, 0.7);
    double[] theta = {0.3, -0.2, 1.1};
    double[] a = new double[3];
    double[] b = new double[3];
    model.addGradient(theta, 1, a);
    closed.addGradient(theta, 1, b);
    for (int i = 0; i < 3; i++) {
      assertThat(a[i]).isCloseTo(b[i], within(1e-12 * (1 + Math.abs(b[i]))));
    }
    assertThat(model.value(theta)).isCloseTo(closed.value(theta), within(1e-10));
  }

  /** Two clients with one class each: neither has a mode of its own, together they have. */
  @Test
  void logisticRegressionIsSampledOverClientsWithOneClassEach() {
    Rows all = rows(120, 2, "classes");
    Rows[] parts = {new Rows(true), new Rows(true)};
    for (int i = 0; i < all.count(); i++) {
      parts[(int) all.label(i)].addRow(all, i);
    }
    GaussianPrior prior = new GaussianPrior(0.5);
    List<ModelLikelihood> clients =
        List.of(
            likelihood("logistic", ModelOptions.linear(), parts[0], 2, 1),
            likelihood("logistic", ModelOptions.linear(), parts[1], 2, 1));
    double[] shares = {0.5, 0.5};
    Epoch epoch =
        Federation.agree(
            clients,
            shares,
            prior,
            SurrogateOptions.of(SurrogateKinds.spec("laplace").build(Map.of())),
            1,
            new Workspace());
    DrawStatistics statistics = new DrawStatistics(WIDTH + 1);
    LearnerState federated = run(statistics, clients, shares, prior, epoch);
    ModelLikelihood whole = likelihood("logistic", ModelOptions.linear(), all, 2, 1);
    Epoch alone =
        Federation.agree(
            List.of(whole),
            new double[] {1},
            prior,
            SurrogateOptions.of(SurrogateKinds.spec("laplace").build(Map.of())),
            1,
            new Workspace());
    LearnerState single = run(statistics, List.of(whole), new double[] {1}, prior, alone);
    for (int i = 0; i < WIDTH + 1; i++) {
      double spread = 0;
      for (LearnerState chain : List.of(federated, single)) {
        spread += statistics.variance(chain, i) / statistics.effectiveSampleSize(chain, i);
      }
      assertThat(statistics.mean(federated)[i])
          .isCloseTo(statistics.mean(single)[i], within(4.4 * Math.sqrt(spread)));
      assertThat(spread).as("a tolerance that can fail").isLessThan(2e-3);
    }
  }

  private static LearnerState run(
      DrawStatistics statistics,
      List<ModelLikelihood> clients,
      double[] shares,
      GaussianPrior prior,
      Epoch epoch) {
    List<Shard> shards = new ArrayList<>();
    for (int s = 0; s < shares.length; s++) {
      shards.add(epoch.shard(s, clients.get(s), prior));
    }
    double[] start = epoch.anchors().get(0).point();
    LearnerState kept = new LearnerState(statistics.schema());
    Journey chain =
        new Journey(
            Silos.sampler("control-variate", 10),
            shards,
            Routing.INDEPENDENT,
            start,
            2,
            "logistic");
    for (int r = 0; r < 40_000; r++) {
      boolean fine =
          chain.round(VisitOptions.of(5, 0.008), (step, theta) -> statistics.add(kept, theta));
      assertThat(fine).isTrue();
    }
    return kept;
  }
}
