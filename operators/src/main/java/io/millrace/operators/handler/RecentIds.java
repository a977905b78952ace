package io.millrace.operators.handler;

import io.millrace.operators.journal.Journal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The last ids of a key, as 64-bit hashes. Two different ids of a window are taken for one with
 * probability 2^-64 per pair.
 *
 * <p>Ids are numbered as they come. A bucket of the hash holds (hash, number) pairs; one whose
 * number has left the window is as good as gone and its place is taken by the next that comes. So
 * an id costs one bucket read and written, whatever the window, and a key that has had few ids
 * holds few buckets.
 */
final class RecentIds {
  /** About how many ids of a full window share a bucket. */
  private static final int PER_BUCKET = 32;

  private static final int PAIR = 2;

  /** Number of a place that is free. */
  private static final long NOBODY = 0;

  private final KeyStorage storage;

  RecentIds(KeyStorage storage) {
    this.storage = storage;
  }

  /** Whether an id is among the last ones. */
  boolean contains(Journal j, String id) {
    long hash = hash(id);
    return find(j, storage.recent(bucket(hash, j.recentWindow)), hash) >= 0;
  }

  /** Remembers an id that is not among the last ones; the oldest is forgotten. */
  void add(Journal j, String id) {
    insert(j, hash(id), ++j.recentCount);
  }

  /** Forgets an id, if it is among the last ones. */
  void remove(Journal j, String id) {
    long hash = hash(id);
    int bucket = bucket(hash, j.recentWindow);
    long[] ids = storage.recent(bucket);
    int at = find(j, ids, hash);
    if (at >= 0) {
      ids[at + 1] = NOBODY;
      storage.keepRecent(bucket, ids);
    }
  }

  /** Brings what is remembered to another window. */
  void resize(Journal j, int window) {
    List<long[]> kept = new ArrayList<>();
    if (j.recentWindow > 0) {
      for (long[] ids : storage.recent()) {
        for (int i = 0; i < ids.length; i += PAIR) {
          if (isIn(j, ids[i + 1], Math.min(window, j.recentWindow))) {
            kept.add(new long[] {ids[i], ids[i + 1]});
          }
        }
      }
      storage.clearRecent();
    }
    j.recentWindow = window;
    kept.sort((a, b) -> Long.compare(a[1], b[1]));
    kept.forEach(pair -> insert(j, pair[0], pair[1]));
  }

  private void insert(Journal j, long hash, long number) {
    int bucket = bucket(hash, j.recentWindow);
    long[] ids = storage.recent(bucket);
    if (ids == null) {
      ids = new long[PAIR];
    }
    int at = 0;
    while (at < ids.length && isIn(j, ids[at + 1], j.recentWindow)) {
      at += PAIR;
    }
    if (at == ids.length) {
      ids = Arrays.copyOf(ids, at + PAIR * Math.max(1, at / (4 * PAIR)));
    }
    ids[at] = hash;
    ids[at + 1] = number;
    storage.keepRecent(bucket, ids);
  }

  private static int find(Journal j, long[] ids, long hash) {
    for (int i = 0; ids != null && i < ids.length; i += PAIR) {
      if (ids[i] == hash && isIn(j, ids[i + 1], j.recentWindow)) {
        return i;
      }
    }
    return -1;
  }

  /** Whether a number is among the last so many. */
  private static boolean isIn(Journal j, long number, int window) {
    return number > NOBODY && number > j.recentCount - window;
  }

  private static int bucket(long hash, int window) {
    return (int) (hash >>> 33) % Math.max(1, window / PER_BUCKET);
  }

  /** FNV-1a over the characters, then the finalizer of MurmurHash3. */
  static long hash(String id) {
    long h = 0xcbf29ce484222325L;
    for (int i = 0; i < id.length(); i++) {
      h = (h ^ id.charAt(i)) * 0x100000001b3L;
    }
    h = (h ^ h >>> 33) * 0xff51afd7ed558ccdL;
    h = (h ^ h >>> 33) * 0xc4ceb9fe1a85ec53L;
    return h ^ h >>> 33;
  }
}
