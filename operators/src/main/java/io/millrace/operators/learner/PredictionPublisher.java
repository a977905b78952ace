package io.millrace.operators.learner;

import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.Monitor;
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

  /** Writes where the label is expected: an interval, or a set of classes. */
  private void region(Results.Maker by, Outcome outcome) {
    double radius = by.radius;
    boolean none = Double.isNaN(radius) || outcome.scoreCount == 0;
    if (none || by.classes > 0) {
      sink.writeInt(0);
    } else {
      double at = outcome.scores[0];
      sink.writeInt(1).writeDouble(at - radius).writeDouble(at + radius);
    }
    if (none || by.probabilities == 0) {
      sink.writeInt(0);
      return;
    }
    sink.writeInt(1);
    int within = 0;
    for (int k = 0; k < by.classes; k++) {
      within += 1 - Monitor.probability(outcome, by.probabilities, k) <= radius ? 1 : 0;
    }
    if (within > 0) {
      sink.writeLong(within);
      for (int k = 0; k < by.classes; k++) {
        if (1 - Monitor.probability(outcome, by.probabilities, k) <= radius) {
          sink.writeInt(k);
        }
      }
    }
    sink.writeLong(0);
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
    region(by, outcome);
    outputs.emit(Results.PREDICTIONS.channel(), keys.record(sink.toByteArray()));
  }
}
