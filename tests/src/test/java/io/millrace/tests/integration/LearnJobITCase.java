package io.millrace.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.LearnPlan;
import io.millrace.jobs.Main;
import io.millrace.jobs.Settings;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.Label;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.NamedFeatures;
import io.millrace.schemas.Prediction;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.SparseFeatures;
import io.millrace.tests.ingress.BadInputs;
import io.millrace.tests.integration.KafkaTopic.Sent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The `learn` job between real topics: nothing lost, nothing doubled, nothing stops it. */
class LearnJobITCase {
  private static final String BOUNDED = "stop: latest\n";

  @TempDir static Path directory;
  private static Stack stack;

  @BeforeAll
  static void start() throws Exception {
    stack = Stack.start(directory, 1, 4);
  }

  @AfterAll
  static void stop() throws Exception {
    stack.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void everyEventIsLearnedFromOrADeadLetter(String delivery) throws Exception {
    String name = delivery.substring(0, 2) + "-once";
    Events events = new Events(20);
    JobConfig config =
        stack.config(
            name,
            name + ".events",
            2,
            BOUNDED
                + "delivery: "
                + delivery
                + """

                model: {classes: [DOWN, UP]}
                features: {dimension: 5, scaling: standard}
                optimizer: {name: adagrad, learning-rate: 0.1}
                mini-batch: 4
                snapshots: {every-examples: 50}
                metrics: {every-examples: 50}
                predictions: {enabled: true}
                """);
    List<Sent> sent = new ArrayList<>(events.rounds(0, 60));
    sent.add(30, Sent.of("key-1", "no event".getBytes(StandardCharsets.UTF_8)));
    sent.add(60, Sent.of("key-2", dense("key-2", "", 1.0, 1, 2, 3)));
    stack.topic(name + ".events").send(sent);
    stack.run(config, new LearnPlan(config).factory());

    Map<String, ModelSnapshot> models = newest(config);
    assertThat(models.keySet()).containsExactlyInAnyOrderElementsOf(events.keys());
    long produced = events.examples(0, 60);
    assertThat(sum(models, "examples") + sum(models, "unfinished") + sum(models, "pending"))
        .isEqualTo(produced);
    assertThat(sum(models, "predicted")).isEqualTo(produced);
    assertThat(stack.topic(name + ".predictions").read()).hasSize((int) produced);
    assertThat(stack.topic(name + ".dead-letters").deadLetters())
        .extracting(DeadLetter::getReason)
        .containsExactlyInAnyOrder(Reason.NOT_SINGLE_OBJECT, Reason.DIMENSION_MISMATCH);
    assertThat(stack.topic(name + ".metrics").read()).hasSizeGreaterThanOrEqualTo(20);
  }

  @ParameterizedTest
  @EnumSource(InputSpec.Kind.class)
  void everyKindOfBadInputIsADeadLetterOnceAndTheGoodAroundItAreLearned(InputSpec.Kind kind)
      throws Exception {
    String name = "bad-" + kind.name().toLowerCase(java.util.Locale.ROOT);
    KafkaTopic topic = stack.topic(name + ".events");
    topic.create(3, Map.of("max.message.bytes", Integer.toString(16 << 20)));
    JobConfig config = stack.config(name, name + ".events", 2, BOUNDED + badInputJob(kind));

    List<BadInputs.Case> bad = new ArrayList<>();
    for (BadInputs.Case c : BadInputs.all()) {
      if (c.spec().kind() == kind) {
        bad.add(c);
      }
    }
    byte[] huge = new byte[10 << 20];
    bad.add(new BadInputs.Case("10 MB", null, huge, Reason.TOO_LARGE, "10485760 bytes"));

    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < bad.size(); i++) {
      String around = "good-" + i % 5;
      sent.add(Sent.of(around, good(kind, around)));
      sent.add(Sent.of(around, bad.get(i).value()));
    }
    List<RecordMetadata> where = topic.send(sent);
    stack.run(config, new LearnPlan(config).factory());

    Map<String, ModelSnapshot> models = newest(config);
    models.keySet().removeIf(k -> !k.startsWith("good-"));
    assertThat(sum(models, "examples")).isEqualTo(bad.size());
    Map<String, List<DeadLetter>> letters = new LinkedHashMap<>();
    for (DeadLetter d : stack.topic(name + ".dead-letters").deadLetters()) {
      letters
          .computeIfAbsent(d.getPartition() + "@" + d.getOffset(), k -> new ArrayList<>())
          .add(d);
    }
    assertThat(letters).hasSize(bad.size());
    for (int i = 0; i < bad.size(); i++) {
      RecordMetadata at = where.get(2 * i + 1);
      BadInputs.Case c = bad.get(i);
      List<DeadLetter> found = letters.get(at.partition() + "@" + at.offset());
      assertThat(found).as(c.name()).hasSize(1);
      DeadLetter d = found.get(0);
      assertThat(d.getReason()).as(c.name()).isEqualTo(c.reason());
      assertThat(d.getMessage()).as(c.name()).contains(c.says());
      assertThat(d.getTopic()).isEqualTo(name + ".events");
      assertThat(d.getRecordKey().array()).isEqualTo(sent.get(2 * i + 1).key());
      if (c.value() == null) {
        assertThat(d.getValue()).isNull();
      } else if (c.value() != huge && d.getIndex() < 0) {
        assertThat(d.getValue().array()).as(c.name()).isEqualTo(c.value());
      }
    }
  }

