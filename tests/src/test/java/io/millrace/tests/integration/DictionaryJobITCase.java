package io.millrace.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.client.SparseCode;
import io.millrace.jobs.DictionarySettings;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.LearnerPlan;
import io.millrace.jobs.Settings;
import io.millrace.schemas.Code;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.tests.cli.Cli;
import io.millrace.tests.integration.KafkaTopic.Sent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The `dictionary` job between real topics, and the client on its models. */
class DictionaryJobITCase {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final String JOB =
      """
      job: dictionary
      stop: latest
      features: {dimension: 5}
      dictionary: {atoms: 8, lambda: 0.05}
      mini-batch: 4
      codes: {enabled: true}
      snapshots: {every-examples: 20, dtype: f64}
      metrics: {every-examples: 20}
      """;

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

  @Test
  void everySignalIsCodedOnceAndLearnedFromOrADeadLetter() throws Exception {
    Events signals = Events.signals(10);
    JobConfig config = stack.config("coded", "coded.events", 2, JOB);
    List<Sent> sent = new ArrayList<>(signals.rounds(0, 60));
    sent.add(30, Sent.of("key-1", "no event".getBytes(StandardCharsets.UTF_8)));
    sent.add(60, Sent.of("key-2", signal("key-2", "", 1, 2, 3)));
    sent.add(90, Sent.of("key-3", signal("key-3", "", 1, 2, 3, Float.NaN, 5)));
    stack.topic("coded.events").send(sent);
    stack.run(config, ((LearnerPlan) JobPlan.of(config)).factory());

    int produced = (int) signals.examples(0, 60);
    List<Code> codes = codes(config);
    assertThat(codes).hasSize(produced);
    assertThat(codes.stream().map(c -> c.getKey() + "/" + c.getId()).distinct()).hasSize(produced);
    assertThat(codes).allMatch(c -> c.getLength() == 8 && c.getObjective() >= 0);
    assertThat(stack.topic("coded.dead-letters").deadLetters())
        .extracting(DeadLetter::getReason)
        .containsExactlyInAnyOrder(
            Reason.NOT_SINGLE_OBJECT, Reason.DIMENSION_MISMATCH, Reason.NOT_FINITE);
    try (ModelStore store = store(config)) {
      assertThat(store.keys()).containsExactlyInAnyOrderElementsOf(signals.keys());
      long covered = 0;
      for (String key : store.keys()) {
        Model m = store.get(key).orElseThrow();
        covered += m.counters().get("examples") + m.counters().get("unfinished");
        assertThat(m.metrics()).containsKeys("loss", "nonZeros", "unusedAtoms", "largestMove");
      }
      assertThat(covered).isEqualTo(produced);
    }
    assertThat(stack.topic("coded.metrics").read()).hasSizeGreaterThanOrEqualTo(20);
  }

  /** What the job published of a signal is what the client finds under the same dictionary. */
  @Test
  void theClientCodesWithTheNewestDictionaryAsTheJobDoes() throws Exception {
    JobConfig config = stack.config("client", "client.events", 1, JOB);
    Events signals = Events.signals(1);
    List<Sent> sent = new ArrayList<>(signals.rounds(0, 40));
    float[] probe = {1, -2, 0.5f, 3, 0.25f};
    sent.addAll(signals.snapshots());
    sent.add(Sent.of("key-0", signal("key-0", "probe", probe)));
    stack.topic("client.events").send(sent);
    stack.run(config, ((LearnerPlan) JobPlan.of(config)).factory());

    Code published =
        codes(config).stream().filter(c -> c.getId().equals("probe")).findFirst().orElseThrow();
    double[] x = {1, -2, 0.5, 3, 0.25};
    try (ModelStore store = store(config)) {
      Model newest = store.get("key-0").orElseThrow();
      assertThat(newest.counters()).containsEntry("steps", published.getModelSteps());
      SparseCode own = newest.encode(x);
      assertThat(own.indices()).containsExactly(published.getIndices().toArray(new Integer[0]));
      assertThat(own.objective()).isCloseTo(published.getObjective(), within(1e-6));
      double[] back = newest.reconstruct(own);
      double error = 0;
      double norm = 0;
      for (int i = 0; i < x.length; i++) {
        error += (x[i] - back[i]) * (x[i] - back[i]);
        norm += x[i] * x[i];
      }
      assertThat(Math.sqrt(error / norm)).isLessThan(2 * Math.sqrt(own.objective()) + 1e-9);
    }
  }

