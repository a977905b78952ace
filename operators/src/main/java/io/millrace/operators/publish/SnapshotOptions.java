package io.millrace.operators.publish;

import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.io.Serializable;
import java.time.Duration;
import java.util.List;

/**
 * When and how models are published.
 *
 * @param family job family in snapshots: learn, dictionary, ...
 * @param everyExamples learned events of a key between two snapshots; 0: no such trigger
 * @param every event time of a key between two snapshots; null: no such trigger
 * @param atEnd whether a key that has learned since its last snapshot is published when the input
 *     ends
 * @param fullEvery of so many snapshots of a key one is full, and those between hold what has
 *     changed since the one before; 1: all are full
 * @param dtype F32 or F64
 * @param partBytes a larger snapshot is split
 * @param seed of the job, for provenance
 * @param build of this software, for provenance
 */
public record SnapshotOptions(
    String family,
    long everyExamples,
    Duration every,
    boolean atEnd,
    int fullEvery,
    DType dtype,
    int partBytes,
    long seed,
    String build)
    implements Serializable {

  /** What is wrong with them goes to {@code faults}. */
  public void check(List<String> faults) {
    if (everyExamples < 0) {
      faults.add("snapshots.every-examples = " + everyExamples + "; must be at least 0");
    }
    if (every != null && (every.isZero() || every.isNegative())) {
      faults.add("snapshots.every = " + every + "; must be longer than 0");
    }
    if (fullEvery < 1) {
      faults.add("snapshots.full-every = " + fullEvery + "; must be at least 1");
    }
    if (dtype != DType.F32 && dtype != DType.F64) {
      faults.add("snapshots.dtype = " + dtype + "; must be f32 or f64");
    }
    if (partBytes < PartCodec.MIN_PART_BYTES || partBytes > PartCodec.MAX_PART_BYTES) {
      faults.add(
          "snapshots.part-bytes = "
              + partBytes
              + "; must lie in ["
              + PartCodec.MIN_PART_BYTES
              + ", "
              + PartCodec.MAX_PART_BYTES
              + "]");
    }
  }
}
