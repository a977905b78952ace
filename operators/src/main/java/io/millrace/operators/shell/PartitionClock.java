package io.millrace.operators.shell;

import io.millrace.operators.ingress.TimeReader;

/**
 * How far a partition has come in event time. Its clock moves by blocks of events, to the least
 * time of a block: so neither an event that is late moves it, nor one, or a few, with a time far
 * ahead; and it is a function of the partition's events alone. Mutable.
 */
final class PartitionClock {
  /** Events of a block. */
  static final int BLOCK = 32;

  private static final int NUMBERS = 4;

  private final int partition;
  private long events;
  private long least = Long.MAX_VALUE;
  private long told = TimeReader.NONE;

  /** The clock of a partition from which nothing has come. */
  PartitionClock(int partition) {
    this.partition = partition;
  }

  /** Goes on from {@link #numbers}. */
  static PartitionClock of(long[] numbers) {
    PartitionClock clock = new PartitionClock((int) numbers[0]);
    clock.events = numbers[1];
    clock.least = numbers[2];
    clock.told = numbers[3];
    return clock;
  }

  /** All of it, for state. */
  long[] numbers() {
    long[] numbers = new long[NUMBERS];
    numbers[0] = partition;
    numbers[1] = events;
    numbers[2] = least;
    numbers[3] = told;
    return numbers;
  }

  /** How many events have come: of two states of a clock the one with more is the newer. */
  long events() {
    return events;
  }

  /**
   * Takes the time of the next event.
   *
   * @param step how often, in event time, the stages want to be told, milliseconds
   * @return the time they are to be told of now, else {@link TimeReader#NONE}
   */
  long take(long time, long step) {
    least = Math.min(least, time);
    if (++events % BLOCK != 0) {
      return TimeReader.NONE;
    }
    long reached = least;
    least = Long.MAX_VALUE;
    if (told != TimeReader.NONE && reached / step <= told / step) {
      return TimeReader.NONE;
    }
    told = reached;
    return told;
  }
}
