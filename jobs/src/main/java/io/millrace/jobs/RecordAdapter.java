package io.millrace.jobs;

import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.state.RoutedEventSerializer;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.metrics.Counter;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Kafka records to {@link RoutedEvent}s. Throws for no record, else the job would reread it. */
final class RecordAdapter implements KafkaRecordDeserializationSchema<RoutedEvent> {
  private static final long serialVersionUID = 1;

  private static final Logger LOG = LoggerFactory.getLogger(RecordAdapter.class);

  private final RouterOptions options;
  private final String family;
  private final Map<String, Integer> partitions;
  private final Map<String, Set<String>> addressees;
  private transient EventRouter router;
  private transient Map<String, Integer> topics;
  private transient String lastTopic;
  private transient int lastIndex;
  private transient Counter misplaced;

  /**
   * An adapter.
   *
   * @param family names the metrics
   * @param partitions how many each input topic had at submission; none: not known
   * @param addressees of topics that hold records for others, too, the keys that are meant here
   */
  RecordAdapter(
      RouterOptions options,
      String family,
      Map<String, Integer> partitions,
      Map<String, Set<String>> addressees) {
    this.options = options;
    this.family = family;
    this.partitions = partitions;
    this.addressees = addressees;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    router =
        new EventRouter(
            options,
            options.topics().stream().mapToInt(t -> partitions.getOrDefault(t, 0)).toArray());
    misplaced = context.getMetricGroup().addGroup("millrace").addGroup(family).counter("misplaced");
    topics = new HashMap<>();
    for (int i = 0; i < options.topics().size(); i++) {
      topics.put(options.topics().get(i), i);
    }
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RoutedEvent> out) {
    RoutedEvent event =
        router.route(
            index(record.topic()),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.key(),
            record.value());
    Set<String> meant = addressees.get(record.topic());
    if (meant != null && event.usable() && !meant.contains(event.key)) {
      return;
    }
    if (router.misplaced()) {
      if (misplaced.getCount() == 0) {
        LOG.warn(
            "{}-{}@{}: a record of key '{}' has another record key, or is not on the partition of"
                + " its key: events of a key have no fixed order then; counted in 'misplaced'",
            record.topic(),
            record.partition(),
            record.offset(),
            event.key);
      }
      misplaced.inc();
    }
    out.collect(event);
  }

  /** A poll's records share the object of their topic's name, which is seldom another's next. */
  @SuppressWarnings("StringEquality")
  private int index(String topic) {
    if (topic != lastTopic) {
      lastIndex = topics.get(topic);
      lastTopic = topic;
    }
    return lastIndex;
  }

  @Override
  public TypeInformation<RoutedEvent> getProducedType() {
    return RoutedEventSerializer.TYPE;
  }
}
