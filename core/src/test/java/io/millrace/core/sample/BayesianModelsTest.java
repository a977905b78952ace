package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.linalg.Lbfgs;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.NaturalGaussian.Shape;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.likelihood.ModelLikelihood;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Softmax regression and a perceptron over clients that differ, against the same model whose rows
 * are all in one place. What is compared are predictions: a perceptron has the same function at
 * several places.
 */
class BayesianModelsTest {
  private static final double Z = 4.4;
  private static final int WIDTH = 2;
  private static final double[][] POINTS = {{0.5, 0.5}, {-1, 0.3}, {1.2, -0.8}};

  /** A model, rows of all clients, and how they are shared out. */
  private static final class Problem {
    final Loss loss;
    final Architecture model;
    final double dispersion;
    final GaussianPrior prior;
    final Rows all = new Rows(true);
    final List<Rows> parts = new ArrayList<>();

    Problem(String loss, int classes, ModelOptions options, double dispersion, double precision) {
      this.loss = Losses.spec(loss).make().make(classes, Double.NaN);
      this.model = Models.make(options, this.loss);
      this.dispersion = dispersion;
      this.prior = new GaussianPrior(precision);
    }

    void add(int client, double x0, double x1, double y) {
      while (parts.size() <= client) {
        parts.add(new Rows(true));
      }
      all.beginRow();
      all.add(x0);
      all.add(x1);
      all.endRow(y, 1);
      parts.get(client).addRow(all, all.count() - 1);
    }

    ModelLikelihood likelihood(Rows rows) {
      return new ModelLikelihood(model, loss, Silos.KERNELS, rows, WIDTH, dispersion);
    }

    List<ModelLikelihood> clients() {
      return parts.stream().map(this::likelihood).toList();
    }

    double[] shares() {
      double[] shares = new double[parts.size()];
      Arrays.fill(shares, 1.0 / shares.length);
      return shares;
    }

    Epoch agree(List<ModelLikelihood> clients, double[] shares, String kind, Shape shape) {
      return Federation.agree(
          clients,
          shares,
          prior,
          SurrogateOptions.of(SurrogateKinds.spec(kind).build(Map.of())).withShape(shape),
          1,
          new Workspace());
    }

    /** Predictions at all points, one after the other. */
    double[] predict(double[] theta, ModelObjective objective) {
      int k = loss.outputs();
      double[] raw = new double[k];
      double[] mean = new double[loss.outputs()];
      double[] all = new double[POINTS.length * k];
      for (int p = 0; p < POINTS.length; p++) {
        objective.outputs(theta, WIDTH, null, POINTS[p], 0, WIDTH, raw);
        loss.mean(raw, mean);
        System.arraycopy(mean, 0, all, p * k, k);
      }
      return all;
    }

    /** Statistics of the predictions over a run. */
    LearnerState run(
        DrawStatistics statistics,
        List<ModelLikelihood> clients,
        double[] shares,
        Epoch epoch,
        double[] start,
        String estimator,
        VisitOptions visit,
        int rounds) {
      List<Shard> shards = new ArrayList<>();
      for (int s = 0; s < shares.length; s++) {
        shards.add(epoch.shard(s, clients.get(s), prior));
      }
      LearnerState kept = new LearnerState(statistics.schema());
      ModelObjective objective = model.objective(Silos.KERNELS);
      Journey chain =
          new Journey(
              Silos.sampler(estimator, 8),
              shards,
              Routing.INDEPENDENT,
              start,
              2,
              "c" + shares.length);
      for (int r = 0; r < rounds; r++) {
        boolean fine =
            chain.round(
                visit,
                (step, theta) -> {
                  if (step % 10 == 9) {
                    statistics.add(kept, predict(theta, objective));
                  }
                });
        assertThat(fine).isTrue();
      }
      return kept;
    }
  }

  /** Three classes, of which no client has more than two, and one has a single one. */
  private static Problem softmax() {
    Problem problem = new Problem("softmax", 3, ModelOptions.linear(), 1, 0.5);
    PhiloxDraws draws = new PhiloxDraws(1, "softmax");
    for (int i = 0; i < 90; i++) {
      draws.at(i);
      double x0 = 1.5 * draws.normal(0);
      double x1 = 1.5 * draws.normal(1);
      double noise = draws.normal(2);
      int y = x0 + noise > 0.7 ? 2 : x1 - noise > 0 ? 1 : 0;
      problem.add(y == 2 ? 0 : y == 1 && i % 2 == 0 ? 0 : y == 0 && i % 3 == 0 ? 2 : 1, x0, x1, y);
    }
    return problem;
  }

