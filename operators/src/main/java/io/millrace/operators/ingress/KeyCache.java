package io.millrace.operators.ingress;

import io.millrace.schemas.Partitioner;
import io.millrace.schemas.StrictUtf8;
import java.util.Arrays;

/**
 * Strings of the keys seen lately, found by their UTF-8 bytes, so that a key costs no decoding and
 * no object for each event. Direct-mapped with a fixed number of places: a flood of distinct keys
 * only makes it useless, never large. Not thread-safe.
 */
public final class KeyCache {
  private static final int PLACE_BITS = 14;

  /** Longer ones are not kept. */
  private static final int MAX_BYTES = 256;

  private final Entry[] entries = new Entry[1 << PLACE_BITS];

  /** A key in both forms. The bytes are shared: not to be written. */
  public static final class Entry {
    public final byte[] bytes;
    public final String text;

    /** What Kafka's own partitioner makes of it. */
    final int hash;

    Entry(byte[] bytes, String text) {
      this.bytes = bytes;
      this.text = text;
      this.hash = Partitioner.hash(bytes);
    }
  }

  /**
   * The key with these bytes.
   *
   * @return null if they are not UTF-8
   */
  public Entry get(byte[] bytes, int offset, int length) {
    int hash = length;
    for (int i = offset, end = offset + length; i < end; i++) {
      hash = hash * 31 + bytes[i];
    }
    // Keys that differ in a counter have hashes close together: golden-ratio hashing spreads them.
    int place = (hash * 0x9E3779B1) >>> (32 - PLACE_BITS);
    Entry e = entries[place];
    if (e != null && Arrays.equals(e.bytes, 0, e.bytes.length, bytes, offset, offset + length)) {
      return e;
    }
    String text = StrictUtf8.decode(bytes, offset, length);
    if (text == null) {
      return null;
    }
    e = new Entry(Arrays.copyOfRange(bytes, offset, offset + length), text);
    if (length <= MAX_BYTES) {
      entries[place] = e;
    }
    return e;
  }
}
