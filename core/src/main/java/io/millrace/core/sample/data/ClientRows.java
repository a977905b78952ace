package io.millrace.core.sample.data;

import io.millrace.core.ConfigException;
import io.millrace.core.features.Rows;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.LittleEndian;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;

/**
 * Takes in the rows of a client, freezes them, and reads frozen copies. Immutable but for the draws
 * that it aims, one per subtask: rows are in states that each call is handed.
 *
 * <pre>
 * append      a row behind the arrivals                  every event
 * settle      arrivals to where they are kept            when they are {@link #ROOM}, and before
 * freeze      a copy, whose version is the number of     when a new epoch is proposed
 *             rows that had come
 * load        a copy as rows of a likelihood             a visit
 * </pre>
 *
 * <p>The version of a copy is a function of the client's sequence of rows alone, so it names the
 * same rows after any failure. How many copies are kept is up to the caller: one for each version
 * that a token may name.
 *
 * <p>Memory, for N rows kept of w features: {@code 8 N (w + 2)} bytes and as much for each copy, up
 * to half as much again while the rows kept grow.
 */
public final class ClientRows {
  /** Arrivals that are kept apart before they are settled. */
  public static final int ROOM = 64;

  private static final String COUNTS = "counts";
  private static final String ROWS = "rows";

  /** Beside the features of a row: label and weight. */
  private static final int BESIDE = 2;

  private static final int FIRST_ROWS = 16;

  /** Most bytes that an array may have. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  /** Places in the counts of arrivals. */
  private enum Arrived {
    /** Rows that have come, arrivals among them. */
    ALL,
    /** Arrivals that are not settled. */
    OPEN
  }

  /** Places in the counts of a frozen copy. */
  private enum Frozen {
    VERSION,
    COUNT
  }

  private final Keeping keeping;
  private final int capacity;
  private final int width;
  private final int rowBytes;
  private final PhiloxDraws draws;

  /**
   * Rows of clients.
   *
   * @param keeping what to do where there is no room
   * @param capacity most rows kept of a client, at least 1
   * @param width features of a row, at least 0
   * @param jobSeed of the draws of a reservoir
   * @throws ConfigException where so many rows do not fit into an array
   */
  public ClientRows(Keeping keeping, int capacity, int width, long jobSeed) {
    if (capacity < 1 || width < 0) {
      throw new ConfigException(
          capacity + " rows of " + width + " features; must be at least 1 and at least 0");
    }
    long bytes = (width + (long) BESIDE) * Double.BYTES * Math.max(capacity, ROOM);
    if (bytes > MOST_BYTES) {
      throw new ConfigException(
          capacity
              + " rows of "
              + width
              + " features take "
              + bytes
              + " bytes; must be at most "
              + MOST_BYTES
              + "; keep fewer rows");
    }
    this.keeping = keeping;
    this.capacity = capacity;
    this.width = width;
    this.rowBytes = (width + BESIDE) * Double.BYTES;
    this.draws = new PhiloxDraws(jobSeed, "");
  }

  /** Blocks of arrivals. */
  public StateSchema arrivalsSchema() {
    return new StateSchema.Builder()
        .block(COUNTS, StateSchema.Type.LONGS, Arrived.values().length)
        .bytes(ROWS)
        .build();
  }

  /** Most bytes that they come to have. */
  public long arrivalsBytes() {
    return arrivalsSchema().totalBytes() + (long) ROOM * rowBytes;
  }

  /** Blocks of the rows kept. */
  public StateSchema keptSchema() {
    return new StateSchema.Builder().bytes(ROWS).build();
  }

  /** Most bytes that they come to have. */
  public long keptBytes() {
    return keptSchema().totalBytes() + (long) capacity * rowBytes;
  }

  /** Blocks of a frozen copy. */
  public StateSchema frozenSchema() {
    return new StateSchema.Builder()
        .block(COUNTS, StateSchema.Type.LONGS, Frozen.values().length)
        .bytes(ROWS)
        .build();
  }

  /** Most bytes that they come to have. */
  public long frozenBytes() {
    return frozenSchema().totalBytes() + (long) capacity * rowBytes;
  }

  /** Rows that have come and were taken. */
  public long arrived(LearnerState arrivals) {
    return arrivals.longs(COUNTS)[Arrived.ALL.ordinal()];
  }

  /** Rows that a copy frozen now would have. */
  public int count(LearnerState arrivals) {
    return (int) Math.min(arrived(arrivals), capacity);
  }

  /** Whether there is room for another row: only {@link Keeping#ALL} ever has none. */
  public boolean hasRoom(LearnerState arrivals) {
    return keeping != Keeping.ALL || arrived(arrivals) < capacity;
  }

  /** Whether {@link #settle} is to be called before the next row. */
  public boolean isDue(LearnerState arrivals) {
    return open(arrivals) == ROOM;
  }

  private static int open(LearnerState arrivals) {
    return (int) arrivals.longs(COUNTS)[Arrived.OPEN.ordinal()];
  }

