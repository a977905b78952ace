package io.millrace.cli.demo;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.CommandFailed;
import io.millrace.cli.Output;
import io.millrace.cli.Pace;
import io.millrace.cli.Progress;
import io.millrace.cli.run.LocalJob;
import io.millrace.client.DeadLetterReader;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.jobs.JobConfig;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DeadLetter;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The demo: a real broker, the {@code learn} job on a Flink cluster, a writer and a reader of the
 * client library, all on this machine. The electricity stream is dealt to the model keys in turn;
 * the last tenth of the rows is held back and scored with the newest models at the end, so that the
 * models are judged on what lies ahead of all they have seen. Broken events are strewn among the
 * rows. One thread runs it; any may close it.
 */
public final class Demo implements AutoCloseable {
  static final String YAML = "electricity.yaml";
  static final String PREFIX = "millrace";
  private static final String TEMPLATE_SERVERS = "bootstrap-servers: localhost:9092";
  private static final int BATCH = 64;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final DemoOptions options;
  private final Output output;
  private final long startNanos = System.nanoTime();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile EmbeddedBroker broker;
  private volatile LocalJob job;

  public Demo(DemoOptions options, Output output) {
    this.options = options;
    this.output = output;
  }

  /** Runs the demo; broker and job go on until {@link #close}. */
  public DemoReport run() {
    List<ElectricityStream.Row> rows = ElectricityStream.rows(options.rows());
    int sent = rows.size() - rows.size() / 10;
    output.note("starting a Kafka broker and a Flink cluster");
    startBroker();
    JobConfig config = JobConfig.parse(writeYaml());
    job = LocalJob.start(config, options.restPort(), null, options.directory());
    awaitRunning();
    output.note("  Kafka            %s", broker.bootstrapServers());
    output.note("  Flink            %s", job.webInterface());
    output.note("  job              %s", options.directory().resolve(YAML));
    output.note("  log              %s", options.directory().resolve("millrace.log"));
    output.note(
        "streaming %,d rows of the electricity market to %d model%s, %,d rows held back",
        sent, options.keys(), options.keys() == 1 ? "" : "s", rows.size() - sent);

    KafkaAccess kafka = KafkaAccess.to(broker.bootstrapServers());
    Map<String, DemoReport.Stage> stages = new LinkedHashMap<>();
    try (ModelStore store =
        ModelStore.follow(
            kafka, ModelStoreOptions.of(PREFIX + ".models").withClientId("millrace-demo"))) {
      long begin = System.nanoTime();
      CompletableFuture<DemoReport.Stage> producing =
          CompletableFuture.supplyAsync(() -> produce(kafka, rows.subList(0, sent)));
      List<DemoReport.Letter> letters = follow(kafka, store, producing, sent);
      DemoReport.Stage produced = join(producing);
      stages.put("produce", produced);
      stages.put("learn", new DemoReport.Stage(sent, seconds(begin)));
      return score(store, rows, sent, produced.events(), letters, stages);
    }
  }

  private void startBroker() {
    try {
      broker = EmbeddedBroker.start(options.directory().resolve("broker"));
    } catch (IOException e) {
      throw new CommandFailed("the Kafka broker did not start: " + e.getMessage(), e);
    }
  }

