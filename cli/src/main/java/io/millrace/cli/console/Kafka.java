package io.millrace.cli.console;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
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
      throw refused(kafka, topic, e.getCause());
    } catch (TimeoutException e) {
      throw refused(kafka, topic, e);
    } catch (KafkaException e) { // the client could not even be made
      throw new CommandFailed(at(kafka) + Causes.of(e) + "; check address and properties", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private static CommandFailed refused(KafkaOptions kafka, String topic, Throwable e) {
    if (e instanceof AuthenticationException) {
      return new CommandFailed(
          at(kafka)
              + "Kafka is there and refuses the login ("
              + Causes.of(e)
              + "); check user, password and certificates in the Kafka properties",
          e);
    }
    if (e instanceof AuthorizationException) {
      return new CommandFailed(
          at(kafka)
              + "this user may not look at topic '"
              + topic
              + "' ("
              + Causes.of(e)
              + "); allow it, or log in as another",
          e);
    }
    return new CommandFailed(
        at(kafka)
            + "Kafka does not answer ("
            + Causes.of(e)
            + "); start it, or name another"
            + (kafka.secured()
                ? ""
                : "; if it wants TLS or a login (SASL), say so with --kafka-properties FILE or --job"),
        e);
  }

  private static String at(KafkaOptions kafka) {
    return "--bootstrap-servers " + kafka.bootstrapServers() + ": ";
  }
}
