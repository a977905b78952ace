package io.millrace.operators.learner;

import java.util.Arrays;

/**
 * The last ids of a key, as 64-bit hashes: 8 bytes each, whatever the ids are. Two different ids of
 * a window are taken for one with probability 2^-64 per pair.
 *
 * <p>The ring is state; the table over it is built when it is first asked and follows from the
 * ring. Not thread-safe.
 */
public final class IdWindow {
  private static final int SCAN = 16;

  private final long[] ring;
  private int size;
  private int next;
  private long[] table;

  public IdWindow(int window) {
    ring = new long[window];
  }

  /** The newest {@code window} of these, oldest first. */
  public static IdWindow of(int window, long[] hashes) {
    IdWindow w = new IdWindow(window);
    for (int i = Math.max(0, hashes.length - window); i < hashes.length; i++) {
      w.push(hashes[i]);
    }
    return w;
  }

  /** How many ids are remembered at most. */
  public int window() {
    return ring.length;
  }

  /** Hashes held, oldest first. */
  public long[] hashes() {
    long[] out = new long[size];
    for (int i = 0; i < size; i++) {
      out[i] = ring[size < ring.length ? i : (next + i) % ring.length];
    }
    return out;
  }

  /** A deep copy. */
  public IdWindow copy() {
    return of(ring.length, hashes());
  }

  /** Whether the id is among the last ones; if not, it is now and the oldest is forgotten. */
  public boolean seen(String id) {
    long hash = hash(id);
    if (contains(hash)) {
      return true;
    }
    push(hash);
    return false;
  }

  private boolean contains(long hash) {
    if (size <= SCAN) {
      for (int i = 0; i < size; i++) {
        if (ring[i] == hash) {
          return true;
        }
      }
      return false;
    }
    if (table == null) {
      table = new long[Integer.highestOneBit(ring.length) * 4];
      for (int i = 0; i < size; i++) {
        insert(ring[i]);
      }
    }
    for (int i = slot(hash); table[i] != 0; i = (i + 1) & (table.length - 1)) {
      if (table[i] == hash) {
        return true;
      }
    }
    return false;
  }

  private void push(long hash) {
    if (ring.length == 0) {
      return;
    }
    if (size < ring.length) {
      size++;
    } else if (table != null) {
      remove(ring[next]);
    }
    ring[next] = hash;
    next = (next + 1) % ring.length;
    if (table != null) {
      insert(hash);
    }
  }

  private int slot(long hash) {
    return (int) hash & (table.length - 1);
  }

  private void insert(long hash) {
    int i = slot(hash);
    while (table[i] != 0) {
      i = (i + 1) & (table.length - 1);
    }
    table[i] = hash;
  }

  /** Linear probing without tombstones: what stood behind the gap moves up. */
  private void remove(long hash) {
    int mask = table.length - 1;
    int gap = slot(hash);
    while (table[gap] != hash) {
      gap = (gap + 1) & mask;
    }
    for (int i = (gap + 1) & mask; table[i] != 0; i = (i + 1) & mask) {
      int home = slot(table[i]);
      if (((i - home) & mask) >= ((i - gap) & mask)) {
        table[gap] = table[i];
        gap = i;
      }
    }
    table[gap] = 0;
  }

  /** FNV-1a over the characters, then the finalizer of MurmurHash3; never 0, which marks a gap. */
  static long hash(String id) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      h = (h ^ id.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    h ^= h >>> 33;
    return h == 0 ? 1 : h;
  }

  @Override
  public String toString() {
    return Arrays.toString(hashes());
  }
}
