package io.millrace.tests.sample;

import io.millrace.core.rng.PhiloxDraws;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.KafkaTopics;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.DenseDoubles;
import io.millrace.schemas.Example;
import io.millrace.schemas.SingleObject;
import io.millrace.tests.integration.KafkaTopic.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Clients with rows of a logistic regression, and the settings of `sample` jobs over them. */
public final class SampleRun {
  public static final List<String> CLIENTS = List.of("silo-a", "silo-b", "silo-c");
  public static final int ROWS = 60;
  public static final int CHAINS = 4;

  /** What all parts of a federation have alike; with which topics and clients is theirs to say. */
  public static final String ALIKE =
      """
      job: sample
      features: {dimension: 2}
      chains: {count: 4, local-steps: 20, step-size: 0.01, burn-in: 5}
      clients.least-rows: 60
      snapshots: {every-examples: 50}
      """;

  /** Of every run here: two runs of a test are to send the same bytes. */
  static final Submission STARTED = new Submission(1, Map.of());

  private SampleRun() {}

  /**
   * Settings of a job that takes checkpoints only where a test asks for them; its topics are there.
   *
   * @param servers of the job's own Kafka
   * @param name of the job, and before the names of its topics
   */
  static JobConfig config(String servers, String name, int parallelism, String more) {
    JobConfig config =
        JobConfig.parse(
            ALIKE
                + """
                name: %1$s
                kafka.bootstrap-servers: "%2$s"
                topics: {prefix: %1$s, partitions: 3}
                checkpoint: {interval: 10m, timeout: 1m}
                restart: {delay: 10ms, max-delay: 100ms}
                parallelism: %3$d
                """
                    .formatted(name, servers, parallelism)
                + more);
    KafkaTopics.prepare(config);
    return config;
  }

  /** The rows of a client: two features around a centre of its own, labels by chance. */
  public static List<double[]> rows(String client) {
    PhiloxDraws draws = new PhiloxDraws(3, client);
    List<double[]> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      draws.at(i);
      double x = client.charAt(5) - 'b' + draws.normal(0);
      double y = draws.normal(1);
      double label = draws.uniform(9) < 1 / (1 + StrictMath.exp(y - x)) ? 1 : 0;
      rows.add(new double[] {x, y, label});
    }
    return rows;
  }

  /** The same as records. */
  public static List<Sent> records(List<String> clients) {
    List<Sent> records = new ArrayList<>();
    for (String client : clients) {
      List<double[]> rows = rows(client);
      for (int i = 0; i < rows.size(); i++) {
        double[] row = rows.get(i);
        records.add(record(client, i, row[2], row[0], row[1]));
      }
    }
    return records;
  }

  /** A row as a record. */
  public static Sent record(String client, int i, double label, Double... features) {
    Instant time = Instant.ofEpochMilli(1_700_000_000_000L + i);
    DenseDoubles x = new DenseDoubles(List.of(features));
    return Sent.of(client, SingleObject.encode(new Example(client, "", time, 1.0, label, x)));
  }
}
