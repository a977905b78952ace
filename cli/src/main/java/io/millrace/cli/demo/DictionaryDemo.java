package io.millrace.cli.demo;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.cli.console.Output;
import io.millrace.cli.dictionary.BundledPatches;
import io.millrace.cli.dictionary.TileImage;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.SparseCode;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.golden.dictionary.Patches;
import io.millrace.schemas.Code;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The {@code dictionary} job on patches of photographs. They are dealt to the model keys in turn;
 * every published dictionary codes the test patches, which no job sees. At the end the newest one
 * is drawn, and some test patches beside what is left of them.
 */
final class DictionaryDemo implements DemoFamily {
  static final String YAML = "patches.yaml";
  private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration CODES_LIMIT = Duration.ofSeconds(60);

  /** Test patches drawn before and after: a square of so many on a side. */
  private static final int SHOWN = 8;

  private final Patches patches = BundledPatches.read();
  private final int side = (int) Math.round(Math.sqrt(patches.dimension()));
  private final int sent;
  private final double[] train;
  private final double[] test = patches.test(SignalScaling.NONE);
  private final List<String> keys = new ArrayList<>();
  private final Path directory;
  private final Output output;
  private final List<DictionaryReport.Point> points =
      Collections.synchronizedList(new ArrayList<>());

  /**
   * A demo.
   *
   * @param limit patches to send
   * @param models to deal them to
   * @param directory takes the images
   */
  DictionaryDemo(int limit, int models, Path directory, Output output) {
    this.directory = directory;
    this.output = output;
    sent = Math.min(limit, patches.trainCount());
    train = patches.train(sent, SignalScaling.NONE);
    for (int k = 1; k <= models; k++) {
      keys.add(models == 1 ? "patches" : "patches-" + k);
    }
  }

  @Override
  public String yaml() {
    return YAML;
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "streaming %s of %d x %d pixels to %s, %s held back%n" + "  photographs      %s",
        Count.of(sent, "patch"),
        side,
        side,
        Count.of(keys.size(), "dictionary"),
        Count.of(patches.testCount(), "patch"),
        patches.attribution());
  }

  @Override
  public List<String> keys() {
    return keys;
  }

  @Override
  public int events() {
    return sent;
  }

  @Override
  public EventTopics topics() {
    return EventTopics.of(Demo.PREFIX);
  }

  @Override
  public void send(KafkaAccess kafka, EventWriter writer, IntConsumer sent) {
    for (int i = 0; i < events(); i++) {
      writer.send(event(i));
      sent.accept(i);
    }
  }

  private Event event(int i) {
    return Event.dense(keys.get(i % keys.size()), pixels(i))
        .id("patch-" + i)
        .eventTime(START + i * 1000L);
  }

  private double[] pixels(int i) {
    int d = patches.dimension();
    return Arrays.copyOfRange(train, i * d, (i + 1) * d);
  }

  @Override
  public long lastEventTimeMillis() {
    return START + (sent - 1) * 1000L;
  }

  @Override
  public List<BrokenEvents.Broken> broken(String topic) {
    return BrokenEvents.of(topic, keys.get(0), pixels(0), e -> e);
  }

  @Override
  public String state(MetricFollower metrics) {
    double objective = metrics.mean("windowLoss");
    return Double.isNaN(objective) ? "" : String.format(Locale.ROOT, "objective %.4f, ", objective);
  }

  /** Codes the test patches with a dictionary as it comes. */
  @Override
  public void published(Model model) {
    double sum = 0;
    for (int r = 0; r < patches.testCount(); r++) {
      sum += model.encode(testPatch(r)).objective();
    }
    DictionaryReport.Point point =
        new DictionaryReport.Point(
            model.key(),
            model.version(),
            model.counters().getOrDefault("examples", 0L),
            sum / patches.testCount());
    points.add(point);
    if (!output.json()) {
      output.note(
          "  %s after %,6d signals: mean objective of the held-back patches %.4f",
          point.key(), point.signals(), point.objective());
    }
  }

  private double[] testPatch(int r) {
    return Arrays.copyOfRange(test, r * patches.dimension(), (r + 1) * patches.dimension());
  }

  @Override
  public DemoReport finish(DemoFlow flow, ModelStore store) {
    Model model =
        store
            .get(keys.get(0))
            .orElseThrow(() -> new CommandFailed("no dictionary '" + keys.get(0) + "' came"));
    long begin = System.nanoTime();
    DictionaryReport.Codes codes = codes(flow);
    flow.stages().put("codes", DemoFlow.Stage.since(begin, codes.count()));
    begin = System.nanoTime();
    double error = reconstruct(model, directory.resolve(DictionaryReport.PATCHES));
    flow.stages().put("reconstruct", DemoFlow.Stage.since(begin, patches.testCount()));
    int[] shape = model.shape("dictionary");
    TileImage.atoms(model.tensor("dictionary"), shape[0], shape[1], side)
        .write(directory.resolve(DictionaryReport.ATOMS));
    return new DictionaryReport(
        flow,
        sent,
        List.copyOf(points),
        codes,
        patches.testCount(),
        error,
        patches.attribution(),
        DemoFlow.seconds(flow.startNanos()));
  }

  /** Reads the codes topic until the code of every good signal is there. */
  private static DictionaryReport.Codes codes(DemoFlow flow) {
    long due = flow.learned() + flow.unfinished();
    long[] seen = new long[2];
    double[] objective = new double[1];
    long begin = System.nanoTime();
    try (RecordFollower codes =
        RecordFollower.fromBeginning(
            Map.of(
                "bootstrap.servers", flow.bootstrapServers(), "client.id", "millrace-demo-codes"),
            Demo.PREFIX + ".codes")) {
      while (seen[0] < due && System.nanoTime() - begin < CODES_LIMIT.toNanos()) {
        codes.poll(
            POLL,
            record -> {
              if (record instanceof Code c) {
                seen[0]++;
                seen[1] += c.getValues().size();
                objective[0] += c.getObjective();
              }
            });
      }
    }
    double n = Math.max(1, seen[0]);
    return new DictionaryReport.Codes(seen[0], seen[1] / n, objective[0] / n);
  }

  /**
   * Codes and reconstructs the test patches, and draws some before (left) and after.
   *
   * @return mean of {@code ||x - x'|| / ||x - mean(x)||}
   */
  private double reconstruct(Model model, Path file) {
    TileImage image = new TileImage(side, side, 5, 2 * SHOWN + 1, SHOWN);
    double sum = 0;
    for (int r = 0; r < patches.testCount(); r++) {
      double[] x = testPatch(r);
      SparseCode code = model.encode(x);
      double[] y = model.reconstruct(code);
      double squares = 0;
      for (int i = 0; i < x.length; i++) {
        squares += (x[i] - y[i]) * (x[i] - y[i]);
      }
      sum += Math.sqrt(squares) / code.scale();
      if (r < SHOWN * SHOWN) {
        int tile = r / SHOWN * (2 * SHOWN + 1) + r % SHOWN;
        image.draw(tile, x, 0, v -> v);
        image.draw(tile + SHOWN + 1, y, 0, v -> v);
      }
    }
    image.write(file);
    return sum / patches.testCount();
  }
}
