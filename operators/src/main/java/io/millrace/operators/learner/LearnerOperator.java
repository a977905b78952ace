package io.millrace.operators.learner;

import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.publish.OutRecord;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Holds one learner's state per key. Input 1: events by key; input 2: controls for all keys. */
public final class LearnerOperator extends AbstractStreamOperator<OutRecord>
    implements TwoInputStreamOperator<RoutedEvent, RoutedEvent, OutRecord> {
  private static final long serialVersionUID = 1;

  private final LearnerOptions options;
  private final LearnerFactory factory;

  public LearnerOperator(LearnerOptions options, LearnerFactory factory) {
    this.options = options;
    this.factory = factory;
  }

  @Override
  public void processElement1(StreamRecord<RoutedEvent> record) {
    throw new UnsupportedOperationException(options + " " + factory);
  }

  @Override
  public void processElement2(StreamRecord<RoutedEvent> record) {
    throw new UnsupportedOperationException();
  }
}
