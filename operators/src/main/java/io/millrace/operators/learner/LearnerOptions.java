package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.life.KeyLife;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What the learner stage of a job does, whatever it learns.
 *
 * @param topics names of the input topics; events carry an index into this list
 * @param input what examples look like; target NONE: every example is learned from, label or not
 * @param times which event times are taken
 * @param miniBatch labelled examples per step, counted per key
 * @param labelWait how long, in the key's event time, an example waits for its label; null: an
 *     example without label is predicted and done with
 * @param maxPending examples of a key that may wait at a time
 * @param maxKeptBytes bytes of events of a key that may be kept, waiting or held
 * @param maxIdBytes longest id of an event in UTF-8
 * @param dedupeWindow ids of a key that are remembered to drop an event that comes twice; 0: none
 * @param ttl a gap in the key's event time after which the key is forgotten; null: never
 * @param snapshots when and how models are published
 * @param metricsEvery predicted examples of a key between two metric records; 0: none
 * @param results what is published of every event; null: nothing
 * @param warmStart where new keys start from
 * @param candidates for the place of the configured learner; null: none
 * @param monitor what is watched of the models
 * @param publishing what a model has to prove before it is published; null: nothing
 */
public record LearnerOptions(
    List<String> topics,
    InputSpec input,
    EventTimes times,
    int miniBatch,
    Duration labelWait,
    int maxPending,
    long maxKeptBytes,
    int maxIdBytes,
    int dedupeWindow,
    Duration ttl,
    SnapshotOptions snapshots,
    long metricsEvery,
    Results results,
    WarmStart warmStart,
    CandidateOptions candidates,
    MonitorOptions monitor,
    PublishOptions publishing)
    implements Serializable {
  /** Most ids that can be remembered. */
  private static final int MAX_WINDOW = 1 << 20;

  public LearnerOptions {
    topics = List.copyOf(topics);
    List<String> faults = new ArrayList<>();
    check(faults, miniBatch >= 1, "mini-batch", miniBatch, "must be at least 1");
    check(faults, positive(labelWait), "labels.wait", labelWait, "must be longer than 0");
    check(faults, maxPending >= 1, "labels.max-pending", maxPending, "must be at least 1");
    check(faults, maxKeptBytes >= 1, "limits.kept-bytes", maxKeptBytes, "must be at least 1");
    check(faults, maxIdBytes >= 1, "limits.id-bytes", maxIdBytes, "must be at least 1");
    check(
        faults,
        dedupeWindow >= 0 && dedupeWindow <= MAX_WINDOW,
        "dedupe.window",
        dedupeWindow,
        "must lie in [0, " + MAX_WINDOW + "]");
    check(faults, positive(ttl), "state.ttl", ttl, "must be longer than 0");
    check(faults, metricsEvery >= 0, "metrics.every-examples", metricsEvery, "must be at least 0");
    snapshots.check(faults);
    if (candidates != null && "swap".equals(monitor.driftWords().get("reaction"))) {
      faults.add(
          "drift.reaction = swap; must be none, reset or boost with candidates, because they are the"
              + " models in the background");
    }
    if (candidates != null && publishing != null) {
      faults.add(
          "gate.publishing = proven; must be free with candidates, whose probation guards what is"
              + " published");
    }
    if (publishing != null && input.target() == InputSpec.Target.NONE) {
      faults.add(
          "gate.publishing = proven; must be free without labels, because nothing can be proven");
    }
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
  boolean needsLabels() {
    return input.target() != InputSpec.Target.NONE;
  }

  /**
   * How often, in event time, the stage is to be told how far the partitions have come;
   * milliseconds, 0: never.
   */
  public long timeStep() {
    return KeyLife.timeStep(ttl);
  }

  /** Options with everything optional switched off, to be filled in. */
  public static Builder builder(List<String> topics, InputSpec input) {
    return new Builder(topics, input);
  }

  /** Collects options; defaults are those of the job's YAML where it has one. */
  public static final class Builder {
    private final List<String> topics;
    private final InputSpec input;
    private EventTimes times = new EventTimes(Duration.ofHours(1));
    private int miniBatch = 1;
    private Duration labelWait;
    private int maxPending = 10_000;
    private long maxKeptBytes = 64 << 20;
    private int maxIdBytes = 1024;
    private int dedupeWindow;
    private Duration ttl;
    private SnapshotOptions snapshots =
        new SnapshotOptions(
            "learn", 0, null, false, 1, DType.F32, PartCodec.DEFAULT_PART_BYTES, 1, "unknown");
    private long metricsEvery;
    private Results results;
    private WarmStart warmStart = WarmStart.NONE;
    private CandidateOptions candidates;
    private MonitorOptions monitor = MonitorOptions.NONE;
    private PublishOptions publishing;

    private Builder(List<String> topics, InputSpec input) {
      this.topics = topics;
      this.input = input;
    }

    /** Which event times are taken. */
    public Builder times(EventTimes v) {
      times = v;
      return this;
    }

    /** Labelled examples per step. */
    public Builder miniBatch(int v) {
      miniBatch = v;
      return this;
    }

    /** How long examples wait for labels, and how many of a key. */
    public Builder labels(Duration wait, int maxPending) {
      this.labelWait = wait;
      this.maxPending = maxPending;
      return this;
    }

    /** Bytes of events kept for a key, and of an id. */
    public Builder limits(long maxKeptBytes, int maxIdBytes) {
      this.maxKeptBytes = maxKeptBytes;
      this.maxIdBytes = maxIdBytes;
      return this;
    }

    /** Ids of a key that are remembered. */
    public Builder dedupeWindow(int v) {
      dedupeWindow = v;
      return this;
    }

    /** A gap in event time after which a key is forgotten; null: never. */
    public Builder ttl(Duration v) {
      ttl = v;
      return this;
    }

    /** When and how models are published. */
    public Builder snapshots(SnapshotOptions v) {
      snapshots = v;
      return this;
    }

    /** Predicted examples between two metric records; 0: none. */
    public Builder metricsEvery(long v) {
      metricsEvery = v;
      return this;
    }

    /** What is published of every event, null: nothing. */
    public Builder results(Results v) {
      results = v;
      return this;
    }

    /** Where new keys start from. */
    public Builder warmStart(WarmStart v) {
      warmStart = v;
      return this;
    }

    /** What is watched of the models. */
    public Builder monitor(MonitorOptions v) {
      monitor = v;
      return this;
    }

    /** What a model has to prove before it is published; null: nothing. */
    public Builder publishing(PublishOptions v) {
      publishing = v;
      return this;
    }

    /** Candidates for the place of the configured learner; null: none. */
    public Builder candidates(CandidateOptions v) {
      candidates = v;
      return this;
    }

    /**
     * The options.
     *
     * @throws ConfigException listing every fault
     */
    public LearnerOptions build() {
      return new LearnerOptions(
          topics,
          input,
          times,
          miniBatch,
          labelWait,
          maxPending,
          maxKeptBytes,
          maxIdBytes,
          dedupeWindow,
          ttl,
          snapshots,
          metricsEvery,
          results,
          warmStart,
          candidates,
          monitor,
          publishing);
    }
  }
}
