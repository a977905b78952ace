package io.millrace.operators.ingress;

/**
 * How far a partition has come in event time. The clock moves by blocks of events, to the least
 * time of a block: so neither an event that is late moves it, nor one, or a few, with a time far
 * ahead; and it is a function of the partition's events alone. Mutable.
 */
public final class PartitionClock {
  /** Events of a block. */
  public static final int BLOCK = 32;

  /**
   * All that a clock knows, to be kept. Immutable.
   *
   * @param events how many have come
   * @param least time in the unfinished block; {@link Long#MAX_VALUE}: the block is empty
   * @param told time that was told of last; {@link TimeReader#NONE}: none was
   */
  public record State(long events, long least, long told) {
    /** Of a partition from which nothing has come. */
    public static final State START = new State(0, Long.MAX_VALUE, TimeReader.NONE);
  }

  private final TimeReader times;
  private final long step;
  private long events;
  private long least;
  private long told;

  /**
   * A clock that goes on from a state.
   *
   * @param times kept; may be shared by the clocks of a subtask
   * @param step how often, in event time, the stages want to be told; milliseconds, above 0
   */
  public PartitionClock(TimeReader times, long step, State state) {
    this.times = times;
    this.step = step;
    this.events = state.events;
    this.least = state.least;
    this.told = state.told;
  }

  /** From where another clock can go on. */
  public State state() {
    return new State(events, least, told);
  }

  /**
   * Takes the partition's next event. Only those of the job's first topic that have a time move the
   * clock.
   *
   * @return what is to be sent right behind it, a {@link RoutedEvent#TIME}; null: nothing
   */
  public RoutedEvent take(RoutedEvent event) {
    long time = event.topic == 0 ? times.read(event) : TimeReader.NONE;
    if (time == TimeReader.NONE) {
      return null;
    }
    least = Math.min(least, time);
    if (++events % BLOCK != 0) {
      return null;
    }
    long reached = least;
    least = Long.MAX_VALUE;
    if (told != TimeReader.NONE && reached / step <= told / step) {
      return null;
    }
    told = reached;
    return event.time(told);
  }
}
