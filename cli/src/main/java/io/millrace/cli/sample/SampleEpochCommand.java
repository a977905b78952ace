package io.millrace.cli.sample;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.SampleTick;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Lets the clients of a federation agree on a new epoch. */
@Command(
    name = "epoch",
    description = {
      "Lets the clients of a 'sample' job agree on a new epoch, with the rows they have frozen last,"
          + " although they have not grown enough for one by themselves.",
      "The order names the epoch in force, and stands in the topic of draws: read again it changes"
          + " nothing. Waits until the new epoch is in force."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace sample epoch --bootstrap-servers localhost:9092")
public final class SampleEpochCommand implements Runnable {
  @Option(
      names = "--draws-topic",
      paramLabel = "TOPIC",
      description = "Topic of draws. Default: that of --job, else PREFIX.draws.")
  private String draws;

  @Option(names = "--no-wait", description = "Send, and do not wait for the epoch.")
  private boolean noWait;

  @Mixin private StatusTopic topic;
  @Mixin private Output output;

  @Override
  public void run() {
    FederationStatus now = topic.newest();
    long before = now.getEpoch();
    if (before == 0) {
      throw new CommandFailed(
          "posterior '"
              + now.getKey()
              + "' has no epoch yet; the first begins by itself, and waits: "
              + now.getWaiting());
    }
    FederationStatus then = noWait ? null : topic.next(s -> isNewer(s, now), () -> send(now));
    if (noWait) {
      send(now);
    } else if (then == null) {
      throw new CommandFailed(
          "no epoch newer than "
              + before
              + " has come into force within "
              + topic.timeoutSeconds()
              + " seconds; the order stands in its topic: see with millrace sample clients who is"
              + " waited for, or allow more with --timeout");
    }
    Map<String, Object> o = StatusTopic.head(noWait ? now : then);
    o.put("before", before);
    output.result(o);
    if (!output.json()) {
      output.say("%s", noWait ? "sent" : StatusTopic.line(then));
    }
  }

  private static boolean isNewer(FederationStatus s, FederationStatus than) {
    return s.getKey().equals(than.getKey())
        && s.getIncarnation() == than.getIncarnation()
        && s.getEpoch() > than.getEpoch();
  }

  private void send(FederationStatus now) {
    KafkaOptions kafka = topic.kafka();
    String to = kafka.topic(draws, Role.DRAWS);
    Kafka.partitions(kafka, to, "name the job's own with --draws-topic or --job");
    SampleTick order =
        new SampleTick(now.getKey(), now.getIncarnation(), Instant.now(), now.getEpoch());
    byte[] key = now.getKey().getBytes(StandardCharsets.UTF_8);
    Map<String, Object> settings = kafka.settings("millrace-cli");
    settings.put("enable.idempotence", "true");
    settings.put("acks", "all");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(to, key, SingleObject.encode(order))).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted before topic '" + to + "' had the order", e);
    } catch (ExecutionException e) {
      throw new CommandFailed(
          "topic '" + to + "' did not take the order: " + e.getCause().getMessage(), e);
    }
  }
}
