package io.millrace.cli.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tune evaluate} on logs in files. */
class TuneEvaluateTest {
  /** 2,000 decisions; the true means and probabilities of its arms a, b, c, d. */
  private static final Path EXAMPLE = Path.of("..", "docs", "examples", "decisions.jsonl.gz");

  private static final double[] MEANS = {0.5, 0.4, 0.3, 0.6};
  private static final double[] PROBABILITIES = {0.4, 0.3, 0.1, 0.2};

  private static final String GOOD =
      """
      {"id": "1", "arms": ["a", "b"], "probabilities": [0.75, 0.25], "arm": "a", "cost": 1}
      """;

  @TempDir private Path dir;
  private final Cli cli = new Cli();

  private int evaluate(Path log, String... more) {
    List<String> line = new ArrayList<>(List.of("tune", "evaluate", "--log", log.toString()));
    line.addAll(List.of(more));
    return cli.run(line.toArray(String[]::new));
  }

  private Path log(String... lines) throws IOException {
    return Files.writeString(dir.resolve("log.jsonl"), String.join("\n", lines));
  }

  private JsonNode json() throws IOException {
    return new ObjectMapper().readTree(cli.out());
  }

  @Test
  void theTruthOfTheExampleLiesWithinTheBoundsOfEveryPolicy() throws IOException {
    assertThat(evaluate(EXAMPLE, "--range", "0:1", "--json")).as(cli.err()).isZero();
    JsonNode o = json();
    assertThat(o.get("decisions").asInt()).isEqualTo(2000);
    assertThat(o.get("outcome").asText()).isEqualTo("cost");
    double uniform = 0;
    double logged = 0;
    for (int a = 0; a < MEANS.length; a++) {
      uniform += MEANS[a] / 4;
      logged += PROBABILITIES[a] * MEANS[a];
    }
    double[] truth = {MEANS[0], MEANS[1], MEANS[2], MEANS[3], uniform, logged};
    String[] names = {"fixed:a", "fixed:b", "fixed:c", "fixed:d", "uniform", "logged"};
    assertThat(o.get("policies")).hasSize(names.length);
    for (int i = 0; i < names.length; i++) {
      JsonNode p = o.get("policies").get(i);
      assertThat(p.get("policy").asText()).isEqualTo(names[i]);
      assertThat(p.get("flags")).isEmpty();
      JsonNode dr = p.at("/estimators/dr");
      assertThat(dr.get("value").asDouble())
          .as(names[i])
          .isCloseTo(truth[i], within(4 * dr.get("standardError").asDouble()));
      assertThat(dr.get("lower").asDouble()).isLessThan(truth[i]);
      assertThat(dr.get("upper").asDouble()).isGreaterThan(truth[i]);
      assertThat(p.get("lower").asDouble()).isLessThan(truth[i]);
      assertThat(p.get("upper").asDouble()).isGreaterThan(truth[i]).isLessThan(1);
    }
    assertThat(o.at("/policies/5/effectiveSampleSize").asDouble()).isCloseTo(2000, within(1e-6));
    assertThat(o.at("/policies/2/effectiveSampleSize").asDouble()).isBetween(150.0, 250.0);
  }

  @Test
  void aTableIsPrintedForPeople() {
    assertThat(evaluate(EXAMPLE, "--policy", "uniform", "--policy", "fixed:c")).isZero();
    assertThat(cli.out())
        .contains("2,000 decisions, 4 arms; cost, lower is better")
        .containsPattern("uniform +2,000 ")
        .containsPattern("fixed:c +2,000 ")
        .containsPattern("(?m)^  sndr +0\\.\\d+ +0\\.\\d+ +\\[0\\.\\d+, 0\\.\\d+\\]")
        .as("a bound around what does not tend to the value")
        .containsPattern("(?m)^  switch_dr +0\\.\\d+ +0\\.\\d+ +- ")
        .doesNotContain("fixed:a");
  }

