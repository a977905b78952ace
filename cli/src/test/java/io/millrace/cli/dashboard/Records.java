package io.millrace.cli.dashboard;

import io.millrace.schemas.DType;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Tensors;
import io.millrace.schemas.WatchEvent;
import io.millrace.schemas.WatchEventKind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Records as a job writes them. */
final class Records {
  private Records() {}

  /** Figures of a key after so many events. */
  static Metric metric(String key, long events, double loss, double accuracy, double majority) {
    Map<String, Long> counters = new HashMap<>();
    counters.put("examples", events);
    counters.put("predicted", events);
    counters.put("scored", events);
    counters.put("deadLetters", 0L);
    counters.put("rollbacks", 0L);
    counters.put("pending", 0L);
    Map<String, Double> values = new HashMap<>();
    values.put("loss", loss);
    values.put("windowLoss", loss);
    values.put("accuracy", accuracy);
    values.put("windowAccuracy", accuracy);
    values.put("fadedMajorityAccuracy", majority);
    values.put("fadedNoChangeAccuracy", majority - 0.05);
    values.put("fadedKappaMajority", (accuracy - majority) / (1 - majority));
    values.put("recentRocAuc", accuracy + 0.05);
    values.put("fadedEce", 0.03);
    for (int i = 0; i < 10; i++) {
      values.put("fadedBin." + i + ".share", 0.1);
      values.put("fadedBin." + i + ".predicted", 0.05 + 0.1 * i);
      values.put("fadedBin." + i + ".observed", 0.02 + 0.1 * i);
    }
    return new Metric(key, 7L, Instant.ofEpochMilli(1_000_000), counters, values, null);
  }

  /** A drift of a key. */
  static Metric drift(String key, long events) {
    Metric m = metric(key, events, 0.5, 0.7, 0.6);
    m.setEvent(new WatchEvent(WatchEventKind.DRIFT, "adwin", -1, 0.31, 0.12, 900L, "boost"));
    return m;
  }

  static GateDecision promoted(String key, String candidate) {
    return new GateDecision(
        key,
        7L,
        Instant.ofEpochMilli(1_000_000),
        candidate,
        GateVerdict.PROMOTED,
        false,
        candidate,
        "base",
        1L,
        4000L,
        4.1,
        3.0,
        0.02,
        0.005,
        0.035,
        3L,
        List.of());
  }

  static ModelSnapshot model(String key, long version, double learningRate) {
    ModelSnapshot s = new ModelSnapshot();
    s.setKey(key);
    s.setIncarnation(7);
    s.setVersion(version);
    s.setEventTime(Instant.ofEpochMilli(1_000_000));
    s.setJob("learn");
    s.setConfig(Map.of("model.kind", "linear"));
    s.setTensors(
        List.of(Tensors.of("weights", new int[] {4}, new double[] {1, 2, 3, 4}, DType.F32)));
    s.setCounters(Map.of("examples", 1000 * version));
    s.setMetrics(Map.of("loss", 0.5));
    s.setInputs(List.of());
    s.setProvenance(
        new Provenance(
            "adam", 1, Map.of("learning-rate", learningRate), 0L, "scalar", "test", 1L, ""));
    return s;
  }

  static DeadLetter letter(String key, Reason reason, String message, String event) {
    return new DeadLetter(
        "millrace.examples",
        3,
        10442L,
        -1,
        Instant.ofEpochMilli(1_000_000),
        null,
        ByteBuffer.wrap(event.getBytes(StandardCharsets.UTF_8)),
        reason,
        message,
        "electricity",
        key);
  }
}
