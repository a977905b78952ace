package io.millrace.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.DType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobConfigTest {
  private static final String MINIMAL =
      """
      kafka: {bootstrap-servers: "localhost:9092"}
      features: {dimension: 14}
      """;

  @Test
  void readsEverySectionAndPutsDefaultsBesideIt() {
    JobConfig config =
        JobConfig.parse(
            """
            job: learn
            name: electricity
            kafka:
              bootstrap-servers: localhost:9092
              properties: {security.protocol: SSL}
            topics: {prefix: power, control: power.examples}
            model: {kind: linear, loss: logistic, classes: [DOWN, UP]}
            features: {kind: dense, dimension: 14, scaling: standard}
            optimizer: {name: sgd, learning-rate: 0.1}
            mini-batch: 8
            labels: {wait: PT30M}
            state: {ttl: 7d}
            snapshots: {every-examples: 500, full-every: 20, dtype: f64, part-bytes: 100KiB}
            """);

    assertThat(config.topic(Settings.MODELS)).isEqualTo("power.models");
    assertThat(config.inputTopics()).containsExactly("power.examples", "power.labels");
    assertThat(config.kafkaProperties()).containsEntry("security.protocol", "SSL");
    LearnPlan plan = new LearnPlan(config);
    assertThat(plan.learner().input().classes()).containsExactly("DOWN", "UP");
    assertThat(plan.learner().hyperparameters()).containsEntry("learning-rate", 0.1);
    LearnerOptions options = plan.learnerOptions();
    assertThat(plan.options(new Submission(1, Map.of())).job()).isEqualTo("electricity");
    assertThat(options.miniBatch()).isEqualTo(8);
    assertThat(options.labelWait()).isEqualTo(Duration.ofMinutes(30));
    assertThat(options.ttl()).isEqualTo(Duration.ofDays(7));
    SnapshotOptions snapshots = options.snapshots();
    assertThat(snapshots.build()).matches("[0-9]+\\..*");
    assertThat(snapshots)
        .isEqualTo(
            new SnapshotOptions(
                "learn", 500, null, true, 20, DType.F64, 100 << 10, 1, snapshots.build()));
    assertThat(config.get(Settings.MAX_PARALLELISM)).isEqualTo(128);
  }

  @Test
  void readsModelsWithMatrices() {
    SupervisedOptions mlp =
        new LearnPlan(
                JobConfig.parse(
                    MINIMAL
                        + """
                        model: {kind: mlp, hidden: [32, 8], activation: gelu, init-scale: 0.5}
                        optimizer: {name: mkor_linear}
                        """))
            .learner();
    assertThat(mlp.model()).isEqualTo(new ModelOptions("mlp", List.of(32, 8), "gelu", 0, 0.5));
    assertThat(new SupervisedLearner(mlp).layout().blocks())
        .extracting(b -> b.name() + " " + b.rows() + "x" + b.cols())
        .containsExactly(
            "layer0.weights 14x32",
            "layer0.bias 32x1",
            "layer1.weights 32x8",
            "layer1.bias 8x1",
            "layer2.weights 8x1",
            "layer2.bias 1x1");
    SupervisedOptions one =
        new LearnPlan(JobConfig.parse(MINIMAL + "model: {kind: mlp, hidden: 7}")).learner();
    assertThat(one.model().hidden()).containsExactly(7);
    SupervisedOptions fm =
        new LearnPlan(JobConfig.parse(MINIMAL + "model: {kind: fm, rank: 4}")).learner();
    assertThat(new SupervisedLearner(fm).layout().size()).isEqualTo(14 * 5 + 1);
    JobConfig softmax = JobConfig.parse(MINIMAL + "model: {kind: softmax, classes: [a, b, c]}");
    assertThat(new LearnPlan(softmax).learner().model()).isEqualTo(ModelOptions.linear());
  }

  @Test
  void theDefaultScalesFeaturesAndFitsTheKindOfModelAndTheTypePublished() {
    SupervisedOptions linear = new LearnPlan(JobConfig.parse(MINIMAL)).learner();
    assertThat(linear.scaling()).isEqualTo(Scaling.STANDARD);
    assertThat(linear.optimizer()).isEqualTo("rate_mixture");
    assertThat(linear.largestParameter()).isEqualTo(Float.MAX_VALUE);
    SupervisedOptions mlp =
        new LearnPlan(JobConfig.parse(MINIMAL + "model: {kind: mlp}\nsnapshots: {dtype: f64}"))
            .learner();
    assertThat(mlp.optimizer()).isEqualTo("rmsprop");
    assertThat(mlp.largestParameter()).isEqualTo(Double.MAX_VALUE);
    SupervisedOptions recent =
        new LearnPlan(JobConfig.parse(MINIMAL.replace("dimension", "scaling: recent, dimension")))
            .learner();
    assertThat(recent.scaling()).isEqualTo(Scaling.RECENT);
  }

  @Test
  void readsTheRuleForAChangedMiniBatch() {
    SupervisedOptions learner =
        new LearnPlan(
                JobConfig.parse(
                    MINIMAL
                        + """
                        mini-batch: 64
                        optimizer: {name: adam, learning-rate: 0.01, batch-rule: square-root, base-batch: 4}
                        """))
            .learner();
    assertThat(learner.batchScaling().factor()).isEqualTo(4);
    assertThat(learner.hyperparameters()).containsOnlyKeys("learning-rate");
    assertThat(new LearnPlan(JobConfig.parse(MINIMAL)).learner().batchScaling().factor())
        .isEqualTo(1);
  }

  @Test
  void refusesAnOptimizerThatTheModelDoesNotAnswer() {
    assertThat(
            faults(
                MINIMAL
                    + """
                model: {kind: fm, hidden: [4]}
                compute: {backend: abacus}
                """))
        .hasSize(2)
        .anyMatch(f -> f.startsWith("model.hidden = [4]; must be absent because model.kind is fm"))
        .anyMatch(f -> f.startsWith("compute.backend = 'abacus'; known here: [auto, scalar"));
    assertThat(
            faults(
                MINIMAL
                    + """
                model: {kind: fm}
                optimizer: {name: mkor_linear}
                """))
        .singleElement()
        .asString()
        .contains("model.kind 'fm' with model.loss 'logistic'", "'mkor_linear' needs", "LAYER");
    assertThat(faults(MINIMAL + "model: {kind: mlp, hidden: [4, 0]}"))
        .containsExactly("model.hidden = '4, 0'; must be a list of whole numbers in [1, 65536]");
  }

  @Test
  void binaryLossesGetTheClassesZeroAndOne() {
    InputSpec input = new LearnPlan(JobConfig.parse(MINIMAL)).learner().input();
    assertThat(input.classes()).containsExactly("0", "1");
    assertThat(input.target()).isEqualTo(InputSpec.Target.CLASS);
  }

  @Test
  void listsAllFaultsAtOnceWithValueAndWhatIsAllowed() {
    List<String> faults =
        faults(
            """
            kafka: {bootstrap-servers: nowhere}
            mini-bacth: 3
            features: {kind: wide, dimension: 0}
            state: {ttl: soon}
            checkpoint: [1]
            optimizer: {learning-rate: fast}
            snapshots: {part-bytes: {a: 1}}
            """);
    assertThat(faults)
        .containsExactlyInAnyOrder(
            "mini-bacth: no such setting; did you mean 'mini-batch'?",
            "checkpoint: holds a list; must be a map of settings",
            "snapshots.part-bytes: holds a map; must be a size such as 4096, 900KiB or 1MiB, at least"
                + " 256",
            "kafka.bootstrap-servers = 'nowhere'; must be host:port, or several with commas"
                + " between",
            "features.kind = 'wide'; must be one of dense, sparse, named",
            "features.dimension = '0'; must be a whole number in [1, 268435456]",
            "state.ttl = 'soon'; must be a duration such as 500ms, 10s, 1h or PT10S, or none",
            "optimizer.learning-rate = 'fast'; must be a finite number");
  }

  /** They came in three rounds: form, what fits together, what only the learner knows. */
  @Test
  void faultsOfFormAndOfWhatFitsTogetherComeInOneRound() {
    assertThat(
            faults(
                """
                kafka: {properties: {acks: 1}}
                mini-bacth: 3
                features: {kind: dense}
                model: {kind: softmax, loss: hinge, hidden: [4]}
                optimizer: {name: adam, momentun: 0.9}
                compute: {backend: abacus}
                checkpoint: {timeout: 20m, aligned-timeout: 5s}
                topics: {metrics: a, models: a}
                parallelism: 0
                """))
        .hasSize(13)
        .anyMatch(f -> f.startsWith("model.classes = []"))
        .anyMatch(f -> f.startsWith("kafka.bootstrap-servers: not given"))
        .anyMatch(f -> f.startsWith("kafka.properties.acks = '1'"))
        .anyMatch(f -> f.startsWith("mini-bacth: no such setting"))
        .anyMatch(f -> f.startsWith("features.dimension = 0; must be at least 1"))
        .anyMatch(f -> f.startsWith("model.loss = 'hinge'"))
        .anyMatch(f -> f.startsWith("model.hidden = [4]; must be absent"))
        .anyMatch(f -> f.contains("momentun"))
        .anyMatch(f -> f.startsWith("compute.backend = 'abacus'"))
        .anyMatch(f -> f.startsWith("kafka.transaction-timeout = "))
        .anyMatch(f -> f.startsWith("checkpoint.aligned-timeout = "))
        .anyMatch(f -> f.contains("another output goes there"))
        .anyMatch(f -> f.startsWith("parallelism = '0'"));
    assertThat(faults("job: dictionary\ndictionary: {atoms: none, coder: best}\n"))
        .as("what follows from a fault is none of its own")
        .anyMatch(f -> f.startsWith("dictionary.atoms = 'none'"))
        .anyMatch(f -> f.startsWith("dictionary.coder = 'best'"))
        .anyMatch(f -> f.startsWith("features.dimension = 0"))
        .anyMatch(f -> f.startsWith("kafka.bootstrap-servers: not given"))
        .hasSize(4);
  }

  /** Two jobs with the default name destroyed each other's committed output. */
  @Test
  void jobsOfDifferentPrefixesOrNamesAreDifferentToKafka() {
    assertThat(JobConfig.parse(MINIMAL).name()).isEqualTo("millrace-learn");
    assertThat(JobConfig.parse(MINIMAL).id()).isEqualTo("millrace/millrace-learn");
    assertThat(JobConfig.parse(MINIMAL + "topics: {prefix: a}").id()).isEqualTo("a/a-learn");
    String nested = JobConfig.parse(MINIMAL + "name: b.c\ntopics: {prefix: a}").id();
    assertThat(JobConfig.parse(MINIMAL + "name: c\ntopics: {prefix: a.b}").id())
        .isNotEqualTo(nested);
  }

  @Test
  void aRetiredTopicIsNoInput() {
    assertThat(faults(MINIMAL + "topics: {retired: [old, millrace.labels]}"))
        .containsExactly("topics.retired: 'millrace.labels' is an input topic; remove one");
    assertThat(JobConfig.parse(MINIMAL + "topics: {retired: old}").retiredTopics())
        .containsExactly("old");
  }

  @Test
  void findsTheRightNameInTheWrongSection() {
    assertThat(faults(MINIMAL + "ttl: 3h\n"))
        .containsExactly("ttl: no such setting; did you mean 'state.ttl'?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimizer: {name: adamm}                | adamm",
        "optimizer: {learning-rate: -1}          | learning-rate",
        "optimizer: {momentun: 0.9}              | momentun",
        "optimizer: {schedule: {kind: sometimes}}| sometimes",
        "optimizer: {batch-rule: cubic}          | must be one of none, linear, square-root",
        "optimizer: {batch-rule: linear}         | there is no learning rate to scale",
        "optimizer: {base-batch: 0}              | optimizer.base-batch = '0'; must be a whole",
        "optimizer: {base-batch: 8}              | because optimizer.batch-rule is none",
        "model: {loss: squared, classes: [a, b]} | must be absent because loss squared has none",
        "model: {kind: softmax, loss: hinge}     | model.kind is softmax",
        "model: {kind: softmax}                  | at least two classes",
        "model: {classes: [a, b, c]}             | classes",
        "{parallelism: 4; max-parallelism: 2}    | at most max-parallelism = 2",
        "checkpoint: {timeout: 20m}              | because delivery is exactly-once",
        "topics: {models: millrace.examples}     | must not be an input topic",
        "topics: {metrics: a, models: a}         | another output goes there",
        "topics: {models: none}                  | cannot do without",
        "snapshots: {part-bytes: 2MiB}           | max.request.size",
        "snapshots: {part-bytes: 255}            | at least 256",
        "limits: {dead-letter-bytes: 4096}       | at least 16384",
        "warm-start: {file: /does/not/exist}     | /does/not/exist",
        "job: sample                             | must be ",
        "compute: {backend: abacus}              | [auto, scalar",
        "topics: {prefix: \"a b\"}               | a-z A-Z 0-9",
      })
  void refusesWhatCannotWorkTogether(String yaml, String message) {
    String lines =
        yaml.startsWith("{") ? yaml.substring(1, yaml.length() - 1).replace("; ", "\n") : yaml;
    assertThat(String.join("\n", faults(MINIMAL + lines + "\n"))).contains(message);
  }

  @Test
  void theDimensionIsNeededUnlessFeaturesAreNamed() {
    String kafka = "kafka: {bootstrap-servers: \"a:1\"}\n";
    assertThat(String.join("\n", faults(kafka))).contains("features.dimension");
    JobConfig named = JobConfig.parse(kafka + "features: {kind: named, hash-bits: 10}\n");
    assertThat(new LearnPlan(named).learner().input().width()).isEqualTo(1024);
  }

  @Test
  void secretsComeFromTheEnvironmentAndAreNeverShown() {
    String yaml =
        """
        kafka:
          bootstrap-servers: localhost:9092
          properties:
            sasl.jaas.config: user ${KAFKA_USER} password ${KAFKA_PASSWORD}
            ssl.keystore.password: plain-in-the-file
            client.rack: ${RACK}
        features: {dimension: 3}
        """;
    JobConfig config =
        JobConfig.parse(yaml, Map.of("KAFKA_USER", "me", "KAFKA_PASSWORD", "top$1", "RACK", "r1"));

    assertThat(config.kafkaProperties())
        .containsEntry("sasl.jaas.config", "user me password top$1")
        .containsEntry("client.rack", "r1");
    assertThat(config.toString())
        .doesNotContain("top$1")
        .doesNotContain("plain-in-the-file")
        .contains("kafka.properties.client.rack = r1")
        .contains("kafka.properties.sasl.jaas.config = (hidden)");
    assertThatThrownBy(() -> JobConfig.parse(yaml, Map.of("RACK", "r1", "KAFKA_USER", "me")))
        .hasMessageContaining("'KAFKA_PASSWORD' is not set")
        .hasMessageNotContaining("plain-in-the-file");
  }

  @Test
  void theArgumentIsAPathWithOrWithoutItsName() {
    Path expected = Path.of("job.yaml");
    assertThat(Main.path(new String[] {"--config", "job.yaml"})).isEqualTo(expected);
    assertThat(Main.path(new String[] {"--config=job.yaml"})).isEqualTo(expected);
    assertThat(Main.path(new String[] {"job.yaml"})).isEqualTo(expected);
    assertThatThrownBy(() -> Main.path(new String[] {"--conf", "job.yaml"}))
        .hasMessageContaining("--config JOB.yaml");
    assertThatThrownBy(() -> Main.path(new String[0])).isInstanceOf(ConfigException.class);
  }

  static List<String> faults(String yaml) {
    ConfigException e =
        catchThrowableOfType(ConfigException.class, () -> JobConfig.parse(yaml, Map.of()));
    assertThat(e).as("faults of:%n%s", yaml).isNotNull();
    return e.faults();
  }
}
