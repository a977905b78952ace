package io.millrace.operators.learner;

import io.millrace.core.learn.Outcome;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;

/** Publishes sparse codes, field by field: there may be one per signal. */
final class CodePublisher implements Results.Publisher {
  private static final long CODE = SingleObject.fingerprint(RecordKind.CODE);

  private final Outputs outputs;
  private final AvroSink sink = new AvroSink();
  private final KeyBytes keys = new KeyBytes();

  CodePublisher(Outputs outputs) {
    this.outputs = outputs;
  }

  @Override
  public void publish(
      String key, String id, long eventTime, Results.Maker by, Outcome outcome, double label) {
    byte[] keyBytes = keys.of(key);
    sink.clear().header(CODE).writeBytes(keyBytes, 0, keyBytes.length).writeString(id);
    sink.writeLong(eventTime).writeLong(by.incarnation).writeLong(by.version);
    sink.writeLong(by.steps).writeInt(outcome.rawCount);
    int nonZeros = 0;
    for (int i = 0; i < outcome.rawCount; i++) {
      nonZeros += outcome.raw[i] != 0 ? 1 : 0;
    }
    if (nonZeros > 0) {
      sink.writeLong(nonZeros);
      for (int i = 0; i < outcome.rawCount; i++) {
        if (outcome.raw[i] != 0) {
          sink.writeInt(i);
        }
      }
    }
    sink.writeLong(0);
    if (nonZeros > 0) {
      sink.writeLong(nonZeros);
      for (int i = 0; i < outcome.rawCount; i++) {
        if (outcome.raw[i] != 0) {
          sink.writeDouble(outcome.raw[i]);
        }
      }
    }
    sink.writeLong(0).writeDouble(outcome.loss);
    sink.writeDouble(outcome.offset).writeDouble(outcome.scale);
    outputs.emit(Results.CODES.channel(), keys.record(sink.toByteArray()));
  }
}
