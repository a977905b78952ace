package io.millrace.operators.learner;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.publish.OutRecord;
import io.millrace.operators.publish.OutRecordTypeInfo;
import io.millrace.operators.publish.OutputTags;
import io.millrace.operators.publish.Results;
import io.millrace.schemas.Code;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Prediction;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;

/**
 * Runs an operator over a stream in harnesses, at any parallelism, stopping and restoring as told.
 */
final class Runner implements AutoCloseable {
  static final int MAX_PARALLELISM = 16;

  private final Supplier<LearnerOperator> operator;
  private final Supplier<StateBackend> backend;
  private final List<Subtask> subtasks = new ArrayList<>();
  private long checkpoint;

  /** What came out so far, per output and key, and in the end the states. */
  final Map<String, List<String>> outputs = new TreeMap<>();

  final List<ModelSnapshot> models = new ArrayList<>();
  final List<OutRecord> modelRecords = new ArrayList<>();
  final List<Metric> metrics = new ArrayList<>();
  final List<Prediction> predictions = new ArrayList<>();
  final List<Code> codes = new ArrayList<>();
  final List<DeadLetter> deadLetters = new ArrayList<>();

  /** Everything that came out, per output and key, and the state of every key. */
  record Result(Map<String, List<String>> outputs, Map<String, String> states) {}

  private record Subtask(
      LearnerOperator operator,
      KeyedTwoInputStreamOperatorTestHarness<String, RoutedEvent, RoutedEvent, OutRecord>
          harness) {}

  Runner(Supplier<LearnerOperator> operator, Supplier<StateBackend> backend, int parallelism)
      throws Exception {
    this.operator = operator;
    this.backend = backend;
    start(null, parallelism);
  }