  /** The same decisions as rewards of another scale give values of that scale. */
  @Test
  void aRangeIsNoMoreThanAUnit() throws IOException {
    List<String> costs = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      costs.add(
          "{\"id\": \"%d\", \"arms\": [\"b\", \"a\"], \"propensity\": %s, \"arm\": \"%s\", \"cost\": %d}"
              .formatted(i, i % 4 == 0 ? 0.25 : 0.75, i % 4 == 0 ? "a" : "b", i % 3));
    }
    Path log = log(costs.toArray(String[]::new));
    assertThat(evaluate(log, "--policy", "fixed:a", "--range", "0:2", "--json")).isZero();
    JsonNode scaled = json().at("/policies/0");
    assertThat(scaled.at("/estimators/snips/value").asDouble()).isCloseTo(1, within(0.05));
    assertThat(scaled.get("lower").asDouble()).isBetween(0.3, 1.0);
    assertThat(scaled.get("upper").asDouble()).isBetween(1.0, 1.8);
    Cli plain = new Cli();
    plain.run("tune", "evaluate", "--log", log.toString(), "--policy", "fixed:a", "--json");
    JsonNode unscaled = new ObjectMapper().readTree(plain.out()).at("/policies/0");
    for (String e : new String[] {"ips", "snips", "dr", "sndr"}) {
      assertThat(unscaled.at("/estimators/" + e + "/value").asDouble())
          .as(e)
          .isCloseTo(scaled.at("/estimators/" + e + "/value").asDouble(), within(0.02));
    }
    assertThat(unscaled.get("lower").isNull()).isTrue();
  }

  /** The best arm costs 0.3, a uniform draw 0.45: whoever learns from the log comes near it. */
  @Test
  void aPolicyThatLearnsFromTheLogIsWorthWhatItHasLearned() throws IOException {
    assertThat(
            evaluate(
                EXAMPLE,
                "--policy",
                "tsallis_inf",
                "--policy",
                "thompson_beta",
                "--policy",
                "ucb1",
                "--set",
                "epsilon=0.1",
                "--range",
                "0:1",
                "--json"))
        .as(cli.err())
        .isZero();
    for (JsonNode p : json().get("policies")) {
      assertThat(p.get("decisions").asInt()).isEqualTo(2000);
      assertThat(p.at("/estimators/dr/value").asDouble())
          .as(p.get("policy").asText())
          .isBetween(0.27, 0.42);
      assertThat(p.get("effectiveSampleSize").asDouble()).isBetween(150.0, 1000.0);
      assertThat(p.get("meanWeight").asDouble()).isCloseTo(1, within(0.2));
    }
  }

  @Test
  void aPolicyWithoutTheInputItNeedsIsRefused() {
    assertThat(evaluate(EXAMPLE, "--policy", "linucb")).isEqualTo(1);
    assertThat(evaluate(EXAMPLE, "--policy", "ucb1", "--set", "eps=1")).isEqualTo(1);
    assertThat(evaluate(EXAMPLE, "--policy", "ucb1", "--set", "epsilon=2")).isEqualTo(1);
    assertThat(cli.err())
        .contains(
            "policy 'linucb' takes a context of at least 1 number; the tuner has a context of 0",
            "--set [eps]; no policy of --policy [ucb1] has it",
            "ucb1.epsilon = 2.0; must lie in [0, 1]");
  }

  @Test
  void aPolicyIsToldContextAndFeaturesOfEachArm() throws IOException {
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 600; i++) {
      int good = i % 2; // the context says which arm costs nothing
      int taken = i / 2 % 2;
      lines.add(
          "{\"id\": \"%d\", \"arms\": [\"b\", \"a\"], \"probabilities\": [0.5, 0.5], \"arm\": \"%s\","
                  .formatted(i, taken == 0 ? "b" : "a")
              + " \"context\": [1, %d], \"armFeatures\": [%d, %d], \"cost\": %d}"
                  .formatted(good, good == 0 ? 1 : 0, good == 1 ? 1 : 0, taken == good ? 0 : 1));
    }
    Path log = log(lines.toArray(String[]::new));
    assertThat(
            evaluate(
                log,
                "--policy",
                "linucb",
                "--policy",
                "linucb_shared",
                "--policy",
                "uniform",
                "--json"))
        .as(cli.err())
        .isZero();
    assertThat(json().at("/policies/0/estimators/dr/value").asDouble()).isLessThan(0.1);
    assertThat(json().at("/policies/1/estimators/dr/value").asDouble()).isLessThan(0.1);
    assertThat(json().at("/policies/2/estimators/dr/value").asDouble()).isCloseTo(0.5, within(0.1));
  }

  @Test
  void aLogWithoutPropensitiesIsRefusedWithTheReason() throws IOException {
    Path log =
        log(GOOD.strip(), "{\"id\": \"2\", \"arms\": [\"a\", \"b\"], \"arm\": \"a\", \"cost\": 1}");
    assertThat(evaluate(log)).isEqualTo(1);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err())
        .contains("log.jsonl:2: has neither 'probabilities' nor 'propensity'", "log it with every");
  }

  @Test
  void linesThatCannotBeUsedAreNamedWithTheirNumber() throws IOException {
    String[] bad = {
      "{\"id\": \"9\",",
      GOOD.replace("\"1\"", "\"2\"").replace("0.25", "0.3").strip(),
      GOOD.replace("\"1\"", "\"3\"").replace("\"arm\": \"a\"", "\"arm\": \"c\"").strip(),
      GOOD.replace("\"1\"", "\"4\"").replace("\"cost\": 1", "\"cost\": 7").strip(),
      GOOD.strip(),
      GOOD.replace("\"1\"", "\"5\"").replace("\"cost\": 1", "\"reward\": 1").strip(),
      GOOD.replace("\"1\"", "\"6\"").replace("\"b\"]", "\"a\"]").strip(),
      GOOD.replace("\"1\"", "\"7\"").replace("[0.75, 0.25]", "[0, 1]").strip(),
      GOOD.replace("\"1\"", "\"8\"").replace("\"cost\"", "\"costs\"").strip(),
    };
    List<String> lines = new ArrayList<>(List.of(GOOD.strip()));
    lines.addAll(List.of(bad));
    lines.add(GOOD.replace("\"1\"", "\"10\"").replace(", \"cost\": 1", "").strip());
    assertThat(evaluate(log(lines.toArray(String[]::new)), "--range", "0:1", "--json")).isZero();
    JsonNode o = json();
    assertThat(o.get("decisions").asInt()).isEqualTo(1);
    assertThat(o.get("refused").asInt()).isEqualTo(bad.length);
    assertThat(o.get("unanswered").asInt()).isEqualTo(1);
    assertThat(cli.err())
        .contains(
            "log.jsonl:2: no JSON: ",
            "log.jsonl:3: probabilities have the sum 1.05; must be 1; set aside",
            "log.jsonl:4: arm = 'c'; must be one of [a, b]",
            "log.jsonl:5: cost = 7.0; must lie in [0.0, 1.0], as --range says",
            "log.jsonl:6: id '1' has come before",
            "log.jsonl:7: has a reward where others have a cost",
            "log.jsonl:8: arms = [a, a]; must be at least one, each once",
            "log.jsonl:9: the action's probability is 0.0; must lie in (0, 1]",
            "log.jsonl:10: fields [costs]; known: [arm, ",
            "1 decisions have no outcome");
  }

  @Test
  void aLogOfSeveralTunersNeedsAKey() throws IOException {
    String x = GOOD.replace("{", "{\"key\": \"x\", ").strip();
    String y = GOOD.replace("{", "{\"key\": \"y\", ").replace("\"1\"", "\"2\"").strip();
    Path log = log(x, y, y.replace("\"2\"", "\"3\""));
    assertThat(evaluate(log)).isEqualTo(1);
    assertThat(cli.err()).contains("several tuners, 'x' and 'y' among them; choose one with --key");
    assertThat(evaluate(log, "--key", "y", "--json")).isZero();
    assertThat(json().get("decisions").asInt()).isEqualTo(2);
    assertThat(json().get("otherKeys").asInt()).isEqualTo(1);
  }

  @Test
  void whatIsAskedForMustMakeSense() throws IOException {
    Path log = log(GOOD);
    assertThat(evaluate(log, "--policy", "best")).isEqualTo(1);
    assertThat(evaluate(log, "--policy", "fixed:z")).isEqualTo(1);
    assertThat(evaluate(log, "--range", "1:0")).isEqualTo(1);
    assertThat(evaluate(log, "--alpha", "0.5")).isEqualTo(1);
    assertThat(evaluate(log, "--estimator-set", "clip=0")).isEqualTo(1);
    assertThat(evaluate(dir.resolve("nothing.jsonl"))).isEqualTo(1);
    assertThat(evaluate(log("", "[]"))).isEqualTo(1);
    assertThat(cli.err())
        .contains(
            "--policy best; known: fixed",
            "--policy fixed:z; the log has no such arm; it has [a, b]",
            "--range 1:0; must be LOW:HIGH",
            "--alpha 0.5; must lie in (0, 0.5)",
            "off-policy.clip = 0.0; must lie in (0, Infinity)",
            "no such file",
            "holds no decision with an outcome");
  }
}
