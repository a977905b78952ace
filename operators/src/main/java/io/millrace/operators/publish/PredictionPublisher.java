package io.millrace.operators.publish;

import io.millrace.core.learn.Outcome;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;

/** Publishes predictions, field by field: there may be one per event. */
public final class PredictionPublisher {
  private static final long PREDICTION = SingleObject.fingerprint(RecordKind.PREDICTION);

  private final Outputs outputs;
  private final AvroSink sink = new AvroSink();
  private String lastKey = "";
  private byte[] keyBytes = {};

  public PredictionPublisher(Outputs outputs) {
    this.outputs = outputs;
  }

  /**
   * Publishes a prediction.
   *
   * @param steps of the model that made it
   * @param label NaN: it came without one
   */
  public void publish(
      String key, String id, long eventTime, long steps, Outcome outcome, double label) {
    if (!key.equals(lastKey)) {
      lastKey = key;
      keyBytes = key.getBytes(StandardCharsets.UTF_8);
    }
    sink.clear().header(PREDICTION).writeBytes(keyBytes, 0, keyBytes.length).writeString(id);
    sink.writeLong(eventTime).writeLong(steps);
    if (outcome.scoreCount > 0) {
      sink.writeLong(outcome.scoreCount);
      for (int i = 0; i < outcome.scoreCount; i++) {
        sink.writeDouble(outcome.scores[i]);
      }
    }
    sink.writeLong(0);
    if (Double.isNaN(label)) {
      sink.writeInt(0);
    } else {
      sink.writeInt(1).writeDouble(label);
    }
    outputs.prediction(new OutRecord(keyBytes, sink.toByteArray(), key));
  }
}
