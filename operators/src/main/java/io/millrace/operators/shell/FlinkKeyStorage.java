package io.millrace.operators.shell;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.KeyStorage;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.state.BlocksSerializer;
import io.millrace.state.JournalSerializer;
import io.millrace.state.KeptEventSerializer;
import io.millrace.state.WaitingEventSerializer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.State;
import org.apache.flink.api.common.state.StateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeutils.base.IntSerializer;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.common.typeutils.base.StringSerializer;
import org.apache.flink.api.common.typeutils.base.array.LongPrimitiveArraySerializer;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.InternalTimerService;

/**
 * The parts of a key in Flink's keyed state, each in a state of its own, so that a backend on disk
 * writes what has changed and no more. The key is the backend's current one.
 */
final class FlinkKeyStorage implements KeyStorage {
  /** Name of the state that every key has. */
  static final String JOURNAL = "journal";

  /** Gives a state its access; the operator has it. */
  interface States {
    <S extends State> S of(StateDescriptor<S, ?> descriptor) throws Exception;
  }

  private final boolean live;
  private final InternalTimerService<VoidNamespace> timers;
  private final ValueState<Journal> journal;
  private final List<ValueState<LearnerState>> blocks = new ArrayList<>();
  private final ListState<KeptEvent> held;
  private final Waiting waiting;
  private final Waiting early;
  private final MapState<Integer, long[]> recent;

  /** Snapshots begun. */
  private long snapshots;

  FlinkKeyStorage(
      States states,
      KeyedStateBackend<?> backend,
      InternalTimerService<VoidNamespace> timers,
      List<BlockSpec> specs)
      throws Exception {
    // The heap backend copies an object that a snapshot still reads when it is next asked for it.
    this.live = backend instanceof HeapKeyedStateBackend;
    this.timers = timers;
    journal = states.of(new ValueStateDescriptor<>(JOURNAL, new JournalSerializer()));
    for (BlockSpec spec : specs) {
      BlocksSerializer serializer =
          new BlocksSerializer(
              spec.algorithm(),
              spec.version(),
              spec.schema(),
              spec.meaning(),
              spec.others(),
              spec.replaceable());
      blocks.add(states.of(new ValueStateDescriptor<>(spec.name(), serializer)));
    }
    held = states.of(new ListStateDescriptor<>("held", new KeptEventSerializer()));
    waiting = Waiting.of("waiting", states);
    early = Waiting.of("early", states);
    recent =
        states.of(
            new MapStateDescriptor<>(
                "recent", IntSerializer.INSTANCE, LongPrimitiveArraySerializer.INSTANCE));
  }

  /** Events that wait: by id, and their ids in order of arrival. */
  private record Waiting(MapState<String, WaitingEvent> byId, MapState<Long, String> order) {
    static Waiting of(String name, States states) throws Exception {
      return new Waiting(
          states.of(
              new MapStateDescriptor<>(
                  name, StringSerializer.INSTANCE, new WaitingEventSerializer())),
          states.of(
              new MapStateDescriptor<>(
                  name + "-order", LongSerializer.INSTANCE, StringSerializer.INSTANCE)));
    }
  }

  private Waiting of(Side side) {
    return side == Side.FIRST ? waiting : early;
  }

  /** Something asked of a state backend. */
  private interface Access<T> {
    T run() throws Exception;
  }

  private interface Change {
    void run() throws Exception;
  }

  private static <T> T get(Access<T> access) {
    try {
      return access.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw unreadable(e);
    }
  }

  private static IllegalStateException unreadable(Exception e) {
    return new IllegalStateException("the state of a key cannot be read", e);
  }

  private static IllegalStateException unwritable(Exception e) {
    return new IllegalStateException("the state of a key cannot be written", e);
  }

  private static void set(Change change) {
    try {
      change.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw unwritable(e);
    }
  }

  @Override
  public boolean live() {
    return live;
  }

  @Override
  public Journal journal() {
    try {
      return journal.value();
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void keep(Journal j) {
    try {
      journal.update(j);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public LearnerState blocks(Journal j, int part) {
    LearnerState near = live ? nearby(j).blocks[part] : null;
    if (near != null) {
      return near;
    }
    try {
      return remember(j, part, blocks.get(part).value());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  @Override
  public void keep(Journal j, int part, LearnerState state) {
    try {
      blocks.get(part).update(remember(j, part, state));
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void drop(Journal j, int part) {
    blocks.get(part).clear();
    remember(j, part, null);
  }

  /**
   * The blocks of a key that the heap backend has handed out since the last snapshot began. They
   * are its own objects, and until the next snapshot it hands out the same ones, so one look for
   * the journal finds them all.
   */
  private static final class Nearby {
    final LearnerState[] blocks;
    long snapshots;

    Nearby(int parts, long snapshots) {
      this.blocks = new LearnerState[parts];
      this.snapshots = snapshots;
    }
  }

  private Nearby nearby(Journal j) {
    Nearby near = (Nearby) j.nearby;
    if (near == null) {
      near = new Nearby(blocks.size(), snapshots);
      j.nearby = near;
    } else if (near.snapshots != snapshots) {
      Arrays.fill(near.blocks, null);
      near.snapshots = snapshots;
    }
    return near;
  }

  private LearnerState remember(Journal j, int part, LearnerState state) {
    if (live) {
      nearby(j).blocks[part] = state;
    }
    return state;
  }

  /** Takes note that a snapshot begins: what it reads must be fetched anew. */
  void snapshot() {
    snapshots++;
  }

  @Override
  public void hold(KeptEvent event) {
    set(() -> held.add(event));
  }

  @Override
  public List<KeptEvent> held() {
    Iterable<KeptEvent> all = get(held::get);
    if (all instanceof List<KeptEvent> list) {
      return list;
    }
    List<KeptEvent> list = new ArrayList<>();
    all.forEach(list::add);
    return list;
  }

  @Override
  public void clearHeld() {
    held.clear();
  }

  @Override
  public WaitingEvent waiting(Side side, String id) {
    return get(() -> of(side).byId.get(id));
  }

  @Override
  public void await(Side side, String id, WaitingEvent event) {
    set(() -> of(side).byId.put(id, event));
    set(() -> of(side).order.put(event.place(), id));
  }

  @Override
  public void remove(Side side, String id, long place) {
    set(() -> of(side).byId.remove(id));
    set(() -> of(side).order.remove(place));
  }

  @Override
  public String waitingAt(Side side, long place) {
    return get(() -> of(side).order.get(place));
  }

  @Override
  public long[] recent(int bucket) {
    return get(() -> recent.get(bucket));
  }

  @Override
  public void keepRecent(int bucket, long[] ids) {
    set(() -> recent.put(bucket, ids));
  }

  @Override
  public List<long[]> recent() {
    List<long[]> all = new ArrayList<>();
    get(recent::values).forEach(all::add);
    return all;
  }

  @Override
  public void clearRecent() {
    recent.clear();
  }

  @Override
  public void setTimer(long eventTime) {
    timers.registerEventTimeTimer(VoidNamespace.INSTANCE, eventTime);
  }

  @Override
  public void setAlarm(long millis) {
    timers.registerProcessingTimeTimer(
        VoidNamespace.INSTANCE, timers.currentProcessingTime() + millis);
  }

  @Override
  public void deleteTimer(long eventTime) {
    timers.deleteEventTimeTimer(VoidNamespace.INSTANCE, eventTime);
  }

  @Override
  public void clear() {
    journal.clear();
    blocks.forEach(State::clear);
    held.clear();
    waiting.byId.clear();
    waiting.order.clear();
    recent.clear();
  }
}