  private void awaitRunning() {
    try {
      if (!job.awaitRunning(STALLED)) {
        throw new CommandFailed(
            "the job does not run after " + STALLED.toSeconds() + " seconds; see the log");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted while the job started", e);
    }
  }

  /** The bundled YAML with this broker in it, kept where {@code millrace run} can take it. */
  private String writeYaml() {
    try (InputStream in = Demo.class.getResourceAsStream(YAML)) {
      String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String yaml =
          template.replace(TEMPLATE_SERVERS, "bootstrap-servers: " + broker.bootstrapServers());
      Path file = options.directory().resolve(YAML);
      Files.writeString(file, yaml);
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException("job of the demo in " + options.directory(), e);
    }
  }

  private String key(int row) {
    return options.keys() == 1 ? "nsw" : "nsw-" + (row % options.keys() + 1);
  }

  /** Sends rows and broken events, and at the end asks every key for a snapshot. */
  private DemoReport.Stage produce(KafkaAccess kafka, List<ElectricityStream.Row> rows) {
    // Controls go where the examples go: so they come after every example of their key.
    String examples = PREFIX + ".examples";
    EventTopics topics = new EventTopics(examples, PREFIX + ".labels", examples);
    List<BrokenEvents.Broken> broken = BrokenEvents.of(examples, key(0), rows.get(0));
    long begin = System.nanoTime();
    try (EventWriter writer = EventWriter.open(kafka, "millrace-demo-events", topics, BATCH)) {
      Pace pace = new Pace(options.rate());
      int next = 0;
      for (int i = 0; i < rows.size(); i++) {
        writer.send(BrokenEvents.event(key(rows.get(i).number()), rows.get(i)));
        while (next < broken.size()
            && (long) (next + 1) * rows.size() <= (long) (i + 1) * broken.size()) {
          broken.get(next++).send().accept(writer);
        }
        if (pace.keep(i + 1)) {
          writer.flush();
        }
      }
      writer.flush();
      DemoReport.Stage stage = new DemoReport.Stage(rows.size() + broken.size(), seconds(begin));
      for (int k = 0; k < Math.min(options.keys(), rows.size()); k++) {
        Control snapshot = new Control();
        snapshot.setKey(key(k));
        snapshot.setCommand(ControlCommand.SNAPSHOT);
        snapshot.setName("");
        snapshot.setEventTime(Instant.ofEpochMilli(rows.get(rows.size() - 1).eventTimeMillis()));
        snapshot.setOrigin("");
        writer.send(snapshot);
      }
      return stage;
    }
  }

  /**
   * Shows progress until every key has published the snapshot it was asked for and as many dead
   * letters are there as events are missing from the models; gives up when nothing moves.
   */
  private List<DemoReport.Letter> follow(
      KafkaAccess kafka,
      ModelStore store,
      CompletableFuture<DemoReport.Stage> producing,
      int sent) {
    List<DemoReport.Letter> letters = new ArrayList<>();
    try (MetricFollower metrics =
            new MetricFollower(broker.bootstrapServers(), PREFIX + ".metrics");
        DeadLetterReader dead =
            DeadLetterReader.open(kafka, "millrace-demo-letters", PREFIX + ".dead-letters");
        Progress progress = new Progress(output, "learn", "events", sent)) {
      long moved = System.nanoTime();
      long seen = -1;
      while (true) {
        job.check();
        metrics.poll(POLL);
        dead.poll(Duration.ZERO).forEach(e -> letters.add(letter(e)));
        boolean published = producing.isDone() && allPublished(store);
        long learned = published ? learned(store) : metrics.learned();
        progress.at(learned, state(metrics, snapshots(store), letters.size()));
        if (published && learned + letters.size() >= join(producing).events()) {
          return letters;
        }
        long now = learned + letters.size() + snapshots(store);
        if (now != seen || !producing.isDone()) {
          seen = now;
          moved = System.nanoTime();
        } else if (System.nanoTime() - moved > STALLED.toNanos()) {
          output.note("nothing moved for %d seconds; giving up", STALLED.toSeconds());
          return letters;
        }
      }
    }
  }

  private static String state(MetricFollower metrics, long snapshots, int letters) {
    double loss = metrics.mean("loss");
    return String.format(
        java.util.Locale.ROOT,
        "%ssnapshots %d, dead letters %d",
        Double.isNaN(loss)
            ? ""
            : String.format(
                java.util.Locale.ROOT,
                "loss %.4f, accuracy %.4f, ",
                loss,
                metrics.mean("accuracy")),
        snapshots,
        letters);
  }

  private static DemoReport.Letter letter(DeadLetterReader.Entry e) {
    if (e.letter() == null) {
      throw new IllegalStateException(e.fault());
    }
    DeadLetter d = e.letter();
    String at = d.getTopic() + "-" + d.getPartition() + "@" + d.getOffset();
    return new DemoReport.Letter(
        d.getIndex() < 0 ? at : at + "[" + d.getIndex() + "]",
        d.getReason().name(),
        d.getMessage());
  }

  private boolean allPublished(ModelStore store) {
    for (int k = 0; k < options.keys(); k++) {
      Optional<Model> m = store.get(key(k));
      if (m.isEmpty() || m.get().snapshot().getProvenance().getControlEpoch() < 1) {
        return false;
      }
    }
    return true;
  }

  private static long learned(ModelStore store) {
    return store.keys().stream()
        .flatMap(k -> store.get(k).stream())
        .mapToLong(m -> m.counters().getOrDefault("examples", 0L))
        .sum();
  }

  /** Versions of a key count up by one from 1. */
  private static long snapshots(ModelStore store) {
    return store.keys().stream()
        .flatMap(k -> store.get(k).stream())
        .mapToLong(Model::version)
        .sum();
  }

  private DemoReport score(
      ModelStore store,
      List<ElectricityStream.Row> rows,
      int sent,
      long produced,
      List<DemoReport.Letter> letters,
      Map<String, DemoReport.Stage> stages) {
    long begin = System.nanoTime();
    double loss = 0;
    int correct = 0;
    for (ElectricityStream.Row row : rows.subList(sent, rows.size())) {
      Model model =
          store
              .get(key(row.number()))
              .orElseThrow(() -> new CommandFailed("no model of '" + key(row.number()) + "' came"));
      double[] x = new double[row.features().length];
      for (int i = 0; i < x.length; i++) {
        x[i] = row.features()[i];
      }
      var score = model.predict(x);
      int label = ElectricityStream.CLASSES.indexOf(row.label());
      double p = label == 1 ? score.value() : 1 - score.value();
      loss -= Math.log(Math.max(Double.MIN_NORMAL, p));
      correct += score.classIndex() == label ? 1 : 0;
    }
    int held = rows.size() - sent;
    stages.put("score", new DemoReport.Stage(held, seconds(begin)));
    List<Map.Entry<Map<String, Long>, Map<String, Double>>> models = new ArrayList<>();
    Map<String, Long> newest = new TreeMap<>();
    for (String k : store.keys()) {
      store
          .get(k)
          .ifPresent(
              m -> {
                models.add(Map.entry(m.counters(), m.metrics()));
                newest.put(k, m.version());
              });
    }
    return new DemoReport(
        rows.size(),
        produced,
        learned(store),
        letters,
        snapshots(store),
        newest,
        MetricFollower.mean(models, "loss"),
        MetricFollower.mean(models, "accuracy"),
        held,
        loss / held,
        (double) correct / held,
        seconds(startNanos),
        stages,
        broker.bootstrapServers(),
        job.webInterface());
  }

  /** Waits as long as the job runs. */
  public void keep() {
    try {
      while (!job.await(Duration.ofSeconds(1))) {
        Thread.onSpinWait();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    throw new CommandFailed("the job ended: " + job.end());
  }

  private static <T> T join(CompletableFuture<T> future) {
    try {
      return future.join();
    } catch (CompletionException e) {
      throw new CommandFailed("the events were not written: " + e.getCause().getMessage(), e);
    }
  }

  private static double seconds(long sinceNanos) {
    return (System.nanoTime() - sinceNanos) / 1e9;
  }

  /** Ends job and broker; a second call does nothing. Any thread. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      if (job != null) {
        job.close();
      }
    } finally {
      if (broker != null) {
        broker.close();
      }
    }
  }
}
