package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.operators.tune.TuneOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunePlanTest {
  private static final String JOB =
      "job: tune\nname: solver\nkafka: {bootstrap-servers: \"localhost:9092\"}\n";

  private static TuneOptions options(String settings) {
    return ((TunePlan) JobPlan.of(JobConfig.parse(JOB + settings))).options();
  }

  @Test
  void readsEverySettingOfTheFamily() {
    TuneOptions o =
        options(
            """
            arms: {names: [small=16, large=64], most: 5}
            policy: {name: epsilon_greedy, epsilon: 0.2}
            feedback: {wait: 10m, max-pending: 7, on-timeout: charged, timeout-cost: 0.5}
            apprentice: {baseline: large, exit: order}
            off-policy: {enabled: false}
            snapshots: {best-arm: false}
            """);
    assertThat(o.arms())
        .containsExactly(new TuneOptions.Arm("small", 16), new TuneOptions.Arm("large", 64));
    assertThat(o.shape().maxArms()).isEqualTo(5);
    assertThat(o.policy()).isEqualTo("epsilon_greedy");
    assertThat(o.values()).containsEntry("epsilon", 0.2);
    assertThat(o.waiting().longest()).isEqualTo(Duration.ofMinutes(10));
    assertThat(o.waiting().most()).isEqualTo(7);
    assertThat(o.waiting().timeoutCost()).isEqualTo(0.5);
    assertThat(o.apprentice().baseline()).isEqualTo("large");
    assertThat(o.apprentice().gated()).isFalse();
    assertThat(o.offPolicyAlpha()).isNaN();
    assertThat(o.snapshotWhenBestChanges()).isFalse();
  }

  @Test
  void aRequestWithoutFeedbackIsDroppedUnlessSaidOtherwise() {
    TuneOptions o = options("arms: {names: [gzip, zstd]}\n");
    assertThat(o.waiting().timeoutCost()).isNaN();
    assertThat(o.apprentice()).isNull();
    assertThat(o.snapshotWhenBestChanges()).isTrue();
    assertThat(o.arms()).extracting(TuneOptions.Arm::value).containsOnly(Double.NaN);
    assertThat(o.shape().maxArms()).isEqualTo(2 + TuneSettings.SPARE_ARMS);
  }

  @ParameterizedTest
  @CsvSource({"0, 0, tsallis_inf", "1, 0, joint", "3, 0, linucb", "0, 2, linucb_shared"})
  void thePolicyIsOneThatSuitsWhatARequestBrings(int context, int features, String policy) {
    String request = "request: {context: " + context + ", arm-features: " + features + "}\n";
    assertThat(options("arms: {grid: {from: 1, to: 2}}\n" + request).policy()).isEqualTo(policy);
  }

  @Test
  void valuesOfAGridAreNamesAndWhereAModelOfThemLies() {
    TuneOptions linear = options("arms: {grid: {from: 1.0, to: 1.95}}\nrequest: {context: 1}\n");
    assertThat(linear.arms()).hasSize(20);
    assertThat(linear.arms().get(10)).isEqualTo(new TuneOptions.Arm("1.5", 1.5));
    assertThat(linear.values()).containsEntry("value-low", 1.0).containsEntry("value-high", 1.95);
    TuneOptions log = options("arms: {grid: {from: 0.001, to: 1, count: 4, scale: log}}\n");
    assertThat(log.arms())
        .extracting(TuneOptions.Arm::name)
        .containsExactly("0.001", "0.01", "0.1", "1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "request: {context: 1} | arms.names: not given; must be, or arms.grid.from and arms.grid.to",
        "arms: {names: [a, b], grid: {from: 1, to: 2}} | arms.names and arms.grid are given",
        "arms: {grid: {from: 2, to: 1}} | from be less than to",
        "arms: {grid: {from: 0, to: 1, scale: log}} | arms.grid.from = 0.0; must be above 0",
        "arms: {names: [a, a]} | a",
        "arms: {names: [a, b], most: 1} | arms.most",
        "arms: {names: [a, b], most: 2}#policy: {name: chebcb} | context",
        "arms: {names: [a, b]}#policy: {name: joint}#request: {context: 1} | value",
        "arms: {names: [a, b]}#request: {context: 1} | 'a' has no value",
        "arms: {names: [a, b]}#policy: {name: best} | policy.name",
        "arms: {names: [a, b]}#policy: {name: ucb1, gamma: 1} | gamma",
        "arms: {names: [a, b]}#policy: {name: epsilon_greedy, epsilon: 2} | epsilon",
        "arms: {names: [a, b]}#feedback: {on-timeout: charged} | feedback.timeout-cost: not given",
        "arms: {names: [a, b]}#feedback: {timeout-cost: 1} | feedback.timeout-cost = 1.0; must be absent",
        "arms: {names: [a, b]}#apprentice: {baseline: c} | c",
        "arms: {names: [a, b]}#apprentice: {delta: 0.1} | apprentice.baseline is not given",
        "arms: {names: [a, b]}#off-policy: {alpha: 0.7} | alpha",
        "arms: {names: [a, b]}#mini-batch: 4 | mini-batch"
      })
  void whatCannotBeIsRefusedAtSubmission(String settings, String named) {
    assertThatThrownBy(() -> options(settings.replace('#', '\n')))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(named);
  }

  @Test
  void theExamplesAreJobs() throws Exception {
    for (String name : List.of("solver", "rates")) {
      JobConfig config =
          JobConfig.parse(Files.readString(Path.of("../docs/examples/" + name + ".yaml")));
      assertThat(JobPlan.of(config)).isInstanceOf(TunePlan.class);
      assertThat(config.topic(TuneSettings.DECISIONS)).isEqualTo(name + ".tune.decisions");
    }
  }
}
