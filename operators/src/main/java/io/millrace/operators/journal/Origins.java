package io.millrace.operators.journal;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Who has sent something that may come twice, and the last sequence number of each. Bounded: beyond
 * its limit the origin heard of least recently is forgotten, so that a sender's name that is never
 * used again costs nothing for ever. Mutable.
 */
public final class Origins {
  private final int limit;
  private final LinkedHashMap<String, Long> last;

  /** Nobody yet. */
  public Origins(int limit) {
    this.limit = limit;
    this.last = new LinkedHashMap<>(4, 0.75f, true);
  }

  /**
   * Whether something is news; if so it is remembered. What has no origin is always news.
   *
   * @param sequence counts up from 1 per origin
   */
  public boolean isNews(String origin, long sequence) {
    if (origin.isEmpty()) {
      return true;
    }
    Long before = last.get(origin);
    if (before != null && sequence <= before) {
      return false;
    }
    put(origin, sequence);
    return true;
  }

  /** Remembers a number, whatever was there. */
  void put(String origin, long sequence) {
    last.put(origin, sequence);
    if (last.size() > limit) {
      last.remove(last.keySet().iterator().next());
    }
  }

  /** Last sequence numbers, the origin heard of least recently first. Not to be modified. */
  public Map<String, Long> last() {
    return last;
  }

  /** A copy that shares nothing which ever changes. */
  public Origins copy() {
    Origins copy = new Origins(limit);
    copy.last.putAll(last);
    return copy;
  }
}