  private void start(OperatorSubtaskState state, int parallelism) throws Exception {
    int old = Math.max(1, subtasks.size());
    subtasks.clear();
    for (int i = 0; i < parallelism; i++) {
      LearnerOperator op = operator.get();
      var h =
          new KeyedTwoInputStreamOperatorTestHarness<String, RoutedEvent, RoutedEvent, OutRecord>(
              op, (RoutedEvent e) -> e.key, null, Types.STRING, MAX_PARALLELISM, parallelism, i);
      h.setStateBackend(backend.get());
      h.setup(
          OutRecordTypeInfo.INSTANCE.createSerializer(new ExecutionConfig().getSerializerConfig()));
      if (state != null) {
        h.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, old, parallelism, i));
      }
      h.open();
      subtasks.add(new Subtask(op, h));
    }
  }

  /** Feeds items of a stream. */
  Runner feed(List<Object> items) throws Exception {
    for (Object item : items) {
      if (item instanceof Long time) {
        for (Subtask s : subtasks) {
          s.harness.processWatermark1(new Watermark(time));
        }
      } else if (((RoutedEvent) item).broadcast()) {
        for (Subtask s : subtasks) {
          s.harness.processElement2(new StreamRecord<>((RoutedEvent) item));
        }
      } else {
        RoutedEvent e = (RoutedEvent) item;
        int i =
            KeyGroupRangeAssignment.assignKeyToParallelOperator(
                e.key, MAX_PARALLELISM, subtasks.size());
        subtasks.get(i).harness.processElement1(new StreamRecord<>(e));
      }
      drain();
    }
    return this;
  }

  Runner feed(Stream stream) throws Exception {
    return feed(stream.items());
  }

  /** Takes a checkpoint. */
  OperatorSubtaskState checkpoint() throws Exception {
    checkpoint++;
    OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
    for (int i = 0; i < states.length; i++) {
      subtasks.get(i).harness.prepareSnapshotPreBarrier(checkpoint);
      drain();
      states[i] = subtasks.get(i).harness.snapshot(checkpoint, checkpoint);
    }
    return AbstractStreamOperatorTestHarness.repackageState(states);
  }

  /** Loses every subtask, and goes on from a checkpoint taken just before. */
  Runner restart(int parallelism) throws Exception {
    OperatorSubtaskState state = checkpoint();
    int old = subtasks.size();
    closeAll();
    while (subtasks.size() > old) {
      subtasks.remove(subtasks.size() - 1);
    }
    start(state, parallelism);
    return this;
  }

  /** Goes on from a checkpoint of another runner with the same parallelism. */
  Runner restore(OperatorSubtaskState state) throws Exception {
    closeAll();
    start(state, subtasks.size());
    return this;
  }

  /** The part of a checkpoint that holds up processing; the rest is left to the futures. */
  OperatorSnapshotFutures beginCheckpoint() throws Exception {
    checkpoint++;
    LearnerOperator op = subtasks.get(0).operator;
    op.prepareSnapshotPreBarrier(checkpoint);
    return op.snapshotState(
        checkpoint,
        checkpoint,
        CheckpointOptions.forCheckpointWithDefaultLocation(),
        new MemCheckpointStreamFactory(1 << 20));
  }

  /** Ends the input. */
  Runner end() throws Exception {
    for (Subtask s : subtasks) {
      s.harness.processWatermark1(Watermark.MAX_WATERMARK);
      s.harness.endAllInputs();
      s.operator.finish();
    }
    drain();
    return this;
  }

  /** Encoded state of every key, as hexadecimal. */
  Map<String, String> states() throws Exception {
    Map<String, String> states = new TreeMap<>();
    KeyStateCodec codec = new KeyStateCodec(new TestLearner().schema());
    for (Subtask s : subtasks) {
      s.operator.forAllKeys(
          (key, state) -> states.put(key, HexFormat.of().formatHex(codec.toBytes(state))));
    }
    return states;
  }

  Result result() throws Exception {
    return new Result(Map.copyOf(outputs), states());
  }

  /** A copy of the state of a key, null: it has none. */
  KeyState state(String key) throws Exception {
    KeyState[] found = new KeyState[1];
    for (Subtask s : subtasks) {
      s.operator.forAllKeys(
          (k, state) -> {
            if (k.equals(key)) {
              found[0] = state.copy();
            }
          });
    }
    return found[0];
  }

  /** Reasons of the dead letters so far, in order. */
  List<Reason> reasons() {
    return deadLetters.stream().map(DeadLetter::getReason).toList();
  }

  LearnerOperator operator(int i) {
    return subtasks.get(i).operator;
  }

  KeyedTwoInputStreamOperatorTestHarness<String, RoutedEvent, RoutedEvent, OutRecord> harness(
      int i) {
    return subtasks.get(i).harness;
  }

  private void drain() throws Exception {
    for (Subtask s : subtasks) {
      Object next;
      while ((next = s.harness.getOutput().poll()) != null) {
        if (next instanceof StreamRecord<?> r) {
          OutRecord out = (OutRecord) r.getValue();
          note("models", out);
          modelRecords.add(out);
          if (out.value != null
              && SingleObject.standard().decode(out.value) instanceof ModelSnapshot m) {
            models.add(m);
          }
        }
      }
      for (OutRecord r : side(s, OutputTags.METRICS)) {
        note("metrics", r);
        metrics.add(SingleObject.standard().decode(Metric.class, r.value));
      }
      for (OutRecord r : side(s, Results.PREDICTIONS.tag())) {
        note("predictions", r);
        predictions.add(SingleObject.standard().decode(Prediction.class, r.value));
      }
      for (OutRecord r : side(s, Results.CODES.tag())) {
        note("codes", r);
        codes.add(SingleObject.standard().decode(Code.class, r.value));
      }
      for (OutRecord r : side(s, OutputTags.DEAD_LETTERS)) {
        note("dead letters", r);
        deadLetters.add(SingleObject.standard().decode(DeadLetter.class, r.value));
      }
    }
  }

  private static List<OutRecord> side(Subtask s, OutputTag<OutRecord> tag) {
    List<OutRecord> out = new ArrayList<>();
    var queue = s.harness.getSideOutput(tag);
    while (queue != null && !queue.isEmpty()) {
      out.add(queue.poll().getValue());
    }
    return out;
  }

  private void note(String output, OutRecord r) {
    outputs
        .computeIfAbsent(output + " of " + r.partitionKey, k -> new ArrayList<>())
        .add(
            Arrays.toString(r.key)
                + "="
                + (r.value == null ? "null" : HexFormat.of().formatHex(r.value)));
  }

  private void closeAll() throws Exception {
    for (Subtask s : subtasks) {
      s.harness.close();
    }
  }

  @Override
  public void close() throws Exception {
    closeAll();
  }
}
