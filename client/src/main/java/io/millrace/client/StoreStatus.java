package io.millrace.client;

import java.time.Duration;
import java.time.Instant;

/**
 * How fresh a {@link ModelStore} is and what it met.
 *
 * @param models keys with a model
 * @param caughtUp whether everything that was in the topic at the start has been read
 * @param lag records not read yet; -1: not known
 * @param newestEventTime largest event time any model has learned from; null: no model
 * @param age now minus that; null: no model
 * @param counts of records by what became of them
 * @param failure why the topic is not followed any longer; null: it is
 */
public record StoreStatus(
    int models,
    boolean caughtUp,
    long lag,
    Instant newestEventTime,
    Duration age,
    Counts counts,
    Throwable failure) {
  /**
   * Records by what became of them.
   *
   * @param records all read
   * @param bytes of their values
   * @param models complete, newer than before
   * @param removed models gone
   * @param skipped old versions, duplicates, unwanted keys
   * @param newRuns models of another run than their key's model before
   * @param withoutBase deltas to a version that was not at hand
   * @param ofEarlierRuns skipped because a later run's model of the key is at hand
   * @param corrupt not a model, or a wrong checksum
   * @param overLimit larger than the limits
   * @param pending unfinished models held now
   * @param incomplete models given up unfinished
   */
  public record Counts(
      long records,
      long bytes,
      long models,
      long removed,
      long skipped,
      long newRuns,
      long withoutBase,
      long ofEarlierRuns,
      long corrupt,
      long overLimit,
      int pending,
      long incomplete) {}
}