  /** Three records like these stopped every job for ever. */
  @Test
  void aRecordKeyOfAnyLengthAndContentStopsNothing() throws Exception {
    String name = "record-keys";
    JobConfig config = stack.config(name, name + ".events", 2, BOUNDED + "features.dimension: 3\n");
    List<Sent> sent = new ArrayList<>();
    sent.add(new Sent(filled(70_000, 'x'), "junk".getBytes(StandardCharsets.UTF_8)));
    sent.add(new Sent(filled(300_000, 'x'), dense("wide", "", 1.0, new float[150_000])));
    sent.add(new Sent(filled(33_000, 0xe4), null));
    sent.add(new Sent(filled(900_000, 0), new byte[0]));
    sent.add(new Sent(new byte[0], "junk".getBytes(StandardCharsets.UTF_8)));
    sent.add(new Sent(filled(70_000, 'x'), dense("good", "", 1.0, 1, 2, 3)));
    List<RecordMetadata> where = stack.topic(name + ".events").send(sent);
    stack.run(config, new LearnPlan(config).factory());

    assertThat(newest(config).get("good").getCounters()).containsEntry("examples", 1L);
    List<DeadLetter> letters = stack.topic(name + ".dead-letters").deadLetters();
    List<String> at = new ArrayList<>();
    for (DeadLetter d : letters) {
      at.add(d.getPartition() + "@" + d.getOffset());
    }
    assertThat(at)
        .containsExactlyInAnyOrderElementsOf(
            where.subList(0, 5).stream().map(w -> w.partition() + "@" + w.offset()).toList());
    assertThat(letters)
        .extracting(DeadLetter::getReason)
        .containsExactlyInAnyOrder(
            Reason.NOT_SINGLE_OBJECT,
            Reason.DIMENSION_MISMATCH,
            Reason.EMPTY,
            Reason.EMPTY,
            Reason.NOT_SINGLE_OBJECT);
  }

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  /**
   * Three orders sent while the job was down: compaction kept the last, which changes nothing. The
   * topic is not compacted, and what was sent is obeyed.
   */
  @Test
  void ordersAreASequenceThatKafkaKeeps() throws Exception {
    JobConfig config =
        JobConfig.parse(
            """
            name: orders
            kafka: {bootstrap-servers: "%s"}
            topics: {prefix: orders, partitions: 1}
            features: {dimension: 3}
            optimizer: {name: sgd, learning-rate: 0.05}
            stop: latest
            """
                .formatted(stack.broker().bootstrapServers()));
    KafkaTopics.prepare(config);
    assertThat(stack.topic("orders.control").setting("cleanup.policy")).isEqualTo("delete");
    stack
        .topic("orders.control")
        .send(
            List.of(
                Events.control("*", ControlCommand.SET, "learning-rate", 0.001),
                Events.control("*", ControlCommand.PAUSE, "", 0),
                Events.control("*", ControlCommand.SNAPSHOT, "", 0)));
    stack.run(config, new LearnPlan(config).factory());
    List<ControlEcho> echoes = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.METRICS)).read()) {
      if (SingleObject.standard().decode(r.value()) instanceof ControlEcho echo) {
        echoes.add(echo);
      }
    }
    assertThat(echoes)
        .extracting(ControlEcho::getCommand, ControlEcho::getOutcome)
        .containsExactly(
            tuple(ControlCommand.SET, ControlOutcome.TAKEN),
            tuple(ControlCommand.PAUSE, ControlOutcome.TAKEN),
            tuple(ControlCommand.SNAPSHOT, ControlOutcome.TAKEN));
  }

  @Test
  void eventsThatAreBadOnlyBesideOthersHaveTheirReasons() throws Exception {
    String name = "beside";
    JobConfig config =
        stack.config(
            name,
            name + ".events",
            1,
            BOUNDED
                + """
                model: {loss: squared}
                features: {kind: named, hash-bits: 10}
                optimizer: {learning-rate: 0.1}
                dedupe: {window: 10}
                labels: {wait: 10s, max-pending: 2}
                """);
    List<Sent> sent =
        List.of(
            Events.control("k", ControlCommand.SET, "learning-rate", 0.2),
            Sent.of("k", named("k", "first", 1000, 1.0, 0.5)),
            Sent.of("k", named("k", "first", 1000, 1.0, 0.5)),
            Events.control("k", ControlCommand.SET, "no-such", 1),
            Events.control("k", ControlCommand.SET, "learning-rate", -1),
            Sent.of("k", SingleObject.encode(new Label("k", "never", at(1500), 1.0, null))),
            Sent.of("k", named("k", "w1", 2000, null, 0.5)),
            Sent.of("k", named("k", "w2", 2000, null, 0.5)),
            Sent.of("k", named("k", "w3", 2000, null, 0.5)),
            Sent.of("k", named("k", "late", 60_000, 1.0, 0.5)),
            Sent.of("k", SingleObject.encode(new Label("k", "w1", at(60_500), 1.0, null))),
            Sent.of("k", named("k", "wild", 61_000, 1e300, 1e300)),
            Sent.of("k", named("k", "last", 71_000, 1.0, 0.5)));
    stack.topic(name + ".events").send(sent);
    stack.run(config, new LearnPlan(config).factory());

    ModelSnapshot model = newest(config).get("k");
    assertThat(model.getCounters()).containsEntry("examples", 3L);
    List<Reason> reasons = new ArrayList<>();
    for (DeadLetter d : stack.topic(name + ".dead-letters").deadLetters()) {
      reasons.add(d.getReason());
    }
    assertThat(reasons)
        .containsExactlyInAnyOrder(
            Reason.CONTROL_FOR_ABSENT_KEY,
            Reason.DUPLICATE_EVENT,
            Reason.UNKNOWN_HYPERPARAMETER,
            Reason.BAD_HYPERPARAMETER,
            Reason.LABEL_WITHOUT_EXAMPLE,
            Reason.TOO_MANY_PENDING,
            Reason.LABEL_EXPIRED,
            Reason.LABEL_EXPIRED,
            Reason.LABEL_WITHOUT_EXAMPLE,
            Reason.NOT_FINITE_GRADIENT);
  }

  /** Exclusive or: right is what no linear model says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "mlp; kind: mlp, hidden: [8, 4], activation: tanh; name: adam, learning-rate: 0.03",
        "kfac; kind: mlp, hidden: [12], activation: gelu; name: mkor_linear, learning-rate: 0.05",
        "fm; kind: fm, rank: 2, init-scale: 30; name: adagrad, learning-rate: 0.2"
      })
  void modelsWithMatricesLearnWhatLinearOnesCannot(String name, String model, String optimizer)
      throws Exception {
    JobConfig config =
        stack.config(
            name,
            name + ".events",
            2,
            BOUNDED
                + "model: {"
                + model
                + "}\noptimizer: {"
                + optimizer
                + "}\nfeatures: {dimension: 2}\nmini-batch: 4\n");
    List<Sent> sent = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      String key = "k" + i % 2;
      int a = i / 2 % 4 / 2;
      int b = i / 2 % 2;
      sent.add(Sent.of(key, dense(key, "", (double) (a ^ b), 2 * a - 1, 2 * b - 1)));
    }
    stack.topic(name + ".events").send(sent);
    stack.run(config, new LearnPlan(config).factory());

    Map<String, ModelSnapshot> models = newest(config);
    assertThat(models.keySet()).containsExactly("k0", "k1");
    for (ModelSnapshot snapshot : models.values()) {
      assertThat(snapshot.getCounters()).containsEntry("examples", 1000L);
      Model read = Model.of(snapshot);
      for (int i = 0; i < 4; i++) {
        assertThat(read.predict(i / 2 * 2 - 1, i % 2 * 2 - 1).classIndex())
            .as(name + " at " + i)
            .isEqualTo(i / 2 ^ i % 2);
      }
    }
  }

  /** High is what is above 0 in odd kinds, and below 0 in the others: half of it is chance. */
  @Test
  void aForestGrowsInAJobAndReadersPredictAsTheJobDoes() throws Exception {
    String name = "forest";
    JobConfig config =
        stack.config(
            name,
            name + ".events",
            2,
            BOUNDED
                + """
                model: {kind: forest, classes: [low, high], trees: 3, grace: 20, attributes: 2}
                features: {dimension: 3, nominal: {2: 4}, names: [noise, x, kind]}
                labels: {wait: 1h}
                predictions: {enabled: true}
                """);
    int rows = 1200;
    List<Sent> sent = new ArrayList<>();
    Map<String, Integer> high = new TreeMap<>();
    for (int i = 0; i < rows; i++) {
      String key = "k" + i % 2;
      String id = key + "#" + i;
      float x = (float) Math.sin(i);
      int kind = i / 2 % 4;
      high.put(id, x > 0 == (kind % 2 == 1) ? 1 : 0);
      String label = high.get(id) == 1 ? "high" : "low";
      boolean late = i % 5 == 3;
      sent.add(Sent.of(key, dense(key, id, late ? null : label, (float) Math.sin(7 * i), x, kind)));
      if (late) {
        sent.add(Sent.of(key, SingleObject.encode(new Label(key, id, at(5), label, null))));
      }
    }
    float[] question = {0.25f, 0.5f, 3};
    for (String key : List.of("k0", "k1")) {
      sent.add(Sent.of(key, dense(key, key + "#no", "low", 0, 0, 4))); // kinds are 0 to 3
      sent.add(Sent.of(key, dense(key, key + "#question", null, question)));
    }
    stack.topic(name + ".events").send(sent);
    stack.awaitEnd(stack.submit(config));

    assertThat(stack.topic(name + ".dead-letters").deadLetters())
        .hasSize(2)
        .allSatisfy(
            d -> {
              assertThat(d.getReason()).isEqualTo(Reason.OUT_OF_DOMAIN);
              assertThat(d.getMessage()).contains("'kind' is 4.0");
            });
    Map<String, Double> predicted = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(name + ".predictions").read()) {
      Prediction p = SingleObject.standard().decode(Prediction.class, r.value());
      predicted.put(p.getId(), p.getScores().get(0));
    }
    assertThat(predicted).hasSize(rows + 2);
    long right =
        high.entrySet().stream()
            .filter(e -> Integer.parseInt(e.getKey().substring(3)) >= rows / 2)
            .filter(e -> predicted.get(e.getKey()) > 0.5 == (e.getValue() == 1))
            .count();
    assertThat(right).isGreaterThan(rows / 2 * 8 / 10);

    KafkaAccess kafka = KafkaAccess.to(stack.broker().bootstrapServers());
    ModelStoreOptions options = ModelStoreOptions.of(config.topic(Settings.MODELS));
    try (ModelStore store = ModelStore.manual(kafka, options)) {
      assertThat(store.awaitCaughtUp(Duration.ofMinutes(1))).isTrue();
      for (String key : List.of("k0", "k1")) {
        Model model = store.get(key).orElseThrow();
        assertThat(model.counters())
            .containsEntry("examples", rows / 2L)
            .containsEntry("pending", 1L);
        assertThat(model.shape("tree.0.nodes")[0]).isGreaterThan(4);
        assertThat(model.predict(question[0], question[1], question[2]).values()[0])
            .isEqualTo(predicted.get(key + "#question"));
      }
    }
  }

  @Test
  void theMainClassCreatesTheTopicsAndRunsTheYaml() throws Exception {
    Path yaml = directory.resolve("job.yaml");
    Files.writeString(
        yaml,
        """
        name: main
        kafka: {bootstrap-servers: "%s"}
        topics: {prefix: main, partitions: 2}
        features: {dimension: 3}
        stop: latest
        """
            .formatted(stack.broker().bootstrapServers()));
    Main.main(new String[] {"--config", yaml.toString()});
    stack.topic("main.examples").send(List.of(Sent.of("k", dense("k", "", 1.0, 1, 2, 3))));
    Main.main(new String[] {yaml.toString()});
    assertThat(newest(JobConfig.read(yaml)).get("k").getCounters()).containsEntry("examples", 1L);
  }

  @Test
  void aJobStartsWarmFromAPublishedSnapshot() throws Exception {
    String learner = "model: {loss: squared}\nfeatures: {dimension: 3}\nsnapshots: {dtype: f64}\n";
    JobConfig cold = stack.config("cold", "cold.events", 1, BOUNDED + learner);
    stack.topic("cold.events").send(List.of(Sent.of("k", dense("k", "", 1.0, 1, 2, 3))));
    stack.run(cold, new LearnPlan(cold).factory());
    ModelSnapshot published = newest(cold).get("k");
    Path file = directory.resolve("model.avro");
    Files.write(file, SnapshotCodec.encode(published));

    JobConfig warm =
        stack.config(
            "warm", "warm.events", 1, BOUNDED + learner + "warm-start: {file: \"" + file + "\"}\n");
    stack
        .topic("warm.events")
        .send(
            List.of(
                Sent.of("new", dense("new", "", 0.0, 0, 0, 0)),
                Events.control("new", ControlCommand.SNAPSHOT, "", 0)));
    stack.run(warm, new LearnPlan(warm).factory());

    ModelSnapshot started = newest(warm).get("new");
    assertThat(started.getProvenance().getParent()).isEqualTo("k@" + published.getVersion());
    assertThat(started.getTensors().get(0)).isEqualTo(published.getTensors().get(0));
  }

  @Test
  void topicsAreCreatedWithTheirCleanupOrRefusedWhenMissing() throws Exception {
    JobConfig config = stack.config("created", "created.examples", 1, "features: {dimension: 3}\n");
    assertThat(stack.topic(config.topic(Settings.MODELS)).setting("cleanup.policy"))
        .isEqualTo("compact");
    assertThat(stack.topic(config.topic(Settings.DEAD_LETTERS)).setting("cleanup.policy"))
        .isEqualTo("delete");
    // Here controls travel with the examples, which are not to be compacted.
    assertThat(stack.topic("created.examples").setting("cleanup.policy")).isEqualTo("delete");
    assertThat(KafkaTopics.prepare(config).created()).isEmpty();

    String servers = stack.broker().bootstrapServers();
    String yaml =
        """
        kafka: {bootstrap-servers: "%s", transaction-timeout: 16m}
        topics: {prefix: absent, create: false}
        features: {dimension: 3}
        """
            .formatted(servers);
    assertThatThrownBy(() -> KafkaTopics.prepare(JobConfig.parse(yaml)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("topic 'absent.models': does not exist")
        .hasMessageContaining("topic 'absent.control': does not exist")
        .hasMessageContaining("transaction.max.timeout.ms");
  }

  private static String badInputJob(InputSpec.Kind kind) {
    String limits =
        "limits: {record-bytes: 4096, key-bytes: 64, id-bytes: 40, features-per-example: %d}\n";
    return switch (kind) {
      case DENSE ->
          limits.formatted(BadInputs.DENSE.maxFeatures())
              + "model: {classes: [DOWN, UP]}\nfeatures: {dimension: 4}\n";
      case SPARSE ->
          limits.formatted(BadInputs.SPARSE.maxFeatures())
              + "model: {loss: poisson}\nfeatures: {kind: sparse, dimension: 1000}\n";
      case NAMED ->
          limits.formatted(BadInputs.NAMED.maxFeatures())
              + "model: {loss: squared}\nfeatures: {kind: named, hash-bits: 10}\n";
    };
  }

  private static byte[] good(InputSpec.Kind kind, String key) {
    return switch (kind) {
      case DENSE -> dense(key, "", "UP", 1, 2, 3, 4);
      case SPARSE ->
          SingleObject.encode(
              new Example(
                  key, "", at(5), 1.0, 2.0, new SparseFeatures(List.of(1, 7), List.of(1f, 2f))));
      case NAMED -> named(key, "", 5, 1.0, 0.5).clone();
    };
  }

  private static byte[] dense(String key, String id, Object label, float... values) {
    List<Float> list = new ArrayList<>();
    for (float v : values) {
      list.add(v);
    }
    return SingleObject.encode(new Example(key, id, at(5), 1.0, label, new DenseFeatures(list)));
  }

  private static byte[] named(String key, String id, long time, Double label, double x) {
    return SingleObject.encode(
        new Example(key, id, at(time), 1.0, label, new NamedFeatures(Map.of("x", x), Map.of())));
  }

  private static Instant at(long millis) {
    return Instant.ofEpochMilli(millis);
  }

  private static long sum(Map<String, ModelSnapshot> models, String counter) {
    return models.values().stream().mapToLong(m -> m.getCounters().get(counter)).sum();
  }

  private static Map<String, ModelSnapshot> newest(JobConfig config) throws Exception {
    Map<String, ModelSnapshot> newest = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.MODELS)).read()) {
      newest.put(new String(r.key(), StandardCharsets.UTF_8), SnapshotCodec.decode(r.value()));
    }
    return newest;
  }
}
