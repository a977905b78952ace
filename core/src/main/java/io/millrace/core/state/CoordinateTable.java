package io.millrace.core.state;

import java.util.Arrays;
import java.util.BitSet;

/**
 * Numbers of those coordinates of a wide vector that a key has seen: a record of {@code width}
 * doubles for each, all numbers of a coordinate side by side. Records stand in the order in which
 * coordinates were added and never move among each other; an open-addressed table finds them.
 *
 * <p>What is kept is the coordinates and their records; the table of places follows from them. A
 * coordinate costs {@code 4 + 8 width} bytes, its places in the table 12 to 24 more, and up to half
 * of the whole is room to grow. Not thread-safe.
 */
public final class CoordinateTable {
  /** Place of a coordinate that is not there. */
  public static final int ABSENT = -1;

  /** Bytes that the table of places has for each coordinate, at most. */
  public static final int PLACE_BYTES = 24;

  /** How many coordinates a key is taken to see where that has to be guessed. */
  public static final int USUAL_COUNT = 64;

  private static final int FIRST = 4;
  private static final int LEAST_PLACES = 8;

  /** Mixes: the top bits of a coordinate times this number are those of all its bits. */
  private static final int GOLDEN = 0x9E3779B9;

  private final int width;
  private int count;
  private int[] coordinates;
  private double[] values;

  /**
   * Coordinate in the upper half, 1 + number of its record in the lower; 0: free. At most two
   * thirds are taken.
   */
  private long[] places;

  private int shift;

  /**
   * An empty table.
   *
   * @param width doubles of a record, at least 1
   */
  public CoordinateTable(int width) {
    this(width, new int[FIRST], new double[FIRST * width], 0);
  }

  private CoordinateTable(int width, int[] coordinates, double[] values, int count) {
    this.width = width;
    this.coordinates = coordinates;
    this.values = values;
    this.count = count;
    int size = LEAST_PLACES;
    while (count * 3L > size * 2L) {
      size *= 2;
    }
    index(size);
  }

  /**
   * A table of given records.
   *
   * @param coordinates distinct, not negative; kept
   * @param values a record for each in the same order; kept
   * @throws StateException if a coordinate is negative or comes twice
   */
  public static CoordinateTable of(int width, int[] coordinates, double[] values) {
    if (values.length != (long) width * coordinates.length) {
      throw new IllegalStateException(
          values.length + " numbers for " + coordinates.length + " records of " + width);
    }
    return new CoordinateTable(width, coordinates, values, coordinates.length);
  }

  /** Doubles of a record. */
  public int width() {
    return width;
  }

  /** How many coordinates there are. */
  public int count() {
    return count;
  }

  /** Live array of the coordinates in the order of their records; {@link #count} of them count. */
  public int[] coordinates() {
    return coordinates;
  }

  /** Live array of the records; replaced when it grows. */
  public double[] values() {
    return values;
  }

  /**
   * Where a coordinate's record begins in {@link #values}, which stays so.
   *
   * @return {@link #ABSENT}: it has none
   */
  public int find(int coordinate) {
    long[] p = places;
    int mask = p.length - 1;
    int at = coordinate * GOLDEN >>> shift;
    while (true) {
      long held = p[at];
      if ((int) (held >>> 32) == coordinate && held != 0) {
        return ((int) held - 1) * width;
      }
      if (held == 0) {
        return ABSENT;
      }
      at = at + 1 & mask;
    }
  }

  /**
   * Adds a coordinate that is not there, with a record of zeros.
   *
   * @return where its record begins
   */
  public int add(int coordinate) {
    if (count == coordinates.length) {
      int room = (int) Math.min(Integer.MAX_VALUE / width, count + (count >> 1) + 1L);
      if (room <= count) {
        throw new IllegalStateException(
            count + " coordinates of " + width + " numbers are as many as a key can hold");
      }
      coordinates = Arrays.copyOf(coordinates, room);
      values = Arrays.copyOf(values, room * width);
    }
    if ((count + 1) * 3L > places.length * 2L) {
      index(places.length * 2);
    }
    coordinates[count] = coordinate;
    place(coordinate, ++count);
    return (count - 1) * width;
  }

  /** Forgets the records of these numbers; the others stay in their order, and move together. */
  public void remove(BitSet records) {
    int kept = records.nextSetBit(0);
    if (kept < 0) {
      return;
    }
    for (int r = kept; r < count; r++) {
      if (!records.get(r)) {
        coordinates[kept] = coordinates[r];
        System.arraycopy(values, r * width, values, kept * width, width);
        kept++;
      }
    }
    Arrays.fill(values, kept * width, count * width, 0);
    count = kept;
    index(places.length);
  }

  /** Forgets all coordinates. */
  public void clear() {
    count = 0;
    coordinates = new int[FIRST];
    values = new double[FIRST * width];
    index(LEAST_PLACES);
  }

  private void index(int size) {
    places = new long[size];
    shift = Integer.numberOfLeadingZeros(size - 1);
    for (int i = 0; i < count; i++) {
      if (coordinates[i] < 0 || find(coordinates[i]) != ABSENT) {
        throw new StateException(
            "coordinate " + coordinates[i] + " is negative or comes twice; the state is damaged");
      }
      place(coordinates[i], i + 1);
    }
  }

  private void place(int coordinate, int number) {
    int at = coordinate * GOLDEN >>> shift;
    while (places[at] != 0) {
      at = at + 1 & places.length - 1;
    }
    places[at] = (long) coordinate << 32 | number;
  }

  /** Bytes that so many coordinates take on the heap, room to grow aside. */
  public static long bytes(long count, int width) {
    return count * (Integer.BYTES + PLACE_BYTES + (long) width * Double.BYTES);
  }

  /** Bytes that coordinates and records have when they are written. */
  public long bytes() {
    return (long) count * (Integer.BYTES + (long) width * Double.BYTES);
  }

  /** Bytes of the arrays, room to grow among them. */
  public long heapBytes() {
    return (long) coordinates.length * Integer.BYTES
        + (long) values.length * Double.BYTES
        + (long) places.length * Long.BYTES;
  }

  /** A deep copy, without room to grow. */
  public CoordinateTable copy() {
    return new CoordinateTable(
        width, Arrays.copyOf(coordinates, count), Arrays.copyOf(values, count * width), count);
  }
}
