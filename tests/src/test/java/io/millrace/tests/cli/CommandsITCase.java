package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A user's way from a file to models and back from the dead letters, by commands alone. */
class CommandsITCase {
  private static final int ROWS = 600;
  private static final int BROKEN = 5;
  private static final int AGREE_ROWS = 400;

  @TempDir Path dir;

  @Test
  void produceRunModelsDeadLetters() throws Exception {
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir.resolve("broker"))) {
      String at = broker.bootstrapServers();
      Path job = job(at);
      Path data = data();

      // Topics come with the first submission; there is nothing to read yet.
      run(job);
      JsonNode produced =
          Cli.json(
              "produce",
              "--data",
              data.toString(),
              "--label",
              "side",
              "--key-column",
              "who",
              "--batch",
              "16",
              "-b",
              at,
              "--json");
      assertThat(produced.get("events").asInt()).isEqualTo(ROWS);
      assertThat(produced.get("keys").asInt()).isEqualTo(2);
      assertThat(produced.get("dimension").asInt()).isEqualTo(2);
      run(job);

      JsonNode models = Cli.json("models", "list", "-b", at, "--json").get("models");
      assertThat(models).hasSize(2);
      long learned = 0;
      for (JsonNode m : models) {
        learned += m.get("counters").get("examples").asLong();
        assertThat(m.get("metrics").get("accuracy").asDouble()).isGreaterThan(0.8);
      }
      assertThat(learned).isEqualTo(ROWS - BROKEN);
      showAndExport(at);
      watch(at);
      page(at);
      deadLetters(at, job);
      evaluateAndTheJobAgree(at, "clock", clocks());
      evaluateAndTheJobAgree(at, "words", words());
    }
  }

  /** On the same file, with the job that init writes, to four digits. */
  private void evaluateAndTheJobAgree(String at, String prefix, String csv) throws Exception {
    Path data = Files.writeString(dir.resolve(prefix + ".csv"), csv);
    Path job = dir.resolve(prefix + ".yaml");
    String topic = prefix + ".examples";
    create(at, topic);
    String[] file = {"--data", data.toString(), "--label", "class"};
    Cli.json(with(file, "init", "--topic", topic, "--out", job.toString(), "-b", at, "--json"));
    Files.writeString(
        job,
        "stop: latest\ncheckpoint: {interval: 500ms}\nparallelism: 1\n",
        StandardOpenOption.APPEND);
    Cli.json(with(file, "produce", "--key", "k", "--topic", topic, "-b", at, "--json"));
    run(job);
    JsonNode model =
        Cli.json("models", "list", "--topic", prefix + ".models", "-b", at, "--json")
            .get("models")
            .get(0);
    JsonNode evaluated = Cli.json(with(file, "evaluate", "--json"));
    assertThat(model.get("counters").get("examples").asLong())
        .isEqualTo(evaluated.get("learned").asLong())
        .isEqualTo(AGREE_ROWS);
    assertThat(model.get("metrics").get("loss").asDouble())
        .isCloseTo(evaluated.get("loss").asDouble(), within(5e-5));
    assertThat(model.get("metrics").get("accuracy").asDouble())
        .isEqualTo(evaluated.get("accuracy").asDouble())
        .isGreaterThan(0.8);
  }

  private static String[] with(String[] file, String command, String... more) {
    List<String> line = new ArrayList<>(List.of(command));
    line.addAll(List.of(file));
    line.addAll(List.of(more));
    return line.toArray(String[]::new);
  }

  private static void create(String at, String topic) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", at))) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  /** Milliseconds since 1970 within a minute: a float knows two of them. */
  private static String clocks() {
    StringBuilder csv = new StringBuilder("ms,noise,class\n");
    for (int i = 0; i < AGREE_ROWS; i++) {
      int within = (i * 7919) % 60_000;
      csv.append(1_700_000_000_000L + within).append(",0.").append((i * 31) % 100);
      csv.append(within < 30_000 ? ",early\n" : ",late\n");
    }
    return csv.toString();
  }

  private static String words() {
    StringBuilder csv = new StringBuilder("colour,size,class\n");
    for (int i = 0; i < AGREE_ROWS; i++) {
      csv.append("c").append(i % 9).append(",0.").append((i * 37) % 100);
      csv.append(i % 9 < 4 ? ",NO\n" : ",YES\n");
    }
    return csv.toString();
  }

  private void showAndExport(String at) throws Exception {
    JsonNode model = Cli.json("models", "show", "a", "--tensors", "-b", at, "--json");
    assertThat(model.get("config").toString()).contains("left");
    assertThat(model.get("tensors").get(0).get("values")).isNotEmpty();
    for (String format : new String[] {"json", "avro", "onnx", "snapshot"}) {
      Path file = dir.resolve("a." + format);
      JsonNode exported =
          Cli.json(
              "models",
              "export",
              "a",
              "--format",
              format,
              "--out",
              file.toString(),
              "-b",
              at,
              "--json");
      assertThat(exported.get("bytes").asLong()).isEqualTo(Files.size(file)).isPositive();
    }
    assertThat(new ObjectMapper().readTree(dir.resolve("a.json").toFile()).get("key").asText())
        .isEqualTo("a");
  }

  private static void watch(String at) throws Exception {
    JsonNode version = Cli.json("models", "watch", "b", "--count", "1", "-b", at, "--json");
    assertThat(version.get("key").asText()).isEqualTo("b");
  }

  private static void page(String at) throws Exception {
    try (PageOfAJob page = new PageOfAJob(at)) {
      JsonNode screen =
          page.screen(
              s ->
                  s.get("head").get("keys").asInt() == 2
                      && s.get("head").get("letters").asInt() == BROKEN
                      && !s.get("head").get("reading").asBoolean()
                      && s.at("/tiles/3/number").isNumber());
      assertThat(screen.at("/head/family").asText()).isEqualTo("learn");
      assertThat(screen.at("/head/faults")).isEmpty();
      JsonNode rows = page.ask("/api/keys?sort=key&down=0").get("rows");
      assertThat(rows.findValuesAsText("key")).containsExactly("a", "b");
      assertThat(rows.get(0).get("version").asLong()).isPositive();
      assertThat(page.ask("/api/letters").at("/reasons/0/reason").asText())
          .isEqualTo("UNKNOWN_CLASS");
      assertThat(page.ask("/api/letters").at("/letters/0/event").asText()).contains("\"up\"");
      assertThat(page.ask("/api/model?key=a").get("key").asText()).isEqualTo("a");
    }
  }

  private void deadLetters(String at, Path job) throws Exception {
    JsonNode letters = Cli.json("dead-letters", "list", "-b", at, "--json");
    assertThat(letters.get("count").asInt()).isEqualTo(BROKEN);
    assertThat(letters.get("byReason").get("UNKNOWN_CLASS").asInt()).isEqualTo(BROKEN);

    assertThat(replay(at, "--reason", "BAD_WEIGHT").get("replayed").asInt()).isZero();
    JsonNode dry = replay(at, "--dry-run");
    assertThat(dry.get("due").asInt()).isEqualTo(BROKEN);
    assertThat(dry.get("replayed").asInt()).isZero();
    assertThat(replay(at).get("replayed").asInt()).isEqualTo(BROKEN);
    forgetGroups(at); // as the broker does after offsets.retention.minutes
    timesAreKept(at);
    JsonNode second = replay(at);
    assertThat(second.get("replayed").asInt()).isZero();
    assertThat(second.get("replayedBefore").asInt()).isEqualTo(BROKEN);

    // Read again from the beginning: the letters of before, the same once more, and the replayed.
    run(job);
    letters = Cli.json("dead-letters", "list", "-b", at, "--json");
    assertThat(letters.get("count").asInt()).isEqualTo(3 * BROKEN);
    assertThat(replay(at).get("due").asInt()).isEqualTo(2 * BROKEN);
    assertThat(replay(at, "--again").get("replayed").asInt()).isEqualTo(3 * BROKEN);
  }

  private static void forgetGroups(String at) throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", at))) {
      for (GroupListing group : admin.listGroups().all().get()) {
        admin.deleteConsumerGroups(List.of(group.groupId())).all().get();
      }
    }
  }

  /** A replayed event has the timestamp of the record that it was refused in. */
  private static void timesAreKept(String at) {
    Map<String, Long> times = new HashMap<>();
    int replayed = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", at, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      List<TopicPartition> all =
          consumer.partitionsFor("millrace.examples").stream()
              .map(p -> new TopicPartition(p.topic(), p.partition()))
              .toList();
      consumer.assign(all);
      consumer.seekToBeginning(all);
      Map<TopicPartition, Long> ends = consumer.endOffsets(all);
      while (all.stream().anyMatch(p -> consumer.position(p) < ends.get(p))) {
        for (ConsumerRecord<byte[], byte[]> r : consumer.poll(Duration.ofMillis(100))) {
          String address = r.topic() + "-" + r.partition() + "@" + r.offset();
          times.put(address, r.timestamp());
          Header from = r.headers().lastHeader("millrace.replay-of");
          if (from != null) {
            String origin = new String(from.value(), StandardCharsets.UTF_8);
            assertThat(r.timestamp()).isEqualTo(times.get(origin.replaceFirst("\\[.*", "")));
            replayed++;
          }
        }
      }
    }
    assertThat(replayed).isEqualTo(BROKEN);
  }

  private static JsonNode replay(String at, String... more) throws Exception {
    String[] args = new String[5 + more.length];
    System.arraycopy(new String[] {"dead-letters", "replay", "-b", at, "--json"}, 0, args, 0, 5);
    System.arraycopy(more, 0, args, 5, more.length);
    return Cli.json(args);
  }

  private void run(Path job) throws Exception {
    Cli.json(
        "run",
        job.toString(),
        "--rest-port",
        "0",
        "--work-dir",
        dir.resolve("work").toString(),
        "--json");
  }

  private Path job(String at) throws Exception {
    return Files.writeString(
        dir.resolve("job.yaml"),
        """
        job: learn
        name: sides
        kafka: {bootstrap-servers: "%s"}
        model: {kind: linear, loss: logistic, classes: [left, right]}
        features: {kind: dense, dimension: 2, scaling: standard}
        optimizer: {name: sgd, learning-rate: 0.1}
        checkpoint: {interval: 500ms}
        parallelism: 1
        stop: latest
        """
            .formatted(at));
  }

  private Path data() throws Exception {
    StringBuilder csv = new StringBuilder("who,x,y,side\n");
    for (int i = 0; i < ROWS; i++) {
      double x = Math.sin(i);
      double y = Math.cos(3.0 * i);
      String side = i % (ROWS / BROKEN) == 7 ? "up" : x + y > 0 ? "right" : "left";
      csv.append(i % 3 == 0 ? "b" : "a").append(',').append(x).append(',').append(y);
      csv.append(',').append(side).append('\n');
    }
    return Files.writeString(dir.resolve("data.csv"), csv);
  }
}
