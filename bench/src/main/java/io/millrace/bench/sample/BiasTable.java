package io.millrace.bench.sample;

import io.millrace.cli.bench.Benchmark.Run;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.StationaryLaw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Bias of mean and standard deviation by step size, mini-batch and length of visits, beside
 * Laplace's approximation and a diagonal extended Kalman filter: of a linear regression by the
 * exact law of the chain, of a logistic one by draws.
 */
final class BiasTable {
  private static final List<Integer> LOCAL_STEPS = List.of(1, 10, 100);
  private static final List<Integer> MINI_BATCHES = List.of(5, 20);

  private final Run run;
  private final List<Map<String, Object>> lines = new ArrayList<>();

  BiasTable(Run run) {
    this.run = run;
  }

  /** A way to sample a logistic regression. */
  private enum Logistic {
    DSGLD("dsgld"),
    LAPLACE("fsgld laplace"),
    CONTROLLED("fsgld laplace, control variate");

    private final String title;

    Logistic(String title) {
      this.title = title;
    }
  }

  /** Spacing of the grid that the logistic posterior is taken from, in standard deviations. */
  private static final double SPACING = 0.4;

  List<Map<String, Object>> measure(Headline regression) {
    linear(regression);
    logistic(new LogisticSilos());
    return lines;
  }

  private void logistic(LogisticSilos silos) {
    GaussianLaw truth = silos.posterior(SPACING);
    run.output()
        .say(
            "%nbias of %s by draws, the posterior by quadrature: the same figures, and what draws of"
                + " that number would miss by chance",
            LogisticSilos.NAME);
    for (double h : new double[] {5e-3, 5e-4}) {
      for (int batch : MINI_BATCHES) {
        for (Logistic way : Logistic.values()) {
          List<Shard> shards = way == Logistic.DSGLD ? silos.strangers() : silos.shards();
          Method as = way == Logistic.CONTROLLED ? Method.CONTROLLED : Method.DSGLD;
          for (int localSteps : LOCAL_STEPS) {
            SampledLaw drawn =
                SampledLaw.run(
                    as.sampler(batch),
                    shards,
                    silos.mode(),
                    h,
                    localSteps,
                    run.count("chains"),
                    run.count("steps"));
            double chance = 1 / Math.sqrt(drawn.leastEss());
            line(LogisticSilos.NAME, way.title, h, batch, localSteps, drawn.law(), truth, chance);
          }
        }
      }
    }
    line(LogisticSilos.NAME, "laplace", 0, 0, 0, silos.laplace(), truth, 0);
    line(LogisticSilos.NAME, "diagonal kalman filter", 0, 0, 0, law(silos.filtered()), truth, 0);
  }

  private void linear(Headline regression) {
    run.output()
        .say(
            "%nbias of %s by the exact law: largest of the means in standard deviations / least and"
                + " greatest ratio of an sd to the true one",
            regression.name());
    for (double h : new double[] {2e-5, 2e-6}) {
      for (int batch : MINI_BATCHES) {
        for (Method method : Method.values()) {
          List<Shard> shards = method.shards(regression);
          for (int localSteps : LOCAL_STEPS) {
            StationaryLaw law = regression.law(shards, method.anchored, h, batch, localSteps);
            line(
                regression.name(),
                method.title,
                h,
                batch,
                localSteps,
                law.law(),
                regression.posterior(),
                0);
          }
        }
      }
    }
    closedForms(regression);
  }

  /**
   * Laplace's approximation of a Gaussian is exact; the filter forgets what is off its diagonal.
   */
  private void closedForms(Headline regression) {
    line(regression.name(), "laplace", 0, 0, 0, regression.posterior(), regression.posterior(), 0);
    DiagonalKalmanFilter filter =
        new DiagonalKalmanFilter(regression.size(), regression.prior().precision());
    regression.observe(filter);
    line(
        regression.name(),
        "diagonal kalman filter",
        0,
        0,
        0,
        law(filter),
        regression.posterior(),
        0);
  }

  private static GaussianLaw law(DiagonalKalmanFilter filter) {
    int d = filter.mean.length;
    double[] covariance = new double[d * d];
    for (int i = 0; i < d; i++) {
      covariance[i * d + i] = filter.variance[i];
    }
    return new GaussianLaw(filter.mean, covariance);
  }

  /**
   * Reports a law.
   *
   * @param law null: a visit has diverged
   * @param chance standard deviation of a mean of the draws in those of the posterior; 0: no draws
   */
  private void line(
      String problem,
      String method,
      double h,
      int batch,
      int localSteps,
      GaussianLaw law,
      GaussianLaw truth,
      double chance) {
    double bias = Double.POSITIVE_INFINITY;
    double least = Double.POSITIVE_INFINITY;
    double greatest = Double.POSITIVE_INFINITY;
    if (law != null) {
      bias = 0;
      greatest = 0;
      for (int i = 0; i < truth.size(); i++) {
        double ratio = law.deviation(i) / truth.deviation(i);
        bias = Math.max(bias, Math.abs(law.mean()[i] - truth.mean()[i]) / truth.deviation(i));
        least = Math.min(least, ratio);
        greatest = Math.max(greatest, ratio);
      }
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("problem", problem);
    line.put("method", method);
    if (h > 0) {
      line.put("stepSize", h);
      line.put("miniBatch", batch);
      line.put("localSteps", localSteps);
    }
    line.put("diverged", law == null);
    if (law != null) {
      line.put("biasOfMeanInSd", bias);
      line.put("leastSdRatio", least);
      line.put("greatestSdRatio", greatest);
      if (chance > 0) {
        line.put("chanceInSd", chance);
      }
    }
    lines.add(line);
    run.output()
        .say(
            "  %-20s %-32s %-30s %.3f / %.3f to %.3f%s",
            problem,
            method,
            h > 0 ? "h " + h + ", n " + batch + ", L " + localSteps : "",
            bias,
            least,
            greatest,
            chance > 0 ? String.format(Locale.ROOT, ", chance %.3f", chance) : "");
  }
}