  /**
   * Takes a row in. There must be room, and arrivals must not be due.
   *
   * @param rows dense
   * @param row of them, with a label where the model asks for one
   */
  public void append(LearnerState arrivals, Rows rows, int row) {
    int from = rows.start(row);
    if (rows.end(row) - from != width) {
      throw new IllegalStateException(
          (rows.end(row) - from) + " features, must be " + width + " of a client's row");
    }
    if (!hasRoom(arrivals) || isDue(arrivals)) {
      throw new IllegalStateException("no room for a row: ask first");
    }
    long[] counts = arrivals.longs(COUNTS);
    int open = (int) counts[Arrived.OPEN.ordinal()]++;
    counts[Arrived.ALL.ordinal()]++;
    byte[] bytes = withRoom(arrivals, open + 1, ROOM);
    int at = open * rowBytes;
    double[] x = rows.value();
    for (int j = 0; j < width; j++) {
      LittleEndian.putDouble(bytes, at + j * Double.BYTES, x[from + j]);
    }
    LittleEndian.putDouble(bytes, at + width * Double.BYTES, rows.label(row));
    LittleEndian.putDouble(bytes, at + (width + 1) * Double.BYTES, rows.weight(row));
  }

  /**
   * Moves arrivals to where they are kept.
   *
   * @param arrivals emptied
   * @param client whose rows they are: names the draws of a reservoir
   */
  public void settle(LearnerState arrivals, LearnerState kept, String client) {
    long[] counts = arrivals.longs(COUNTS);
    int open = open(arrivals);
    long first = counts[Arrived.ALL.ordinal()] - open;
    byte[] from = arrivals.bytes(ROWS);
    byte[] to = withRoom(kept, (int) Math.min(first + open, capacity), capacity);
    for (int i = 0; i < open; i++) {
      draws.at(client, first + i);
      long slot = keeping.slot(first + i, capacity, draws.fork(Purpose.RESERVOIR));
      if (slot < capacity) {
        System.arraycopy(from, i * rowBytes, to, (int) slot * rowBytes, rowBytes);
      }
    }
    counts[Arrived.OPEN.ordinal()] = 0;
  }

  /** The rows of a state, with room for so many, at most {@code most}. */
  private byte[] withRoom(LearnerState state, int rows, int most) {
    byte[] bytes = state.bytes(ROWS);
    if (bytes.length >= rows * rowBytes) {
      return bytes;
    }
    int had = bytes.length / rowBytes;
    long wanted = Math.max(Math.max(rows, FIRST_ROWS), had + (long) had / 2);
    byte[] larger = Arrays.copyOf(bytes, (int) Math.min(wanted, most) * rowBytes);
    state.setBytes(ROWS, larger);
    return larger;
  }

  /**
   * Copies the rows kept, arrivals settled before, in their order: those of a window from the
   * oldest on.
   *
   * @param frozen overwritten
   * @return the version of the copy, the number of rows that had come
   */
  public long freeze(LearnerState arrivals, LearnerState kept, LearnerState frozen, String client) {
    settle(arrivals, kept, client);
    long version = arrived(arrivals);
    int count = count(arrivals);
    byte[] copy = new byte[count * rowBytes];
    int oldest = keeping == Keeping.WINDOW && version > capacity ? (int) (version % capacity) : 0;
    int behind = (count - oldest) * rowBytes;
    System.arraycopy(kept.bytes(ROWS), oldest * rowBytes, copy, 0, behind);
    System.arraycopy(kept.bytes(ROWS), 0, copy, behind, oldest * rowBytes);
    frozen.setBytes(ROWS, copy);
    frozen.longs(COUNTS)[Frozen.VERSION.ordinal()] = version;
    frozen.longs(COUNTS)[Frozen.COUNT.ordinal()] = count;
    return version;
  }

  /** Version of a frozen copy; 0 of one that has never been frozen, which has no rows. */
  public long version(LearnerState frozen) {
    return frozen.longs(COUNTS)[Frozen.VERSION.ordinal()];
  }

  /** Rows of a frozen copy. */
  public int rows(LearnerState frozen) {
    return (int) frozen.longs(COUNTS)[Frozen.COUNT.ordinal()];
  }

  /**
   * Reads a frozen copy.
   *
   * @param into dense, overwritten: row i is row i of the copy
   */
  public void load(LearnerState frozen, Rows into) {
    byte[] bytes = frozen.bytes(ROWS);
    int count = rows(frozen);
    into.clear();
    for (int i = 0; i < count; i++) {
      int at = i * rowBytes;
      into.beginRow();
      int first = into.extend(width);
      double[] x = into.value();
      for (int j = 0; j < width; j++) {
        x[first + j] = LittleEndian.getDouble(bytes, at + j * Double.BYTES);
      }
      into.endRow(
          LittleEndian.getDouble(bytes, at + width * Double.BYTES),
          LittleEndian.getDouble(bytes, at + (width + 1) * Double.BYTES));
    }
  }
}