  @Test
  void ordersReachTheDictionaryAndASnapshotStartsAnother() throws Exception {
    Events signals = Events.signals(2);
    JobConfig config = stack.config("orders", "orders.events", 1, JOB);
    List<Sent> sent = new ArrayList<>(signals.rounds(0, 30));
    sent.add(Events.control("key-0", ControlCommand.SET, "lambda", 0.2));
    sent.add(Events.control("key-0", ControlCommand.PAUSE, "", 0));
    sent.add(Events.control("key-1", ControlCommand.RESET, "", 0));
    sent.add(Events.control("key-1", ControlCommand.SET, "lamda", 1));
    sent.addAll(signals.rounds(30, 33));
    sent.addAll(signals.snapshots());
    stack.topic("orders.events").send(sent);
    stack.run(config, ((LearnerPlan) JobPlan.of(config)).factory());

    Path start = directory.resolve("start.bin");
    double[] taught;
    try (ModelStore store = store(config)) {
      Model frozen = store.get("key-0").orElseThrow();
      assertThat(frozen.config()).containsEntry("dictionary.lambda", "0.2");
      assertThat(frozen.counters().get("skipped")).as("coded, not learned").isEqualTo(4);
      Model reset = store.get("key-1").orElseThrow();
      assertThat(reset.counters().get("predicted")).isGreaterThan(30L);
      assertThat(reset.config()).containsEntry("dictionary.lambda", "0.05");
      taught = frozen.tensor("dictionary");
    }
    export("snapshot", start);
    assertThat(stack.topic("orders.dead-letters").deadLetters())
        .extracting(DeadLetter::getReason)
        .containsExactly(Reason.UNKNOWN_HYPERPARAMETER);

    JobConfig warm =
        stack.config("warm", "warm.events", 1, JOB + "warm-start: {file: " + start + "}\n");
    Sent order = Events.control("key-0", ControlCommand.SNAPSHOT, "", 0);
    stack
        .topic("warm.events")
        .send(List.of(Sent.of("key-0", signal("key-0", "", 1, 2, 3, 4, 5)), order));
    stack.run(warm, ((LearnerPlan) JobPlan.of(warm)).factory());
    assertThat(codes(warm).get(0).getValues()).isNotEmpty();
    try (ModelStore store = store(warm)) {
      Model m = store.get("key-0").orElseThrow();
      assertThat(m.tensor("dictionary")).containsExactly(taught, within(1e-12));
      assertThat(m.snapshot().getProvenance().getParent()).startsWith("key-0@");
    }
  }

  /** What the command line makes of a dictionary. */
  private static void export(String format, Path file) throws Exception {
    String[] from = {"--topic", "orders.models", "-b", stack.broker().bootstrapServers(), "--json"};
    JsonNode shown = Cli.json(command(from, "models", "show", "key-0"));
    assertThat(shown.get("job").asText()).isEqualTo("dictionary");
    assertThat(shown.get("config").get("dictionary.method").asText()).isEqualTo("online");
    assertThat(shown.get("tensors").get(0).get("shape").toString()).isEqualTo("[8,5]");
    Cli.json(
        command(from, "models", "export", "key-0", "--format", format, "--out", file.toString()));
  }

  private static String[] command(String[] options, String... words) {
    return Stream.of(words, options).flatMap(Stream::of).toArray(String[]::new);
  }

  private static byte[] signal(String key, String id, float... x) {
    List<Float> values = new ArrayList<>();
    for (float v : x) {
      values.add(v);
    }
    return SingleObject.encode(
        new Example(key, id, Instant.ofEpochMilli(1), 1.0, null, new DenseFeatures(values)));
  }

  private static ModelStore store(JobConfig config) throws Exception {
    ModelStore store =
        ModelStore.manual(
            KafkaAccess.to(stack.broker().bootstrapServers()),
            ModelStoreOptions.of(config.topic(Settings.MODELS)));
    assertThat(store.awaitCaughtUp(LONG)).isTrue();
    return store;
  }

  private static List<Code> codes(JobConfig config) throws Exception {
    List<Code> codes = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r :
        stack.topic(config.topic(DictionarySettings.CODES)).read()) {
      codes.add(SingleObject.standard().decode(Code.class, r.value()));
    }
    return codes;
  }
}
