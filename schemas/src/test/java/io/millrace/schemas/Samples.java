package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;

/**
 * One record of every kind with every field filled. Golden files hold these: keep them as they are.
 */
final class Samples {
  private static final Instant TIME = Instant.ofEpochMilli(1_700_000_000_123L);

  private Samples() {}

  static SpecificRecordBase of(RecordKind kind) {
    return switch (kind) {
      case EXAMPLE ->
          new Example("ctr", "e-1", TIME, 2.5, "UP", new DenseFeatures(List.of(1.5f, -2.25f, 0f)));
      case EXAMPLE_BATCH ->
          new ExampleBatch(
              "ctr/ü",
              List.of(
                  new ExampleItem(
                      "a", TIME, 1.0, 1.0, new SparseFeatures(List.of(0, 300), List.of(1f, 2f))),
                  new ExampleItem(
                      "b",
                      TIME,
                      0.5,
                      null,
                      new NamedFeatures(Map.of("age", 41.0), Map.of("city", "Köln"))),
                  new ExampleItem(
                      "c", TIME, 1.0, "UP", new DenseDoubles(List.of(1_700_000_015_595.0, 0.1))),
                  new ExampleItem(
                      "d", TIME, 1.0, "UP", new SparseDoubles(List.of(7), List.of(1e39)))));
      case LABEL -> new Label("ctr", "e-1", TIME, 0.75, 3.0);
      case CONTROL ->
          new Control("*", ControlCommand.SET, "learning-rate", 0.01, TIME, "tuner-3", 17L, 6);
      case MODEL_SNAPSHOT -> snapshot("ctr", 42, new double[] {1.5, -2.5, 0.125, 4});
      case MODEL_PART ->
          new ModelPart(
              "ctr",
              1_764_437_062_123L,
              42L,
              1,
              3,
              123_456L,
              0xFFFFFFFFL,
              ByteBuffer.wrap(new byte[] {1, 2, -3}));
      case MODEL_DELTA ->
          new ModelDelta(
              "ctr",
              1_764_437_062_123L,
              43L,
              TIME,
              Map.of("model.kind", "linear"),
              List.of(
                  new TensorChange(
                      Tensors.of("bias", new int[] {}, new double[] {0.25}, DType.F64), null),
                  new TensorChange(
                      Tensors.ofRows(
                          "factors",
                          new int[] {5, 2},
                          new int[] {2},
                          new double[] {5, 6},
                          DType.F32),
                      ByteBuffer.wrap(new byte[] {4, 0, 0, 0}))),
              0xFFFFFFFFL,
              Map.of("examples", 1100L),
              Map.of("loss", 0.25),
              List.of(new InputPosition("millrace.examples", 0, 1334L)),
              new Provenance(
                  "sgd", 1, Map.of("learning-rate", 0.1), 2L, "scalar", "0.1.0", 7L, ""));
      case METRIC ->
          new Metric(
              "ctr",
              1_764_437_062_123L,
              TIME,
              Map.of("examples", 1000L),
              Map.of("loss", 0.25, "accuracy", 0.9),
              new WatchEvent(WatchEventKind.DRIFT, "adwin", -1, 0.25, 0.125, 4096L, "boost"));
      case PREDICTION ->
          new Prediction(
              "ctr",
              "e-1",
              TIME,
              99L,
              List.of(0.25, 0.75),
              1.0,
              new Interval(-0.5, Double.POSITIVE_INFINITY),
              List.of(0, 1));
      case CODE ->
          new Code(
              "patches",
              "p-1",
              TIME,
              3L,
              2L,
              12L,
              128,
              List.of(3, 77),
              List.of(0.5, -0.25),
              0.29,
              0.1,
              2.0);
      case CONTROL_ECHO ->
          new ControlEcho(
              "ctr",
              "clicks",
              "tuner-3",
              17L,
              ControlCommand.SET,
              "learning-rate",
              -0.5,
              ControlOutcome.REFUSED,
              "BAD_HYPERPARAMETER",
              "learning-rate = -0.5; must lie in (0, Infinity)",
              1_764_437_062_123L,
              4L,
              99L,
              TIME,
              ArmCommand.UNKNOWN);
      case TUNE_REQUEST ->
          new TuneRequest(
              "sor",
              "r-1",
              TIME,
              TIME.plusSeconds(60),
              List.of(-0.15, 0.4),
              List.of("w=1.2", "w=1"),
              List.of(1.2, 0.5, 1.0, 0.25));
      case TUNE_DECISION ->
          new TuneDecision(
              "sor",
              "r-1",
              TIME,
              "w=1.2",
              4,
              1.2,
              List.of("w=1", "w=1.2"),
              List.of(0.25, 0.75),
              DecisionSource.BASELINE,
              "w=1",
              "tsallis-inf",
              1,
              17L,
              2L,
              1_764_437_062_123L);
      case TUNE_FEEDBACK ->
          new TuneFeedback("sor", "r-1", TIME, 103.0, FeedbackSource.FALLBACK, "w=1");
      case ARM_CHANGE ->
          new ArmChange("sor", ArmCommand.ADD, "w=1.9", 1.9, "w=1.8", 5.0, TIME, "me", 3L);
      case GATE_DECISION ->
          new GateDecision(
              "ctr",
              1_764_437_062_123L,
              TIME,
              "slow",
              GateVerdict.PROMOTED,
              false,
              "slow",
              "base",
              2L,
              1_207L,
              5.25,
              4.875,
              0.03,
              0.001,
              0.07,
              4L,
              List.of(new InputPosition("millrace.examples", 3, 10_442L)));
      case CHAIN_TOKEN ->
          new ChainToken(
              "silo-b",
              "posterior",
              1_764_437_062_123L,
              "chain-3",
              41L,
              1,
              2L,
              0.25,
              4000L,
              1e-4,
              1.0,
              100,
              10,
              7L,
              doubles(0.5, -0.25));
      case CHAIN_DRAWS ->
          new ChainDraws(
              "posterior",
              1_764_437_062_123L,
              "chain-3",
              41L,
              "silo-b",
              2L,
              VisitOutcome.VISITED,
              4009L,
              10,
              4100L,
              doubles(0.5, -0.125),
              doubles(0.5, -0.25, 0.5, -0.125),
              0.0625);
      case SURROGATE ->
          new Surrogate(
              "posterior",
              "silo-b",
              1_764_437_062_124L,
              1_764_437_062_123L,
              2L,
              1,
              200L,
              doubles(3, 4),
              doubles(2, 0.5, 0.5, 1),
              doubles(-1, 1),
              "");
      case SURROGATE_EPOCH ->
          new SurrogateEpoch(
              "silo-b",
              "posterior",
              1_764_437_062_123L,
              1_764_437_062_124L,
              2L,
              2,
              0,
              true,
              10L,
              200L,
              0.25,
              "model.kind=linear",
              doubles(1, 1),
              doubles(3, 4),
              doubles(2, 0.5, 0.5, 1),
              doubles(-1, 1),
              doubles(30, 40),
              doubles(20, 5, 5, 10));
      case SAMPLE_TICK -> new SampleTick("posterior", 1_764_437_062_123L, TIME, 3L);
      case FEDERATION_STATUS ->
          new FederationStatus(
              "posterior",
              1_764_437_062_123L,
              TIME,
              2L,
              "4 of 5 clients are there; silo-c is missing",
              List.of(new ClientStatus("silo-b", 210L, 190L, 0.25, 12L, TIME)),
              List.of(new ChainStatus("chain-3", 41L, "silo-b", 1, TIME, 4000L, 1e-4, 0L, 398L)),
              1.004,
              212.5);
      case DEAD_LETTER ->
          new DeadLetter(
              "millrace.examples",
              3,
              10_442L,
              -1,
              TIME,
              ByteBuffer.wrap(new byte[] {'k'}),
              ByteBuffer.wrap(new byte[] {0, -1}),
              Reason.DIMENSION_MISMATCH,
              "features has 17 values, model 'ctr' expects 16",
              "learn",
              "ctr");
    };
  }

  private static ByteBuffer doubles(double... values) {
    return DoubleBytes.of(values);
  }

  /** A model whose weights are the given ones. */
  static ModelSnapshot snapshot(String key, long version, double[] weights) {
    return new ModelSnapshot(
        key,
        1_764_437_062_123L,
        version,
        TIME,
        "learn",
        Map.of("model.kind", "linear", "model.loss", "logistic"),
        List.of(
            Tensors.of("weights", new int[] {weights.length, 1}, weights, DType.F32),
            Tensors.of("bias", new int[] {}, new double[] {0.5}, DType.F64),
            Tensors.ofRows(
                "factors",
                new int[] {5, 2},
                new int[] {1, 4},
                new double[] {1, 2, 3, 4},
                DType.F32)),
        Map.of("examples", 1000L, "steps", 999L),
        Map.of("loss", 0.31),
        List.of(new InputPosition("millrace.examples", 0, 1234L)),
        new Provenance("sgd", 1, Map.of("learning-rate", 0.1), 2L, "scalar", "0.1.0", 7L, ""));
  }
}
