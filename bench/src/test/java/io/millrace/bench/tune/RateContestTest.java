package io.millrace.bench.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.data.DataOptions;
import io.millrace.cli.data.DataScan;
import io.millrace.cli.data.DataSchema;
import io.millrace.cli.evaluate.Comparison;
import io.millrace.cli.evaluate.OccurringRows;
import io.millrace.cli.evaluate.RowEncoder;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.decision.PromotionGate;
import io.millrace.core.features.InputSpec;
import io.millrace.core.supervised.SupervisedOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RateContestTest {
  private static final int WINDOW = 20;

  @TempDir Path directory;

  private RateContest contest(double... rates) throws Exception {
    StringBuilder csv = new StringBuilder("a,b,y\n");
    for (int i = 0; i < 1_000; i++) {
      double a = Math.sin(i);
      double b = Math.cos(1.7 * i);
      csv.append(a)
          .append(',')
          .append(b)
          .append(',')
          .append(a > b / 2 ? "up" : "down")
          .append('\n');
    }
    Path file = Files.writeString(directory.resolve("rows.csv"), csv);
    DataSchema schema = DataScan.scan(file, DataOptions.withLabel("y"), bytes -> {});
    InputSpec input = RowEncoder.inputOf(schema, InputSpec.Target.CLASS, schema.hashBits());
    OccurringRows rows =
        Comparison.read(file, schema, SupervisedOptions.builder(input, "logistic").build());
    return new RateContest(rows, "sgd", rates);
  }

  private static double tuned(RateContest contest, int arms, int start, long seed) {
    return contest.tuned(
        Policies.configure("softmax", new PolicyShape(arms, 0, 0), Map.of()),
        WINDOW,
        start,
        1,
        seed);
  }

  /** Orders between equal rates change nothing, whichever are given. */
  @Test
  void whatIsOrderedIsTheRateAlone() throws Exception {
    RateContest equal = contest(0.1, 0.1, 0.1);
    for (long seed = 0; seed < 4; seed++) {
      assertThat(tuned(equal, 3, 1, seed)).isEqualTo(equal.fixed(0));
    }
  }

  @Test
  void aRateThatIsOrderedIsLearnedWith() throws Exception {
    RateContest apart = contest(1e-6, 0.3);
    assertThat(tuned(apart, 2, 0, 1))
        .isLessThan(0.8 * apart.fixed(0))
        .isGreaterThan(apart.fixed(1));
  }

  @Test
  void theGateLetsTheBetterRateServeAndEndsWhoeverCannotComeBack() throws Exception {
    RateContest apart = contest(1e-6, 0.3);
    RateContest.SideBySide ended =
        apart.gated(PromotionGate.of(1, 2, "betting", Map.of("probation", 100.0)), 1, 0);
    RateContest.SideBySide renewed =
        apart.gated(
            PromotionGate.of(
                1, 2, "betting", Map.of("probation", 100.0, "renew", 400.0, "drop-alpha", 1e-300)),
            1,
            0);
    assertThat(ended.chosen()).isEqualTo(0.3);
    assertThat(ended.work()).isLessThan(1.6);
    assertThat(renewed.chosen()).isEqualTo(0.3);
    assertThat(renewed.work()).as("the former champion learns on").isEqualTo(2);
    assertThat(renewed.loss()).isEqualTo(ended.loss());
  }
}
