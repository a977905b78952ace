package io.millrace.operators.learner;

import io.millrace.operators.OperatorUids;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.publish.OutRecord;
import io.millrace.operators.publish.OutRecordTypeInfo;
import io.millrace.operators.publish.OutputTags;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/** Puts a learner into a topology. */
public final class LearnerStream {
  private LearnerStream() {}

  /**
   * The learner behind its two inputs. Models are the stream itself; the rest are side outputs, see
   * {@link OutputTags}. The operator has its uid; the caller sets the parallelism.
   *
   * @param events keyed by {@link RoutedEvent#key}; never a control for all keys
   * @param controls for all keys ({@link RoutedEvent#broadcast()}), not yet broadcast
   */
  public static SingleOutputStreamOperator<OutRecord> build(
      KeyedStream<RoutedEvent, String> events,
      DataStream<RoutedEvent> controls,
      LearnerOptions options,
      LearnerFactory learner) {
    return events
        .connect(controls.broadcast())
        .transform("learner", OutRecordTypeInfo.INSTANCE, new LearnerOperator(options, learner))
        .uid(OperatorUids.LEARNER);
  }
}
