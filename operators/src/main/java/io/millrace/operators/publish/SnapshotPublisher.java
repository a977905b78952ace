package io.millrace.operators.publish;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Publishes models. Whether it is time is a function of what the key has learned, and all that goes
 * into a snapshot is state or configuration: the same events give the same bytes.
 */
public final class SnapshotPublisher {
  private final LearnerOptions options;
  private final LearnerOptions.Snapshots triggers;
  private final long everyMillis;
  private final Outputs outputs;
  private final LearnerMetrics metrics;
  private final Workspace workspace;

  public SnapshotPublisher(
      LearnerOptions options, Outputs outputs, LearnerMetrics metrics, Workspace workspace) {
    this.options = options;
    this.triggers = options.snapshots();
    this.everyMillis = triggers.every() == null ? 0 : triggers.every().toMillis();
    this.outputs = outputs;
    this.metrics = metrics;
    this.workspace = workspace;
  }

  /** Publishes if it is time. Called after each step. */
  public void afterLearning(KeyState s, String key, OnlineLearner learner) {
    boolean byCount =
        triggers.everyExamples() > 0 && s.learned - s.learnedAtSnapshot >= triggers.everyExamples();
    boolean byTime = everyMillis > 0 && s.learnedTime - s.timeAtSnapshot >= everyMillis;
    if (byCount || byTime) {
      publish(s, key, learner);
    }
  }

  /** Publishes what has been learned since the last snapshot, if anything, when the input ends. */
  public void atEnd(KeyState s, String key, OnlineLearner learner) {
    if (triggers.atEnd() && s.learned > s.learnedAtSnapshot) {
      publish(s, key, learner);
    }
  }

  /** Publishes now. */
  public void publish(KeyState s, String key, OnlineLearner learner) {
    s.version++;
    s.learnedAtSnapshot = s.learned;
    if (s.learned > 0) {
      s.timeAtSnapshot = s.learnedTime;
    }
    byte[] bytes = SnapshotCodec.encode(snapshot(s, key, learner));
    List<ModelRecord> records = PartCodec.records(key, s.version, bytes, triggers.partBytes());
    boolean inParts = records.size() > 1 || PartCodec.parsePartKey(key) != null;
    if (inParts) {
      int slot = (int) (s.version % 2);
      s.parts[slot] = Math.max(s.parts[slot], records.size());
    }
    for (ModelRecord r : records) {
      outputs.model(new OutRecord(r.key(), r.value(), key));
    }
    metrics.snapshots.inc();
  }

  /**
   * Takes a forgotten key's model back: a tombstone for every record key it ever wrote. So its
   * versions may begin at 1 again, should the key return.
   */
  public void retract(KeyState s, String key) {
    if (s.version == 0) {
      return;
    }
    if (PartCodec.parsePartKey(key) == null) { // else it would name a part of another model
      outputs.model(new OutRecord(key.getBytes(StandardCharsets.UTF_8), null, key));
    }
    for (int slot = 0; slot < 2; slot++) {
      for (int part = 0; part < s.parts[slot]; part++) {
        outputs.model(new OutRecord(PartCodec.partKey(key, slot, part), null, key));
      }
    }
  }

  private ModelSnapshot snapshot(KeyState s, String key, OnlineLearner learner) {
    Map<String, String> config = new TreeMap<>();
    List<Tensor> tensors = new ArrayList<>();
    learner.publish(
        s.learner,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.add(Tensors.of(name, shape, data, triggers.dtype()));
          }
        },
        workspace);
    List<InputPosition> inputs = new ArrayList<>(s.positions());
    for (int i = 0; i < s.positions(); i++) {
      inputs.add(
          new InputPosition(
              s.topicName(s.positionTopic(i)), s.positionPartition(i), s.positionOffset(i)));
    }
    inputs.sort(
        Comparator.comparing(InputPosition::getTopic).thenComparing(InputPosition::getPartition));
    Provenance provenance =
        new Provenance(
            learner.algorithm(),
            learner.stateVersion(),
            new TreeMap<>(learner.values()),
            s.controlEpoch,
            options.backend(),
            options.build(),
            options.seed(),
            s.parent);
    return new ModelSnapshot(
        key,
        s.version,
        Instant.ofEpochMilli(s.learned > 0 ? s.learnedTime : s.eventTime),
        options.family(),
        config,
        tensors,
        Validation.counters(s),
        Validation.values(s, learner),
        inputs,
        provenance);
  }
}
