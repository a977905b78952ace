package io.millrace.operators.handler;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Keeps what handlers keep in maps: all that a handler needs to run without Flink. */
public final class MapStorage implements KeyStorage {
  private static final class Parts {
    Journal journal;
    final Map<Integer, LearnerState> blocks = new HashMap<>();
    final List<KeptEvent> held = new ArrayList<>();
    final Map<Side, Map<String, WaitingEvent>> waiting = new EnumMap<>(Side.class);
    final Map<Side, Map<Long, String>> order = new EnumMap<>(Side.class);
    final Map<Integer, long[]> recent = new HashMap<>();

    Parts() {
      for (Side side : Side.values()) {
        waiting.put(side, new HashMap<>());
        order.put(side, new HashMap<>());
      }
    }
  }

  private final boolean live;
  private final Map<String, Parts> keys = new HashMap<>();
  private String name;
  private Parts key;

  /** How often blocks were written. */
  public int blocksWritten;

  /** How often a waiting event was written or removed. */
  public int waitingWritten;

  /** Times at which keys want to be woken, as {@code time key}. */
  public final TreeSet<String> timers = new TreeSet<>();

  /** Keys that have asked for an alarm. */
  public final TreeSet<String> alarms = new TreeSet<>();

  /**
   * A storage.
   *
   * @param live whether it hands out what it keeps, as a heap does, or copies, as a disk does
   */
  public MapStorage(boolean live) {
    this.live = live;
  }

  /** Goes to a key. */
  public MapStorage at(String of) {
    name = of;
    key = keys.computeIfAbsent(of, k -> new Parts());
    return this;
  }

  @Override
  public boolean live() {
    return live;
  }

  @Override
  public Journal journal() {
    return live || key.journal == null ? key.journal : key.journal.copy();
  }

  @Override
  public void keep(Journal journal) {
    key.journal = live ? journal : journal.copy();
  }

  @Override
  public LearnerState blocks(Journal j, int part) {
    LearnerState state = key.blocks.get(part);
    return live || state == null ? state : state.copy();
  }

  @Override
  public void keep(Journal j, int part, LearnerState state) {
    blocksWritten++;
    key.blocks.put(part, live ? state : state.copy());
  }

  @Override
  public void drop(Journal j, int part) {
    key.blocks.remove(part);
  }

  @Override
  public void hold(KeptEvent event) {
    key.held.add(event);
  }

  @Override
  public List<KeptEvent> held() {
    return key.held;
  }

  @Override
  public void clearHeld() {
    key.held.clear();
  }

  @Override
  public WaitingEvent waiting(Side side, String id) {
    return key.waiting.get(side).get(id);
  }

  @Override
  public void await(Side side, String id, WaitingEvent event) {
    waitingWritten++;
    key.waiting.get(side).put(id, event);
    key.order.get(side).put(event.place(), id);
  }

  @Override
  public void remove(Side side, String id, long place) {
    waitingWritten++;
    key.waiting.get(side).remove(id);
    key.order.get(side).remove(place);
  }

  @Override
  public String waitingAt(Side side, long place) {
    return key.order.get(side).get(place);
  }

  @Override
  public long[] recent(int bucket) {
    long[] ids = key.recent.get(bucket);
    return live || ids == null ? ids : ids.clone();
  }

  @Override
  public void keepRecent(int bucket, long[] ids) {
    key.recent.put(bucket, live ? ids : ids.clone());
  }

  @Override
  public List<long[]> recent() {
    return List.copyOf(key.recent.values());
  }

  @Override
  public void clearRecent() {
    key.recent.clear();
  }

  @Override
  public void setTimer(long eventTime) {
    timers.add(eventTime + " " + name);
  }

  @Override
  public void setAlarm(long millis) {
    alarms.add(name);
  }

  @Override
  public void deleteTimer(long eventTime) {
    timers.remove(eventTime + " " + name);
  }

  @Override
  public void clear() {
    Parts old = keys.remove(name);
    at(name);
    key.waiting.put(Side.SECOND, old.waiting.get(Side.SECOND));
    key.order.put(Side.SECOND, old.order.get(Side.SECOND));
  }
}
