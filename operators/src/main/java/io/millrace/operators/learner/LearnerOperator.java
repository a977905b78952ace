package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.operators.control.BroadcastControls;
import io.millrace.operators.control.ControlHandler;
import io.millrace.operators.ingress.ExampleReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.operators.publish.OutRecord;
import io.millrace.operators.publish.OutputTags;
import io.millrace.operators.publish.Outputs;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Control;
import io.millrace.state.KeyStateSerializer;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.KeyedStateFunction;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.OutputTag;

/**
 * The Flink shell around a learner: holds its state per key, feeds it, publishes. What it learns is
 * the {@link OnlineLearner}'s business; every job family runs on this operator.
 *
 * <p>Input 1: events by key. Input 2: controls for all keys, broadcast. Event time is that of input
 * 1 alone: controls carry none that would hold it back.
 *
 * <p>State: one {@link KeyState} per key, {@link BroadcastControls}, and timers for the time to
 * live. All learning happens before the record's processing returns, so nothing is flushed early at
 * a barrier or at the end of the input: an unfinished mini-batch stays state.
 */
public class LearnerOperator extends AbstractStreamOperator<OutRecord>
    implements TwoInputStreamOperator<RoutedEvent, RoutedEvent, OutRecord>,
        Triggerable<String, VoidNamespace> {
  private static final long serialVersionUID = 1;
  private static final String STATE = "key";
  private static final String TIMERS = "ttl";

  private final LearnerOptions options;
  private final LearnerFactory factory;

  private transient ValueStateDescriptor<KeyState> descriptor;
  private transient BroadcastControls broadcast;
  private transient Learners learners;
  private transient LearnerMetrics learnerMetrics;
  private transient SnapshotPublisher snapshots;
  private transient ControlHandler control;
  private transient KeyLife life;
  private transient KeyProcessor processor;
  private transient KeyStore store;
  private transient InternalTimerService<VoidNamespace> timers;

  public LearnerOperator(LearnerOptions options, LearnerFactory factory) {
    this.options = options;
    this.factory = factory;
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    broadcast = new BroadcastControls(context.getOperatorStateStore());
  }

  @Override
  public void open() throws Exception {
    super.open();
    OnlineLearner learner = factory.get();
    descriptor = new ValueStateDescriptor<>(STATE, new KeyStateSerializer(learner));
    ValueState<KeyState> state = getPartitionedState(descriptor);
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    store = new KeyStore(state, backend, options.bundle());
    timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);

    Outputs outputs = new StreamOutputs();
    Workspace workspace = new Workspace();
    learners = new Learners(learner);
    learnerMetrics = new LearnerMetrics(getMetricGroup(), options.family());
    DeadLetterOffice deadLetters = new DeadLetterOffice(options, outputs, learnerMetrics);
    snapshots = new SnapshotPublisher(options, outputs, learnerMetrics, workspace);
    control =
        new ControlHandler(options.topics(), learners, snapshots, deadLetters, learnerMetrics);
    life =
        new KeyLife(
            options,
            learners,
            broadcast,
            time -> timers.registerEventTimeTimer(VoidNamespace.INSTANCE, time),
            snapshots,
            deadLetters,
            learnerMetrics);
    Validation validation = new Validation(options.metricsEvery(), outputs, learnerMetrics);
    Trainer trainer =
        new Trainer(
            options.miniBatch(),
            learners,
            new ExampleReader(options.input(), options.topics()),
            workspace,
            validation,
            snapshots,
            deadLetters,
            learnerMetrics);
    processor =
        new KeyProcessor(
            options,
            learners,
            life,
            trainer,
            control,
            validation,
            options.results() == null ? null : options.results().publisher(outputs),
            deadLetters,
            learnerMetrics,
            workspace);
  }

  @Override
  public void processElement1(StreamRecord<RoutedEvent> record) throws Exception {
    RoutedEvent e = record.getValue();
    learnerMetrics.events.inc();
    if (e.kind == RoutedEvent.UNDECODABLE) {
      processor.process(e, null);
      return;
    }
    KeyState before = store.load(e.key);
    KeyState after = processor.process(e, before);
    store.store(e.key, before, after);
  }

  @Override
  public void processElement2(StreamRecord<RoutedEvent> record) throws Exception {
    RoutedEvent e = record.getValue();
    boolean first = getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0;
    if (first) {
      learnerMetrics.events.inc();
    }
    Control c = control.handleForAll(e, broadcast, first);
    if (c != null) {
      forAllKeys((key, s) -> control.tell(c, e, s, key, life));
    }
  }

  /** Something to do with the state of a key. */
  interface KeyAction {
    void on(String key, KeyState s);
  }

  /** Does something with every key of this subtask. */
  final void forAllKeys(KeyAction action) throws Exception {
    store.flush();
    KeyedStateFunction<String, ValueState<KeyState>> function =
        (key, state) -> {
          KeyState s = state.value();
          life.adopt(s, key);
          action.on(key, s);
          state.update(s);
        };
    this.<String>getKeyedStateBackend()
        .applyToAllKeys(
            VoidNamespace.INSTANCE, VoidNamespaceSerializer.INSTANCE, descriptor, function);
  }

  /** Frees the memory of a key that is at its end. */
  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    String key = timer.getKey();
    KeyState s = store.load(key);
    if (s == null) {
      return;
    }
    KeyState after = s;
    if (timers.currentWatermark() == Long.MAX_VALUE) {
      if (s.timerAt == timer.getTimestamp()) {
        s.timerAt = KeyState.NO_TIMER; // the input has ended; that is no reason to forget anything
      }
    } else if (life.timerFired(s, timer.getTimestamp())) {
      life.adopt(s, key);
      life.end(s, key);
      after = null;
    }
    store.store(key, s, after);
  }

  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) {
    throw new IllegalStateException("nothing here is a function of processing time");
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    store.flush();
    super.processWatermark(mark);
  }

  @Override
  public void processWatermark1(Watermark mark) throws Exception {
    processWatermark(mark);
  }

  @Override
  public void processWatermark2(Watermark mark) {
    // Controls carry no event time.
  }

  @Override
  protected void processWatermarkStatus(WatermarkStatus status, int index) throws Exception {
    if (index == 0) {
      processWatermarkStatus(status);
    }
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    store.flush();
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    store.flush(); // for callers that take a snapshot without a barrier
    super.snapshotState(context);
  }

  @Override
  public void finish() throws Exception {
    if (options.snapshots().atEnd()) {
      forAllKeys((key, s) -> snapshots.atEnd(s, key, learners.of(s, key)));
    }
    store.flush();
    super.finish();
  }

  /** For tests that take steps where none are due. */
  final Trainer trainer() {
    return processor.trainer();
  }

  private final class StreamOutputs implements Outputs {
    @Override
    public void model(OutRecord record) {
      output.collect(new StreamRecord<>(record));
    }

    @Override
    public void metric(OutRecord record) {
      side(OutputTags.METRICS, record);
    }

    @Override
    public void result(OutRecord record) {
      side(options.results().tag(), record);
    }

    @Override
    public void deadLetter(OutRecord record) {
      side(OutputTags.DEAD_LETTERS, record);
    }

    private void side(OutputTag<OutRecord> tag, OutRecord record) {
      output.collect(tag, new StreamRecord<>(record));
    }
  }
}
