package io.millrace.cli.demo;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Pace;
import io.millrace.cli.console.Progress;
import io.millrace.cli.run.LocalJob;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.posterior.PosteriorForm;
import io.millrace.jobs.JobConfig;
import io.millrace.schemas.ChainStatus;
import io.millrace.schemas.FederationStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The {@code sample} job on the experiment of the source paper's code: clients whose rows lie
 * around centres of their own, and the mean of all rows as what is to be known. Two jobs draw from
 * its posterior side by side, one with surrogates (FSGLD) and one without (DSGLD), and both are
 * compared with the posterior itself, which is known. El Mekkaoui, Mesquita, Blomstedt, Kaski,
 * "Federated Stochastic Gradient Langevin Dynamics", UAI 2021, section 5.1.
 */
public final class SampleDemo implements DemoRun {
  static final String YAML = "gauss.yaml";
  static final String OTHER_YAML = "gauss-without-surrogates.yaml";
  static final String POSTERIOR = "posterior";

  /** Variance of each coordinate of a row around its client's centre, as the YAML has it. */
  static final double DISPERSION = 0.125;

  /** Precision of the prior, as the YAML has it. */
  static final double PRECISION = 0.2;

  private static final String OTHER_PREFIX = "without-surrogates";
  private static final String SERVERS = "bootstrap-servers: localhost:9092";
  private static final int CLIENTS = 10;
  private static final int ROWS_OF_EACH = 200;

  /** Centres lie in a square of this half side. */
  private static final double SPREAD = 6;

  /** Draws of each job that are waited for. */
  private static final long DRAWS = 8_000;

  private static final long SEED = 20_210_727;
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration STALLED = Duration.ofSeconds(60);

  private final DemoOptions options;
  private final Output output;
  private final int clients;
  private final int rowsOfEach;
  private final double[][] centres;
  private final List<double[]> rows = new ArrayList<>();
  private final long startNanos = System.nanoTime();
  private final AtomicBoolean closed = new AtomicBoolean();
  private final List<LocalJob> jobs = new ArrayList<>();
  private volatile EmbeddedBroker broker;

  /** A demo. */
  public SampleDemo(DemoOptions options, Output output) {
    this.options = options;
    this.output = output;
    this.clients = options.keys() == 1 ? CLIENTS : options.keys();
    this.rowsOfEach = Math.min(options.rows() / clients, ROWS_OF_EACH);
    this.centres = new double[clients][2];
    PhiloxDraws draws = new PhiloxDraws(SEED, "demo");
    for (int c = 0; c < clients; c++) {
      Draws of = draws.at(c);
      for (int j = 0; j < 2; j++) {
        centres[c][j] = SPREAD * (2 * of.uniform(j) - 1);
      }
    }
    for (int i = 0; i < clients * rowsOfEach; i++) {
      Draws of = draws.at(clients + (long) i);
      double[] centre = centres[i % clients];
      rows.add(
          new double[] {
            centre[0] + Math.sqrt(DISPERSION) * of.normal(0),
            centre[1] + Math.sqrt(DISPERSION) * of.normal(1)
          });
    }
  }

  private static String client(int c) {
    return "client-" + (c + 1);
  }

  @Override
  public DemoReport run() {
    output.note("starting a Kafka broker and two Flink clusters");
    try {
      broker = EmbeddedBroker.start(options.directory().resolve("broker"));
    } catch (IOException e) {
      throw new CommandFailed("the Kafka broker did not start: " + e.getMessage(), e);
    }
    JobConfig with = JobConfig.parse(yaml(true));
    JobConfig without = JobConfig.parse(yaml(false));
    start(with, options.restPort(), options.directory());
    start(without, "0", options.directory().resolve(OTHER_PREFIX));
    output.note("  Kafka            %s", broker.bootstrapServers());
    output.note("  Flink            %s", jobs.get(0).webInterface());
    output.note("  jobs             %s, %s", path(YAML), path(OTHER_YAML));
    output.note("  log              %s", path("millrace.log"));
    output.note(
        "%d clients with %d rows each, around centres of their own; chains with surrogates and"
            + " without",
        clients, rowsOfEach);
    KafkaAccess kafka = KafkaAccess.to(broker.bootstrapServers());
    produce(kafka);
    try (ModelStore ours = store(kafka, Demo.PREFIX);
        ModelStore others = store(kafka, OTHER_PREFIX)) {
      follow(ours, others);
      SampleReport report =
          new SampleReport(
              centres,
              rows,
              model(ours),
              model(others),
              broker.bootstrapServers(),
              jobs.get(0).webInterface(),
              options.directory(),
              DemoFlow.seconds(startNanos));
      report.plot().write(path(SampleReport.PLOT));
      return report;
    }
  }

  private Path path(String file) {
    return options.directory().resolve(file);
  }

