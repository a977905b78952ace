package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.core.ConfigException;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.operators.learner.CandidateOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Candidates in a job's YAML: each is the job with a few settings in the place of others. */
class CandidatesTest {
  private static final String JOB =
      """
      kafka: {bootstrap-servers: "localhost:9092", properties: {client.rack: a}}
      model: {kind: mlp, hidden: [4], classes: [DOWN, UP]}
      features: {dimension: 3}
      optimizer.name: adam
      optimizer: {learning-rate: 0.05, beta1: 0.8, schedule: {kind: inverse-sqrt}}
      """;

  private static LearnerPlan plan(String yaml) {
    return (LearnerPlan) JobPlan.of(JobConfig.parse(yaml));
  }

  private static Map<String, OnlineLearner> learners(CandidateOptions options) {
    Map<String, OnlineLearner> all = new TreeMap<>();
    options.candidates().forEach(c -> all.put(c.name(), c.factory().create("scalar")));
    return all;
  }

  private static List<String> faults(String yaml) {
    return catchThrowableOfType(ConfigException.class, () -> JobConfig.parse(yaml)).faults();
  }

  @Test
  void aCandidateIsTheJobButForItsDifferences() {
    LearnerPlan plan =
        plan(
            JOB
                + """
                candidates:
                  slow: {optimizer: {learning-rate: 0.001}}
                  plain: {optimizer.name: sgd}
                  straight: {model: {kind: linear}, features.scaling: none}
                  tree: {model: {kind: tree}, features: {scaling: none}}
                gate: {alpha: 0.01, test: empirical-bernstein, bound: 0.5, rung: 100}
                """);
    CandidateOptions options = plan.learnerOptions().candidates();
    assertThat(options.test()).isEqualTo("empirical-bernstein");
    assertThat(options.bound()).isEqualTo(0.5);
    assertThat(options.rung()).isEqualTo(100);
    assertThat(options.values()).containsExactly(Map.entry("alpha", 0.01));
    Map<String, OnlineLearner> all = learners(options);
    assertThat(all).containsOnlyKeys("slow", "plain", "straight", "tree");
    OnlineLearner base = plan.factory().create("scalar");
    OnlineLearner slow = all.get("slow");
    assertThat(slow.algorithm()).isEqualTo(base.algorithm());
    assertThat(slow.meaning()).isEqualTo(base.meaning());
    assertThat(slow.values()).containsEntry("learning-rate", 0.001).containsEntry("beta1", 0.8);
    assertThat(base.values()).containsEntry("learning-rate", 0.05);
    assertThat(all.get("plain").algorithm()).isEqualTo("sgd");
    assertThat(all.get("plain").meaning()).isEqualTo(base.meaning());
    assertThat(all.get("straight").meaning())
        .containsEntry("model.kind", "linear")
        .containsEntry("model.classes.1", "UP")
        .containsEntry("features.scaling", "none");
    assertThat(all.get("tree").meaning()).containsEntry("model.kind", "tree");
    long bytes = base.mostBytes() + all.values().stream().mapToLong(OnlineLearner::mostBytes).sum();
    assertThat(plan.mostBytesPerKey()).as("memory told at submission").isEqualTo(bytes);
  }

  @Test
  void withoutCandidatesThereIsNoContest() {
    assertThat(plan(JOB).learnerOptions().candidates()).isNull();
  }

  @Test
  void theSettingsInForceShowThem() {
    JobConfig job = JobConfig.parse(JOB + "candidates: {slow: {optimizer.learning-rate: 0.001}}\n");
    assertThat(job.toString()).contains("candidates.slow.optimizer.learning-rate = \"0.001\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "candidates: {Slow: {optimizer.name: sgd}}; candidates.Slow: must have a name of 1 to 40 of the"
            + " characters a-z 0-9 -",
        "candidates: {base: {optimizer.name: sgd}}; candidates.base: is the configured learner's name;"
            + " must differ",
        "candidates: {slow: 3}; candidates.slow: holds nothing; must be a map of settings that differ",
        "candidates: [1]; candidates: holds a list; must be a map of settings",
        "candidates: {slow: {mini-batch: 4}}; candidates.slow.mini-batch: must not differ",
        "candidates: {slow: {model: {loss: hinge}}}; candidates.slow.model.loss: must not differ",
        "candidates: {slow: {optimizer: {beta3: 1}}}; candidates.slow: adam has no hyperparameter 'beta3'",
        "candidates: {slow: {optimizer: {name: adamm}}}; candidates.slow: no optimizer 'adamm'",
        "candidates: {slow: {model: {kind: regression-tree}}}; candidates.slow: model.classes = [DOWN, UP];"
            + " must be absent because model.kind is regression-tree",
        "gate: {alpha: 0.9}; gate.alpha = 0.9; must lie in",
        "gate: {rung: 100, renew: 200}; gate.rung = 100; must be 0 because gate.renew is set",
      })
  void whatIsWrongWithThemIsSaidAtSubmission(String yaml, String fault) {
    String all = JOB + yaml + "\n";
    if (yaml.startsWith("gate")) {
      all += "candidates: {slow: {optimizer.name: sgd}}\n";
    }
    String found = String.join("\n", faults(all));
    for (String part : fault.split("  ")) {
      assertThat(found).contains(part);
    }
  }

  @Test
  void lossesThatSayNothingAboutEachOtherAreNotCompared() {
    assertThat(
            faults(
                JOB.replace(", classes: [DOWN, UP]", "")
                    + "candidates: {slow: {model: {kind: regression-tree}}}\n"))
        .containsExactly(
            "candidates.slow: takes features DENSE, labels REAL, loss squared, the configured model"
                + " features DENSE, labels CLASS, loss logistic; must be the same, or their losses say"
                + " nothing about each other");
  }

  @Test
  void aFaultOfTheJobIsNotRepeatedForEachCandidate() {
    assertThat(
            faults(
                JOB.replace("dimension: 3", "dimension: none")
                    + "candidates: {slow: {optimizer.name: sgd}}\n"))
        .hasSize(1);
  }

  @Test
  void aLossWithoutAScaleNeedsABound() {
    String job =
        """
        kafka: {bootstrap-servers: "localhost:9092"}
        model: {loss: squared}
        features: {dimension: 3}
        candidates: {slow: {optimizer: {name: sgd, learning-rate: 0.001}}}
        """;
    assertThat(faults(job))
        .containsExactly(
            "gate.bound: not given; must be, in the unit of loss squared, because a difference of such"
                + " losses can have any size");
    assertThat(plan(job + "gate: {bound: 3}\n").learnerOptions().candidates().bound()).isEqualTo(3);
  }

  @Test
  void theJobOfThePageIsValid() throws IOException {
    Matcher block =
        Pattern.compile("(?ms)^```yaml\n(.*?)^```$")
            .matcher(Files.readString(Path.of("../docs/candidates.md")));
    assertThat(block.find()).isTrue();
    assertThat(learners(plan(block.group(1)).learnerOptions().candidates()))
        .containsOnlyKeys("deep", "quick", "robust", "tree");
  }

  @Test
  void otherJobsHaveNone() {
    assertThat(
            faults(
                """
                job: tune
                kafka: {bootstrap-servers: "localhost:9092"}
                arms: {names: [a, b]}
                candidates: {slow: {optimizer.name: sgd}}
                """))
        .anyMatch(f -> f.startsWith("candidates: belongs to job 'learn', this is a 'tune'"));
  }
}
