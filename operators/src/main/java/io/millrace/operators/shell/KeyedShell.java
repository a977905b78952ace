package io.millrace.operators.shell;

import io.millrace.core.ConfigException;
import io.millrace.core.state.StateException;
import io.millrace.operators.control.Echoes;
import io.millrace.operators.control.Orders;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.HandlerFactory;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.TimeReader;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.Reason;
import io.millrace.state.OutRecordSerializer;
import io.millrace.state.RoutedEventSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.TaskInfo;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.ExceptionUtils;
import org.apache.flink.util.OutputTag;

/**
 * The Flink shell around a {@link KeyHandler}: fetches and keeps the parts of a key, brings events,
 * orders and timers to the handler, and its records to the channels. What a family does with a key
 * is the handler's business; every stage of every family runs on this operator.
 *
 * <p>State: per key what {@link FlinkKeyStorage} keeps, per key group the orders for all keys, the
 * {@link Run}, and timers. What an event causes happens before its processing returns, or, if it is
 * in the {@link Backlog}, before anything that could tell the difference; so nothing is flushed
 * early at a barrier or at the end of the input. The one input is a hash edge, so barriers may
 * overtake events on it (unaligned checkpoints).
 */
public class KeyedShell extends AbstractStreamOperator<OutRecord>
    implements OneInputStreamOperator<RoutedEvent, OutRecord>, Triggerable<String, VoidNamespace> {
  /** Side output with events for the stages behind. */
  public static final OutputTag<RoutedEvent> FORWARD =
      new OutputTag<>("forward", RoutedEventSerializer.TYPE);

  private static final long serialVersionUID = 1;
  private static final String TIMERS = "timers";

  private final StageOptions options;
  private final List<Channel> channels;
  private final HandlerFactory factory;
  private final long timeStep;

  private transient Run run;
  private transient StageMetrics stageMetrics;
  private transient KeyHandler handler;
  private transient FlinkKeyStorage storage;
  private transient Orders orders;
  private transient GroupStates groups;
  private transient KeyStore store;
  private transient Backlog backlog;

  /** Whether a call is under way that has done what is owed. */
  private transient boolean settlesSoon;

  private transient Sweep sweep;
  private transient InternalTimerService<VoidNamespace> timers;

  /** Whether a partition has come to a time since the last sweep began. */
  private transient boolean timeGone;

  /** Keys that are held, where their number is limited. */
  private transient long keys;

  private transient long maxKeys;
  private transient boolean restored;
  private transient DeadLetterOffice letters;

  /** Partition of the first topic that the event at hand came from. */
  private transient int partition;

  /** The operator of a stage. */
  public KeyedShell(StageOptions options, Stage stage) {
    this.options = options;
    this.channels = new ArrayList<>(stage.channels());
    this.factory = stage.handler();
    this.timeStep = stage.timeStep();
  }

  /** Side output of a channel. */
  public static OutputTag<OutRecord> tag(Channel channel) {
    return new OutputTag<>(channel.role(), OutRecordSerializer.TYPE);
  }

  /** Something that can fail. */
  @FunctionalInterface
  interface Action {
    void run() throws Exception;
  }

  /** Where no restart could mend a failure, says so to Flink. */
  private static void orFailForGood(Action action) throws Exception {
    try {
      action.run();
    } catch (Exception e) {
      Throwable cause = ExceptionUtils.findThrowable(e, StateException.class).orElse(null);
      if (cause == null) {
        cause = ExceptionUtils.findThrowable(e, ConfigException.class).orElse(null);
      }
      if (cause == null) {
        throw e;
      }
      throw new StageFailure(cause.getMessage(), e);
    }
  }

  @Override
  public void initializeState(StateInitializationContext context) throws Exception {
    super.initializeState(context);
    restored = context.isRestored();
    orFailForGood(
        () -> {
          String compute = GivenDevices.setting(options.compute().backend(), getRuntimeContext());
          run = Run.resume(context.getOperatorStateStore(), options, compute);
        });
  }

  @Override
  public void open() throws Exception {
    super.open();
    orFailForGood(this::assemble);
  }

  private void assemble() throws Exception {
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    timers = getInternalTimerService(TIMERS, VoidNamespaceSerializer.INSTANCE, this);
    stageMetrics = new StageMetrics(getMetricGroup(), options.family());
    stageMetrics.compute(run.backend().figures());
    run.backend().limit(options.compute().deviceBytes());
    int together = run.backend().gathers() ? options.compute().keys() : 1;
    backlog = new Backlog(output, backend, together);
    ShellContext context = new ShellContext(options, channels, run, stageMetrics, backlog);
    letters = context.letters();
    handler = factory.create(context);
    List<BlockSpec> blocks = handler.blocks();
    limitKeys(blocks, backend instanceof HeapKeyedStateBackend);
    storage = new FlinkKeyStorage(this::state, backend, timers, blocks);
    store = new KeyStore(backend, bundle(), () -> newKey(blocks), this::settle);
    Echoes echoes = new Echoes(options.job(), run.incarnation(), handler.steering(), context);
    orders =
        new Orders(
            options.topics(), options.times(), handler.steering(), letters, stageMetrics, echoes);
    TaskInfo task = getRuntimeContext().getTaskInfo();
    groups =
        new GroupStates(
            this::state,
            backend,
            KeyGroupRangeAssignment.computeKeyGroupRangeForOperatorIndex(
                task.getMaxNumberOfParallelSubtasks(),
                task.getNumberOfParallelSubtasks(),
                task.getIndexOfThisSubtask()),
            new GroupNames(task.getMaxNumberOfParallelSubtasks()),
            orders);
    if (restored && maxKeys < Long.MAX_VALUE) {
      try (Stream<String> names = keys()) {
        keys = names.count();
      }
    }
    sweep = new Sweep(new KeySweep());
    timeGone = timeStep > 0 && groups.anyTime();
    if (isSweepDue()) {
      sweep.request();
    }
  }

  /** A bundle that is full is flushed, and should not be before as many keys owe something. */
  private int bundle() {
    boolean gathers = options.bundle() > 1 && backlog.most() > 1;
    return gathers ? Math.max(options.bundle(), backlog.most() + 1) : options.bundle();
  }

  private void settle() {
    if (!backlog.isEmpty()) {
      backlog.settle(handler);
    }
  }

  /** Has what is owed done when it has waited long enough; one such call is under way at most. */
  private void settleSoon() {
    if (backlog.isEmpty() || settlesSoon) {
      return;
    }
    settlesSoon = true;
    ProcessingTimeService clock = getProcessingTimeService();
    clock.registerTimer(
        clock.getCurrentProcessingTime() + options.compute().patience().toMillis(),
        time -> {
          settlesSoon = false;
          orFailForGood(store::settle);
        });
  }

  private void limitKeys(List<BlockSpec> blocks, boolean live) {
    Configuration cluster = getRuntimeContext().getTaskManagerRuntimeInfo().getConfiguration();
    TaskInfo task = getRuntimeContext().getTaskInfo();
    int neighbours =
        Math.min(
            cluster.get(TaskManagerOptions.NUM_TASK_SLOTS), task.getNumberOfParallelSubtasks());
    KeyLimit limit =
        KeyLimit.of(options.maxKeys(), blocks, live, Runtime.getRuntime().maxMemory(), neighbours);
    maxKeys = limit.keys();
    if (limit.overcommitted()) {
      LOG.warn("{}", limit);
    } else {
      LOG.info("{}", limit);
    }
  }

  private <S extends State> S state(StateDescriptor<S, ?> descriptor) throws Exception {
    return getPartitionedState(descriptor);
  }

  private Key newKey(List<BlockSpec> blocks) {
    Key[] key = new Key[1];
    key[0] =
        new Key(
            storage,
            blocks,
            journal -> {
              journal.incarnation = run.incarnation();
              journal.home = partition;
              groups.inherit(key[0].name(), journal);
              stageMetrics.keysCreated.inc();
            });
    return key[0];
  }

  @Override
  public void processElement(StreamRecord<RoutedEvent> record) throws Exception {
    RoutedEvent e = record.getValue();
    if (e.forGroup()) {
      orFailForGood(() -> group(e));
      return;
    }
    stageMetrics.events.inc();
    try {
      partition = e.topic == 0 ? e.partition : Journal.NO_HOME;
      Key key = store.load((String) getCurrentKey());
      boolean begun = key.isKept();
      if (begun) {
        touch(key); // which may end the key
        count(true, key);
        begun = key.isKept();
      }
      if (begun && e.topic == 0) {
        key.ledger().home = e.partition;
      }
      if (!begun && keys >= maxKeys && e.kind != EventKind.CONTROL.code()) {
        refuse(e);
        store.done(key);
        return;
      }
      if (e.kind == EventKind.CONTROL.code()) {
        orders.carryOut(e, key);
      } else {
        handler.handle(e, key);
      }
      count(begun, key);
      store.done(key);
      if (backlog.isFull()) {
        store.settle();
      }
      settleSoon();
    } catch (StateException | ConfigException failure) {
      throw new StageFailure(failure.getMessage(), failure);
    }
  }

  private void refuse(RoutedEvent e) {
    letters.send(
        e,
        null,
        Reason.TOO_MANY_KEYS,
        "key '"
            + e.key
            + "' is new, and the subtask holds "
            + keys
            + " keys, no more than limits.keys lets it or than fit into its heap");
  }

  private void count(boolean before, Key key) {
    boolean now = key.isKept();
    if (now != before) {
      keys += now ? 1 : -1;
    }
  }

  /** What is due before anything else happens to a key of which anything is kept; it may end. */
  private void touch(Key key) {
    Journal j = key.journal();
    if (j != null) {
      if (j.overrides != null && j.inForce == null) {
        orders.review(key);
      }
      groups.catchUp(key);
    }
    long time = groups.time(key.name(), key.ledger().home);
    if (time != TimeReader.NONE) {
      handler.pass(key, time);
    }
  }

  /** Takes what is for a key group. */
  private void group(RoutedEvent e) throws Exception {
    store.flush();
    if (e.kind == RoutedEvent.TIME) {
      groups.takeTime(e);
      timeGone = true;
      sweep.request();
    } else if (groups.take(e)) {
      sweep.request();
    }
  }

  private boolean isSweepDue() {
    return timeGone || groups.behind();
  }

  /** Visits keys that nothing comes for, to let them follow orders and come to their end. */
  private final class KeySweep implements Sweep.Visits {
    /** Cost of publishing a model, in visits. */
    private static final int PUBLISHING = 8;

    @Override
    public Stream<String> begin() {
      store.flush();
      groups.beginSweep();
      timeGone = false;
      return keys();
    }

    @Override
    public int visit(String name) throws Exception {
      long before = stageMetrics.snapshots.getCount();
      onKey(name, KeyedShell.this::touch);
      return 1 + PUBLISHING * (int) (stageMetrics.snapshots.getCount() - before);
    }

    @Override
    public boolean end() throws Exception {
      store.flush();
      groups.endSweep();
      return isSweepDue();
    }

    @Override
    public void pause() {
      long now = getProcessingTimeService().getCurrentProcessingTime();
      getProcessingTimeService()
          .registerTimer(now + Sweep.PAUSE_MILLIS, time -> orFailForGood(() -> sweep.slice()));
    }
  }

  /** Every key of this subtask; the heap backend's are copied, as it allows no change meanwhile. */
  private Stream<String> keys() {
    KeyedStateBackend<String> backend = getKeyedStateBackend();
    Stream<String> keys = backend.getKeys(FlinkKeyStorage.JOURNAL, VoidNamespace.INSTANCE);
    return backend instanceof HeapKeyedStateBackend ? keys.toList().stream() : keys;
  }

  /** Something to do with a key. */
  interface KeyAction {
    void on(Key key) throws Exception;
  }

  /** Does something with a key, if anything is kept about it. */
  private void onKey(String name, KeyAction action) throws Exception {
    setCurrentKey(name);
    Key key = store.load(name);
    if (key.isKept()) {
      action.on(key);
      count(true, key);
    }
    store.done(key);
  }

  /** Does something with every key of this subtask of which anything is kept. */
  final void forAllKeys(KeyAction action) throws Exception {
    store.flush();
    try (Stream<String> keys = keys()) {
      for (String name : (Iterable<String>) keys::iterator) {
        onKey(name, action);
      }
    }
    store.flush();
  }

  /** Wakes a key. */
  @Override
  public void onEventTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    orFailForGood(
        () ->
            onKey(
                timer.getKey(),
                key -> {
                  Journal j = key.journal();
                  if (j == null || j.timerAt != timer.getTimestamp()) {
                    return; // of an earlier life of the key
                  }
                  j.timerAt = Journal.NO_TIMER;
                  if (timers.currentWatermark() != Long.MAX_VALUE) {
                    touch(key);
                    if (key.journal() != null) {
                      handler.wake(key, timer.getTimestamp());
                    }
                  } // else the input has ended, and no time has come
                }));
  }

  /** Gives a key its alarm. */
  @Override
  public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
    long now = getProcessingTimeService().getCurrentProcessingTime();
    orFailForGood(
        () ->
            onKey(
                timer.getKey(),
                key -> {
                  if (key.journal() != null) {
                    handler.alarm(key, now);
                  }
                }));
  }

  @Override
  public void processWatermark(Watermark mark) throws Exception {
    orFailForGood(store::flush);
    super.processWatermark(mark);
  }

  @Override
  public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
    orFailForGood(store::flush);
    super.prepareSnapshotPreBarrier(checkpointId);
  }

  @Override
  public void snapshotState(StateSnapshotContext context) throws Exception {
    store.flush(); // for callers that take a snapshot without a barrier
    storage.snapshot();
    super.snapshotState(context);
  }

  @Override
  public void finish() throws Exception {
    orFailForGood(
        () -> {
          if (isSweepDue() || sweep.underWay()) {
            sweep.complete();
          }
          forAllKeys(
              key -> {
                if (key.journal() != null) {
                  handler.end(key);
                }
              });
        });
    super.finish();
  }

  @Override
  public void close() throws Exception {
    if (sweep != null) {
      sweep.close();
    }
    super.close();
  }

  /** For tests that do what is before the stage. */
  final long timeStep() {
    return timeStep;
  }

  /** For tests that do what is not due. */
  final KeyHandler handler() {
    return handler;
  }

  /** For tests that look at what is kept about the current key. */
  final FlinkKeyStorage storage() {
    return storage;
  }
}
