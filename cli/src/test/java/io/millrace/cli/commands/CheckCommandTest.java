package io.millrace.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Cli;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {
  private static final String SGD =
      """
      {"method": "METHOD", "hyperparameters": {"lr": 0.5, "weight_decay": 0.0},
       "oracle": "ORACLE", "inputs": {}, "shape": [2], "w0": [1.0, 2.0],
       "gradients": [[1.0, 0.0], [0.0, 2.0]], "trajectory": [[0.5, 2.0], [0.5, EXPECTED]],
       "tolerance": {"rtol": 1e-8, "atol": 1e-10}}
      """;

  @TempDir private Path dir;
  private final Cli cli = new Cli();

  private Path file(String name, String content) throws IOException {
    return Files.writeString(dir.resolve(name), content);
  }

  private Path sgd(String method, String oracle, String expected) throws IOException {
    return file(
        method + oracle + expected + ".json",
        SGD.replace("METHOD", method).replace("ORACLE", oracle).replace("EXPECTED", expected));
  }

  private int check(Object... args) {
    String[] line = new String[args.length + 1];
    line[0] = "check";
    for (int i = 0; i < args.length; i++) {
      line[i + 1] = args[i].toString();
    }
    return cli.run(line);
  }

  @Test
  void aFileWithinItsTolerancePasses() throws IOException {
    assertThat(check(sgd("sgd", "explicit_gradients", "1.000000005"))).isZero();
    assertThat(cli.out()).contains("pass", "cases    2", "4.95e-09", "1 of 1 files pass");
  }

  @Test
  void aFileOutsideItsToleranceFailsNamingTheFirstDifference() throws IOException {
    assertThat(check(sgd("sgd", "explicit_gradients", "1.0000001"))).isEqualTo(1);
    assertThat(cli.out()).contains("trajectory[1][1] = 1.0, expected 1.0000001");
  }

  @Test
  void modelStepsAreComparedWithTheStepsThatAskedForASecondGradient() throws IOException {
    String content =
        SGD.replace("METHOD", "sgd")
            .replace("ORACLE", "explicit_gradients")
            .replace("EXPECTED", "1.0")
            .replace("\"tolerance\"", "\"model_step_taken\": [0, 1], \"tolerance\"");
    assertThat(check(file("model.json", content))).isEqualTo(1);
    assertThat(cli.out()).contains("model_step_taken[1] = 0, expected 1");
  }

  @Test
  void oneFailureAmongManyFailsTheCommandAndTheOthersAreStillChecked() throws IOException {
    Path bad = sgd("sgd", "explicit_gradients", "3.0");
    Path good = sgd("sgd", "explicit_gradients", "1.0");
    assertThat(check(bad, good, "--json")).isEqualTo(1);
    JsonNode o = new ObjectMapper().readTree(cli.out());
    assertThat(o.get("pass").asBoolean()).isFalse();
    assertThat(o.get("passed").asInt()).isEqualTo(1);
    assertThat(o.get("files").get(0).get("status").asText()).isEqualTo("fail");
    assertThat(o.get("files").get(1).get("status").asText()).isEqualTo("pass");
    assertThat(o.get("files").get(1).get("largestError").asDouble()).isZero();
  }

  @Test
  void anUnknownMethodAndAnUnknownOracleAreUnsupportedAndCountAsFailures() throws IOException {
    assertThat(check(sgd("sgdd", "explicit_gradients", "1.0"))).isEqualTo(1);
    assertThat(check(sgd("sgd", "tea_leaves", "1.0"))).isEqualTo(1);
    assertThat(cli.out())
        .contains("unsupported", "no optimizer 'sgdd'", "'sgd', oracle 'tea_leaves'");
  }

  @Test
  void whatIsNotAGoldenFileFailsWithAReason() throws IOException {
    assertThat(check(dir.resolve("nowhere.json"))).isEqualTo(1);
    assertThat(check(file("broken.json", "{"))).isEqualTo(1);
    assertThat(check(file("array.json", "[]"))).isEqualTo(1);
    assertThat(check(file("empty.json", "{}"))).isEqualTo(1);
    assertThat(cli.out())
        .contains(
            "there is no such file",
            "not JSON: line 1, column 2",
            "no JSON object",
            "field 'tolerance' is missing")
        .doesNotContain("NaN");
  }

  @Test
  void whereNothingCouldBeComparedThereIsNoErrorAndNoTolerance() throws IOException {
    assertThat(check(dir.resolve("nowhere.json"), "--json")).isEqualTo(1);
    JsonNode row = new ObjectMapper().readTree(cli.out()).get("files").get(0);
    assertThat(row.get("status").asText()).isEqualTo("fail");
    assertThat(row.get("largestError").isNull()).isTrue();
    assertThat(row.get("tolerance").isNull()).isTrue();
  }

  @Test
  void aKeyThatStandsTwiceAndTextBehindTheEndAreFaults() throws IOException {
    assertThat(check(file("twice.json", "{\"method\": \"sgd\", \"method\": \"adam\"}")))
        .isEqualTo(1);
    assertThat(check(file("behind.json", "{} {}"))).isEqualTo(1);
    assertThat(cli.out()).contains("Duplicate field 'method'", "not JSON: line 1, column 4");
  }

  @Test
  void aFolderIsRefusedByThatName() {
    assertThat(check(dir)).isEqualTo(1);
    assertThat(cli.out()).contains("is a folder; name the files in it");
  }

  @Test
  void aTrajectoryOfAnotherLengthThanTheGradientsFails() throws IOException {
    String content =
        SGD.replace("METHOD", "sgd")
            .replace("ORACLE", "explicit_gradients")
            .replace(", [0.5, EXPECTED]", "");
    assertThat(check(file("short.json", content))).isEqualTo(1);
    assertThat(cli.out()).contains("field 'gradients' has 2 entries, expected 1");
  }

  @Test
  void aFileWithoutCasesDoesNotPass() throws IOException {
    String rng = "{\"kind\": \"counter_rng\", \"tolerance\": 1e-14, \"cases\": []}";
    assertThat(check(file("rng.json", rng))).isEqualTo(1);
    assertThat(cli.out()).contains("holds no cases");
  }

  @Test
  void aHyperparameterThatTheMethodDoesNotHaveIsUnsupportedNamingThoseItHas() throws IOException {
    String content =
        SGD.replace("METHOD", "sgd")
            .replace("ORACLE", "explicit_gradients")
            .replace("weight_decay", "nesterov")
            .replace("EXPECTED", "1.0");
    assertThat(check(file("hyper.json", content))).isEqualTo(1);
    assertThat(cli.out())
        .contains(
            "unsupported", "'sgd' has no option 'nesterov', the file sets it to 0.0; it has [");
  }
}
