package io.millrace.operators.tune;

import io.millrace.operators.output.Channel;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.output.Outputs;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.DecisionSource;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;

/** Publishes decisions, field by field: there is one per request. */
final class DecisionPublisher {
  private static final long DECISION = SingleObject.fingerprint(RecordKind.TUNE_DECISION);

  private final Outputs outputs;
  private final Channel channel;
  private final String policy;
  private final int policyVersion;
  private final AvroSink sink = new AvroSink();
  private final KeyBytes keys = new KeyBytes();

  DecisionPublisher(Outputs outputs, Channel channel, String policy, int policyVersion) {
    this.outputs = outputs;
    this.channel = channel;
    this.policy = policy;
    this.policyVersion = policyVersion;
  }

  /** Publishes a decision; the same bytes for the same one, whenever it is asked for. */
  void publish(String key, String id, long eventTime, Pending p, Tuner tuner, long incarnation) {
    byte[] keyBytes = keys.of(key);
    sink.clear().header(DECISION).writeBytes(keyBytes, 0, keyBytes.length).writeString(id);
    sink.writeLong(eventTime).writeString(tuner.name(p.arm())).writeInt(p.arm());
    sink.writeDouble(tuner.value(p.arm()));
    int n = p.eligible();
    sink.writeLong(n);
    for (int i = 0; i < n; i++) {
      sink.writeString(tuner.name(p.eligible(i)));
    }
    sink.writeLong(0).writeLong(n);
    for (int i = 0; i < n; i++) {
      sink.writeDouble(p.probability(i));
    }
    sink.writeLong(0).writeInt(source(p)).writeString(shadow(p, tuner));
    sink.writeString(policy).writeInt(policyVersion).writeLong(p.round()).writeLong(p.epoch());
    sink.writeLong(incarnation);
    outputs.emit(channel, keys.record(sink.toByteArray()));
  }

  private static int source(Pending p) {
    return (p.shadow() < 0 ? DecisionSource.POLICY : DecisionSource.BASELINE).ordinal();
  }

  private static String shadow(Pending p, Tuner tuner) {
    return p.shadow() < 0 ? "" : tuner.name(p.shadow());
  }
}