  /** A curve of two features, each client with rows of another side. */
  private static Problem perceptron() {
    Problem problem = new Problem("squared", 0, ModelOptions.mlp("tanh", 2), 0.5, 10);
    PhiloxDraws draws = new PhiloxDraws(1, "perceptron");
    for (int i = 0; i < 36; i++) {
      draws.at(i);
      double x0 = draws.normal(0) + (i % 3 - 1);
      double x1 = draws.normal(1);
      problem.add(i % 3, x0, x1, StrictMath.tanh(1.5 * x0) - 0.7 * x1 + 0.7 * draws.normal(2));
    }
    return problem;
  }

  private static Problem problem(String name) {
    return name.equals("softmax") ? softmax() : perceptron();
  }

  @ParameterizedTest
  @CsvSource({
    "softmax, laplace, FULL, control-variate, 0.005, 10, 20000",
    "softmax, samples, FULL, control-variate, 0.005, 1, 200000",
    "perceptron, laplace, NONE, full, 0.002, 1, 200000"
  })
  void clientsTogetherPredictAsOneThatHasAllRows(
      String name,
      String kind,
      Shape shape,
      String estimator,
      double h,
      int localSteps,
      int rounds) {
    Problem problem = problem(name);
    List<ModelLikelihood> clients = problem.clients();
    double[] shares = problem.shares();
    Epoch epoch = problem.agree(clients, shares, kind, shape);
    double[] start = epoch.anchors().get(0).point();
    DrawStatistics statistics = new DrawStatistics(POINTS.length * problem.loss.outputs());
    LearnerState together =
        problem.run(
            statistics,
            clients,
            shares,
            epoch,
            start,
            estimator,
            VisitOptions.of(localSteps, h),
            rounds);
    List<ModelLikelihood> whole = List.of(problem.likelihood(problem.all));
    double[] one = {1};
    LearnerState alone =
        problem.run(
            statistics,
            whole,
            one,
            problem.agree(whole, one, "laplace", shape),
            start,
            estimator,
            VisitOptions.of(localSteps, h),
            rounds);
    for (int i = 0; i < statistics.size(); i++) {
      double spread = 0;
      double spread2 = 0;
      for (LearnerState chain : List.of(together, alone)) {
        double ess = statistics.effectiveSampleSize(chain, i);
        assertThat(ess).isGreaterThan(150);
        spread += statistics.variance(chain, i) / ess;
        spread2 += 2 / ess; // of the logarithm of a variance, were draws normal
      }
      double sd = Math.sqrt(statistics.variance(alone, i));
      double tolerance = Z * Math.sqrt(spread);
      assertThat(statistics.mean(together)[i])
          .as("prediction %d of sd %s, worth %s", i, sd, 2 / spread2)
          .isCloseTo(statistics.mean(alone)[i], within(tolerance));
      assertThat(tolerance).as("a tolerance that can fail").isLessThan(0.5 * sd);
      double ratio = statistics.variance(together, i) / statistics.variance(alone, i);
      assertThat(StrictMath.log(ratio)).isCloseTo(0, within(2 * Z * Math.sqrt(spread2)));
    }
  }

  /** Within a tenth of a standard deviation, which is worth 0.005 of the logarithm. */
  @ParameterizedTest
  @CsvSource({"softmax, laplace", "softmax, samples", "perceptron, laplace"})
  void clientsAnchorNearTheModeOfTheirPosterior(String name, String kind) {
    Problem problem = problem(name);
    Epoch epoch = problem.agree(problem.clients(), problem.shares(), kind, Shape.FULL);
    double[] anchor = epoch.anchors().get(0).point();
    Likelihood whole = problem.likelihood(problem.all);
    double[] mode = anchor.clone();
    new Lbfgs(10)
        .minimize(
            (x, g) -> {
              double[] up = new double[x.length];
              whole.addGradient(x, 1, up);
              problem.prior.addGradient(x, up);
              Arrays.setAll(g, i -> -up[i]);
              return -whole.value(x) - problem.prior.value(x);
            },
            anchor.length,
            mode,
            1000,
            1e-9);
    double below =
        whole.value(mode)
            + problem.prior.value(mode)
            - whole.value(anchor)
            - problem.prior.value(anchor);
    assertThat(below).isBetween(-1e-9, 0.02);
  }

