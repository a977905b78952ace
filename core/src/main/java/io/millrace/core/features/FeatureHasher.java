package io.millrace.core.features;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Turns feature names into coordinates: {@code murmur3_x86_32(utf8(name), seed 0) & (2^bits - 1)}.
 * A number is hashed by its name, a category by {@code name=value}. The function is part of the
 * wire contract (docs/wire-format.md): a reader in any language finds the same coordinate.
 *
 * <p>Source: A. Appleby, MurmurHash3_x86_32, public domain (SMHasher).
 *
 * <p>An instance, one per subtask, also counts collisions: occurrences that land on a slot first
 * taken by another name. The owner of a slot is known by the bits of its hash that the mask cuts
 * off, so a fraction {@code 2^-(32-bits)} of collisions goes unnoticed; slots from {@value
 * #WATCHED_SLOTS} up are not watched. The counter is a metric, not state. Not thread-safe.
 */
public final class FeatureHasher {
  /** Most slots whose owner is remembered: 64 MiB. */
  static final int WATCHED_SLOTS = 1 << 24;

  private static final int C1 = 0xcc9e2d51;
  private static final int C2 = 0x1b873593;

  private final int bits;
  private final int mask;
  private final int[] owner;
  private byte[] joined = new byte[64];
  private long collisions;

  /**
   * @param bits 1 to 28
   */
  public FeatureHasher(int bits) {
    if (bits < 1 || bits > 28) {
      throw new IllegalStateException("hash bits = " + bits + "; must lie in [1, 28]");
    }
    this.bits = bits;
    this.mask = (1 << bits) - 1;
    this.owner = new int[Math.min(1 << bits, WATCHED_SLOTS)];
  }

  /** Coordinate of a number with this name, given as UTF-8. */
  public int number(byte[] name, int off, int len) {
    return slot(murmur3(name, off, len, 0));
  }

  /** Coordinate of a number with this name. */
  public int number(String name) {
    int len = put(name, 0);
    return slot(murmur3(joined, 0, len, 0));
  }

  /** Coordinate of a category, name and value given as UTF-8. */
  public int category(
      byte[] name, int nameOff, int nameLen, byte[] value, int valueOff, int valueLen) {
    int len = nameLen + 1 + valueLen;
    reserve(len);
    System.arraycopy(name, nameOff, joined, 0, nameLen);
    joined[nameLen] = '=';
    System.arraycopy(value, valueOff, joined, nameLen + 1, valueLen);
    return slot(murmur3(joined, 0, len, 0));
  }

  /** Coordinate of a category. */
  public int category(String name, String value) {
    int len = put(name, 0);
    reserve(len + 1);
    joined[len] = '=';
    len = put(value, len + 1);
    return slot(murmur3(joined, 0, len, 0));
  }

  /** Occurrences so far that landed on a slot first taken by another name. */
  public long collisions() {
    return collisions;
  }

  private int slot(int hash) {
    int slot = hash & mask;
    if (slot < owner.length) {
      int print = (hash >>> bits) + 1; // 0 means free
      int held = owner[slot];
      if (held == 0) {
        owner[slot] = print;
      } else if (held != print) {
        collisions++;
      }
    }
    return slot;
  }

  private void reserve(int len) {
    if (len > joined.length) {
      joined = Arrays.copyOf(joined, Math.max(len, 2 * joined.length));
    }
  }

  /** Appends the UTF-8 form of {@code s}, returns the new length; allocates only beyond ASCII. */
  private int put(String s, int at) {
    int n = s.length();
    reserve(at + n);
    for (int i = 0; i < n; i++) {
      char c = s.charAt(i);
      if (c >= 0x80) {
        byte[] utf8 = s.getBytes(StandardCharsets.UTF_8);
        reserve(at + utf8.length);
        System.arraycopy(utf8, 0, joined, at, utf8.length);
        return at + utf8.length;
      }
      joined[at + i] = (byte) c;
    }
    return at + n;
  }

  /** MurmurHash3_x86_32 of {@code len} bytes from {@code off}. */
  public static int murmur3(byte[] b, int off, int len, int seed) {
    int h = seed;
    int end = off + (len & ~3);
    for (int i = off; i < end; i += 4) {
      int k =
          (b[i] & 0xff)
              | (b[i + 1] & 0xff) << 8
              | (b[i + 2] & 0xff) << 16
              | (b[i + 3] & 0xff) << 24;
      h ^= scramble(k);
      h = Integer.rotateLeft(h, 13) * 5 + 0xe6546b64;
    }
    int k = 0;
    for (int i = (len & 3) - 1; i >= 0; i--) {
      k = k << 8 | (b[end + i] & 0xff);
    }
    h ^= scramble(k); // scramble(0) is 0: no tail changes nothing
    h ^= len;
    h ^= h >>> 16;
    h *= 0x85ebca6b;
    h ^= h >>> 13;
    h *= 0xc2b2ae35;
    return h ^ h >>> 16;
  }

  private static int scramble(int k) {
    return Integer.rotateLeft(k * C1, 15) * C2;
  }
}
