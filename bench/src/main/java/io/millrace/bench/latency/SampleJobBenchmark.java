package io.millrace.bench.latency;

import io.millrace.bench.Figures;
import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.run.LocalJob;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.DecodeException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;

/**
 * How many visits chains make through Kafka and the `sample` job, with few chains and with many,
 * and where the time of a round trip goes: how long router and client have a record before they
 * send the next, and how long sending takes.
 */
public final class SampleJobBenchmark implements Benchmark {
  private static final int WIDTH = 2;
  private static final Duration START = Duration.ofMinutes(2);
  private static final Duration POLL = Duration.ofMillis(100);

  @Override
  public String name() {
    return "sample-job";
  }

  @Override
  public String description() {
    return "token round trips and local steps per second through Kafka and the sample job, with few"
        + " chains and with many, beside one record through the broker alone";
  }

  @Override
  public Map<String, Long> settings() {
    Map<String, Long> settings = new LinkedHashMap<>();
    settings.put("few-chains", 4L);
    settings.put("many-chains", 64L);
    settings.put("clients", 8L);
    settings.put("rows", 200L);
    settings.put("local-steps", 100L);
    settings.put("warm-up-seconds", 10L);
    settings.put("seconds", 20L);
    settings.put("stages", 1L);
    settings.put("linger-millis", 0L);
    settings.put("buffer-timeout-millis", 1L);
    return settings;
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    run.requirePositive("few-chains", "many-chains", "clients", "rows", "local-steps", "seconds");
    Map<String, Object> m = new LinkedHashMap<>();
    m.put("clients", run.count("clients"));
    m.put("local-steps", run.count("local-steps"));
    try (EmbeddedBroker broker = EmbeddedBroker.start(run.workDir().resolve("broker"))) {
      String at = broker.bootstrapServers();
      double record = Figures.median(new RoundTrip(at).millis(500, 2000));
      m.put("record-millis", record);
      for (String chains : new String[] {"few-chains", "many-chains"}) {
        m.put(chains, job(run, at, chains, record));
      }
      if (run.count("stages") > 0) {
        m.put("stages", stages(run, at));
      }
    }
    return m;
  }

  private static String yaml(Run run, String at, String prefix, int chains) {
    return String.join(
        "\n",
        "job: sample",
        "name: " + prefix,
        "kafka:",
        "  bootstrap-servers: '" + at + "'",
        "  properties: {linger.ms: " + run.count("linger-millis") + "}",
        "topics: {prefix: " + prefix + ", partitions: 1}",
        "model: {kind: gaussian-mean}",
        "features: {dimension: " + WIDTH + "}",
        "clients: {least: " + run.count("clients") + ", least-rows: " + run.count("rows") + "}",
        "chains: {count: " + chains + ", local-steps: " + run.count("local-steps") + "}",
        "chains.step-size: 1.0e-4",
        "parallelism: 1",
        "execution.buffer-timeout: " + run.count("buffer-timeout-millis") + "ms",
        "");
  }

  /**
   * Takes a round trip of few chains apart. Where the broker stamps answers, a token is sent so
   * long after its answer is there as the router takes to receive and to decide; where it stamps
   * tokens, an answer is sent so long after its token is there as the client takes to receive and
   * to visit. What is left of the round trip is the sending of both.
   */
  private static Map<String, Object> stages(Run run, String at) throws InterruptedException {
    TokenTimes.Means router = times(run, at, "stages-router", ".draws");
    TokenTimes.Means client = times(run, at, "stages-client", ".chains");
    double trip = (router.toAnswer() + router.toToken() + client.toAnswer() + client.toToken()) / 2;
    double sending = trip - router.toToken() - client.toAnswer();
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("round-trip-millis", trip);
    o.put("router-millis", router.toToken());
    o.put("client-millis", client.toAnswer());
    o.put("sending-both-millis", sending);
    o.put("rounds", router.rounds() + client.rounds());
    run.output()
        .say(
            "%d chains, a round trip of %.2f ms: %.2f in the router (received, decided), %.2f in a"
                + " client (received, visited), %.2f until the broker has both records",
            run.count("few-chains"), trip, router.toToken(), client.toAnswer(), sending);
    return o;
  }

