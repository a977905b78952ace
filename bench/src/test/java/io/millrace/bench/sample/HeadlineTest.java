package io.millrace.bench.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.gaussian.StationaryLaw;
import io.millrace.core.sample.surrogate.Epoch;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The exact laws of chains are those that other programs have found for the same rows. */
class HeadlineTest {
  @Test
  void lawsOfTheGaussianMeanAreThoseOfTheFile() throws IOException {
    assertThat(compared(Headline.gaussianMean())).isEqualTo(40);
  }

  @Test
  void lawsOfTheLinearRegressionAreThoseOfTheFile() throws IOException {
    assertThat(compared(Headline.linearRegression())).isEqualTo(54);
  }

  private static int compared(Headline problem) {
    int compared = 0;
    for (JsonNode result : problem.file().get("results")) {
      boolean anchored = result.get("method").textValue().equals("fsgld_local_cv");
      StationaryLaw law =
          problem.law(
              shards(problem, result, anchored),
              anchored,
              result.get("h").doubleValue(),
              result.get("n").intValue(),
              result.get("local_steps").intValue());
      double distance = law.law().wasserstein(problem.posterior(), Headline.KERNELS);
      double listed = result.get("exact").get("w2_to_posterior").doubleValue();
      assertThat(distance).as("%s", result).isCloseTo(listed, within(1e-8 * listed + 1e-10));
      compared++;
    }
    return compared;
  }

  private static List<Shard> shards(Headline problem, JsonNode result, boolean anchored) {
    String kind = result.get("surrogate").asText();
    if (result.get("surrogate").isNull()) {
      return problem.strangers();
    }
    if (!anchored) {
      return problem.shards(Epoch.of(problem.shares(), problem.listed(kind), List.of()));
    }
    double[] point = Headline.numbers(problem.file().get("theta_star"));
    Epoch own =
        Epoch.of(
            problem.shares(),
            kind.equals("zero") ? problem.listed("zero_anchored") : problem.listed(kind),
            List.of());
    return problem.shards(anchoredWithoutGuard(problem, own, point));
  }

  /** The file's surrogates are not guarded. */
  private static Epoch anchoredWithoutGuard(Headline problem, Epoch own, double[] point) {
    List<Anchor> anchors =
        problem.clients().stream().map(client -> Anchor.of(client, point)).toList();
    return Epoch.of(
        own.shares(),
        IntStream.range(0, own.shares().length)
            .mapToObj(s -> own.surrogates().get(s).anchored(point, anchors.get(s).gradient()))
            .toList(),
        anchors);
  }
}
