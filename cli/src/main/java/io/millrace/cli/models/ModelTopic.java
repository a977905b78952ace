package io.millrace.cli.models;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Role;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Mixin of the commands that read models: which topic, and how to read it. */
public final class ModelTopic {
  @Mixin private KafkaOptions kafka;

  @Option(
      names = "--topic",
      paramLabel = "TOPIC",
      description = "Topic of models. Default: that of --job, else PREFIX.models.")
  private String topic;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long to read at most. Default: ${DEFAULT-VALUE}.")
  private int timeoutSeconds;

  /** Name of the topic. */
  public String name() {
    return kafka.topic(topic, Role.MODELS);
  }

  /** A store over the topic that has not read anything yet. */
  ModelStore open() {
    Kafka.partitions(kafka, name());
    return ModelStore.manual(
        kafka.access(), ModelStoreOptions.of(name()).withClientId("millrace-cli"));
  }

  /** A store that holds the newest model of every key. */
  public ModelStore read() {
    ModelStore store = open();
    if (!await(store)) {
      store.close();
      throw new CommandFailed(
          "topic '"
              + name()
              + "' was not read within "
              + timeoutSeconds
              + " seconds; allow more with --timeout");
    }
    return store;
  }

  /**
   * The newest model of a key.
   *
   * @throws CommandFailed naming the keys there are
   */
  public Model model(String key) {
    try (ModelStore store = read()) {
      return store
          .get(key)
          .orElseThrow(
              () ->
                  new CommandFailed(
                      "topic '"
                          + name()
                          + "' has no model '"
                          + key
                          + "'; it has "
                          + some(store.keys())));
    }
  }

  private boolean await(ModelStore store) {
    try {
      return store.awaitCaughtUp(Duration.ofSeconds(timeoutSeconds));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed("interrupted", e);
    }
  }

  private static String some(List<String> keys) {
    return keys.size() <= 20
        ? keys.toString()
        : keys.subList(0, 20) + " and " + (keys.size() - 20) + " more";
  }

  /** What {@code list} and {@code watch} say of a model. */
  public static Map<String, Object> summary(Model m) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", m.key());
    o.put("incarnation", m.incarnation());
    o.put("version", m.version());
    o.put("eventTime", m.eventTime().toString());
    o.put("job", m.job());
    o.put("algorithm", m.snapshot().getProvenance().getAlgorithm());
    o.put("counters", new TreeMap<>(m.counters()));
    o.put("metrics", new TreeMap<>(m.metrics()));
    return o;
  }

  /** A number to look at: four decimals, or a dash where there is none. */
  public static String number(Double v) {
    return v == null || v.isNaN() ? "-" : String.format(Locale.ROOT, "%.4f", v);
  }
}
