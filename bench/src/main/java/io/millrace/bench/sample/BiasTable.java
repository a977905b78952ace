package io.millrace.bench.sample;

import io.millrace.cli.bench.Benchmark.Run;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.sample.gaussian.StationaryLaw;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Bias of mean and standard deviation by step size, mini-batch and length of visits, by the exact
 * law of the chain, beside Laplace's approximation and a diagonal extended Kalman filter.
 */
final class BiasTable {
  private static final List<Integer> LOCAL_STEPS = List.of(1, 10, 100);
  private static final List<Integer> MINI_BATCHES = List.of(5, 20);

  private final Run run;
  private final List<Map<String, Object>> lines = new ArrayList<>();

  BiasTable(Run run) {
    this.run = run;
  }

  List<Map<String, Object>> measure(Headline regression) {
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
                regression.posterior());
          }
        }
      }
    }
    closedForms(regression);
    return lines;
  }

  /**
   * Laplace's approximation of a Gaussian is exact; the filter forgets what is off its diagonal.
   */
  private void closedForms(Headline regression) {
    line(regression.name(), "laplace", 0, 0, 0, regression.posterior(), regression.posterior());
    DiagonalKalmanFilter filter =
        new DiagonalKalmanFilter(regression.size(), regression.prior().precision());
    regression.observe(filter);
    line(regression.name(), "diagonal kalman filter", 0, 0, 0, law(filter), regression.posterior());
  }

  private static GaussianLaw law(DiagonalKalmanFilter filter) {
    int d = filter.mean.length;
    double[] covariance = new double[d * d];
    for (int i = 0; i < d; i++) {
      covariance[i * d + i] = filter.variance[i];
    }
    return new GaussianLaw(filter.mean, covariance);
  }

  private void line(
      String problem,
      String method,
      double h,
      int batch,
      int localSteps,
      GaussianLaw law,
      GaussianLaw truth) {
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
    }
    lines.add(line);
    run.output()
        .say(
            "  %-20s %-32s %-30s %.3f / %.3f to %.3f",
            problem,
            method,
            h > 0 ? "h " + h + ", n " + batch + ", L " + localSteps : "",
            bias,
            least,
            greatest);
  }
}
