package io.millrace.operators.learner;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.sample.SampleChannels;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.operators.shell.ShellAccess;
import io.millrace.operators.shell.Stage;
import io.millrace.operators.tune.TunerHandler;
import io.millrace.schemas.Code;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Prediction;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SampleTick;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneDecision;
import io.millrace.state.KeySerializer;
import io.millrace.state.OutRecordSerializer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.ExecutionConfig;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.externalresource.ExternalResourceInfoProvider;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.runtime.operators.testutils.MockInputSplitProvider;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;

/**
 * Runs an operator over a stream in harnesses, at any parallelism, stopping and restoring as told.
 */
public final class Runner implements AutoCloseable {
  static final int MAX_PARALLELISM = 16;

  /** As a harness has that makes its own environment. */
  private static final long MANAGED_BYTES = 3 << 20;

  /** A sweep after an order begins a few items later. */
  private static final long MILLIS_PER_ITEM = 4;

  private Supplier<KeyedShell> operator;
  private final Supplier<StateBackend> backend;
  private final List<Subtask> subtasks = new ArrayList<>();
  private ShellAccess.Split split;
  private final ExternalResourceInfoProvider resources;
  private long checkpoint;

  /** What came out so far, per output and key, and in the end the states. */
  public final Map<String, List<String>> outputs = new TreeMap<>();

  public final List<ModelSnapshot> models = new ArrayList<>();
  final List<OutRecord> modelRecords = new ArrayList<>();
  public final List<Metric> metrics = new ArrayList<>();
  final List<Prediction> predictions = new ArrayList<>();
  final List<Code> codes = new ArrayList<>();
  public final List<DeadLetter> deadLetters = new ArrayList<>();
  public final List<TuneDecision> decisions = new ArrayList<>();

  /** Everything that came out, per output and key, and the state of every key. */
  public record Result(Map<String, List<String>> outputs, Map<String, String> states) {}

  public final List<ControlEcho> echoes = new ArrayList<>();

  public final List<GateDecision> gateDecisions = new ArrayList<>();

  private record Subtask(
      KeyedShell operator,
      KeyedOneInputStreamOperatorTestHarness<String, RoutedEvent, OutRecord> harness,
      MockEnvironment environment) {}

