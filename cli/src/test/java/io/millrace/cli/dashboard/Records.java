package io.millrace.cli.dashboard;

import io.millrace.schemas.ChainStatus;
import io.millrace.schemas.ClientStatus;
import io.millrace.schemas.DType;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import io.millrace.schemas.Metric;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Tensor;
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

  private static ModelSnapshot ofFamily(
      String key, String family, Map<String, String> config, List<Tensor> tensors) {
    ModelSnapshot s = model(key, 1, 0.1);
    s.setJob(family);
    s.setConfig(config);
    s.setTensors(tensors);
    return s;
  }

  private static Tensor tensor(String name, int[] shape, double... values) {
    return Tensors.of(name, shape, values, DType.F64);
  }

  /** Three arms, the second removed, with estimates of what each would have cost. */
  static ModelSnapshot tuner(String key) {
    int[] three = {3};
    return ofFamily(
        key,
        "tune",
        Map.of("arms.0", "low", "arms.1", "middle", "arms.2", "high"),
        List.of(
            tensor("eligible", three, 1, 0, 1),
            tensor("pulls", three, 100, 20, 7),
            tensor("mean-cost", three, 0.25, 0.5, 0.75),
            tensor("probability", three, 0.9, 0, 0.1),
            tensor("off-policy.cost", three, 0.26, 0.5, 0.7),
            tensor("off-policy.width", three, 0.02, -1, 0.125),
            tensor("off-policy.samples", three, 90, 10, 5)));
  }

  /** 500 draws of two parameters. */
  static ModelSnapshot posterior(String key) {
    double[] draws = new double[1000];
    for (int i = 0; i < draws.length; i++) {
      draws[i] = StrictMath.sin(1.7 * i) + (i % 2) * 3;
    }
    int[] two = {2};
    return ofFamily(
        key,
        "sample",
        Map.of(
            "posterior.reliable",
            "0",
            "posterior.reason",
            "R-hat is 1.020, must be below 1.01; wait"),
        List.of(
            tensor("mean", two, 0.5, 3.5),
            tensor("variance", two, 0.25, 4),
            tensor("rhat", two, 1.02, 1.005),
            tensor("ess", two, 400, 450),
            tensor("draws", new int[] {500, 2}, draws)));
  }

  /** Four atoms of 3 x 3 pixels, of which one is not used. */
  static ModelSnapshot dictionary(String key) {
    double[] atoms = new double[36];
    for (int i = 0; i < atoms.length; i++) {
      atoms[i] = StrictMath.cos(i);
    }
    return ofFamily(
        key,
        "dictionary",
        Map.of("dictionary.method", "online"),
        List.of(
            tensor("dictionary", new int[] {4, 9}, atoms),
            tensor("usage", new int[] {4}, 3, 0, 2, 1)));
  }

  /** Three clients, one of them missing, and two chains. */
  static FederationStatus status(String key, long since, double rhat) {
    Instant now = Instant.ofEpochMilli(since);
    Instant never = Instant.EPOCH;
    return new FederationStatus(
        key,
        7L,
        now,
        1L,
        "2 of 3 clients, missing silo-c since 14:02",
        List.of(
            new ClientStatus("silo-a", 500L, 500L, 0.4, 31L, never),
            new ClientStatus("silo-b", 400L, 400L, 0.3, 27L, never),
            new ClientStatus("silo-c", 400L, 400L, 0.3, 9L, now)),
        List.of(
            new ChainStatus("chain-0", 34L, "silo-a", 0, now, 3400L, 1e-5, 0L, 300L),
            new ChainStatus("chain-1", 33L, "silo-b", 0, now, 3300L, 1e-5, 1L, 290L)),
        rhat,
        410.0);
  }
}
