package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.sample.posterior.Reliability;
import io.millrace.core.scaling.Scaling;
import io.millrace.schemas.DType;
import io.millrace.schemas.DecisionSource;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.NamedFeatures;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import io.millrace.schemas.Tensors;
import io.millrace.schemas.TuneDecision;
import io.millrace.schemas.TuneFeedback;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * An independent client, docs/examples, reads what this code writes and the reverse. Skipped where
 * Debian's python3-avro is absent, unless {@code -Dmillrace.tools.required=true}: then its absence
 * is a failure.
 */
class PythonClientTest {
  private static final String PYTHON = "/usr/bin/python3";
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path dir;

  @BeforeAll
  static void pythonHasAvro() throws Exception {
    boolean there =
        Files.isExecutable(Path.of(PYTHON))
            && run(List.of(PYTHON, "-c", "import avro.io"), false) != null;
    if (!Boolean.getBoolean("millrace.tools.required")) {
      Assumptions.assumeTrue(
          there, "skipped: " + PYTHON + " has no package avro (Debian: python3-avro)");
    }
    assertThat(there).as(PYTHON + " with package avro, because millrace.tools.required").isTrue();
  }

  @Test
  void readsModelsAndScoresAsTheJavaClientDoes() throws Exception {
    for (InputSpec.Kind kind : InputSpec.Kind.values()) {
      for (String loss : List.of("logistic", "softmax", "squared", "hinge", "poisson")) {
        scoresAsTheJavaClient(Trained.on(kind, loss, Scaling.STANDARD), kind);
      }
      for (ModelOptions options : Trained.models()) {
        scoresAsTheJavaClient(Trained.on(kind, options, "softmax", Scaling.STANDARD), kind);
      }
    }
  }

  @Test
  void scoresWithLearnersWithoutAGradientAsTheJavaClientDoes() throws Exception {
    for (InputSpec.Kind kind : InputSpec.Kind.values()) {
      for (LearnerSetup setup : Trained.setups(kind)) {
        scoresAsTheJavaClient(Trained.on(setup), kind, Trained::notNegative);
      }
    }
  }

  private void scoresAsTheJavaClient(Trained trained, InputSpec.Kind kind) throws Exception {
    scoresAsTheJavaClient(trained, kind, UnaryOperator.identity());
  }

  private void scoresAsTheJavaClient(
      Trained trained, InputSpec.Kind kind, UnaryOperator<double[]> bend) throws Exception {
    ModelSnapshot s = trained.publish(DType.F32);
    Model model = Model.of(s);
    List<String> features = new ArrayList<>();
    List<Score> expected = new ArrayList<>();
    Random random = new Random(17);
    for (int i = 0; i < 3; i++) {
      double[] x = bend.apply(Trained.row(random, Scaling.STANDARD));
      expected.add(score(model, kind, x));
      features.add(JSON.writeValueAsString(json(kind, x)));
    }
    JsonNode read = read(PartCodec.records(s, PartCodec.DEFAULT_PART_BYTES), features).get("k");
    for (int i = 0; i < 3; i++) {
      double[] values = expected.get(i).values();
      for (int k = 0; k < values.length; k++) {
        assertThat(read.get("scores").get(i).get(k).asDouble())
            .as(s.getConfig().toString())
            .isCloseTo(values[k], within(1e-9 * Math.max(1, Math.abs(values[k]))));
      }
      JsonNode name = read.get("classes").get(i);
      assertThat(name.isNull()).isEqualTo(expected.get(i).classIndex() < 0);
      assertThat(name.isNull() || name.asText().equals(expected.get(i).className())).isTrue();
    }
  }

  @Test
  void predictsWithTheDrawsOfAPosteriorAsTheJavaClientDoes() throws Exception {
    double[] x = {1.5, -0.5, 2};
    predictsAsTheJavaClient(new Drawn("logistic", ModelOptions.linear(), 8), x);
    predictsAsTheJavaClient(new Drawn("softmax", ModelOptions.mlp("relu", 4, 3), 8), x);
    predictsAsTheJavaClient(new Drawn("squared", ModelOptions.fm(2), 8), x);
  }

  private void predictsAsTheJavaClient(Drawn drawn, double[] x) throws Exception {
    ModelSnapshot s = drawn.publish(1, new Reliability(true, ""), DType.F32);
    Predictive expected = Model.of(s).predictive(x);
    List<ModelRecord> records = PartCodec.records(s, PartCodec.DEFAULT_PART_BYTES);
    JsonNode read = read(records, List.of(JSON.writeValueAsString(x))).get("k");
    for (int k = 0; k < expected.outputs(); k++) {
      Predictive.Interval interval = expected.interval(k, 0.95);
      JsonNode theirs = read.get("intervals").get(0).get(k);
      assertThat(read.get("scores").get(0).get(k).asDouble())
          .as(s.getConfig().toString())
          .isCloseTo(expected.mean(k), within(1e-9));
      assertThat(theirs.get(0).asDouble()).isCloseTo(interval.low(), within(1e-9));
      assertThat(theirs.get(1).asDouble()).isCloseTo(interval.high(), within(1e-9));
    }
    JsonNode name = read.get("classes").get(0);
    assertThat(name.isNull()).isEqualTo(expected.score().classIndex() < 0);
    assertThat(name.isNull() || name.asText().equals(expected.score().className())).isTrue();
  }

