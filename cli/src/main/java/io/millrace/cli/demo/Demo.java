package io.millrace.cli.demo;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Pace;
import io.millrace.cli.console.Progress;
import io.millrace.cli.run.JobWatch;
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
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The demo: a real broker, a job on a Flink cluster, a writer and a reader of the client library,
 * all on this machine. What is streamed and what is made of the models is the job family's
 * business; broken events are strewn among its own. One thread runs it; any may close it.
 */
public final class Demo implements DemoRun {
  static final String PREFIX = "millrace";
  private static final String TEMPLATE_SERVERS = "bootstrap-servers: localhost:9092";
  private static final int BATCH = 64;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final DemoOptions options;
  private final DemoFamily family;
  private final Output output;
  private final long startNanos = System.nanoTime();
  private final AtomicBoolean closed = new AtomicBoolean();
  private volatile EmbeddedBroker broker;
  private volatile LocalJob job;

  private Demo(DemoOptions options, DemoFamily family, Output output) {
    this.options = options;
    this.family = family;
    this.output = output;
  }

  /** The demo of the {@code learn} job. */
  public static Demo learn(DemoOptions options, Output output) {
    return new Demo(options, new LearnDemo(options.rows(), options.keys()), output);
  }

  /** The demo of the {@code dictionary} job. */
  public static Demo dictionary(DemoOptions options, Output output) {
    DemoFamily family =
        new DictionaryDemo(options.rows(), options.keys(), options.directory(), output);
    return new Demo(options, family, output);
  }

  /** The demo of the {@code tune} job. */
  public static Demo tune(DemoOptions options, Output output) {
    return new Demo(
        options, new TuneDemo(options.rows(), options.keys(), options.directory()), output);
  }

  @Override
  public DemoReport run() {
    output.note("starting a Kafka broker and a Flink cluster");
    startBroker();
    JobConfig config = JobConfig.parse(writeYaml());
    job =
        LocalJob.start(
            config,
            options.restPort(),
            null,
            options.directory(),
            note -> output.note("note: %s", note));
    job.requireRunning(STALLED);
    output.note("  Kafka            %s", broker.bootstrapServers());
    output.note("  Flink            %s", job.webInterface());
    output.note("  job              %s", options.directory().resolve(family.yaml()));
    output.note("  log              %s", options.directory().resolve("millrace.log"));
    output.note("  page             ./millrace dashboard -b %s", broker.bootstrapServers());
    output.note("%s", family.sentence());

    KafkaAccess kafka = KafkaAccess.to(broker.bootstrapServers());
    try (ModelStore store =
        ModelStore.follow(
            kafka, ModelStoreOptions.of(PREFIX + ".models").withClientId("millrace-demo"))) {
      store.addListener(family::published);
      long begin = System.nanoTime();
      CompletableFuture<DemoFlow.Stage> producing =
          CompletableFuture.supplyAsync(() -> produce(kafka));
      List<DemoFlow.Letter> letters = follow(kafka, store, producing);
      DemoFlow.Stage produced = join(producing);
      Map<String, DemoFlow.Stage> stages = new LinkedHashMap<>();
      stages.put("produce", produced);
      stages.put("learn", DemoFlow.Stage.since(begin, family.events()));
      Map<String, Long> newest = new TreeMap<>();
      store.keys().forEach(k -> store.get(k).ifPresent(m -> newest.put(k, m.version())));
      return family.finish(
          new DemoFlow(
              produced.events(),
              sum(store, "examples"),
              sum(store, "unfinished"),
              letters,
              snapshots(store),
              newest,
              stages,
              startNanos,
              kafka,
              broker.bootstrapServers(),
              job.webInterface(),
              options.directory()),
          store);
    }
  }

  private void startBroker() {
    try {
      broker = EmbeddedBroker.start(options.directory().resolve("broker"));
    } catch (IOException e) {
      throw new CommandFailed("the Kafka broker did not start: " + e.getMessage(), e);
    }
  }

  /** The bundled YAML with this broker in it, kept where {@code millrace run} can take it. */
  private String writeYaml() {
    try (InputStream in = Demo.class.getResourceAsStream(family.yaml())) {
      String template = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      String yaml =
          template.replace(TEMPLATE_SERVERS, "bootstrap-servers: " + broker.bootstrapServers());
      Path file = options.directory().resolve(family.yaml());
      Files.writeString(file, yaml);
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException("job of the demo in " + options.directory(), e);
    }
  }

