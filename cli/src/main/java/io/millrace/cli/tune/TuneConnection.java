package io.millrace.cli.tune;

import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Role;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneTopics;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin of the {@code tune} commands that talk to a running job. */
public final class TuneConnection {
  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--requests-topic",
      paramLabel = "TOPIC",
      description = "Topic of requests. Default: that of --job, else PREFIX.tune.requests.")
  private String requests;

  @Option(
      names = "--decisions-topic",
      paramLabel = "TOPIC",
      description = "Topic of decisions. Default: that of --job, else PREFIX.tune.decisions.")
  private String decisions;

  /**
   * The decisions that the topics hold now, with what came of them.
   *
   * @param given topic of feedback that does not come with the requests; null: that of --job
   */
  DecisionLog log(String given) {
    String to = kafka.topic(requests, Role.TUNE_REQUESTS);
    String from = kafka.topic(decisions, Role.TUNE_DECISIONS);
    String feedback = kafka.topicBeside(given, Role.TUNE_FEEDBACK);
    Kafka.partitions(kafka, to);
    Kafka.partitions(kafka, from);
    if (feedback != null) {
      Kafka.partitions(kafka, feedback);
    }
    return new DecisionTopic(
        kafka.settings("millrace-cli"), from, to, feedback == null ? to : feedback);
  }

  /** Where Kafka is. */
  KafkaOptions kafka() {
    return kafka;
  }

  /**
   * Topic of the job's metrics.
   *
   * @param given by an option of the command's own; null: it was not
   */
  String metrics(String given) {
    return kafka.topic(given, Role.METRICS);
  }

  /** A client that sees every decision made from now on. */
  TuneClient open() {
    String to = kafka.topic(requests, Role.TUNE_REQUESTS);
    String from = kafka.topic(decisions, Role.TUNE_DECISIONS);
    Kafka.partitions(kafka, to);
    Kafka.partitions(kafka, from);
    return TuneClient.open(kafka.access(), "millrace-cli", new TuneTopics(to, to, from));
  }
}
