package io.millrace.operators.learner;

import io.millrace.core.learn.Outcome;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;

/** Publishes predictions, field by field: there may be one per event. */
final class PredictionPublisher implements Results.Publisher {
  private static final long PREDICTION = SingleObject.fingerprint(RecordKind.PREDICTION);

  private final Outputs outputs;
  private final AvroSink sink = new AvroSink();
  private final KeyBytes keys = new KeyBytes();

  PredictionPublisher(Outputs outputs) {
    this.outputs = outputs;
  }

  @Override
  public void publish(
      String key, String id, long eventTime, Results.Maker by, Outcome outcome, double label) {
    byte[] keyBytes = keys.of(key);
    sink.clear().header(PREDICTION).writeBytes(keyBytes, 0, keyBytes.length).writeString(id);
    sink.writeLong(eventTime).writeLong(by.steps);
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
    outputs.emit(Results.PREDICTIONS.channel(), keys.record(sink.toByteArray()));
  }
}
