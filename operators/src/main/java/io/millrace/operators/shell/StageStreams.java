package io.millrace.operators.shell;

import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.state.KeySerializer;
import io.millrace.state.OutRecordSerializer;
import io.millrace.state.RoutedEventSerializer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Wires the stages of a job.
 *
 * <pre>
 * source -> split ==by key==> first stage -> channels
 *             |  \               `-- events for the stages behind
 *             |   `=====by its key====> second stage -> channels
 *             `-- events that cannot be used -> dead letters
 * </pre>
 */
public final class StageStreams {
  /** Id of the operator behind the source. */
  public static final String SPLIT = "split";

  private StageStreams() {}

  /**
   * The stages behind a source.
   *
   * @param stages in the order in which one may hand events to another
   * @return what each channel of any stage carries
   */
  public static Map<Channel, DataStream<OutRecord>> build(
      DataStream<RoutedEvent> source, StageOptions options, List<Stage> stages) {
    SingleOutputStreamOperator<RoutedEvent> events =
        source
            .process(new EventSplit(options, stages), RoutedEventSerializer.TYPE)
            .name(SPLIT)
            .uid(SPLIT);
    Map<Channel, DataStream<OutRecord>> outputs = new LinkedHashMap<>();
    outputs.put(Channel.DEAD_LETTERS, events.getSideOutput(EventSplit.UNUSABLE));
    List<SingleOutputStreamOperator<OutRecord>> before = new ArrayList<>();
    for (Stage stage : stages) {
      DataStream<RoutedEvent> input =
          before.isEmpty() ? events : events.getSideOutput(EventSplit.tag(stage));
      for (SingleOutputStreamOperator<OutRecord> earlier : before) {
        input = input.union(forwarded(earlier, stage));
      }
      SingleOutputStreamOperator<OutRecord> out =
          input
              .keyBy(stage.keyedBy(), KeySerializer.TYPE)
              .transform(stage.uid(), OutRecordSerializer.TYPE, new KeyedShell(options, stage))
              .uid(stage.uid());
      for (Channel channel : stage.channels()) {
        DataStream<OutRecord> records = out.getSideOutput(KeyedShell.tag(channel));
        outputs.merge(channel, records, DataStream::union);
      }
      before.add(out);
    }
    return outputs;
  }

  /** Events that an earlier stage has for this one. */
  private static DataStream<RoutedEvent> forwarded(
      SingleOutputStreamOperator<OutRecord> earlier, Stage stage) {
    List<EventKind> kinds = stage.kinds();
    String name = earlier.getName() + "-to-" + stage.uid();
    return earlier
        .getSideOutput(KeyedShell.FORWARD)
        .filter(event -> kinds.stream().anyMatch(event::is))
        .name(name)
        .uid(name);
  }
}
