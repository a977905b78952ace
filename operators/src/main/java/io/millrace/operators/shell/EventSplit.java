package io.millrace.operators.shell;

import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.TimeReader;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.OutRecord;
import io.millrace.state.OutRecordSerializer;
import io.millrace.state.RoutedEventSerializer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Behind the source: events go on to the stages that take their kind, those that cannot be used to
 * the dead letters. An order for all keys becomes one event for each key group of each stage, so
 * that it travels the way of the events and keeps its place among those of its partition.
 *
 * <p>Stages that ask for it are told in the same way how far each partition of the first topic has
 * come in event time. The {@link PartitionClock}s are kept in state: where among a partition's
 * events a time is told is the same in a restored job.
 */
final class EventSplit extends ProcessFunction<RoutedEvent, RoutedEvent>
    implements CheckpointedFunction {
  private static final long serialVersionUID = 1;

  /** Events that cannot be used, as dead letters. */
  static final OutputTag<OutRecord> UNUSABLE =
      new OutputTag<>("unusable", OutRecordSerializer.TYPE);

  private final StageOptions options;
  private final List<EventKind> kinds;
  private final boolean[][] takes;
  private final boolean[] takesOrders;
  private final boolean[] takesTimes;
  private final List<OutputTag<RoutedEvent>> tags;
  private final long timeStep;
  private transient DeadLetters letters;
  private transient GroupNames groups;
  private transient TimeReader times;

  /** By partition; those that this subtask has heard of, from its source or from state. */
  private transient Map<Integer, PartitionClock> clocks;

  /** Of {@link #clocks} those that are this subtask's to keep. */
  private transient Map<Integer, PartitionClock> own;

  private transient ListState<long[]> state;

  /** A split for the stages of a job; the first one's events are its main output. */
  EventSplit(StageOptions options, List<Stage> stages) {
    this.options = options;
    this.kinds = stages.stream().flatMap(s -> s.kinds().stream()).distinct().toList();
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
    this.timeStep = stages.stream().mapToLong(Stage::timeStep).filter(s -> s > 0).min().orElse(0);
  }

  /** Side output with the events of a stage that is not the first. */
  static OutputTag<RoutedEvent> tag(Stage stage) {
    return new OutputTag<>("to-" + stage.uid(), RoutedEventSerializer.TYPE);
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    clocks = new HashMap<>();
    own = new HashMap<>();
    if (timeStep == 0) {
      return; // Flink may refuse a stop with a savepoint where such a state exists
    }
    state =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>(
                    "partition-clocks", LongPrimitiveArraySerializer.INSTANCE));
    // Which subtask will read a partition is not known here, so each knows all clocks.
    for (long[] numbers : state.get()) {
      clocks.merge(
          (int) numbers[0], PartitionClock.of(numbers), (a, b) -> a.events() >= b.events() ? a : b);
    }
    if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
      own.putAll(clocks); // of partitions from which nothing comes any more
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    if (timeStep == 0) {
      return;
    }
    List<long[]> all = new ArrayList<>();
    own.values().forEach(clock -> all.add(clock.numbers()));
    state.update(all);
  }

  @Override
  public void open(OpenContext context) {
    letters = new DeadLetters(options.job(), options.deadLetterBytes());
    groups = new GroupNames(getRuntimeContext().getTaskInfo().getMaxNumberOfParallelSubtasks());
    times = new TimeReader(kinds, options.times());
  }

  @Override
  public void processElement(RoutedEvent event, Context context, Collector<RoutedEvent> out) {
    if (!event.usable()) {
      Evidence evidence = Evidence.of(event, options.topics());
      context.output(UNUSABLE, letters.of(evidence, event.reason, event.message));
      return;
    }
    boolean forAll = event.forAllKeys();
    for (int stage = 0; stage < takes.length; stage++) {
      if (forAll && takesOrders[stage]) {
        for (int g = 0; g < groups.size(); g++) {
          emit(stage, event.toGroup(groups.of(g)), context, out);
        }
      } else if (takes[stage][event.kind]) {
        emit(stage, event, context, out);
      }
    }
    if (timeStep > 0 && event.topic == 0) {
      tellTime(event, context, out);
    }
  }

  /** Tells the key groups how far the event's partition has come, if it is time. */
  private void tellTime(RoutedEvent event, Context context, Collector<RoutedEvent> out) {
    long time = times.read(event);
    if (time == TimeReader.NONE) {
      return;
    }
    PartitionClock clock = own.get(event.partition);
    if (clock == null) {
      clock = clocks.computeIfAbsent(event.partition, PartitionClock::new);
      own.put(event.partition, clock);
    }
    long told = clock.take(time, timeStep);
    if (told == TimeReader.NONE) {
      return;
    }
    for (int stage = 0; stage < takes.length; stage++) {
      if (takesTimes[stage]) {
        for (int g = 0; g < groups.size(); g++) {
          emit(stage, event.time(told, groups.of(g)), context, out);
        }
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
