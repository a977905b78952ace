package io.millrace.jobs;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * A Kafka that a job uses, and those of its topics that lie there. Immutable.
 *
 * @param section of the settings that say where it is, {@code kafka} being the job's own
 * @param settings for every client, the address among them
 * @param topics names, of what is read and of what is written
 */
record KafkaCluster(String section, Map<String, String> settings, Set<String> topics) {
  /** Section of the job's own. */
  static final String OWN = "kafka";

  private static final String ADDRESS = "bootstrap.servers";

  KafkaCluster {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    topics = Set.copyOf(topics);
  }

  /**
   * A cluster.
   *
   * @param servers null while the job's settings are not all readable
   * @param properties for its clients
   */
  static KafkaCluster of(
      String section, String servers, Map<String, String> properties, Set<String> topics) {
    Map<String, String> settings = new LinkedHashMap<>(properties);
    settings.put(ADDRESS, servers);
    return new KafkaCluster(section, settings, topics);
  }

  /** {@code host:port,...} */
  String servers() {
    return settings.get(ADDRESS);
  }

  /** Name of the setting that says where it is. */
  String addressKey() {
    return addressKey(propertiesKey());
  }

  /** Name of the section of settings for its clients. */
  String propertiesKey() {
    return section + Settings.CLIENT_PROPERTIES;
  }

  /** Name of the setting beside a section of settings for clients that says where Kafka is. */
  static String addressKey(String propertiesKey) {
    return propertiesKey.replace(Settings.CLIENT_PROPERTIES, ".bootstrap-servers");
  }

  boolean isOwn() {
    return section.equals(OWN);
  }

  boolean holds(String topic) {
    return topics.contains(topic);
  }

  /** Most bytes of a request, and so of a record. */
  long maxRequestBytes() {
    String given = settings.get("max.request.size");
    return given == null ? 1 << 20 : Long.parseLong(given.strip());
  }
}
