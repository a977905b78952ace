package io.millrace.operators.tune;

import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.schemas.ArmChange;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneFeedback;
import io.millrace.schemas.TuneRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/** A stream of events to tuners for tests, as the sources would route it. */
final class Requests {
  static final List<String> TOPICS = List.of("requests", "feedback");

  private final EventRouter router =
      new EventRouter(
          new RouterOptions(
              TOPICS,
              List.of(
                  EventKind.TUNE_REQUEST,
                  EventKind.TUNE_FEEDBACK,
                  EventKind.ARM_CHANGE,
                  EventKind.CONTROL),
              1 << 20,
              256));
  private final List<Object> items = new ArrayList<>();
  private long offset;

  /** The events, in order. */
  List<Object> items() {
    return items;
  }

  private Requests add(int topic, String key, SpecificRecordBase record) {
    byte[] recordKey = key.getBytes(StandardCharsets.UTF_8);
    byte[] value = SingleObject.encode(record);
    items.add(router.route(topic, 0, offset++, 1_000_000, recordKey, value));
    return this;
  }

  /** A request with all arms eligible. */
  Requests ask(String key, String id, long time, double... context) {
    return ask(key, id, time, 0, List.of(), context);
  }

  Requests ask(
      String key, String id, long time, long deadline, List<String> arms, double... context) {
    return ask(key, id, time, deadline, arms, List.of(), context);
  }

  Requests ask(
      String key,
      String id,
      long time,
      long deadline,
      List<String> arms,
      List<Double> armFeatures,
      double... context) {
    return add(
        0,
        key,
        new TuneRequest(
            key,
            id,
            Instant.ofEpochMilli(time),
            Instant.ofEpochMilli(deadline),
            Arrays.stream(context).boxed().toList(),
            arms,
            armFeatures));
  }

  /** Feedback among the requests. */
  Requests cost(String key, String id, long time, double cost) {
    return feedback(0, key, id, time, cost, FeedbackSource.DECISION, "");
  }

  Requests feedback(
      int topic, String key, String id, long time, double cost, FeedbackSource source, String arm) {
    return add(
        topic, key, new TuneFeedback(key, id, Instant.ofEpochMilli(time), cost, source, arm));
  }

  Requests order(String key, ControlCommand command) {
    return add(0, key, new Control(key, command, "", 0.0, Instant.EPOCH, "", 0L, 0));
  }

  Requests set(String key, String name, double value) {
    return add(0, key, new Control(key, ControlCommand.SET, name, value, Instant.EPOCH, "", 0L, 0));
  }

  Requests arm(String key, ArmCommand command, String arm, double value, String from, long nth) {
    return add(
        0, key, new ArmChange(key, command, arm, value, from, 5.0, Instant.EPOCH, "tester", nth));
  }
}
