package io.millrace.jobs;

import io.millrace.operators.ingress.DeadLetters;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RoutedEventTypeInfo;
import io.millrace.operators.publish.OutRecord;
import io.millrace.operators.publish.OutRecordTypeInfo;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/** Behind the source: usable events go on, the others to dead letters, controls for all aside. */
final class RouteSplit extends ProcessFunction<RoutedEvent, RoutedEvent> {
  private static final long serialVersionUID = 1;

  static final OutputTag<OutRecord> UNDECODABLE =
      new OutputTag<>("undecodable", OutRecordTypeInfo.INSTANCE);
  static final OutputTag<RoutedEvent> FOR_ALL =
      new OutputTag<>("for-all", RoutedEventTypeInfo.INSTANCE);

  private final String job;
  private final List<String> topics;
  private final int maxBytes;
  private transient DeadLetters letters;

  RouteSplit(String job, List<String> topics, int maxBytes) {
    this.job = job;
    this.topics = topics;
    this.maxBytes = maxBytes;
  }

  @Override
  public void processElement(RoutedEvent event, Context context, Collector<RoutedEvent> out) {
    if (event.kind == RoutedEvent.UNDECODABLE) {
      if (letters == null) {
        letters = new DeadLetters(job, topics, maxBytes);
      }
      byte[] key = event.recordKey == null ? new byte[0] : event.recordKey;
      String spread = event.recordKey == null ? "" : new String(key, StandardCharsets.ISO_8859_1);
      context.output(UNDECODABLE, new OutRecord(event.recordKey, letters.of(event), spread));
    } else if (event.broadcast()) {
      context.output(FOR_ALL, event);
    } else {
      out.collect(event);
    }
  }
}
