package io.millrace.cli.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Cli;
import io.millrace.core.catalog.Learners;
import io.millrace.core.model.Models;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Learners without a gradient on the command line. */
class LearnersEvaluateTest {
  @TempDir Path dir;
  private Path data;

  /** Two classes whose numbers are normal, one row of fifty far from both. */
  @BeforeEach
  void writeRows() throws Exception {
    Random random = new Random(1);
    StringBuilder csv = new StringBuilder("a,b,y,odd\n");
    for (int i = 0; i < 1500; i++) {
      int y = random.nextInt(2);
      boolean odd = i % 50 == 49;
      double a = odd ? 0.9 * random.nextDouble() : 0.2 + 0.1 * y + 0.02 * random.nextGaussian();
      double b = odd ? 0.9 * random.nextDouble() : 0.7 - 0.1 * y + 0.02 * random.nextGaussian();
      csv.append(a).append(',').append(b).append(',').append(y).append(',');
      csv.append(odd ? 1 : 0).append('\n');
    }
    data = dir.resolve("rows.csv");
    Files.writeString(data, csv);
  }

  private JsonNode evaluate(String line) throws Exception {
    Cli cli = new Cli();
    assertThat(cli.run(("evaluate --json --data " + data + " " + line).split(" ")))
        .as(cli.err())
        .isZero();
    return new ObjectMapper().readTree(cli.out());
  }

  @ParameterizedTest
  @CsvSource({
    "naive-bayes, 0.97, 0.2",
    "naive-bayes --set forgetting=0.99, 0.97, 0.2",
    "adpredictor --set eps=0, 0.97, 0.25", // its prior gives way row by row
    "tree, 0.93, 0.3",
    "tree --set leaf=mixture --nominal odd, 0.93, 0.3",
    "forest --set trees=3, 0.93, 0.3"
  })
  void aLearnerIsEvaluatedByItsName(String learner, double accuracy, double loss) throws Exception {
    String columns = learner.contains("--nominal") ? "--label y" : "--label y --ignore odd";
    JsonNode o = evaluate(columns + " --learner " + learner);
    assertThat(o.get("examples").asInt()).isEqualTo(1500);
    assertThat(o.get("accuracy").asDouble()).isGreaterThan(accuracy);
    assertThat(o.get("loss").asDouble()).isLessThan(loss);
    assertThat(o.get("state-bytes").asLong()).isPositive();
    assertThat(o.get("cpu-seconds").asDouble()).isPositive();
    assertThat(o.has("optimizer")).isFalse();
  }

  @Test
  void aLearnerWithoutLabelsRanksTheRowsOfTheOtherClass() throws Exception {
    JsonNode o =
        evaluate(
            "--label odd --ignore y --learner half-space-trees --set window=100"
                + " --set alarm-quantile=0.95");
    assertThat(o.get("scored").asInt()).isEqualTo(1400);
    assertThat(o.get("auc").asDouble()).isGreaterThan(0.95);
    assertThat(o.get("alarms").asInt()).isBetween(20, 200);
  }

  @Test
  void learnersStandBesideOptimizersInAComparison() throws Exception {
    JsonNode o =
        evaluate(
            "--label y --ignore odd --grid 0.1 --compare"
                + " sgd,naive-bayes,adpredictor,tree,forest,half-space-trees");
    assertThat(o.get("optimizers").findValuesAsText("optimizer"))
        .containsExactlyInAnyOrder("sgd", "naive-bayes", "adpredictor", "tree", "forest");
    assertThat(o.get("skipped").get("half-space-trees").asText()).contains("takes labels [NONE]");
    JsonNode alone = evaluate("--label y --ignore odd --learner naive-bayes");
    for (JsonNode entry : o.get("optimizers")) {
      if (entry.get("optimizer").asText().equals("naive-bayes")) {
        assertThat(entry.get("best").get("loss")).isEqualTo(alone.get("loss"));
        assertThat(entry.get("best").has("rate")).isFalse();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--optimizer sgd, --optimizer",
    "--mini-batch 4, --mini-batch",
    "--scaling standard, --scaling",
    "--loss hinge, --loss hinge",
    "--hidden 3, --hidden",
    "--set distribution=poisson, model.distribution = 'poisson'",
    "--set forgetting=much, --set forgetting=much",
    "--set beta=1, no hyperparameter 'beta'"
  })
  void whatTheLearnerDoesNotHaveIsRefused(String option, String named) {
    Cli cli = new Cli();
    String line = "evaluate --data " + data + " --label y --learner naive-bayes " + option;
    assertThat(cli.run(line.split(" "))).isEqualTo(1);
    assertThat(cli.err()).contains(named);
  }

  @Test
  void everyLearnerIsListed() throws Exception {
    Cli cli = new Cli();
    assertThat(cli.run("learners", "--json")).isZero();
    JsonNode all = new ObjectMapper().readTree(cli.out()).get("learners");
    assertThat(all).hasSize(Models.ALL.size() + Learners.ALL.size());
    Cli one = new Cli();
    assertThat(one.run("learners", "naive-bayes")).isZero();
    assertThat(one.out()).contains("forgetting", "distribution, one of gaussian, multinomial");
    assertThat(new Cli().run("learners", "nobody")).isEqualTo(1);
  }
}
