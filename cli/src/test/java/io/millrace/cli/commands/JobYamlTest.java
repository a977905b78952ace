package io.millrace.cli.commands;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.Cli;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.LearnPlan;
import io.millrace.jobs.LearnSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What {@code init} and {@code produce --dry-run} print is what {@code run --check} takes. */
class JobYamlTest {
  @TempDir Path dir;

  private Path file(String name, String text) throws IOException {
    return Files.writeString(dir.resolve(name), text);
  }

  private String job(Path data, String... options) throws IOException {
    List<String> init = new ArrayList<>(List.of("init", "--json", "--data", data.toString()));
    init.addAll(List.of(options));
    JsonNode written = json(init);
    List<String> dry = new ArrayList<>(List.of("produce", "--dry-run", "--json"));
    dry.addAll(List.of("--data", data.toString()));
    dry.addAll(List.of(options));
    assertThat(json(dry).get("job")).isEqualTo(written.get("job"));
    String yaml = written.get("job").asText();
    Path job = Files.writeString(dir.resolve("job.yaml"), yaml);
    Cli cli = new Cli();
    assertThat(cli.run("run", "--check", job.toString())).as(yaml + cli.err()).isZero();
    return yaml;
  }

  private static JsonNode json(List<String> line) throws IOException {
    Cli cli = new Cli();
    assertThat(cli.run(line.toArray(String[]::new))).as(cli.err()).isZero();
    return new ObjectMapper().readTree(cli.out());
  }

  private String posterior(Path data, String... options) throws IOException {
    List<String> init =
        new ArrayList<>(List.of("init", "--json", "--job", "sample", "--data", data.toString()));
    init.addAll(List.of(options));
    String yaml = json(init).get("job").asText();
    Path job = Files.writeString(dir.resolve("job.yaml"), yaml);
    Cli cli = new Cli();
    assertThat(cli.run("run", "--check", job.toString())).as(yaml + cli.err()).isZero();
    return yaml;
  }

  @Test
  void aJobThatSamplesIsWrittenOfRowsWithClassesNumbersOrNoLabel() throws IOException {
    Path classes = file("classes.csv", labelled(List.of("a", "b", "c")));
    assertThat(posterior(classes, "--label", "label"))
        .contains("job: sample", "loss: softmax", "dimension: 2", "step-size");
    Path two = file("two.csv", labelled(List.of("a", "b")));
    assertThat(posterior(two, "--label", "label")).doesNotContain("softmax");
    Path numbers = file("numbers.csv", "x,y\n1,2\n2,3.5\n3,4\n");
    assertThat(posterior(numbers, "--label", "y", "--numeric-label")).contains("loss: squared");
    assertThat(posterior(numbers)).contains("kind: gaussian-mean");
    Cli cli = new Cli();
    assertThat(
            cli.run("init", "--job", "sample", "--data", classes.toString(), "--nominal", "label"))
        .isEqualTo(1);
    assertThat(cli.err()).contains("a sample job takes dense numbers");
  }

  /** A row for each label. */
  private static String labelled(List<String> labels) {
    StringBuilder csv = new StringBuilder("x,y,label\n");
    for (int i = 0; i < 4 * labels.size(); i++) {
      String label = labels.get(i % labels.size());
      csv.append("0.").append(i).append(",1,\"").append(label.replace("\"", "\"\"")).append("\"\n");
    }
    return csv.toString();
  }

  @Test
  void nominalColumnsMakeATree() throws IOException {
    String csv = "x,day,y\n1,mo,a\n2,tu,b\n3,we,a\n";
    String yaml = job(file("n.csv", csv), "--label", "y", "--nominal", "day");
    assertThat(yaml)
        .contains("model: {kind: tree, classes: [\"a\", \"b\"]}")
        .contains("dimension: 2, nominal: {1: 3}, names: [\"x\", \"day\"]}");
  }

