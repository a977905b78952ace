package io.millrace.jobs;

import io.millrace.operators.shell.StageFailure;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What becomes of the partitions that a job goes on with, where the log is no longer what it was.
 * Kafka's own answer to an offset that is gone is to go somewhere else without a word; here it is
 * the job's setting, and a line that says what is missing.
 *
 * @param topics names of the input topics
 * @param retired names of topics that a savepoint may read and the job does not
 * @param failOnLoss whether offsets that are gone end the job
 */
record RestoredSplits(Set<String> topics, Set<String> retired, boolean failOnLoss)
    implements Serializable {
  private static final Logger LOG = LoggerFactory.getLogger(RestoredSplits.class);

  RestoredSplits {
    topics = Set.copyOf(topics);
    retired = Set.copyOf(retired);
  }

  /** Where the log of a partition begins and ends. */
  interface Log {
    /** Offsets of the first records that are there. */
    Map<TopicPartition, Long> begins(Collection<TopicPartition> partitions);

    /** Offsets behind the last records. */
    Map<TopicPartition, Long> ends(Collection<TopicPartition> partitions);
  }

  /** Is told of offsets that nobody can read any more. */
  interface Lost {
    void offsets(long count);
  }

  /**
   * The splits to be read.
   *
   * @param splits as they come from state, or from the search for partitions
   * @throws StageFailure naming topic and partition, if the job does not read the topic, or if the
   *     next offset is gone and that is to end the job
   */
  List<KafkaPartitionSplit> usable(List<KafkaPartitionSplit> splits, Log log, Lost lost) {
    List<KafkaPartitionSplit> ours = splits.stream().filter(this::isOurs).toList();
    List<TopicPartition> begun =
        ours.stream()
            .filter(s -> s.getStartingOffset() >= 0)
            .map(KafkaPartitionSplit::getTopicPartition)
            .toList();
    if (begun.isEmpty()) {
      return ours;
    }
    Map<TopicPartition, Long> begins = log.begins(begun);
    Map<TopicPartition, Long> ends = log.ends(begun);
    List<KafkaPartitionSplit> usable = new ArrayList<>();
    for (KafkaPartitionSplit s : ours) {
      TopicPartition p = s.getTopicPartition();
      usable.add(s.getStartingOffset() < 0 ? s : inLog(s, begins.get(p), ends.get(p), lost));
    }
    return usable;
  }

  /** The state of the search for partitions without those of retired topics. */
  KafkaSourceEnumState withoutRetired(KafkaSourceEnumState state) {
    return new KafkaSourceEnumState(
        state.assignedSplits().stream().filter(s -> !isRetired(s)).toList(),
        state.unassignedSplits().stream().filter(s -> !isRetired(s)).toList(),
        state.initialDiscoveryFinished());
  }

  private boolean isRetired(KafkaPartitionSplit s) {
    return retired.contains(s.getTopic()) && !topics.contains(s.getTopic());
  }

  private boolean isOurs(KafkaPartitionSplit s) {
    if (topics.contains(s.getTopic())) {
      return true;
    }
    String what =
        "the savepoint reads topic '"
            + s.getTopic()
            + "', partition "
            + s.getPartition()
            + " from offset "
            + s.getStartingOffset()
            + " on";
    if (isRetired(s)) {
      LOG.warn("{}; it is read no more, as topics.retired says", what);
      return false;
    }
    throw new StageFailure(
        what
            + ", the job reads "
            + topics.stream().sorted().toList()
            + "; name it in the topics again, or in topics.retired if it is to be read no more");
  }

  private KafkaPartitionSplit inLog(KafkaPartitionSplit s, long begin, long end, Lost lost) {
    long next = s.getStartingOffset();
    if (next >= begin && next <= end) {
      return s;
    }
    String where = "topic '" + s.getTopic() + "' partition " + s.getPartition();
    String what =
        next < begin
            ? where
                + ": offsets "
                + next
                + " to "
                + (begin - 1)
                + " are gone before the job has read them; the partition begins at "
                + begin
            : where
                + ": the job has read up to offset "
                + next
                + ", the partition ends at "
                + end
                + "; it was made anew, or its end was lost";
    if (failOnLoss) {
      throw new StageFailure(
          what
              + "; start from an earlier savepoint or without one, or set "
              + Settings.ON_LOST_OFFSETS.key()
              + ": continue to read on from "
              + begin);
    }
    LOG.warn("{}; reading on from {}", what, begin);
    lost.offsets(Math.max(0, begin - next));
    return s.getStoppingOffset().isPresent()
        ? new KafkaPartitionSplit(s.getTopicPartition(), begin, s.getStoppingOffset().get())
        : new KafkaPartitionSplit(s.getTopicPartition(), begin);
  }
}
