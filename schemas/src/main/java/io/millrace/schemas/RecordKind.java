package io.millrace.schemas;

import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/** The records that travel alone in a topic, each with the schema this build writes. */
public enum RecordKind {
  EXAMPLE(Example.class, Example.getClassSchema()),
  EXAMPLE_BATCH(ExampleBatch.class, ExampleBatch.getClassSchema()),
  LABEL(Label.class, Label.getClassSchema()),
  CONTROL(Control.class, Control.getClassSchema()),
  MODEL_SNAPSHOT(ModelSnapshot.class, ModelSnapshot.getClassSchema()),
  MODEL_PART(ModelPart.class, ModelPart.getClassSchema()),
  MODEL_DELTA(ModelDelta.class, ModelDelta.getClassSchema()),
  METRIC(Metric.class, Metric.getClassSchema()),
  PREDICTION(Prediction.class, Prediction.getClassSchema()),
  DEAD_LETTER(DeadLetter.class, DeadLetter.getClassSchema()),
  CODE(Code.class, Code.getClassSchema()),
  TUNE_REQUEST(TuneRequest.class, TuneRequest.getClassSchema()),
  TUNE_DECISION(TuneDecision.class, TuneDecision.getClassSchema()),
  TUNE_FEEDBACK(TuneFeedback.class, TuneFeedback.getClassSchema()),
  ARM_CHANGE(ArmChange.class, ArmChange.getClassSchema()),
  CONTROL_ECHO(ControlEcho.class, ControlEcho.getClassSchema()),
  GATE_DECISION(GateDecision.class, GateDecision.getClassSchema()),
  CHAIN_TOKEN(ChainToken.class, ChainToken.getClassSchema()),
  CHAIN_DRAWS(ChainDraws.class, ChainDraws.getClassSchema()),
  SURROGATE(Surrogate.class, Surrogate.getClassSchema()),
  SURROGATE_EPOCH(SurrogateEpoch.class, SurrogateEpoch.getClassSchema()),
  SAMPLE_TICK(SampleTick.class, SampleTick.getClassSchema()),
  FEDERATION_STATUS(FederationStatus.class, FederationStatus.getClassSchema());

  private final Class<? extends SpecificRecordBase> type;
  private final Schema schema;

  RecordKind(Class<? extends SpecificRecordBase> type, Schema schema) {
    this.type = type;
    this.schema = schema;
  }

  /** The generated class. */
  public Class<? extends SpecificRecordBase> type() {
    return type;
  }

  /** The schema this build writes. */
  public Schema schema() {
    return schema;
  }

  /** Kind of a record schema by its full name, or null. */
  public static RecordKind of(Schema schema) {
    for (RecordKind kind : values()) {
      if (kind.schema.getFullName().equals(schema.getFullName())) {
        return kind;
      }
    }
    return null;
  }
}