  private static TokenTimes.Means times(Run run, String at, String name, String stamped)
      throws InterruptedException {
    String prefix = "bench-" + name;
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", at))) {
      NewTopic topic = new NewTopic(prefix + stamped, 1, (short) 1);
      topic.configs(Map.of("message.timestamp.type", "LogAppendTime"));
      admin.createTopics(List.of(topic)).all().get();
      KafkaTopics.awaitServed(admin, List.of(topic.name()));
    } catch (ExecutionException e) {
      throw new CommandFailed(prefix + stamped + ": " + e.getCause().getMessage(), e);
    }
    JobConfig config = JobConfig.parse(yaml(run, at, prefix, run.count("few-chains")));
    try (LocalJob job = start(run, config)) {
      awaitRunning(job);
      produce(run, at, prefix);
      TokenTimes warm = new TokenTimes();
      warm.follow(at, prefix + ".chains", prefix + ".draws", run.count("warm-up-seconds"));
      TokenTimes.Means means =
          new TokenTimes().follow(at, prefix + ".chains", prefix + ".draws", run.count("seconds"));
      if (means.rounds() == 0) {
        throw new CommandFailed("no chain came back within " + run.count("seconds") + " seconds");
      }
      return means;
    } catch (DecodeException e) {
      throw new CommandFailed("a record of the job: " + e.getMessage(), e);
    }
  }

  private static LocalJob start(Run run, JobConfig config) {
    return LocalJob.start(config, "0", null, run.workDir(), run.output()::note);
  }

  private static void awaitRunning(LocalJob job) throws InterruptedException {
    if (!job.awaitRunning(START)) {
      throw new CommandFailed("the job of the benchmark was not running within " + START);
    }
  }

  private static Map<String, Object> job(Run run, String at, String setting, double record)
      throws InterruptedException {
    int chains = run.count(setting);
    String prefix = "bench-" + setting;
    JobConfig config = JobConfig.parse(yaml(run, at, prefix, chains));
    try (LocalJob job = start(run, config)) {
      awaitRunning(job);
      produce(run, at, prefix);
      long[] rounds = new long[1];
      try (RecordFollower draws =
          RecordFollower.fromEnd(
              Map.of("bootstrap.servers", at, "client.id", "millrace-bench"), prefix + ".draws")) {
        count(draws, rounds, run.count("warm-up-seconds"));
        rounds[0] = 0;
        long cpu = cpuNanos();
        double seconds = count(draws, rounds, run.count("seconds"));
        cpu = cpuNanos() - cpu;
        return report(run, setting, chains, rounds[0], seconds, cpu / 1e9, record);
      }
    }
  }

  /** Counts visits for a while; how long it was. */
  private static double count(RecordFollower draws, long[] rounds, int seconds) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < Duration.ofSeconds(seconds).toNanos()) {
      draws.poll(POLL, r -> rounds[0] += r instanceof ChainDraws ? 1 : 0);
    }
    return (System.nanoTime() - begin) / 1e9;
  }

  /** Of the whole process, the cluster included; the broker is another one. */
  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void produce(Run run, String at, String prefix) {
    PhiloxDraws draws = new PhiloxDraws(1, "bench");
    try (EventWriter writer =
        EventWriter.open(
            KafkaAccess.to(at),
            "millrace-bench-rows",
            EventTopics.single(prefix + ".examples"),
            1)) {
      for (int i = 0; i < run.count("rows") * run.count("clients"); i++) {
        draws.at(i);
        int client = i % run.count("clients");
        writer.send(
            Event.dense(
                "client-" + client, new double[] {client + draws.normal(0), draws.normal(1)}));
      }
      writer.flush();
    }
  }

  private static Map<String, Object> report(
      Run run,
      String setting,
      int chains,
      long rounds,
      double seconds,
      double cpuSeconds,
      double record) {
    if (rounds == 0) {
      throw new CommandFailed("no chain came back within " + seconds + " seconds");
    }
    double perSecond = rounds / seconds;
    double steps = perSecond * run.count("local-steps");
    double millis = chains / perSecond * 1000; // as many tokens are under way as there are chains
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("chains", chains);
    o.put("visits-per-second", perSecond);
    o.put("local-steps-per-second", steps);
    o.put("local-steps-per-cpu-second", rounds * (double) run.count("local-steps") / cpuSeconds);
    o.put("cpu-micros-per-visit", cpuSeconds * 1e6 / rounds);
    o.put("round-trip-millis", millis);
    o.put("two-records-millis", 2 * record);
    run.output()
        .say(
            "%d chains: %.0f visits/s, %.0f local steps/s, %.0f per CPU second, %.0f us of CPU a"
                + " visit; a round trip %.2f ms, two records through the broker %.2f ms",
            chains,
            perSecond,
            steps,
            rounds * (double) run.count("local-steps") / cpuSeconds,
            cpuSeconds * 1e6 / rounds,
            millis,
            2 * record);
    return o;
  }
}
