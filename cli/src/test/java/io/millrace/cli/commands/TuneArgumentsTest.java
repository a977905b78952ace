package io.millrace.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Cli;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** `init --job tune`. */
class TuneArgumentsTest {
  @TempDir Path dir;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--grid 1:1.95:20 --context 1 --policy joint",
        "--grid 0.001:1:7:log",
        "--arms gzip,zstd --prefix files --name packer",
        "--arms small=16,large=64 --policy epsilon_greedy"
      })
  void theYamlIsThatOfAJobThatCanBeSubmitted(String arguments) throws Exception {
    Path yaml = dir.resolve("job.yaml");
    Cli init = new Cli();
    assertThat(init.run(("init --job tune --out " + yaml + " " + arguments).split(" ")))
        .as(init.err())
        .isZero();
    assertThat(Files.readString(yaml)).startsWith("job: tune\n");
    Cli check = new Cli();
    assertThat(check.run("run", yaml.toString(), "--check")).as(check.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--context 1 | give one of --arms and --grid",
        "--arms a,b --grid 1:2:3 | give one of --arms and --grid",
        "--grid 1-2-3 | --grid 1-2-3; must be FROM:TO:COUNT",
        "--grid 2:1:3 | from be less than to",
        "--arms a,b --policy best | policy.name"
      })
  void whatIsNoJobIsRefused(String arguments, String named) {
    Cli cli = new Cli();
    assertThat(cli.run(("init --job tune " + arguments).split(" "))).isNotZero();
    assertThat(cli.err()).contains(named);
  }

  @Test
  void whatOnlySuchAJobHasIsRefusedForAnother() {
    Cli cli = new Cli();
    assertThat(cli.run("init", "--data", "docs/examples/elec2.csv.gz", "--grid", "1:2:3"))
        .isNotZero();
    assertThat(cli.err()).contains("--job tune");
  }
}
