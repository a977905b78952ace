package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.Results;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DictionaryPlanTest {
  private static final String KAFKA = "kafka: {bootstrap-servers: \"localhost:9092\"}\n";
  private static final String MINIMAL =
      "job: dictionary\n" + KAFKA + "features: {dimension: 64}\ndictionary: {atoms: 128}\n";

  @Test
  void readsEverySettingOfTheFamily() {
    JobConfig config =
        JobConfig.parse(
            """
            job: dictionary
            name: patches
            kafka: {bootstrap-servers: "localhost:9092"}
            topics: {prefix: images}
            features: {kind: sparse, dimension: 64}
            dictionary:
              method: online
              atoms: 100
              scaling: center-unit-norm
              coder: cd-lasso
              lambda: 0.15
              schedule: power
              rho: 2
              sweeps: 1
              constraint: l2-ball
            mini-batch: 32
            codes: {enabled: true}
            seed: 7
            """);
    DictionaryPlan plan = (DictionaryPlan) JobPlan.of(config);

    DictionaryOptions learner = plan.learner();
    assertThat(learner.method()).isEqualTo("online");
    assertThat(learner.atoms()).isEqualTo(100);
    assertThat(learner.scaling()).isEqualTo(SignalScaling.CENTER_UNIT_NORM);
    assertThat(learner.coder()).isEqualTo("cd-lasso");
    assertThat(learner.choices()).isEqualTo(Map.of("schedule", "power", "constraint", "l2-ball"));
    assertThat(learner.hyperparameters())
        .isEqualTo(Map.of("lambda", 0.15, "rho", 2.0, "sweeps", 1.0));
    assertThat(learner.seed()).isEqualTo(7);
    LearnerOptions options = plan.learnerOptions();
    assertThat(plan.options(new Submission(1, Map.of())).family()).isEqualTo("dictionary");
    assertThat(plan.options(new Submission(1, Map.of())).job()).isEqualTo("patches");
    assertThat(options.miniBatch()).isEqualTo(32);
    assertThat(options.input().target()).isEqualTo(InputSpec.Target.NONE);
    assertThat(options.results()).isEqualTo(Results.CODES);
    assertThat(options.input().kind()).isEqualTo(InputSpec.Kind.SPARSE);
    assertThat(config.inputTopics()).containsExactly("images.examples", "images.control");
    assertThat(config.topic(DictionarySettings.CODES)).isEqualTo("images.codes");
    assertThat(plan.router().kinds()).doesNotContain(EventKind.LABEL);
  }

  @Test
  void defaultsAreThoseOfTheFamilyAndOfTheMethod() {
    JobConfig config = JobConfig.parse(MINIMAL);
    DictionaryPlan plan = new DictionaryPlan(config);
    assertThat(config.name()).isEqualTo("millrace-dictionary");
    assertThat(plan.learnerOptions().miniBatch()).isEqualTo(256);
    assertThat(plan.learnerOptions().results()).isNull();
    DictionaryLearner learner = (DictionaryLearner) plan.factory().create("scalar");
    assertThat(learner.options().scaling()).isEqualTo(SignalScaling.UNIT_NORM);
    assertThat(learner.values()).containsEntry("lambda", 1.2 / Math.sqrt(64));
  }

  @Test
  void listsAllFaultsAtOnce() {
    assertThat(
            faults(
                "job: dictionary\n"
                    + KAFKA
                    + """
                    features: {kind: named, dimension: 64}
                    dictionary: {method: offline, lambda: little}
                    codes: {enabled: perhaps}
                    model: {loss: logistic}
                    optimizer: {learning-rate: 0.1}
                    topics: {labels: somewhere}
                    """))
        .containsExactlyInAnyOrder(
            "features.kind = 'named'; must be one of dense, sparse",
            "dictionary.method = 'offline'; must be " + DictionarySettings.METHOD.allowed(),
            "dictionary.lambda = 'little'; must be a finite number",
            "dictionary.atoms: not given; must be a whole number in [1, 65536]",
            "codes.enabled = 'perhaps'; must be true or false",
            "model: belongs to job 'learn', this is a 'dictionary'; remove it",
            "optimizer: belongs to job 'learn', this is a 'dictionary'; remove it",
            "topics.labels: belongs to job 'learn', this is a 'dictionary'; remove it");
  }

  @Test
  void listsAllFaultsOfTheMethodAndTheOperatorTogether() {
    List<String> faults =
        faults(
            MINIMAL.replace("atoms: 128", "atoms: 128, lambda: -1, rhoo: 2, schedule: sometimes")
                + "compute: {backend: abacus}\n");
    assertThat(faults).hasSize(4);
    assertThat(String.join("\n", faults))
        .contains("lambda = -1", "'rhoo'", "schedule = 'sometimes'", "abacus");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "dictionary: {atoms: 65536}                   | must be at most",
        "dictionary: {atoms: 0}                       | [1, 65536]",
        "dictionary: {atoms: 3, schedule: exponential}| in (0, 1) because schedule",
        "dictionary: {atoms: 3, scaling: none}        | dictionary.lambda is not given",
        "dictionary: {atoms: 3, method: cp}           | dictionary.rows is not given",
        "dictionary: {atoms: 3, method: nmf-kl, scaling: center-unit-norm}| no negative numbers",
        "topics: {codes: millrace.examples}           | must not be an input topic",
        "topics: {codes: millrace.models}             | another output goes there",
        "predictions: {enabled: true}                 | belongs to job 'learn'",
      })
  void refusesWhatCannotWorkTogether(String yaml, String message) {
    String base =
        yaml.startsWith("dictionary") ? MINIMAL.replace("dictionary: {atoms: 128}\n", "") : MINIMAL;
    assertThat(String.join("\n", faults(base + yaml + "\n"))).contains(message);
  }

  @Test
  void aWarmStartThatDoesNotFitIsRefusedAtSubmission(@TempDir Path directory) throws Exception {
    DictionaryLearner small = new DictionaryLearner(DictionaryOptions.of(64, 3));
    Map<String, String> config = new TreeMap<>();
    List<Tensor> tensors = new ArrayList<>();
    small.publish(
        new LearnerState(small.schema()),
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.add(Tensors.of(name, shape, data, DType.F32));
          }
        },
        new Workspace());
    Provenance provenance = new Provenance("online", 1, Map.of(), 0L, "scalar", "test", 1L, "");
    Path file = directory.resolve("start.bin");
    Files.write(
        file,
        SnapshotCodec.encode(
            new ModelSnapshot(
                "k",
                1L,
                1L,
                Instant.EPOCH,
                "dictionary",
                config,
                tensors,
                Map.of(),
                Map.of(),
                List.of(),
                provenance)));
    String warm = "warm-start: {file: " + file + "}\n";
    assertThat(faults(MINIMAL + warm))
        .hasSize(1)
        .first()
        .asString()
        .contains("warm-start.file", "dictionary.atoms is 3", "128 here");
    String same = MINIMAL.replace("atoms: 128", "atoms: 3, scaling: none, lambda: 1");
    assertThat(JobConfig.parse(same + warm)).isNotNull();
  }

  @Test
  void whatBelongsToDictionariesIsRefusedInALearnJob() {
    assertThat(faults(KAFKA + "features: {dimension: 3}\ndictionary: {atoms: 3}\n"))
        .containsExactly("dictionary: belongs to job 'dictionary', this is a 'learn'; remove it");
  }

  private static List<String> faults(String yaml) {
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> JobConfig.parse(yaml, Map.of()));
    assertThat(e).as("faults of:%n%s", yaml).isNotNull();
    return e.faults();
  }
}