  @Test
  void putsPartsTogetherAndKeepsOnlyTheNewestWholeVersion() throws Exception {
    List<ModelRecord> records = new ArrayList<>(parts("big", 4));
    List<ModelRecord> unfinished = parts("big", 6);
    records.addAll(unfinished.subList(1, unfinished.size()));
    records.addAll(parts("ends/0/1", 1));
    Collections.shuffle(records, new Random(1));
    records.add(0, records.get(3));
    records.addAll(parts("gone", 2));
    records.add(new ModelRecord(utf8("gone/0/0"), null));
    records.add(PartCodec.records(Snapshots.of("small", 9, 2), 10_000).get(0));
    records.add(PartCodec.records(Snapshots.of("small", 8, 2), 10_000).get(0));
    records.add(PartCodec.records(Snapshots.of("anew", 7, 2), 10_000).get(0));
    records.addAll(PartCodec.records(Snapshots.of("anew", 2, 1, 500), 1000));
    records.add(PartCodec.records(Snapshots.of("anew", 8, 2), 10_000).get(0));
    records.add(PartCodec.records(Snapshots.of("removed", 1, 2), 10_000).get(0));
    records.add(new ModelRecord(utf8("removed"), null));
    records.add(new ModelRecord(utf8("junk"), new byte[] {1, 2, 3}));
    records.addAll(chains());
    List<ModelRecord> damaged = parts("damaged", 1);
    damaged.get(1).value()[200] ^= 1;
    records.addAll(damaged);

    Map<String, JsonNode> read = read(records, List.of());
    SnapshotAssembler assembler = new SnapshotAssembler(AssemblyLimits.DEFAULT);
    Map<String, Long> ours = new HashMap<>();
    for (ModelRecord r : records) {
      Assembly a = assembler.offer(0, r.key(), r.value());
      if (a.kind() == Assembly.Kind.COMPLETE) {
        ours.put(a.key(), a.snapshot().getVersion());
      } else if (a.kind() == Assembly.Kind.REMOVED) {
        ours.remove(a.key());
      }
    }
    Map<String, Long> theirs = new HashMap<>();
    read.forEach((key, model) -> theirs.put(key, model.get("version").asLong()));
    assertThat(theirs)
        .isEqualTo(ours)
        .isEqualTo(
            Map.of(
                "big",
                4L,
                "ends/0/1",
                1L,
                "small",
                9L,
                "anew",
                1L,
                "chain",
                4L,
                "gap",
                2L,
                "rows",
                3L));
    assertThat(read.get("big").get("tensors").get("weights").get(0).asInt()).isEqualTo(1000);
  }

  /** Whole models and deltas: all there, one missing, and of a model that holds some rows. */
  private static List<ModelRecord> chains() {
    List<ModelRecord> records = new ArrayList<>();
    for (String key : List.of("chain", "gap")) {
      records.addAll(PartCodec.records(Snapshots.of(key, 1, 700), 1000));
      for (long v = 2; v <= 4; v++) {
        ModelSnapshot from = Snapshots.of(key, v - 1, 700);
        if (key.equals("chain") || v != 3) {
          records.add(Snapshots.delta(from, Snapshots.of(key, v, 700), 1, 2 + (int) v));
        }
      }
    }
    ModelSnapshot last = null;
    int[][] rows = {{3, 8, 90}, {3, 8, 50, 90}, {8, 50, 91}};
    for (int v = 0; v < rows.length; v++) {
      ModelSnapshot s = Snapshots.of("rows", v + 1, 1);
      double[] data = {1, 2 + v, 3, 4};
      s.setTensors(
          List.of(
              Tensors.ofRows(
                  "weights",
                  new int[] {100, 1},
                  rows[v],
                  Arrays.copyOf(data, rows[v].length),
                  DType.F64),
              Tensors.of("bias", new int[] {2}, new double[] {0.5, v}, DType.F32)));
      records.add(
          v == 0 ? PartCodec.records(s, 10_000).get(0) : Snapshots.delta(last, s, 1, v - 1));
      last = s;
    }
    return records;
  }

  @Test
  void itsEventsAreReadHere() throws Exception {
    assertThat(event("--features", "[1.5, -2]", "--label", "UP", "--id", "e", "--weight", "2"))
        .isEqualTo(
            new Example(
                "ctr", "e", Instant.EPOCH, 2.0, "UP", new DenseFeatures(List.of(1.5f, -2f))));
    assertThat(event("--features", "{\"3\": 1}", "--sparse", "--label", "0.5"))
        .isEqualTo(
            new Example(
                "ctr", "", Instant.EPOCH, 1.0, 0.5, new SparseFeatures(List.of(3), List.of(1f))));
    assertThat(event("--features", "{\"age\": 41, \"stadt\": \"Köln\"}", "--event-time", "7"))
        .isEqualTo(
            new Example(
                "ctr",
                "",
                Instant.ofEpochMilli(7),
                1.0,
                null,
                new NamedFeatures(Map.of("age", 41.0), Map.of("stadt", "Köln"))));
  }

