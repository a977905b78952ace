package io.millrace.cli.console;

import io.millrace.jobs.KafkaReply;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What commands ask of a Kafka before they begin, so that its absence is one clear line. */
public final class Kafka {
  private static final int SECONDS = 15;

  private Kafka() {}

  /**
   * Number of partitions of a topic.
   *
   * @throws CommandFailed if Kafka does not answer, does not let us in, or has no such topic
   */
  public static int partitions(KafkaOptions kafka, String topic) {
    return partitions(
        kafka, topic, "create it (millrace run creates those of its job), or name another");
  }

  /**
   * The same.
   *
   * @param remedy what to do if the topic is not there
   */
  public static int partitions(KafkaOptions kafka, String topic, String remedy) {
    Map<String, Object> settings = kafka.settings("millrace-admin");
    settings.putIfAbsent("default.api.timeout.ms", SECONDS * 1000);
    settings.putIfAbsent("request.timeout.ms", SECONDS * 1000);
    try (Admin admin = Admin.create(settings)) {
      TopicDescription found =
          admin
              .describeTopics(List.of(topic))
              .topicNameValues()
              .get(topic)
              .get(SECONDS, TimeUnit.SECONDS);
      return found.partitions().size();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        throw new CommandFailed(
            "topic '"
                + topic
                + "' is not there; Kafka at "
                + kafka.bootstrapServers()
                + " has no such topic: "
                + remedy,
            e);
      }
      throw refused(kafka, topic, settings, e);
    } catch (TimeoutException | KafkaException e) {
      throw refused(kafka, topic, settings, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private static CommandFailed refused(
      KafkaOptions kafka, String topic, Map<String, Object> settings, Exception e) {
    return new CommandFailed(
        "topic '"
            + topic
            + "': "
            + KafkaReply.explain(kafka.bootstrapServers(), settings, e)
            + " (--bootstrap-servers, --kafka-properties, --job)",
        e);
  }
}
