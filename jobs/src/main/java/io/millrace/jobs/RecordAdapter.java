package io.millrace.jobs;

import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.state.RoutedEventSerializer;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.api.common.serialization.DeserializationSchema;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Kafka records to {@link RoutedEvent}s. Throws for no record, else the job would reread it. */
final class RecordAdapter implements KafkaRecordDeserializationSchema<RoutedEvent> {
  private static final long serialVersionUID = 1;

  private final RouterOptions options;
  private transient EventRouter router;
  private transient Map<String, Integer> topics;

  RecordAdapter(RouterOptions options) {
    this.options = options;
  }

  @Override
  public void open(DeserializationSchema.InitializationContext context) {
    router = new EventRouter(options);
    topics = new HashMap<>();
    for (int i = 0; i < options.topics().size(); i++) {
      topics.put(options.topics().get(i), i);
    }
  }

  @Override
  public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<RoutedEvent> out) {
    out.collect(
        router.route(
            topics.get(record.topic()),
            record.partition(),
            record.offset(),
            record.timestamp(),
            record.key(),
            record.value()));
  }

  @Override
  public TypeInformation<RoutedEvent> getProducedType() {
    return RoutedEventSerializer.TYPE;
  }
}
