package io.millrace.tests.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.jobs.KafkaTopics;
import io.millrace.schemas.DType;
import io.millrace.schemas.Example;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Tensors;
import io.millrace.tests.integration.KafkaTopic;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client library, and independent clients in Python and of kcat, against a real broker. */
class ClientITCase {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int PARTITIONS = 3;
  private static final Path EXAMPLES = Path.of("../docs/examples");

  @TempDir static Path dir;
  private static EmbeddedBroker broker;
  private static KafkaAccess kafka;

  @BeforeAll
  static void start() throws Exception {
    broker = EmbeddedBroker.start(dir.resolve("broker"));
    kafka = KafkaAccess.to(broker.bootstrapServers());
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      List<NewTopic> topics = new ArrayList<>();
      for (String name : List.of("models", "large", "python", "examples")) {
        topics.add(new NewTopic(name, PARTITIONS, (short) 1));
      }
      admin.createTopics(topics).all().get();
      KafkaTopics.awaitServed(admin, topics.stream().map(NewTopic::name).toList());
    }
  }

  @AfterAll
  static void stop() {
    if (broker != null) {
      broker.close();
    }
  }

  @Test
  void theStoreSeesCommittedModelsWholeAndInOrder() throws Exception {
    try (ModelStore store = ModelStore.follow(kafka, ModelStoreOptions.of("models"))) {
      assertThat(store.awaitCaughtUp(LONG)).isTrue();
      List<String> seen = new ArrayList<>();
      store.addListener(m -> seen.add(m.key() + "@" + m.version()));
      try (KafkaProducer<byte[], byte[]> job = transactional("models")) {
        publish(job, "models", List.of(model("a", 1, 2), model("b", 1, 2), model("c", 1, 500_000)));
        job.beginTransaction();
        send(job, "models", model("a", 7, 2));
        send(job, "models", model("c", 2, 500_000));
        job.flush();
        job.abortTransaction();
        publish(job, "models", List.of(model("a", 2, 2), model("a", 1, 2), model("c", 2, 500_000)));
        publish(job, "models", List.of(model("c", 3, 500_000)));
      }
      Model c = store.awaitVersion("c", 3, LONG).orElseThrow();
      assertThat(c.tensor("weights")).containsOnly(3);
      assertThat(store.awaitVersion("a", 2, LONG)).isPresent();
      assertThat(store.get("a").orElseThrow().predict(1, 2).value())
          .isEqualTo(1 / (1 + Math.exp(-6.5)));
      assertThat(store.awaitVersion("b", 1, LONG)).isPresent();
      assertThat(seen).containsExactlyInAnyOrder("a@1", "b@1", "c@1", "a@2", "c@2", "c@3");
      assertThat(store.status().counts().corrupt()).isZero();
    }
    try (ModelStore late = ModelStore.manual(kafka, ModelStoreOptions.of("models"))) {
      assertThat(late.awaitCaughtUp(LONG)).isTrue();
      assertThat(late.keys()).containsExactly("a", "b", "c");
      assertThat(late.status().lag()).isZero();
    }
  }

  @Test
  void aModelOf50MegabytesCrossesABrokerThatTakesRecordsOfOneMebibyte() throws Exception {
    try (ModelStore store = ModelStore.follow(kafka, ModelStoreOptions.of("large"))) {
      ModelSnapshot large = model("large", 1, 13_000_000);
      try (KafkaProducer<byte[], byte[]> job = transactional("large")) {
        publish(job, "large", List.of(large));
      }
      Model m = store.awaitVersion("large", 1, LONG).orElseThrow();
      assertThat(m.snapshot().getTensors().get(0).getData())
          .isEqualTo(large.getTensors().get(0).getData());
      assertThat(store.status().counts().records()).isGreaterThan(50);
    }
    List<ConsumerRecord<byte[], byte[]>> parts =
        new KafkaTopic(broker.bootstrapServers(), "large").read();
    assertThat(parts)
        .allMatch(r -> r.partition() == Partitioner.partition("large", PARTITIONS))
        .allMatch(r -> r.value().length < 1 << 20);
  }

  @Test
  void pythonAndKcatReadTheSameModels() throws Exception {
    Command.needs(
        "python3-avro, python3-confluent-kafka",
        Command.PYTHON,
        "-c",
        "import avro.io, confluent_kafka");
    try (KafkaProducer<byte[], byte[]> job = transactional("python")) {
      publish(job, "python", List.of(model("a", 1, 2), model("c", 4, 300_000)));
      publish(job, "python", List.of(model("a", 2, 2)));
      job.beginTransaction();
      send(job, "python", model("a", 9, 2));
      job.flush();
      job.abortTransaction();
    }
    String script = EXAMPLES.resolve("read_model.py").toString();
    String servers = broker.bootstrapServers();
    Map<String, Long> expected = Map.of("a", 2L, "c", 4L);
    byte[] read =
        Command.run(
            List.of(Command.PYTHON, script, "--bootstrap-servers", servers, "--topic", "python"));
    assertThat(versions(read)).isEqualTo(expected);

    Command.needs("kcat", "/usr/bin/kcat", "-V");
    List<String> kcat =
        List.of(
            "/usr/bin/kcat",
            "-b",
            servers,
            "-t",
            "python",
            "-C",
            "-o",
            "beginning",
            "-e",
            "-q",
            "-X",
            "isolation.level=read_committed",
            "-f",
            "%p %K %S\\n%k%s\\n");
    Path file = Files.write(dir.resolve("models.kcat"), Command.run(kcat));
    byte[] scored =
        Command.run(
            List.of(
                Command.PYTHON,
                script,
                "--file",
                file.toString(),
                "--key",
                "a",
                "--score",
                "[1, 2]"));
    assertThat(versions(scored)).isEqualTo(Map.of("a", 2L));
    JsonNode a = new ObjectMapper().readTree(scored);
    assertThat(a.get("scores").get(0).get(0).asDouble())
        .isCloseTo(1 / (1 + Math.exp(-6.5)), org.assertj.core.api.Assertions.within(1e-12));
    assertThat(a.get("classes").get(0).asText()).isEqualTo("yes");
  }

  @Test
  void eventsOfBothLanguagesShareTheirKeysPartition() throws Exception {
    Command.needs(
        "python3-avro, python3-confluent-kafka",
        Command.PYTHON,
        "-c",
        "import avro.io, confluent_kafka");
    List<String> keys = List.of("a", "b", "c", "größe", "user-1234567890");
    try (EventWriter writer = EventWriter.open(kafka, "test", EventTopics.single("examples"), 1)) {
      keys.forEach(key -> writer.send(Event.dense(key, 1, 2).id("java")));
      writer.flush();
      assertThat(writer.counts()).isEqualTo(new EventWriter.Counts(5, 5, 5));
    }
    for (String key : keys) {
      Command.run(
          List.of(
              Command.PYTHON,
              EXAMPLES.resolve("write_event.py").toString(),
              "--bootstrap-servers",
              broker.bootstrapServers(),
              "--topic",
              "examples",
              "--key",
              key,
              "--id",
              "python",
              "--features",
              "[1, 2]"));
    }
    List<ConsumerRecord<byte[], byte[]>> records =
        new KafkaTopic(broker.bootstrapServers(), "examples").read();
    assertThat(records).hasSize(10);
    for (ConsumerRecord<byte[], byte[]> r : records) {
      Example e = SingleObject.standard().decode(Example.class, r.value());
      assertThat(new String(r.key(), StandardCharsets.UTF_8)).isEqualTo(e.getKey());
      assertThat(r.partition()).isEqualTo(Partitioner.partition(e.getKey(), PARTITIONS));
    }
  }

  private static Map<String, Long> versions(byte[] lines) throws Exception {
    Map<String, Long> versions = new HashMap<>();
    for (String line : new String(lines, StandardCharsets.UTF_8).split("\n")) {
      JsonNode model = new ObjectMapper().readTree(line);
      versions.put(model.get("key").asText(), model.get("version").asLong());
    }
    return versions;
  }

  private static KafkaProducer<byte[], byte[]> transactional(String id) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", broker.bootstrapServers(), "transactional.id", id),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  private static void publish(
      KafkaProducer<byte[], byte[]> producer, String topic, List<ModelSnapshot> models) {
    producer.beginTransaction();
    models.forEach(m -> send(producer, topic, m));
    producer.commitTransaction();
  }

  private static void send(
      KafkaProducer<byte[], byte[]> producer, String topic, ModelSnapshot model) {
    int partition = Partitioner.partition(model.getKey(), PARTITIONS);
    for (ModelRecord r : PartCodec.records(model, PartCodec.DEFAULT_PART_BYTES)) {
      producer.send(new ProducerRecord<>(topic, partition, r.key(), r.value()));
    }
  }

  /** A linear model whose weights are all its version; with two of them it can score. */
  private static ModelSnapshot model(String key, long version, int dimension) {
    double[] weights = new double[dimension];
    Arrays.fill(weights, version);
    return new ModelSnapshot(
        key,
        1L,
        version,
        Instant.ofEpochMilli(version),
        "learn",
        Map.of(
            "model.kind", "linear",
            "model.loss", "logistic",
            "model.classes.0", "no",
            "model.classes.1", "yes",
            "features.kind", "dense",
            "features.dimension", Integer.toString(dimension),
            "features.scaling", "none",
            "limits.features-per-example", "100000000"),
        List.of(
            Tensors.of("weights", new int[] {dimension, 1}, weights, DType.F32),
            Tensors.of("bias", new int[] {1}, new double[] {0.5}, DType.F32)),
        Map.of("examples", version),
        Map.of(),
        List.of(),
        new Provenance("sgd", 1, Map.of(), 0L, "scalar", "test", 1L, ""));
  }
}
