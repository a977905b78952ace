package io.millrace.jobs;

import io.millrace.operators.output.Channel;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;

/** Whether a job's topics on a Kafka are fit for it: what they keep, and what they take. */
final class ExistingTopics {
  private static final String CLEANUP = "cleanup.policy";
  private static final String LARGEST = "max.message.bytes";

  private final Admin admin;
  private final JobConfig config;
  private final KafkaCluster cluster;
  private final List<String> faults;
  private final List<String> notes;

  /**
   * A look at topics.
   *
   * @param admin of the cluster
   * @param faults takes what makes a topic unfit
   * @param notes takes what is worth a line
   */
  ExistingTopics(
      Admin admin,
      JobConfig config,
      KafkaCluster cluster,
      List<String> faults,
      List<String> notes) {
    this.admin = admin;
    this.config = config;
    this.cluster = cluster;
    this.faults = faults;
    this.notes = notes;
  }

  /**
   * Looks at those topics of a job on the cluster that are among the ones that are there.
   *
   * @param created those that were made just now, with the settings wanted
   * @return how many partitions each input topic on the cluster has
   */
  Map<String, Integer> look(Set<String> present, Collection<String> created)
      throws ExecutionException, InterruptedException {
    Set<String> ours =
        cluster.topics().stream().filter(present::contains).collect(Collectors.toSet());
    Map<String, Config> settings = settings(ours);
    for (String topic : config.inputTopics()) {
      if (settings.containsKey(topic)) {
        kept(topic, Channel.Cleanup.DELETE, settings.get(topic), "what a job reads is a sequence");
      }
    }
    for (JobFamily.Output output : config.outputs()) {
      String topic = config.topic(output.topic());
      Config found = settings.get(topic);
      if (found != null) {
        Channel channel = output.channel();
        String why =
            channel.cleanup() == Channel.Cleanup.COMPACT
                ? "the newest of each key must stay, however old it is"
                : "each record stands for itself";
        kept(topic, channel.cleanup(), found, why);
        taken(topic, channel, found);
      }
    }
    return partitions(ours, created);
  }

  private Map<String, Config> settings(Set<String> topics)
      throws ExecutionException, InterruptedException {
    Map<String, Config> settings = new HashMap<>();
    List<ConfigResource> resources =
        topics.stream().map(t -> new ConfigResource(ConfigResource.Type.TOPIC, t)).toList();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> e :
        admin.describeConfigs(resources).values().entrySet()) {
      String topic = e.getKey().name();
      try {
        settings.put(topic, e.getValue().get());
      } catch (ExecutionException failure) {
        if (!(failure.getCause() instanceof AuthorizationException)) {
          throw failure;
        }
        notes.add(
            "topic '"
                + topic
                + "': its settings may not be read (no right DESCRIBE_CONFIGS), so nobody has"
                + " looked whether "
                + CLEANUP
                + " and "
                + LARGEST
                + " fit");
      }
    }
    return settings;
  }

  private void kept(String topic, Channel.Cleanup wanted, Config found, String why) {
    ConfigEntry entry = found.get(CLEANUP);
    if (entry != null && !entry.value().equals(wanted.policy())) {
      faults.add(
          "topic '"
              + topic
              + "': "
              + CLEANUP
              + " is '"
              + entry.value()
              + "'; must be '"
              + wanted.policy()
              + "' because "
              + why
              + "; change the topic or name another");
    }
  }

  private void taken(String topic, Channel channel, Config found) {
    ConfigEntry entry = found.get(LARGEST);
    long largest = config.largestRecord(channel);
    if (entry != null && Long.parseLong(entry.value()) < largest) {
      Setting<Integer> size = config.recordSize(channel);
      faults.add(
          "topic '"
              + topic
              + "': "
              + LARGEST
              + " is "
              + entry.value()
              + "; must be at least "
              + largest
              + (size == null
                  ? " for keys of " + Settings.KEY_BYTES.key()
                  : " because " + size.key() + " = " + config.get(size))
              + "; raise it or lower the setting");
    }
  }

  private Map<String, Integer> partitions(Set<String> topics, Collection<String> created)
      throws ExecutionException, InterruptedException {
    Integer wanted = config.get(Settings.PARTITIONS);
    Map<String, Integer> inputs = new HashMap<>();
    for (TopicDescription t : admin.describeTopics(topics).allTopicNames().get().values()) {
      int count = t.partitions().size();
      if (config.inputTopics().contains(t.name())) {
        inputs.put(t.name(), count);
      }
      if (wanted != null && wanted != count && !created.contains(t.name())) {
        notes.add(
            "topic '"
                + t.name()
                + "': has "
                + count
                + " partitions, and keeps them; "
                + Settings.PARTITIONS.key()
                + " = "
                + wanted
                + " is for topics that are created");
      }
    }
    return inputs;
  }
}