  @Test
  void readsDecisionsWithWhatTheyHaveCost() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    kcat(out, decision("r2", 2, "b", Double.NaN));
    kcat(out, feedback("r1", 7, FeedbackSource.DECISION));
    kcat(out, decision("r1", 1, "a", 1.5));
    kcat(out, decision("r1", 1, "a", 1.5));
    kcat(out, feedback("r1", 9, FeedbackSource.DECISION));
    kcat(out, feedback("r2", 3, FeedbackSource.FALLBACK));
    Path file = Files.write(dir.resolve("decisions.kcat"), out.toByteArray());
    String script = EXAMPLES.resolve("read_decisions.py").toString();
    List<String> lines =
        run(List.of(PYTHON, script, "--file", file.toString(), "--key", "t"), true)
            .lines()
            .toList();
    assertThat(lines).hasSize(2);
    JsonNode first = JSON.readTree(lines.get(0));
    assertThat(first.get("id").asText()).isEqualTo("r1");
    assertThat(first.get("cost").asDouble()).isEqualTo(7);
    assertThat(first.get("probability").asDouble()).isEqualTo(0.25);
    assertThat(first.get("probabilities").get("b").asDouble()).isEqualTo(0.75);
    JsonNode second = JSON.readTree(lines.get(1));
    assertThat(second.get("cost").isNull()).as("of a fallback").isTrue();
    assertThat(second.get("value").isNull()).as("a name alone").isTrue();
  }

  private static TuneDecision decision(String id, long round, String arm, double value) {
    return new TuneDecision(
        "t",
        id,
        Instant.EPOCH,
        arm,
        0,
        value,
        List.of("a", "b"),
        List.of(0.25, 0.75),
        DecisionSource.POLICY,
        "",
        "ucb1",
        1,
        round,
        0L,
        7L);
  }

  private static TuneFeedback feedback(String id, double cost, FeedbackSource source) {
    return new TuneFeedback("t", id, Instant.EPOCH, cost, source, "a");
  }

  private static void kcat(ByteArrayOutputStream out, SpecificRecordBase record) {
    byte[] value = SingleObject.encode(record);
    out.writeBytes(utf8("0 1 " + value.length + "\nt"));
    out.writeBytes(value);
    out.write('\n');
  }

  private static Example event(String... args) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON, EXAMPLES.resolve("write_event.py").toString(), "--hex", "--key", "ctr"));
    command.addAll(List.of(args));
    byte[] value = HexFormat.of().parseHex(run(command, true).trim());
    return SingleObject.standard().decode(Example.class, value);
  }

  /** Models by key as read_model.py prints them, from a file in kcat's format. */
  private Map<String, JsonNode> read(List<ModelRecord> records, List<String> features)
      throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (ModelRecord r : records) {
      int length = r.value() == null ? -1 : r.value().length;
      out.writeBytes(utf8("0 " + r.key().length + " " + length + "\n"));
      out.writeBytes(r.key());
      out.writeBytes(r.value() == null ? new byte[0] : r.value());
      out.write('\n');
    }
    Path file = Files.write(dir.resolve("models.kcat"), out.toByteArray());
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON, EXAMPLES.resolve("read_model.py").toString(), "--file", file.toString()));
    for (String f : features) {
      command.add("--score");
      command.add(f);
    }
    Map<String, JsonNode> models = new HashMap<>();
    for (String line : run(command, true).split("\n")) {
      JsonNode model = JSON.readTree(line);
      models.put(model.get("key").asText(), model);
    }
    return models;
  }

  /** What a command prints; null if it failed where it may. */
  private static String run(List<String> command, boolean mustSucceed)
      throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("PYTHONDONTWRITEBYTECODE", "1");
    builder.environment().put("PYTHONUTF8", "1");
    Path err = Files.createTempFile("python", ".err");
    Process process = builder.redirectError(err.toFile()).start();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    String errors = Files.readString(err);
    Files.delete(err);
    if (!mustSucceed) {
      return ended && process.exitValue() == 0 ? out : null;
    }
    assertThat(ended && process.exitValue() == 0).as(command + ": " + errors).isTrue();
    return out;
  }

  private static Score score(Model m, InputSpec.Kind kind, double[] x) {
    if (kind == InputSpec.Kind.NAMED) {
      return m.predict(Trained.named(x));
    }
    return m.predict(x);
  }

  private static Object json(InputSpec.Kind kind, double[] x) {
    return switch (kind) {
      case DENSE -> x;
      case NAMED -> Trained.named(x);
      case SPARSE -> {
        Map<String, Double> pairs = new HashMap<>();
        for (int j = 0; j < x.length; j++) {
          if (x[j] != 0) {
            pairs.put(Integer.toString(j), x[j]);
          }
        }
        yield pairs;
      }
    };
  }

  private static List<ModelRecord> parts(String key, long version) {
    return PartCodec.records(Snapshots.of(key, version, 1000), 500);
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