  /**
   * Labels that are the outputs leave no residual, so that all of the Hessian is Gauss-Newton's.
   */
  @Test
  void gaussNewtonIsTheHessianWhereNothingIsLeft() {
    Problem problem = new Problem("squared", 0, ModelOptions.mlp("tanh", 3, 2), 0.3, 1);
    ModelLikelihood empty = problem.likelihood(problem.all);
    double[] theta = empty.start();
    ModelObjective objective = problem.model.objective(Silos.KERNELS);
    PhiloxDraws draws = new PhiloxDraws(1, "rows");
    for (int i = 0; i < 8; i++) {
      draws.at(i);
      double[] x = {draws.normal(0), draws.normal(1)};
      double[] y = new double[1];
      objective.outputs(theta, WIDTH, null, x, 0, WIDTH, y);
      problem.add(0, x[0], x[1], y[0]);
    }
    ModelLikelihood likelihood = problem.likelihood(problem.all);
    int d = theta.length;
    double[] hessian = new double[d * d];
    double[] gaussNewton = new double[d * d];
    assertThat(likelihood.information(theta, hessian)).isTrue();
    assertThat(likelihood.gaussNewton(theta, gaussNewton)).isTrue();
    for (int i = 0; i < d * d; i++) {
      assertThat(gaussNewton[i]).isCloseTo(hessian[i], within(1e-10 * (1 + Math.abs(hessian[i]))));
    }
    assertThat(Arrays.stream(hessian).map(Math::abs).max().orElseThrow()).isGreaterThan(1);
  }

  @Test
  void ofAModelThatIsLinearGaussNewtonIsTheHessian() {
    Problem problem = softmax();
    ModelLikelihood likelihood = problem.likelihood(problem.all);
    int d = likelihood.size();
    double[] theta = new double[d];
    PhiloxDraws draws = new PhiloxDraws(1, "theta");
    Arrays.setAll(theta, draws.fork(Purpose.INITIALIZATION)::normal);
    double[] hessian = new double[d * d];
    double[] gaussNewton = new double[d * d];
    likelihood.information(theta, hessian);
    likelihood.gaussNewton(theta, gaussNewton);
    for (int i = 0; i < d * d; i++) {
      assertThat(gaussNewton[i]).isCloseTo(hessian[i], within(1e-10 * (1 + Math.abs(hessian[i]))));
    }
  }

  /**
   * Two clients, each with one class and rows far from the other's: the local modes are far out,
   * where there is no curvature, and a whole Newton step from between them leads nowhere.
   */
  @Test
  void clientsThatAreSeparableAnchorAtTheModeAllTheSame() {
    Problem problem = new Problem("logistic", 2, ModelOptions.linear(), 1, 1e-3);
    PhiloxDraws draws = new PhiloxDraws(1, "far");
    for (int i = 0; i < 200; i++) {
      draws.at(i);
      int y = i % 2;
      double x0 = 4 * draws.normal(0) + (y == 1 ? 3 : -3);
      problem.add(y, x0, 3 * draws.normal(1), y);
    }
    List<ModelLikelihood> clients = problem.clients();
    Epoch epoch = problem.agree(clients, problem.shares(), "laplace", Shape.FULL);
    double[] anchor = epoch.anchors().get(0).point();
    double[] g = new double[anchor.length];
    problem.prior.addGradient(anchor, g);
    clients.forEach(c -> c.addGradient(anchor, 1, g));
    double[] lambda = new double[g.length * g.length];
    problem.likelihood(problem.all).information(anchor, lambda);
    for (int i = 0; i < g.length; i++) {
      // in standard deviations, were the parameter alone
      assertThat(Math.abs(g[i]) / Math.sqrt(lambda[i * g.length + i] + 1e-3))
          .as("gradient %s at %s", Arrays.toString(g), Arrays.toString(anchor))
          .isLessThan(0.15);
    }
  }
}
