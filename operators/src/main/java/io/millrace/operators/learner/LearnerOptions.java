package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.operators.publish.Results;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the learner operator of a job does, whatever it learns.
 *
 * @param family job family in snapshots: learn, dictionary, ...
 * @param job name of the job in dead letters
 * @param topics names of the input topics; events carry an index into this list
 * @param input what examples look like; target NONE: every example is learned from, label or not
 * @param miniBatch labelled examples per step, counted per key
 * @param labelWait how long, in the key's event time, an example waits for its label; null: an
 *     example without label is predicted and done with
 * @param maxPending examples of a key that may wait at a time
 * @param dedupeWindow ids of a key that are remembered to drop an event that comes twice; 0: none
 * @param ttl a gap in the key's event time after which the key is forgotten; null: never
 * @param bundle keys whose state is kept decoded between events; 1: none. Changes no bit
 * @param snapshots when and how models are published
 * @param metricsEvery predicted examples of a key between two metric records; 0: none
 * @param results what is published of every event; null: nothing
 * @param deadLetterBytes largest dead letter
 * @param seed of the job, for provenance
 * @param backend id of the compute backend, for provenance
 * @param build of this software, for provenance
 * @param warmStart where new keys start from
 */
public record LearnerOptions(
    String family,
    String job,
    List<String> topics,
    InputSpec input,
    int miniBatch,
    Duration labelWait,
    int maxPending,
    int dedupeWindow,
    Duration ttl,
    int bundle,
    Snapshots snapshots,
    long metricsEvery,
    Results results,
    int deadLetterBytes,
    long seed,
    String backend,
    String build,
    WarmStart warmStart)
    implements Serializable {

  /**
   * When and how models are published.
   *
   * @param everyExamples learned examples of a key between two snapshots; 0: no such trigger
   * @param every event time of a key between two snapshots; null: no such trigger
   * @param atEnd whether a key that has learned since its last snapshot is published when the input
   *     ends
   * @param dtype F32 or F64
   * @param partBytes a larger snapshot is split
   */
  public record Snapshots(
      long everyExamples, Duration every, boolean atEnd, DType dtype, int partBytes)
      implements Serializable {}

  public LearnerOptions {
    topics = List.copyOf(topics);
    List<String> faults = new ArrayList<>();
    check(faults, miniBatch >= 1, "mini-batch", miniBatch, "must be at least 1");
    check(faults, positive(labelWait), "labels.wait", labelWait, "must be longer than 0");
    check(faults, maxPending >= 1, "labels.max-pending", maxPending, "must be at least 1");
    check(
        faults,
        dedupeWindow >= 0 && dedupeWindow <= 1 << 20,
        "dedupe.window",
        dedupeWindow,
        "must lie in [0, 1048576]");
    check(faults, positive(ttl), "state.ttl", ttl, "must be longer than 0");
    check(faults, bundle >= 1, "state.bundle", bundle, "must be at least 1");
    check(
        faults,
        snapshots.everyExamples >= 0,
        "snapshots.every-examples",
        snapshots.everyExamples,
        "must be at least 0");
    check(
        faults,
        positive(snapshots.every),
        "snapshots.every",
        snapshots.every,
        "must be longer than 0");
    check(
        faults,
        snapshots.dtype == DType.F32 || snapshots.dtype == DType.F64,
        "snapshots.dtype",
        snapshots.dtype,
        "must be f32 or f64");
    check(
        faults,
        snapshots.partBytes >= PartCodec.MIN_PART_BYTES
            && snapshots.partBytes <= PartCodec.MAX_PART_BYTES,
        "snapshots.part-bytes",
        snapshots.partBytes,
        "must lie in [" + PartCodec.MIN_PART_BYTES + ", " + PartCodec.MAX_PART_BYTES + "]");
    check(faults, metricsEvery >= 0, "metrics.every-examples", metricsEvery, "must be at least 0");
    check(
        faults,
        deadLetterBytes >= 16 << 10,
        "limits.dead-letter-bytes",
        deadLetterBytes,
        "must be at least 16384");
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  private static boolean positive(Duration d) {
    return d == null || (!d.isZero() && !d.isNegative());
  }

  private static void check(
      List<String> faults, boolean ok, String name, Object value, String allowed) {
    if (!ok) {
      faults.add(name + " = " + value + "; " + allowed);
    }
  }

  /** Whether only labelled examples are learned from. */
  public boolean needsLabels() {
    return input.target() != InputSpec.Target.NONE;
  }

  /** Options with everything optional switched off, to be filled in. */
  public static Builder builder(List<String> topics, InputSpec input) {
    return new Builder(topics, input);
  }

  /** Collects options; defaults are those of the job's YAML where it has one. */
  public static final class Builder {
    private final List<String> topics;
    private final InputSpec input;
    private String family = "learn";
    private String job = "learn";
    private int miniBatch = 1;
    private Duration labelWait;
    private int maxPending = 10_000;
    private int dedupeWindow;
    private Duration ttl;
    private int bundle = 1;
    private Snapshots snapshots =
        new Snapshots(0, null, false, DType.F32, PartCodec.DEFAULT_PART_BYTES);
    private long metricsEvery;
    private Results results;
    private int deadLetterBytes = PartCodec.DEFAULT_PART_BYTES;
    private long seed = 1;
    private String backend = "scalar";
    private String build = "unknown";
    private WarmStart warmStart = WarmStart.NONE;

    private Builder(List<String> topics, InputSpec input) {
      this.topics = topics;
      this.input = input;
    }

    public Builder family(String v) {
      family = v;
      return this;
    }

    public Builder job(String v) {
      job = v;
      return this;
    }

    public Builder miniBatch(int v) {
      miniBatch = v;
      return this;
    }

    public Builder labels(Duration wait, int maxPending) {
      this.labelWait = wait;
      this.maxPending = maxPending;
      return this;
    }

    public Builder dedupeWindow(int v) {
      dedupeWindow = v;
      return this;
    }

    public Builder ttl(Duration v) {
      ttl = v;
      return this;
    }

    public Builder bundle(int v) {
      bundle = v;
      return this;
    }

    public Builder snapshots(Snapshots v) {
      snapshots = v;
      return this;
    }

    public Builder metricsEvery(long v) {
      metricsEvery = v;
      return this;
    }

    /** What is published of every event, null: nothing. */
    public Builder results(Results v) {
      results = v;
      return this;
    }

    public Builder deadLetterBytes(int v) {
      deadLetterBytes = v;
      return this;
    }

    public Builder provenance(long seed, String backend, String build) {
      this.seed = seed;
      this.backend = backend;
      this.build = build;
      return this;
    }

    public Builder warmStart(WarmStart v) {
      warmStart = v;
      return this;
    }

    /**
     * The options.
     *
     * @throws ConfigException listing every fault
     */
    public LearnerOptions build() {
      return new LearnerOptions(
          family,
          job,
          topics,
          input,
          miniBatch,
          labelWait,
          maxPending,
          dedupeWindow,
          ttl,
          bundle,
          snapshots,
          metricsEvery,
          results,
          deadLetterBytes,
          seed,
          backend,
          build,
          warmStart);
    }
  }
}