  /** Sends events and broken ones, and at the end asks every key for a snapshot. */
  private DemoFlow.Stage produce(KafkaAccess kafka) {
    EventTopics topics = family.topics();
    List<BrokenEvents.Broken> broken = family.broken(topics.examples());
    int events = family.events();
    long begin = System.nanoTime();
    try (EventWriter writer = EventWriter.open(kafka, "millrace-demo-events", topics, BATCH)) {
      Pace pace = new Pace(options.rate());
      Iterator<BrokenEvents.Broken> next = broken.iterator();
      family.send(
          kafka,
          writer,
          i -> {
            long due = (i + 1L) * broken.size() / events - (long) i * broken.size() / events;
            for (long n = 0; n < due; n++) {
              next.next().send().accept(writer);
            }
            if (pace.keep(i + 1)) {
              writer.flush();
            }
          });
      writer.flush();
      DemoFlow.Stage stage = DemoFlow.Stage.since(begin, (long) events + broken.size());
      for (String key : family.keys()) {
        Control snapshot = new Control();
        snapshot.setKey(key);
        snapshot.setCommand(ControlCommand.SNAPSHOT);
        snapshot.setName("");
        snapshot.setEventTime(Instant.ofEpochMilli(family.lastEventTimeMillis()));
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
  private List<DemoFlow.Letter> follow(
      KafkaAccess kafka, ModelStore store, CompletableFuture<DemoFlow.Stage> producing) {
    List<DemoFlow.Letter> letters = new ArrayList<>();
    try (MetricFollower metrics =
            new MetricFollower(broker.bootstrapServers(), PREFIX + ".metrics");
        DeadLetterReader dead =
            DeadLetterReader.open(kafka, "millrace-demo-letters", PREFIX + ".dead-letters");
        Progress progress = new Progress(output, "learn", "events", family.events())) {
      JobWatch watch = new JobWatch(job, progress::note);
      long moved = System.nanoTime();
      long seen = -1;
      while (true) {
        job.check();
        watch.look();
        metrics.poll(POLL);
        dead.poll(Duration.ZERO).forEach(e -> letters.add(letter(e)));
        boolean published = producing.isDone() && allPublished(store);
        long learned = published ? covered(store) : metrics.learned();
        progress.at(
            learned,
            family.state(metrics)
                + "snapshots "
                + snapshots(store)
                + ", dead letters "
                + letters.size()
                + (watch.restarts() == 0 ? "" : ", restarts " + watch.restarts()));
        if (published && learned + letters.size() >= join(producing).events()) {
          return letters;
        }
        long now = learned + letters.size() + snapshots(store);
        if (now != seen || !producing.isDone()) {
          seen = now;
          moved = System.nanoTime();
        } else if (System.nanoTime() - moved > STALLED.toNanos()) {
          progress.note("nothing moved for " + STALLED.toSeconds() + " seconds; giving up");
          return letters;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted while the job learned", e);
    }
  }

  private static DemoFlow.Letter letter(DeadLetterReader.Entry e) {
    if (e.letter() == null) {
      throw new IllegalStateException(e.fault());
    }
    DeadLetter d = e.letter();
    return new DemoFlow.Letter(DeadLetterReader.address(d), d.getReason().name(), d.getMessage());
  }

  private boolean allPublished(ModelStore store) {
    for (String key : family.keys()) {
      Optional<Model> m = store.get(key);
      if (m.isEmpty() || m.get().snapshot().getProvenance().getControlEpoch() < 1) {
        return false;
      }
    }
    return true;
  }

  private static long sum(ModelStore store, String counter) {
    return store.keys().stream()
        .flatMap(k -> store.get(k).stream())
        .mapToLong(m -> m.counters().getOrDefault(counter, 0L))
        .sum();
  }

  /** Examples the newest models have learned from, or keep until a mini-batch is full. */
  private static long covered(ModelStore store) {
    return sum(store, "examples") + sum(store, "unfinished");
  }

  /** Versions of a key count up by one from 1. */
  private static long snapshots(ModelStore store) {
    return store.keys().stream()
        .flatMap(k -> store.get(k).stream())
        .mapToLong(Model::version)
        .sum();
  }

  @Override
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
