package io.millrace.operators.learner;

import io.millrace.core.features.InputSpec;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventRouter;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.ingress.RouterOptions;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.Label;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseDoubles;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.specific.SpecificRecordBase;

/** A stream of events for tests, as the sources would route it: one topic, one partition. */
final class Stream {
  static final List<String> TOPICS = List.of("events", "labels");
  static final InputSpec INPUT =
      new InputSpec(
          InputSpec.Kind.DENSE, TestLearner.WIDTH, 1, InputSpec.Target.REAL, List.of(), 1000);

  private final EventRouter router;
  private final int topic;
  private final List<Object> items = new ArrayList<>();
  private long offset;
  private int partition;
  private long timestamp = 1000;

  Stream() {
    this(TOPICS, 0);
  }

  /** Of one of a job's topics. */
  Stream(List<String> topics, int topic) {
    this.topic = topic;
    this.router =
        new EventRouter(
            new RouterOptions(
                topics,
                List.of(
                    EventKind.EXAMPLE, EventKind.EXAMPLE_BATCH, EventKind.LABEL, EventKind.CONTROL),
                1 << 20,
                256));
  }

  /** Events ({@link RoutedEvent}) and watermarks ({@link Long}), in order. */
  List<Object> items() {
    return items;
  }

  Stream bytes(String key, byte[] value) {
    items.add(
        router.route(
            topic, partition, offset++, timestamp, key.getBytes(StandardCharsets.UTF_8), value));
    return this;
  }

  private Stream add(String key, SpecificRecordBase record) {
    return bytes(key, SingleObject.encode(record));
  }

  /** What follows comes from a partition; 0 at first. */
  Stream in(int p) {
    partition = p;
    return this;
  }

  /** What follows is in records with a timestamp; 1000 at first. */
  Stream at(long recordTimestamp) {
    timestamp = recordTimestamp;
    return this;
  }

  /** So many labelled examples of a key, a millisecond apart, that bring a partition to a time. */
  Stream until(String key, long time) {
    for (int i = 32; i > 0; i--) {
      example(key, "", time - i, 1.0, 1, 1);
    }
    return this;
  }

  Stream watermark(long time) {
    items.add(time);
    return this;
  }

  /**
   * An example of the two features.
   *
   * @param label null: none
   */
  Stream example(String key, String id, long time, Double label, double x0, double x1) {
    return add(key, new Example(key, id, Instant.ofEpochMilli(time), 1.0, label, dense(x0, x1)));
  }

  /** An example of coordinates that are not zero. */
  Stream sparse(String key, long time, double label, int[] indices, double... x) {
    SparseDoubles features =
        new SparseDoubles(
            Arrays.stream(indices).boxed().toList(), Arrays.stream(x).boxed().toList());
    return add(key, new Example(key, "", Instant.ofEpochMilli(time), 1.0, label, features));
  }

  /** A signal: an example without label. */
  Stream signal(String key, String id, long time, double weight, double... x) {
    return add(key, new Example(key, id, Instant.ofEpochMilli(time), weight, null, dense(x)));
  }

  /** A signal as part of a batch. */
  static ExampleItem signalItem(String id, long time, double... x) {
    return new ExampleItem(id, Instant.ofEpochMilli(time), 1.0, null, dense(x));
  }

  Stream batch(String key, ExampleItem... batch) {
    return add(key, new ExampleBatch(key, List.of(batch)));
  }

  static ExampleItem item(String id, long time, Double label, double x0, double x1) {
    return new ExampleItem(id, Instant.ofEpochMilli(time), 1.0, label, dense(x0, x1));
  }

  Stream label(String key, String id, long time, double label) {
    return add(key, new Label(key, id, Instant.ofEpochMilli(time), label, null));
  }

  /** A label as it is. */
  Stream label(Label label) {
    return add(label.getKey(), label);
  }

  /** A label that brings a weight. */
  Stream label(String key, String id, long time, double label, double weight) {
    return add(key, new Label(key, id, Instant.ofEpochMilli(time), label, weight));
  }

  Stream control(String key, ControlCommand command) {
    return control(key, command, "", 0, "", 0);
  }

  Stream set(String key, String name, double value) {
    return control(key, ControlCommand.SET, name, value, "", 0);
  }

  Stream control(
      String key, ControlCommand c, String name, double value, String origin, long sequence) {
    return add(key, new Control(key, c, name, value, Instant.EPOCH, origin, sequence, 0));
  }

  /** One of so many copies of an order for all keys. */
  Stream copy(int copies, ControlCommand c, String name, double value) {
    return add("*", new Control("*", c, name, value, Instant.EPOCH, "copier", 1L, copies));
  }

  private static DenseFeatures dense(double... x) {
    return new DenseFeatures(Arrays.stream(x).mapToObj(v -> (float) v).toList());
  }
}