  @Test
  void classesAreSpeltSoThatTheJobReadsTheSame() throws IOException {
    List<String> words =
        List.of(
            "NO", "YES", "1_000", "0x1F", "a: b", "null", "~", "it's \"so\"", "#", "\u200b\u00e4");
    String yaml = job(file("a.csv", labelled(words)), "--label", "label");
    assertThat(JobConfig.parse(yaml).get(LearnSettings.CLASSES))
        .containsExactlyInAnyOrderElementsOf(words);
    yaml = job(file("b.csv", labelled(List.of("NO", "YES"))), "--label", "label");
    assertThat(yaml).contains("model: {classes: [\"NO\", \"YES\"]}");
  }

  @Test
  void manyClassesTakeSoftmaxAndNumbersTheSquaredLoss() throws IOException {
    String three = job(file("a.csv", labelled(List.of("a", "b", "c"))), "--label", "label");
    assertThat(three).contains("kind: softmax");
    String numbers =
        job(file("b.csv", labelled(List.of("1.5", "2"))), "--label", "label", "--numeric-label");
    assertThat(numbers).contains("model: {loss: squared}").doesNotContain("classes");
    String sparse = job(file("c.svm", "+1 3:1\n-1 7:2\n"));
    assertThat(sparse).contains("{kind: sparse, dimension: 7}", "[\"-1\", \"1\"]");
  }

  @Test
  void wordsTakeAsManyCoordinatesAsTheyNeed() throws IOException {
    StringBuilder csv = new StringBuilder("a,b,c,label\n");
    for (int i = 0; i < 60; i++) {
      csv.append("u" + i % 7 + ",v" + i % 5 + "," + i + "," + i % 2 + "\n");
    }
    String yaml = job(file("a.csv", csv.toString()), "--label", "label");
    assertThat(yaml)
        .contains("features: {kind: named, hash-bits: 8}")
        .containsPattern("keeps \\d\\d kB for each key");
    assertThat(new LearnPlan(JobConfig.parse(yaml)).learner().input().width()).isEqualTo(256);
  }

  @Test
  void signalsTakeADictionary() throws IOException {
    assertThat(job(file("a.csv", "x,y\n1,2\n3,4\n")))
        .contains("job: dictionary", "atoms: 4", "{kind: dense, dimension: 2}")
        .doesNotContain("classes");
  }

  @ParameterizedTest
  @ValueSource(strings = {"millrace.examples", "other", "a.b.examples", ".examples"})
  void theTopicIsTheOneWrittenTo(String topic) throws IOException {
    String yaml =
        job(file("ü (1).csv", labelled(List.of("a", "b"))), "--label", "label", "--topic", topic);
    assertThat(JobConfig.parse(yaml).inputTopics()).contains(topic);
  }

  @Test
  void whatNoJobTakesIsSaid() throws IOException {
    Path one = file("a.csv", labelled(List.of("a")));
    Cli cli = new Cli();
    assertThat(cli.run("init", "--data", one.toString(), "--label", "label")).isEqualTo(1);
    assertThat(cli.err()).contains("a.csv: every label is 'a'; name all classes with --classes");
  }

  @Test
  void aFileIsNotReplacedUnasked() throws IOException {
    String data = file("a.csv", labelled(List.of("a", "b"))).toString();
    String out = dir.resolve("out.yaml").toString();
    Cli cli = new Cli();
    assertThat(cli.run("init", "--data", data, "--label", "label", "--out", out)).isZero();
    assertThat(cli.run("init", "--data", data, "--label", "label", "--out", out)).isEqualTo(1);
    assertThat(cli.err()).contains("is there already; --force replaces it");
    assertThat(cli.run("init", "--data", data, "--label", "label", "--out", out, "--force"))
        .isZero();
  }

  @Test
  void whatIsWrongWithAFileIsSaidWithoutTheNamesOfClasses() throws IOException {
    Cli cli = new Cli();
    assertThat(cli.run("init", "--data", dir.resolve("absent.csv").toString())).isEqualTo(1);
    assertThat(cli.run("evaluate", "--data", dir.toString(), "--format", "csv")).isEqualTo(1);
    assertThat(cli.run("run", "--check", dir.resolve("absent.yaml").toString())).isEqualTo(1);
    assertThat(cli.err()).contains("no such file", "no regular file").doesNotContain("Exception");
  }
}
