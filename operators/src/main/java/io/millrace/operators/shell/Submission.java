package io.millrace.operators.shell;

import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is found out when a job is submitted, and counts for a run that starts without state; one
 * that goes on from state has it there.
 *
 * @param incarnation number of the run, larger than that of every run before
 * @param partitions how many partitions the topics of compacted channels have, by role. A key keeps
 *     its partition when partitions are added, because a later version, and a tombstone, must stand
 *     on the partition of the record that they replace
 * @param inputPartitions how many partitions the input topics have, by name; none: not known.
 *     Counts for every run: records are compared with where they should be by it
 */
public record Submission(
    long incarnation, Map<String, Integer> partitions, Map<String, Integer> inputPartitions)
    implements Serializable {
  public Submission {
    partitions = Map.copyOf(new TreeMap<>(partitions));
    inputPartitions = Map.copyOf(new TreeMap<>(inputPartitions));
  }

  /** One that does not know the input topics. */
  public Submission(long incarnation, Map<String, Integer> partitions) {
    this(incarnation, partitions, Map.of());
  }
}
