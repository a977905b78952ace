package io.millrace.core.decision;

import io.millrace.core.state.StateException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The arms of a tuner by their ids: which index an id stands for, and which arms are eligible.
 * Indexes are given away in the order of addition and never again, so that whatever is kept by
 * index, a pending decision or a policy's statistics, never means another arm.
 *
 * <pre>
 * absent  -- add ----&gt; eligible  -- remove --&gt; removed  -- add --&gt; eligible, with its statistics
 * eligible or removed  -- purge --&gt; purged: the id is absent, a new add gives it a new index
 * </pre>
 *
 * <p>Unlike the rules of this package it is an object with a state of its own, since ids are text;
 * it changes by orders alone, and {@link #toBytes} is what is kept of it:
 *
 * <pre>
 * int32  number of indexes given away
 * each   u8 flags (1 eligible, 2 purged), int32 length of the id, the id in UTF-8; little-endian
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class ArmRoster {
  private static final int ELIGIBLE = 1;
  private static final int PURGED = 2;

  private final int most;
  private final List<String> ids = new ArrayList<>();
  private final Map<String, Integer> indexes = new HashMap<>(); // looked up, never gone through
  private final byte[] flags;

  /**
   * A roster without arms.
   *
   * @param most indexes that can be given away, at least 1
   */
  public ArmRoster(int most) {
    this.most = most;
    this.flags = new byte[most];
  }

  /**
   * The roster that {@link #toBytes} was asked of.
   *
   * @throws StateException if the bytes are none, or have more arms than {@code most}
   */
  public static ArmRoster of(byte[] bytes, int most) {
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    try {
      int count = in.getInt();
      if (count < 0 || count > most) {
        throw new StateException(
            "the state has " + count + " arms, this configuration takes " + most);
      }
      ArmRoster roster = new ArmRoster(most);
      for (int i = 0; i < count; i++) {
        byte flags = in.get();
        int length = in.getInt();
        if (length < 0 || length > in.remaining()) {
          throw new BufferUnderflowException();
        }
        byte[] id = new byte[length];
        in.get(id);
        roster.append(new String(id, StandardCharsets.UTF_8), flags);
      }
      return roster;
    } catch (BufferUnderflowException e) {
      throw new StateException("the arms of the state end early; it is damaged", e);
    }
  }

  /** All of it, as {@link #of} reads it. */
  public byte[] toBytes() {
    List<byte[]> utf8 = ids.stream().map(id -> id.getBytes(StandardCharsets.UTF_8)).toList();
    int size = Integer.BYTES + utf8.stream().mapToInt(id -> 1 + Integer.BYTES + id.length).sum();
    ByteBuffer out = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    out.putInt(ids.size());
    for (int i = 0; i < utf8.size(); i++) {
      out.put(flags[i]).putInt(utf8.get(i).length).put(utf8.get(i));
    }
    return out.array();
  }

  private int append(String id, int with) {
    int index = ids.size();
    ids.add(id);
    flags[index] = (byte) with;
    if ((with & PURGED) == 0) {
      indexes.put(id, index);
    }
    return index;
  }

  /**
   * Makes an arm eligible: a new one, or one that was removed.
   *
   * @return its index
   * @throws IllegalStateException if it is a new one and there is no index left
   */
  public int add(String id) {
    Integer known = indexes.get(id);
    if (known != null) {
      flags[known] |= ELIGIBLE;
      return known;
    }
    if (ids.size() == most) {
      throw new IllegalStateException("arm '" + id + "': all " + most + " indexes are in use");
    }
    return append(id, ELIGIBLE);
  }

  /**
   * Makes an arm ineligible; what is known of it stays.
   *
   * @throws IllegalStateException if there is no such arm
   */
  public void remove(String id) {
    flags[known(id)] &= ~ELIGIBLE;
  }

  /**
   * Forgets an arm. Feedback for its index is not to be learned any more.
   *
   * @return the index it had
   * @throws IllegalStateException if there is no such arm
   */
  public int purge(String id) {
    int index = known(id);
    flags[index] = PURGED;
    indexes.remove(id);
    return index;
  }

  private int known(String id) {
    int index = indexOf(id);
    if (index < 0) {
      throw new IllegalStateException("there is no arm '" + id + "'");
    }
    return index;
  }

  /** Indexes given away, those of purged arms included. */
  public int count() {
    return ids.size();
  }

  /** Index of an arm; -1: there is none of this id, or it was purged. */
  public int indexOf(String id) {
    return indexes.getOrDefault(id, -1);
  }

  /** Id that an index was given to; that of a purged arm, too. */
  public String name(int index) {
    return ids.get(index);
  }

  /** Whether an arm may be decided for. */
  public boolean isEligible(int index) {
    return (flags[index] & ELIGIBLE) != 0;
  }

  /** Whether an index stands for nothing any more. */
  public boolean isPurged(int index) {
    return (flags[index] & PURGED) != 0;
  }

  /**
   * The arms that may be decided for.
   *
   * @param out overwritten with their indexes, ascending
   * @return how many
   */
  public int eligible(int[] out) {
    int count = 0;
    for (int i = 0; i < ids.size(); i++) {
      if (isEligible(i)) {
        out[count++] = i;
      }
    }
    return count;
  }
}