  /** The bundled YAML with this broker and these clients in it. */
  private String yaml(boolean surrogates) {
    try (InputStream in = SampleDemo.class.getResourceAsStream(YAML)) {
      String yaml =
          new String(in.readAllBytes(), StandardCharsets.UTF_8)
              .replace(SERVERS, "bootstrap-servers: " + broker.bootstrapServers())
              .replace("least: " + CLIENTS, "least: " + clients)
              .replace("least-rows: " + ROWS_OF_EACH, "least-rows: " + rowsOfEach);
      if (!surrogates) {
        yaml =
            yaml.replace("kind: exact ", "kind: none ")
                .replace(
                    "prefix: " + Demo.PREFIX,
                    "examples: " + Demo.PREFIX + ".examples\n  prefix: " + OTHER_PREFIX);
      }
      Files.writeString(path(surrogates ? YAML : OTHER_YAML), yaml);
      return yaml;
    } catch (IOException e) {
      throw new UncheckedIOException("jobs of the demo in " + options.directory(), e);
    }
  }

  private void start(JobConfig config, String restPort, Path directory) {
    try {
      Files.createDirectories(directory);
    } catch (IOException e) {
      throw new UncheckedIOException("work directory " + directory, e);
    }
    LocalJob job =
        LocalJob.start(config, restPort, null, directory, note -> output.note("note: %s", note));
    synchronized (jobs) {
      jobs.add(job);
    }
    job.requireRunning(STALLED);
  }

  private static ModelStore store(KafkaAccess kafka, String prefix) {
    return ModelStore.follow(
        kafka, ModelStoreOptions.of(prefix + ".models").withClientId("millrace-demo"));
  }

  private void produce(KafkaAccess kafka) {
    try (EventWriter writer =
        EventWriter.open(
            kafka, "millrace-demo-events", EventTopics.single(Demo.PREFIX + ".examples"), 1)) {
      Pace pace = new Pace(options.rate());
      for (int i = 0; i < rows.size(); i++) {
        writer.send(Event.dense(client(i % clients), rows.get(i)));
        if (pace.keep(i + 1L)) {
          writer.flush();
        }
      }
      writer.flush();
    }
  }

  /** Shows R-hat and effective sample size until both jobs have published enough draws. */
  private void follow(ModelStore ours, ModelStore others) {
    Map<String, Object> settings =
        Map.of("bootstrap.servers", broker.bootstrapServers(), "client.id", "millrace-demo-status");
    FederationStatus[] newest = new FederationStatus[2];
    try (RecordFollower first = RecordFollower.fromBeginning(settings, Demo.PREFIX + ".metrics");
        RecordFollower second = RecordFollower.fromBeginning(settings, OTHER_PREFIX + ".metrics");
        Progress progress = new Progress(output, "sample", "draws", DRAWS)) {
      long moved = System.nanoTime();
      long seen = -1;
      while (draws(ours) < DRAWS || draws(others) < DRAWS) {
        for (LocalJob job : jobs) {
          job.check();
        }
        first.poll(POLL, r -> newest[0] = r instanceof FederationStatus s ? s : newest[0]);
        second.poll(POLL, r -> newest[1] = r instanceof FederationStatus s ? s : newest[1]);
        long least = Math.min(draws(newest[0]), draws(newest[1]));
        progress.at(
            Math.min(least, DRAWS),
            "with surrogates " + state(newest[0]) + ", without " + state(newest[1]));
        long now = draws(newest[0]) + draws(newest[1]);
        if (now != seen) {
          seen = now;
          moved = System.nanoTime();
        } else if (System.nanoTime() - moved > STALLED.toNanos()) {
          throw new CommandFailed(
              "no draw came for "
                  + STALLED.toSeconds()
                  + " seconds; "
                  + (newest[0] == null ? "see the log" : newest[0].getWaiting()));
        }
      }
    }
  }

  private static long draws(FederationStatus s) {
    return s == null ? 0 : s.getChains().stream().mapToLong(ChainStatus::getDraws).sum();
  }

  private static long draws(ModelStore store) {
    return store.get(POSTERIOR).map(m -> m.counters().getOrDefault("draws", 0L)).orElse(0L);
  }

  private static String state(FederationStatus s) {
    if (s == null) {
      return "-";
    }
    if (!s.getWaiting().isEmpty()) {
      return s.getWaiting();
    }
    return Double.isFinite(s.getRhat()) && Double.isFinite(s.getEss())
        ? String.format(Locale.ROOT, "R-hat %.3f ESS %.0f", s.getRhat(), s.getEss())
        : "-";
  }

  private static Model model(ModelStore store) {
    Model model = store.get(POSTERIOR).orElseThrow();
    if (!model.tensors().contains(PosteriorForm.COVARIANCE)) {
      throw new CommandFailed("the posterior has no covariance");
    }
    return model;
  }

  @Override
  public void keep() {
    try {
      while (true) {
        for (LocalJob job : jobs) {
          if (job.await(Duration.ofSeconds(1))) {
            throw new CommandFailed("the job ended: " + job.end());
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      synchronized (jobs) {
        jobs.forEach(LocalJob::close);
      }
    } finally {
      if (broker != null) {
        broker.close();
      }
    }
  }
}
