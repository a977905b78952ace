package io.millrace.client;

import io.millrace.schemas.AvroSink;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.util.Map;

/**
 * An example on its way to a job: features, perhaps a label, id, time, weight. Encodes itself
 * without boxing. Whether an event can be used is decided by the job (docs/wire-format.md lists the
 * reasons for dead letters); here only the key is checked to be there. Not thread-safe.
 */
public final class Event {
  private static final long EXAMPLE = SingleObject.fingerprint(RecordKind.EXAMPLE);

  private final String key;

  /** Null: features by name. */
  private final Vector vector;

  private final Map<String, Double> numbers;
  private final Map<String, String> categories;
  private String id = "";
  private long eventTimeMillis;
  private double weight = 1;
  private Object label;

  /**
   * Values of a dense or sparse event; either {@code floats} or {@code doubles} is there.
   *
   * @param indices null: all coordinates in order
   */
  private record Vector(int[] indices, float[] floats, double[] doubles) {
    private static final int DENSE = 0;
    private static final int SPARSE = 1;
    private static final int DENSE_DOUBLES = 3;
    private static final int SPARSE_DOUBLES = 4;

    void write(AvroSink sink) {
      boolean four = floats != null || allFloats();
      if (indices == null) {
        sink.writeInt(four ? DENSE : DENSE_DOUBLES);
      } else {
        sink.writeInt(four ? SPARSE : SPARSE_DOUBLES).writeInts(indices);
      }
      if (floats != null) {
        sink.writeFloats(floats);
      } else if (four) {
        sink.writeAsFloats(doubles);
      } else {
        sink.writeDoubles(doubles);
      }
    }

    /** Whether four bytes hold each value as it is. */
    private boolean allFloats() {
      for (double v : doubles) {
        if ((float) v != v && !Double.isNaN(v)) {
          return false;
        }
      }
      return true;
    }
  }

  private Event(
      String key, Vector vector, Map<String, Double> numbers, Map<String, String> categories) {
    if (key == null) {
      throw new IllegalArgumentException("event has no key; must be a model key");
    }
    this.key = key;
    this.vector = vector;
    this.numbers = numbers;
    this.categories = categories;
  }

  /**
   * All coordinates in order.
   *
   * @param values read when the event is sent, not copied before
   */
  public static Event dense(String key, float... values) {
    return new Event(key, new Vector(null, values, null), null, null);
  }

  /**
   * All coordinates in order, none of them rounded: they travel in eight bytes each where four do
   * not hold them.
   *
   * @param values read when the event is sent, not copied before
   */
  public static Event dense(String key, double[] values) {
    return new Event(key, new Vector(null, null, values), null, null);
  }

  /**
   * Coordinates that are not zero.
   *
   * @param indices from 0, each at most once
   * @param values as many as indices; both read when the event is sent, not copied before
   */
  public static Event sparse(String key, int[] indices, float[] values) {
    return new Event(key, new Vector(indices, values, null), null, null);
  }

  /**
   * Coordinates that are not zero, none of them rounded.
   *
   * @param indices from 0, each at most once
   * @param values as many as indices; both read when the event is sent, not copied before
   */
  public static Event sparse(String key, int[] indices, double[] values) {
    return new Event(key, new Vector(indices, null, values), null, null);
  }

  /**
   * Features by name; the job hashes them.
   *
   * @param numbers name to value
   * @param categories name to category
   */
  public static Event named(
      String key, Map<String, Double> numbers, Map<String, String> categories) {
    return new Event(key, null, numbers, categories);
  }

  /** Model key. */
  public String key() {
    return key;
  }

  /** Needed for a label that comes later and for dropping duplicates. */
  public Event id(String eventId) {
    this.id = eventId;
    return this;
  }

  /** Milliseconds since the epoch; 0, the default: the Kafka record's timestamp. */
  public Event eventTime(long millis) {
    this.eventTimeMillis = millis;
    return this;
  }

  /** Importance, 1 by default. */
  public Event weight(double importance) {
    this.weight = importance;
    return this;
  }

  /** Target or class index. */
  public Event label(double target) {
    this.label = target;
    return this;
  }

  /** Class name; null: the label comes later or never. */
  public Event label(String className) {
    this.label = className;
    return this;
  }

  /** The event as the value of an Example record. */
  public byte[] encode() {
    AvroSink sink = new AvroSink().header(EXAMPLE).writeString(key);
    writeItem(sink);
    return sink.toByteArray();
  }

  /** What Example has behind its key, which is all of ExampleItem. */
  void writeItem(AvroSink sink) {
    sink.writeString(id).writeLong(eventTimeMillis).writeDouble(weight);
    writeLabel(sink, label);
    if (vector != null) {
      vector.write(sink);
    } else {
      sink.writeInt(2).writeLong(numbers.size());
      if (!numbers.isEmpty()) {
        numbers.forEach((name, v) -> sink.writeString(name).writeDouble(v));
        sink.writeLong(0);
      }
      sink.writeLong(categories.size());
      if (!categories.isEmpty()) {
        categories.forEach((name, v) -> sink.writeString(name).writeString(v));
        sink.writeLong(0);
      }
    }
  }

  private static void writeLabel(AvroSink sink, Object label) {
    if (label == null) {
      sink.writeInt(0);
    } else if (label instanceof Double target) {
      sink.writeInt(1).writeDouble(target);
    } else {
      sink.writeInt(2).writeString((String) label);
    }
  }
}
