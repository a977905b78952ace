package io.millrace.operators.shell;

import java.util.Iterator;
import java.util.stream.Stream;

/**
 * A visit to every key of a subtask, in slices with pauses between, so that neither events nor
 * barriers wait for it.
 */
final class Sweep {
  /** About how much is done in a slice: visits of a key that has nothing to do. */
  static final int SLICE = 1024;

  /** Processing time between two slices. */
  static final long PAUSE_MILLIS = 10;

  /** What a sweep does. */
  interface Visits {
    /** A sweep begins; every key that has to be visited is among these. */
    Stream<String> begin();

    /**
     * Visits a key, which may be gone.
     *
     * @return what it cost, at least 1
     */
    int visit(String key) throws Exception;

    /** Every key has been visited; whether another sweep is due. */
    boolean end() throws Exception;

    /** Asks for a call of {@link #slice} after {@link #PAUSE_MILLIS}. */
    void pause();
  }

  private final Visits visits;
  private Stream<String> stream;
  private Iterator<String> keys;
  private boolean waiting;

  Sweep(Visits visits) {
    this.visits = visits;
  }

  /** There is something to visit all keys for. */
  void request() {
    if (!waiting) {
      waiting = true;
      visits.pause();
    }
  }

  /** Whether a sweep has begun and not ended. */
  boolean underWay() {
    return keys != null;
  }

  /** The pause is over. */
  void slice() throws Exception {
    waiting = false;
    if (advance(SLICE)) {
      request();
    }
  }

  /** Visits all keys now, as often as there is reason to. */
  void complete() throws Exception {
    while (advance(Integer.MAX_VALUE)) {
      // until no other sweep is due
    }
  }

  /** Goes on; whether there is more to do. */
  private boolean advance(int budget) throws Exception {
    if (keys == null) {
      stream = visits.begin();
      keys = stream.iterator();
    }
    int left = budget;
    while (left > 0 && keys.hasNext()) {
      left -= visits.visit(keys.next());
    }
    if (keys.hasNext()) {
      return true;
    }
    close();
    return visits.end();
  }

  /** Gives up what is open. */
  void close() {
    if (stream != null) {
      stream.close();
      stream = null;
      keys = null;
    }
  }
}
