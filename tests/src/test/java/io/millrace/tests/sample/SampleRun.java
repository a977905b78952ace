package io.millrace.tests.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.rng.PhiloxDraws;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.jobs.SampleSettings;
import io.millrace.jobs.Settings;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.DenseDoubles;
import io.millrace.schemas.Example;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.tests.integration.Await;
import io.millrace.tests.integration.KafkaTopic.Sent;
import io.millrace.tests.integration.Stack;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Clients with rows of a logistic regression, and a `sample` job over them. */
final class SampleRun {
  static final List<String> CLIENTS = List.of("silo-a", "silo-b", "silo-c");
  static final int ROWS = 60;
  static final int CHAINS = 4;

  /** Of every run here: two runs of a test are to send the same bytes. */
  static final Submission STARTED = new Submission(1, Map.of());

  private final Stack stack;
  private final String name;
  private final String examples;

  SampleRun(Stack stack, String name, String examples) {
    this.stack = stack;
    this.name = name;
    this.examples = examples;
  }

  /** A job with checkpoints only where a test asks for them. */
  JobConfig config(int parallelism, String more) {
    JobConfig config =
        JobConfig.parse(
            """
            job: sample
            name: %1$s
            kafka: {bootstrap-servers: "%2$s"}
            topics: {prefix: %1$s, examples: %3$s, partitions: 3}
            checkpoint: {interval: 10m, timeout: 1m}
            restart: {delay: 10ms, max-delay: 100ms}
            parallelism: %4$d
            features: {dimension: 2}
            clients: {names: [silo-a, silo-b, silo-c], least-rows: %5$d}
            chains: {count: %6$d, local-steps: 20, step-size: 0.01, burn-in: 5}
            snapshots: {every-examples: 50}
            """
                    .formatted(
                        name,
                        stack.broker().bootstrapServers(),
                        examples,
                        parallelism,
                        ROWS,
                        CHAINS)
                + more);
    KafkaTopics.prepare(config);
    return config;
  }

  /** Sends the rows of clients: features around a centre of each, labels by chance. */
  void send(List<String> clients) throws Exception {
    List<Sent> rows = new ArrayList<>();
    for (String client : clients) {
      PhiloxDraws draws = new PhiloxDraws(3, client);
      for (int i = 0; i < ROWS; i++) {
        draws.at(i);
        double x = client.charAt(5) - 'b' + draws.normal(0);
        double y = draws.normal(1);
        double label = draws.uniform(9) < 1 / (1 + StrictMath.exp(y - x)) ? 1 : 0;
        rows.add(
            Sent.of(
                client,
                SingleObject.encode(
                    new Example(
                        client,
                        "",
                        Instant.ofEpochMilli(1_700_000_000_000L + i),
                        1.0,
                        label,
                        new DenseDoubles(List.of(x, y))))));
      }
    }
    stack.topic(examples).send(rows);
  }

  /** State of each chain after each round; whatever stands there twice is the same. */
  Map<String, String> history(JobConfig config) throws Exception {
    Map<String, String> all = new TreeMap<>();
    for (ConsumerRecord<byte[], byte[]> r :
        stack.topic(config.topic(SampleSettings.DRAWS)).read()) {
      if (SingleObject.standard().decode(r.value()) instanceof ChainDraws d) {
        byte[] state = new byte[d.getState().remaining()];
        d.getState().duplicate().get(state);
        String hex = HexFormat.of().formatHex(state);
        String before = all.put(d.getChain() + "@" + d.getRound(), hex);
        assertThat(before == null || before.equals(hex))
            .as("%s after round %d", d.getChain(), d.getRound())
            .isTrue();
      }
    }
    return all;
  }

  /** Waits until every chain has made so many rounds. */
  void await(JobConfig config, int rounds) throws Exception {
    Await.until(
        "round " + rounds + " of every chain",
        () -> {
          Map<String, String> history = history(config);
          for (int c = 0; c < CHAINS; c++) {
            if (!history.containsKey("chain-" + c + "@" + rounds)) {
              return false;
            }
          }
          return true;
        });
  }

  List<ModelSnapshot> posteriors(JobConfig config) throws Exception {
    List<ModelSnapshot> all = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> r : stack.topic(config.topic(Settings.MODELS)).read()) {
      all.add(SnapshotCodec.decode(r.value()));
    }
    return all;
  }
}
