package io.millrace.operators.handler;

import io.millrace.core.state.LearnerState;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import java.util.List;

/**
 * Where everything about the key at hand is kept, part by part: Flink's state backend, or maps in a
 * test. Which key is at hand is not said here: the shell sets it in the backend.
 */
public interface KeyStorage {
  /**
   * Whether what is handed out is the very object that is kept, so that changing it is enough. An
   * object that is put here becomes the one that is kept.
   */
  boolean live();

  /** The journal, null: there is none. */
  Journal journal();

  /** Keeps a journal. */
  void keep(Journal journal);

  /**
   * Blocks of a family's own, null: there are none.
   *
   * @param journal of the key; what {@link #journal} answered, or is kept by now
   * @param part place in the handler's list
   */
  LearnerState blocks(Journal journal, int part);

  /** Keeps blocks. */
  void keep(Journal journal, int part, LearnerState blocks);

  /** Keeps blocks no more. */
  void drop(Journal journal, int part);

  /** Adds an event behind those that are held. */
  void hold(KeptEvent event);

  /** The events held, in order. Not to be modified, and good until the next change. */
  List<KeptEvent> held();

  /** Holds no event any more. */
  void clearHeld();

  /** The event that waits on a side under an id, null: none does. */
  WaitingEvent waiting(Side side, String id);

  /** Lets an event wait on a side under an id. */
  void await(Side side, String id, WaitingEvent event);

  /** Lets it wait no more. */
  void remove(Side side, String id, long place);

  /** Id of the event at a place in the order of arrival, null: it waits no more. */
  String waitingAt(Side side, long place);

  /** A bucket of recent ids, null: it is empty. */
  long[] recent(int bucket);

  /** Keeps a bucket of recent ids. */
  void keepRecent(int bucket, long[] ids);

  /** Every bucket of recent ids. */
  List<long[]> recent();

  /** Keeps no recent id any more. */
  void clearRecent();

  /** Asks to be woken for this key. */
  void setTimer(long eventTime);

  /** Asks for an alarm for this key, so many milliseconds from now by the machine's clock. */
  void setAlarm(long millis);

  /** Takes the wish to be woken back. */
  void deleteTimer(long eventTime);

  /** Keeps nothing about the key any more, timers and early events aside. */
  void clear();
}