  /** Of the job's handler around a {@link TestLearner}, alone. */
  static Runner ofTestLearner(UnaryOperator<LearnerOptions.Builder> with) throws Exception {
    LearnerOptions options =
        with.apply(LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)).build();
    return new Runner(
        () -> Shells.learner(options, backend -> new TestLearner()), HashMapStateBackend::new, 1);
  }

  public Runner(Supplier<KeyedShell> operator, Supplier<StateBackend> backend, int parallelism)
      throws Exception {
    this(operator, backend, parallelism, ExternalResourceInfoProvider.NO_EXTERNAL_RESOURCES);
  }

  /** On a task manager that has external resources. */
  Runner(
      Supplier<KeyedShell> operator,
      Supplier<StateBackend> backend,
      int parallelism,
      ExternalResourceInfoProvider resources)
      throws Exception {
    this.operator = operator;
    this.backend = backend;
    this.resources = resources;
    start(null, parallelism);
    split = new ShellAccess.Split(subtasks.get(0).operator, MAX_PARALLELISM);
  }

  private void start(OperatorSubtaskState state, int parallelism) throws Exception {
    int old = Math.max(1, subtasks.size());
    subtasks.clear();
    for (int i = 0; i < parallelism; i++) {
      KeyedShell op = operator.get();
      MockEnvironment environment = environment(parallelism, i);
      var h =
          new KeyedOneInputStreamOperatorTestHarness<String, RoutedEvent, OutRecord>(
              op, Stage.KeyedBy.KEY, KeySerializer.TYPE, environment);
      h.setStateBackend(backend.get());
      h.setup(
          OutRecordSerializer.TYPE.createSerializer(new ExecutionConfig().getSerializerConfig()));
      if (state != null) {
        h.initializeState(
            AbstractStreamOperatorTestHarness.repartitionOperatorState(
                state, MAX_PARALLELISM, old, parallelism, i));
      }
      h.open();
      subtasks.add(new Subtask(op, h, environment));
    }
  }

  private MockEnvironment environment(int parallelism, int subtask) {
    return new MockEnvironmentBuilder()
        .setManagedMemorySize(MANAGED_BYTES)
        .setInputSplitProvider(new MockInputSplitProvider())
        .setMaxParallelism(MAX_PARALLELISM)
        .setParallelism(parallelism)
        .setSubtaskIndex(subtask)
        .setExternalResourceInfoProvider(resources)
        .build();
  }

  /** Feeds items of a stream; processing time goes on a little with each. */
  public Runner feed(List<Object> items) throws Exception {
    for (Object item : items) {
      feedOnly(List.of(item));
      advance(MILLIS_PER_ITEM);
    }
    return this;
  }

  /** Feeds items while processing time stands still. */
  void feedOnly(List<Object> items) throws Exception {
    for (Object item : items) {
      if (item instanceof Long time) {
        for (Subtask s : subtasks) {
          s.harness.processWatermark(new Watermark(time));
        }
      } else if (((RoutedEvent) item).usable()) {
        for (RoutedEvent e : split.events((RoutedEvent) item)) {
          send(e);
        }
      } else {
        unusable((RoutedEvent) item);
      }
      drain();
    }
  }

  private void send(RoutedEvent e) throws Exception {
    int i =
        KeyGroupRangeAssignment.assignKeyToParallelOperator(
            e.key, MAX_PARALLELISM, subtasks.size());
    subtasks.get(i).harness.processElement(new StreamRecord<>(e));
  }

  /** What the split does with an event that cannot be used. */
  private void unusable(RoutedEvent e) throws Exception {
    OutRecord letter =
        new DeadLetters("test", PartCodec.DEFAULT_PART_BYTES)
            .of(Evidence.of(e, Stream.TOPICS), e.reason, e.message);
    deadLetter(letter);
  }

  /** Lets processing time go on. */
  void advance(long millis) throws Exception {
    for (Subtask s : subtasks) {
      s.harness.setProcessingTime(s.harness.getProcessingTime() + millis);
    }
    drain();
  }

  /** Lets every key follow what all keys have been ordered. */
  private void settle() throws Exception {
    settle(10);
  }

  /** The same in so many slices. */
  Runner settle(int slices) throws Exception {
    for (int i = 0; i < slices; i++) {
      advance(1000);
    }
    return this;
  }

  Runner feed(Stream stream) throws Exception {
    return feed(stream.items());
  }

  /** Takes a checkpoint. */
  public OperatorSubtaskState checkpoint() throws Exception {
    checkpoint++;
    OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
    for (int i = 0; i < states.length; i++) {
      subtasks.get(i).harness.prepareSnapshotPreBarrier(checkpoint);
      drain();
      states[i] = subtasks.get(i).harness.snapshot(checkpoint, checkpoint);
    }
    return AbstractStreamOperatorTestHarness.repackageState(states);
  }

  /** Size of a checkpoint. */
  long checkpointBytes() throws Exception {
    return checkpoint().getStateSize();
  }

  /** Loses every subtask, and goes on from a checkpoint taken just before. */
  public Runner restart(int parallelism) throws Exception {
    OperatorSubtaskState state = checkpoint();
    int old = subtasks.size();
    closeAll();
    while (subtasks.size() > old) {
      subtasks.remove(subtasks.size() - 1);
    }
    start(state, parallelism);
    return this;
  }

  /** Stops and goes on from state under other options, as a job does under another YAML. */
  public Runner restartAs(Supplier<KeyedShell> other) throws Exception {
    OperatorSubtaskState state = checkpoint();
    closeAll();
    operator = other;
    start(state, subtasks.size());
    split = new ShellAccess.Split(subtasks.get(0).operator, MAX_PARALLELISM);
    return this;
  }

  /** Goes on from a checkpoint of another runner with the same parallelism. */
  public Runner restore(OperatorSubtaskState state) throws Exception {
    closeAll();
    start(state, subtasks.size());
    return this;
  }

  /** The part of a checkpoint that holds up processing; the rest is left to the futures. */
  OperatorSnapshotFutures beginCheckpoint() throws Exception {
    checkpoint++;
    KeyedShell op = subtasks.get(0).operator;
    op.prepareSnapshotPreBarrier(checkpoint);
    return op.snapshotState(
        checkpoint,
        checkpoint,
        CheckpointOptions.forCheckpointWithDefaultLocation(),
        new MemCheckpointStreamFactory(1 << 20));
  }

  /** Ends the input. */
  public Runner end() throws Exception {
    for (Subtask s : subtasks) {
      s.harness.processWatermark(Watermark.MAX_WATERMARK);
      s.operator.finish();
    }
    drain();
    return this;
  }

  /** State of every key, as text. */
  public Map<String, String> states() throws Exception {
    Map<String, String> states = new TreeMap<>();
    kept().forEach((key, kept) -> states.put(key, kept.toString()));
    return states;
  }

  private Map<String, Kept> kept() throws Exception {
    settle();
    Map<String, Kept> all = new TreeMap<>();
    for (Subtask s : subtasks) {
      ShellAccess.forAllKeys(
          s.operator, (key, storage) -> all.put(key.name(), new Kept(key, storage)));
    }
    return all;
  }

  public Result result() throws Exception {
    Map<String, String> states = states();
    return new Result(Map.copyOf(outputs), states);
  }

  /** A copy of the state of a key, null: it has none. */
  Kept state(String key) throws Exception {
    return kept().get(key);
  }

  /** Parameters of the {@link TestLearner} of a key. */
  double[] theta(String key) throws Exception {
    return state(key).learner.block("theta");
  }

  /** Reasons of the dead letters so far, in order. */
  public List<Reason> reasons() {
    return deadLetters.stream().map(DeadLetter::getReason).toList();
  }

  KeyedOneInputStreamOperatorTestHarness<String, RoutedEvent, OutRecord> harness(int i) {
    return subtasks.get(i).harness;
  }

  private void drain() throws Exception {
    for (Subtask s : subtasks) {
      for (OutRecord r : side(s, Channel.MODELS)) {
        note("models", r);
        modelRecords.add(r);
        if (r.value != null && SingleObject.standard().decode(r.value) instanceof ModelSnapshot m) {
          models.add(m);
        }
      }
      for (OutRecord r : side(s, Channel.METRICS)) {
        note("metrics", r);
        if (SingleObject.standard().decode(r.value) instanceof ControlEcho echo) {
          echoes.add(echo);
        } else if (SingleObject.standard().decode(r.value) instanceof GateDecision d) {
          gateDecisions.add(d);
        } else if (SingleObject.standard().decode(r.value) instanceof Metric metric) {
          metrics.add(metric);
        }
      }
      for (OutRecord r : side(s, Results.PREDICTIONS.channel())) {
        note("predictions", r);
        predictions.add(SingleObject.standard().decode(Prediction.class, r.value));
      }
      for (OutRecord r : side(s, Results.CODES.channel())) {
        note("codes", r);
        codes.add(SingleObject.standard().decode(Code.class, r.value));
      }
      for (OutRecord r : side(s, TunerHandler.DECISIONS)) {
        note("decisions", r);
        decisions.add(SingleObject.standard().decode(TuneDecision.class, r.value));
      }
      for (OutRecord r : side(s, SampleChannels.CHAINS)) {
        note("chains", r);
      }
      for (OutRecord r : side(s, SampleChannels.DRAWS)) {
        if (!(SingleObject.standard().decode(r.value) instanceof SampleTick)) {
          note("draws", r); // ticks are what the clock of the harness says
        }
      }
      for (OutRecord r : side(s, Channel.DEAD_LETTERS)) {
        deadLetter(r);
      }
    }
  }

  private void deadLetter(OutRecord r) throws Exception {
    note("dead letters", r);
    deadLetters.add(SingleObject.standard().decode(DeadLetter.class, r.value));
  }

  private static List<OutRecord> side(Subtask s, Channel channel) {
    List<OutRecord> out = new ArrayList<>();
    var queue = s.harness.getSideOutput(KeyedShell.tag(channel));
    while (queue != null && !queue.isEmpty()) {
      out.add(queue.poll().getValue());
    }
    return out;
  }

  private void note(String output, OutRecord r) {
    outputs
        .computeIfAbsent(output + " of " + r.place(), k -> new ArrayList<>())
        .add(
            Arrays.toString(r.key)
                + "="
                + (r.value == null ? "null" : HexFormat.of().formatHex(r.value)));
  }

  private void closeAll() throws Exception {
    for (Subtask s : subtasks) {
      s.harness.close();
      s.environment.close(); // its threads live on otherwise: a harness closes what it has made
    }
  }

  @Override
  public void close() {
    try {
      closeAll();
    } catch (Exception e) { // as Flink declares it
      throw new IllegalStateException("a harness that does not close", e);
    }
  }
}
