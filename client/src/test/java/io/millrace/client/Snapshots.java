package io.millrace.client;

import io.millrace.schemas.DType;
import io.millrace.schemas.Deltas;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelDelta;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.Tensors;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Models for tests. */
final class Snapshots {
  static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_000L);

  private Snapshots() {}

  /** A model whose every weight is its version, so that a mixture of versions shows. */
  static ModelSnapshot of(String key, long version, int weights) {
    return of(key, 1, version, weights);
  }

  /** The same of a run. */
  static ModelSnapshot of(String key, long incarnation, long version, int weights) {
    double[] w = new double[weights];
    Arrays.fill(w, version);
    return new ModelSnapshot(
        key,
        incarnation,
        version,
        TIME.plusMillis(version),
        "learn",
        Map.of("model.loss", "logistic"),
        List.of(Tensors.of("weights", new int[] {weights}, w, DType.F32)),
        Map.of("examples", version * 100),
        Map.of("loss", 0.5),
        List.of(new InputPosition("millrace.examples", 0, version)),
        new Provenance("sgd", 1, Map.of("learning-rate", 0.1), 0L, "scalar", "test", 1L, ""));
  }

  /**
   * The record of what changes from a version to the next.
   *
   * @param part of its record key, behind those of the whole model in the slot
   */
  static ModelRecord delta(ModelSnapshot from, ModelSnapshot to, int slot, int part) {
    ModelDelta delta =
        new ModelDelta(
            to.getKey(),
            to.getIncarnation(),
            to.getVersion(),
            to.getEventTime(),
            to.getConfig().equals(from.getConfig()) ? null : to.getConfig(),
            Deltas.changes(from.getTensors(), to.getTensors()),
            Deltas.checksum(to.getTensors()),
            to.getCounters(),
            to.getMetrics(),
            to.getInputs(),
            to.getProvenance().equals(from.getProvenance()) ? null : to.getProvenance());
    return new ModelRecord(PartCodec.partKey(to.getKey(), slot, part), SingleObject.encode(delta));
  }
}
