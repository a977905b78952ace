package io.millrace.operators.handler;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Queue;
import io.millrace.operators.journal.Side;
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

  /** Whether something has been put off that has to be done before anything else. */
  private boolean owes;

  /** What is kept, whether the key has begun or only early events wait; null: nothing is. */
  private Journal ledger;

  private boolean ledgerKept;
  private Journal journal;

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
    ledger = storage.journal();
    ledgerKept = ledger != null;
    journal = ledgerKept && ledger.begun() ? ledger : null;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = null;
      changed[i] = false;
    }
  }

  /** Writes back what has changed. For the shell. */
  public void close() {
    if (ledger == null) {
      return;
    }
    if (!isKept()) {
      storage.clear();
      ledger = null;
      ledgerKept = false;
      return;
    }
    if (!ledgerKept || !storage.live()) {
      storage.keep(ledger);
      ledgerKept = true;
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

  /** Whether anything is kept about it; before a key begins, early events may be. */
  public boolean isKept() {
    return journal != null || ledger != null && ledger.early.count > 0;
  }

  /** What is kept about it, begun or not; made where there was nothing. Counts as changed. */
  public Journal ledger() {
    if (ledger == null) {
      ledger = Journal.notBegun();
      ledgerKept = false;
    }
    return ledger;
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
    journal = ledger();
    journal.eventTime = eventTime;
    journal.timeAtSnapshot = eventTime;
    birth.begin(journal);
    return journal;
  }

  /** Ends the key: nothing is kept about it any more, but early events for its next life. */
  public void end() {
    if (journal.timerAt != Journal.NO_TIMER) {
      storage.deleteTimer(journal.timerAt);
    }
    ledger = journal.early.count > 0 ? journal.left() : null;
    ledgerKept = false;
    storage.clear();
    journal = null;
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = null;
      changed[i] = false;
    }
  }

  /** Whether something has been put off, see {@link StageContext#putOff}. */
  public boolean owes() {
    return owes;
  }

  /** Takes note of it. For the shell. */
  public void owe(boolean something) {
    owes = something;
  }

  /** How many parts of blocks it has. */
  public int parts() {
    return blocks.length;
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

  /** Keeps blocks no more; should they be asked for again, they are zeros. */
  public void drop(int part) {
    storage.drop(journal, part);
    blocks[part] = null;
    kept[part] = false;
    changed[part] = false;
  }

  /** Puts other blocks, of the part's schema and version, in the place of those there are. */
  public void replace(int part, LearnerState state) {
    blocks[part] = state;
    kept[part] = false;
    changed[part] = true;
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

  /**
   * Asks for an alarm by the clock of the machine; see {@link KeyHandler#alarm}. One that is due
   * while the job is down comes when it is up again.
   *
   * @param millis from now
   */
  public void alarmIn(long millis) {
    storage.setAlarm(millis);
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

  /** Whether an event waits on a side under an id. */
  public boolean waits(Side side, String id) {
    return ledger != null && ledger.queue(side).count > 0 && storage.waiting(side, id) != null;
  }

  /**
   * Lets an event wait for another one with its id, under which none waits yet on its side.
   *
   * @param made what was made of it; copied
   */
  public void await(Side side, String id, KeptEvent event, double[] made) {
    Queue q = ledger().queue(side);
    if (q.count == 0) {
      q.first = q.next;
      q.oldest = event.eventTime();
    }
    WaitingEvent waiting = new WaitingEvent(q.next++, event, made.clone());
    storage.await(side, id, waiting);
    q.count++;
    q.bytes += waiting.bytes() + id.length();
  }

  /** The event that waits on a side under an id, and goes on waiting; null: none does. */
  public WaitingEvent waiting(Side side, String id) {
    boolean any = ledger != null && ledger.queue(side).count > 0;
    return any ? storage.waiting(side, id) : null;
  }

  /**
   * Puts something else in the place of what was made of an event, which goes on waiting where it
   * is.
   *
   * @param made as many numbers as before; copied
   */
  public void amend(Side side, String id, double[] made) {
    WaitingEvent before = storage.waiting(side, id);
    storage.await(side, id, new WaitingEvent(before.place(), before.event(), made.clone()));
  }

  /** The event that waits on a side under an id, and waits no more; null: none does. */
  public WaitingEvent take(Side side, String id) {
    WaitingEvent found = waiting(side, id);
    if (found != null) {
      remove(side, id, found);
    }
    return found;
  }

  private void remove(Side side, String id, WaitingEvent event) {
    storage.remove(side, id, event.place());
    Queue q = ledger.queue(side);
    q.count--;
    q.bytes -= event.bytes() + id.length();
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
  public void expire(Side side, long before, Expired expired) {
    if (ledger == null) {
      return;
    }
    Queue q = ledger.queue(side);
    if (q.count == 0 || q.oldest >= before) {
      return;
    }
    while (q.count > 0) {
      String id = storage.waitingAt(side, q.first);
      if (id != null) {
        WaitingEvent next = storage.waiting(side, id);
        if (next.event().eventTime() >= before) {
          q.oldest = next.event().eventTime();
          return;
        }
        remove(side, id, next);
        expired.event(id, next);
      }
      q.first++;
    }
  }

  /** Ends the waiting of the event that came first of those that wait; one must. */
  public void evict(Side side, Expired evicted) {
    Queue q = ledger.queue(side);
    String id;
    while ((id = storage.waitingAt(side, q.first)) == null) {
      q.first++;
    }
    WaitingEvent first = storage.waiting(side, id);
    remove(side, id, first);
    q.first++;
    evicted.event(id, first);
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
