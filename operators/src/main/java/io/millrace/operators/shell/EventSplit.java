package io.millrace.operators.shell;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.OutRecord;
import io.millrace.state.OutRecordSerializer;
import io.millrace.state.RoutedEventSerializer;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Behind the source: events go on to the stages that take their kind, those that cannot be used to
 * the dead letters. An order for all keys becomes one event for each key group of each stage, so
 * that it travels the way of the events and keeps its place among those of its partition.
 *
 * <p>So does word of how far a partition has come in event time, for the stages that ask for it. It
 * keeps nothing: Flink refuses a stop with a savepoint where subtasks share state and some of them
 * have ended.
 */
final class EventSplit extends ProcessFunction<RoutedEvent, RoutedEvent> {
  private static final long serialVersionUID = 1;

  /** Events that cannot be used, as dead letters. */
  static final OutputTag<OutRecord> UNUSABLE =
      new OutputTag<>("unusable", OutRecordSerializer.TYPE);

  private final StageOptions options;
  private final boolean[][] takes;
  private final boolean[] takesOrders;
  private final boolean[] takesTimes;
  private final List<OutputTag<RoutedEvent>> tags;
  private transient DeadLetters letters;
  private transient GroupNames groups;

  /** A split for the stages of a job; the first one's events are its main output. */
  EventSplit(StageOptions options, List<Stage> stages) {
    this.options = options;
    this.tags = stages.stream().map(EventSplit::tag).toList();
    this.takes = new boolean[stages.size()][256];
    this.takesOrders = new boolean[stages.size()];
    this.takesTimes = new boolean[stages.size()];
    for (int i = 0; i < stages.size(); i++) {
      boolean[] taken = takes[i];
      stages.get(i).kinds().forEach(k -> taken[k.code()] = true);
      takesOrders[i] = stages.get(i).takesOrders();
      takesTimes[i] = stages.get(i).timeStep() > 0;
    }
  }

  /** Side output with the events of a stage that is not the first. */
  static OutputTag<RoutedEvent> tag(Stage stage) {
    return new OutputTag<>("to-" + stage.uid(), RoutedEventSerializer.TYPE);
  }

  @Override
  public void open(OpenContext context) {
    letters = new DeadLetters(options.job(), options.deadLetterBytes());
    groups = new GroupNames(getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks());
  }

  @Override
  public void processElement(RoutedEvent event, Context context, Collector<RoutedEvent> out) {
    if (!event.usable()) {
      Evidence evidence = Evidence.of(event, options.topics());
      context.output(UNUSABLE, letters.of(evidence, event.reason, event.message));
      return;
    }
    boolean time = event.kind == RoutedEvent.TIME;
    boolean order = event.forAllKeys();
    for (int stage = 0; stage < takes.length; stage++) {
      if (time && takesTimes[stage] || order && takesOrders[stage]) {
        for (int g = 0; g < groups.size(); g++) {
          emit(stage, event.toGroup(groups.of(g)), context, out);
        }
      } else if (takes[stage][event.kind]) {
        emit(stage, event, context, out);
      }
    }
  }

  private void emit(int stage, RoutedEvent event, Context context, Collector<RoutedEvent> out) {
    if (stage == 0) {
      out.collect(event);
    } else {
      context.output(tags.get(stage), event);
    }
  }
}
