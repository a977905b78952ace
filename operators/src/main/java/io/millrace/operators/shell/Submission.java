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
 */
public record Submission(long incarnation, Map<String, Integer> partitions)
    implements Serializable {
  public Submission {
    partitions = Map.copyOf(new TreeMap<>(partitions));
  }
}
