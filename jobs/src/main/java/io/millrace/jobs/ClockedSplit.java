package io.millrace.jobs;

import io.millrace.operators.ingress.PartitionClock;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;

/**
 * A partition to be read from an offset on, and how far in event time what is before that offset
 * had come: whichever subtask reads on, tells the times that this one would have told. Immutable;
 * equal to any other split of its partition and offsets.
 */
final class ClockedSplit extends KafkaPartitionSplit {
  private final PartitionClock.State clock;

  /** A split with the clock of its partition. */
  ClockedSplit(KafkaPartitionSplit split, PartitionClock.State clock) {
    super(
        split.getTopicPartition(),
        split.getStartingOffset(),
        split.getStoppingOffset().orElse(NO_STOPPING_OFFSET));
    this.clock = clock;
  }

  /** Of a split; of one that has none the clock of a partition from which nothing has come. */
  static PartitionClock.State clock(KafkaPartitionSplit split) {
    return split instanceof ClockedSplit clocked ? clocked.clock : PartitionClock.State.START;
  }

  @Override
  public String toString() {
    return super.toString() + ", " + clock;
  }
}
