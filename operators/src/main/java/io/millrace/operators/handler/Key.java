package io.millrace.operators.handler;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.WaitingEvent;
import java.util.List;

/**
 * Everything that is kept about the key at hand. Parts are fetched when they are first asked for
 * and written back if they have been changed, so a handler pays for what it touches. No reference
 * to a part outlives the handling of an event.
 */
public final class Key {
  /** What a key is given when it begins. */
  @FunctionalInterface
  public interface Birth {
    /** Fills in what does not come from the key's own events: the run, and orders for all keys. */
    void begin(Journal journal);
  }

  private final KeyStorage storage;
  private final List<BlockSpec> specs;
  private final Birth birth;
  private final RecentIds recent;
  private final LearnerState[] blocks;
  private final boolean[] changed;

  /** Of blocks and journal: whether the object at hand is the one that is kept. */
  private final boolean[] kept;

  private String name = "";
  private Journal journal;
  private boolean journalKept;

  /** A key, nameless until {@link #open}. */
  public Key(KeyStorage storage, List<BlockSpec> specs, Birth birth) {
    this.storage = storage;
    this.specs = specs;
    this.birth = birth;
    this.recent = new RecentIds(storage);
    this.blocks = new LearnerState[specs.size()];
    this.changed = new boolean[specs.size()];
    this.kept = new boolean[specs.size()];
  }

  /** Starts on the key that the storage is at. For the shell. */
  public void open(String key) {
    name = key;
    journal = storage.journal();
    journalKept = journal != null;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = null;
      changed[i] = false;
    }
  }

  /** Writes back what has changed. For the shell. */
  public void close() {
    if (journal == null) {
      return;
    }
    if (!journalKept || !storage.live()) {
      storage.keep(journal);
      journalKept = true;
    }
    for (int i = 0; i < blocks.length; i++) {
      if (changed[i]) {
        if (!kept[i] || !storage.live()) {
          storage.keep(journal, i, blocks[i]);
          kept[i] = true;
        }
        changed[i] = false;
      }
    }
  }

  /** The key itself. */
  public String name() {
    return name;
  }

  /** Its journal, null: the key has not begun. Counts as changed. */
  public Journal journal() {
    return journal;
  }

  /**
   * Begins the key.
   *
   * @param eventTime where its clock starts
   */
  public Journal begin(long eventTime) {
    if (journal != null) {
      throw new IllegalStateException("key '" + name + "' has begun");
    }
    journal = new Journal();
    journalKept = false;
    journal.eventTime = eventTime;
    journal.timeAtSnapshot = eventTime;
    birth.begin(journal);
    return journal;
  }

  /** Ends the key: nothing is kept about it any more. */
  public void end() {
    if (journal.timerAt != Journal.NO_TIMER) {
      storage.deleteTimer(journal.timerAt);
    }
    storage.clear();
    journal = null;
    journalKept = false;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = null;
      changed[i] = false;
    }
  }

  /**
   * Blocks that are only looked at.
   *
   * @param part place in the handler's list
   */
  public LearnerState read(int part) {
    LearnerState state = blocks[part];
    return state != null ? state : load(part);
  }

  /**
   * Blocks that are going to be changed; all zeros if there were none.
   *
   * @param part place in the handler's list
   */
  public LearnerState write(int part) {
    LearnerState state = blocks[part];
    if (state == null) {
      state = load(part);
    }
    changed[part] = true;
    return state;
  }

  private LearnerState load(int part) {
    BlockSpec spec = specs.get(part);
    LearnerState found = storage.blocks(journal, part);
    LearnerState state = found == null ? spec.fresh() : spec.adopt(found, name);
    kept[part] = state == found;
    changed[part] |= !kept[part];
    blocks[part] = state;
    return state;
  }

  /** Puts blocks back to zeros. */
  public LearnerState renew(int part) {
    LearnerState state = specs.get(part).fresh();
    blocks[part] = state;
    kept[part] = false;
    changed[part] = true;
    return state;
  }

  /**
   * Asks to be woken when the watermark passes a time; there is one timer, the last one asked for.
   */
  public void wakeAt(long eventTime) {
    if (journal.timerAt == eventTime) {
      return;
    }
    if (journal.timerAt != Journal.NO_TIMER) {
      storage.deleteTimer(journal.timerAt);
    }
    journal.timerAt = eventTime;
    storage.setTimer(eventTime);
  }

  /** Holds an event behind those that are held. */
  public void hold(KeptEvent event) {
    storage.hold(event);
    journal.held++;
    journal.heldBytes += event.bytes();
  }

  /** The events held, in order. Good until the next change. */
  public List<KeptEvent> held() {
    return journal.held == 0 ? List.of() : storage.held();
  }

  /** Holds no event any more. */
  public void releaseHeld() {
    if (journal.held > 0) {
      storage.clearHeld();
      journal.held = 0;
      journal.heldBytes = 0;
    }
  }

  /** Whether an event waits under an id. */
  public boolean waits(String id) {
    return journal.waiting > 0 && storage.waiting(id) != null;
  }

  /**
   * Lets an event wait for another one with its id, under which none waits yet.
   *
   * @param made what was made of it; copied
   */
  public void await(String id, KeptEvent event, double[] made) {
    if (journal.waiting == 0) {
      journal.firstWaiting = journal.nextWaiting;
      journal.oldestWaiting = event.eventTime();
    }
    WaitingEvent waiting = new WaitingEvent(journal.nextWaiting++, event, made.clone());
    storage.await(id, waiting);
    journal.waiting++;
    journal.waitingBytes += waiting.bytes() + id.length();
  }

  /** The event that waits under an id, which waits no more; null: none does. */
  public WaitingEvent take(String id) {
    WaitingEvent found = journal.waiting == 0 ? null : storage.waiting(id);
    if (found != null) {
      remove(id, found);
    }
    return found;
  }

  private void remove(String id, WaitingEvent event) {
    storage.remove(id, event.place());
    journal.waiting--;
    journal.waitingBytes -= event.bytes() + id.length();
  }

  /** Somebody who is told of an event that waits no more. */
  @FunctionalInterface
  public interface Expired {
    void event(String id, WaitingEvent event);
  }

  /**
   * Ends the waiting of events with an event time before a limit. They stand in order of arrival;
   * one that came late in event time delays none and is found when those before it are.
   */
  public void expire(long before, Expired expired) {
    Journal j = journal;
    if (j.waiting == 0 || j.oldestWaiting >= before) {
      return;
    }
    while (j.waiting > 0) {
      String id = storage.waitingAt(j.firstWaiting);
      if (id != null) {
        WaitingEvent next = storage.waiting(id);
        if (next.event().eventTime() >= before) {
          j.oldestWaiting = next.event().eventTime();
          return;
        }
        remove(id, next);
        expired.event(id, next);
      }
      j.firstWaiting++;
    }
  }

  /**
   * Says how many ids are remembered from now on, 0: none. To be called before {@link #seen} and
   * {@link #remember}; costs nothing where it was the same before.
   */
  public void rememberIds(int window) {
    if (journal.recentWindow != window) {
      recent.resize(journal, window);
    }
  }

  /** Whether an id is among the last ones of the key. */
  public boolean seen(String id) {
    return recent.contains(journal, id);
  }

  /** Remembers an id that {@link #seen} does not know; the oldest is forgotten. */
  public void remember(String id) {
    recent.add(journal, id);
  }

  /**
   * Remembers an id no more: its event has become a dead letter, and may be sent again. Does
   * nothing where no ids are remembered.
   */
  public void forget(String id) {
    if (journal.recentWindow > 0) {
      recent.remove(journal, id);
    }
  }
}
