package io.millrace.tests.integration;

import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.Label;
import io.millrace.schemas.SingleObject;
import io.millrace.tests.integration.KafkaTopic.Sent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A stream of events as a function of its position, so that every run sees the same. */
public final class Events {
  public static final int DIMENSION = 5;

  private static final long START_MILLIS = 1_700_000_000_000L;

  private final List<String> keys;
  private final boolean labelled;

  /** Labelled events of {@code keys} model keys in turn. */
  public Events(int keys) {
    this(keys, true);
  }

  /** Events of {@code keys} model keys in turn that have no labels: signals. */
  public static Events signals(int keys) {
    return new Events(keys, false);
  }

  private Events(int keys, boolean labelled) {
    this.labelled = labelled;
    List<String> names = new ArrayList<>();
    for (int k = 0; k < keys; k++) {
      names.add("key-" + k);
    }
    this.keys = List.copyOf(names);
  }

  public List<String> keys() {
    return keys;
  }

  /**
   * Rounds {@code from} to {@code to - 1}: one example of each key per round. Every fifth comes
   * without its label, which follows a round later, if they are labelled at all; every seventh
   * comes in a batch of two.
   *
   * @return one record per event; labels of the last round's examples are left out
   */
  public List<Sent> rounds(int from, int to) {
    List<Sent> out = new ArrayList<>();
    for (int round = from; round < to; round++) {
      for (int k = 0; k < keys.size(); k++) {
        if (round > 0 && late(round - 1, k)) {
          out.add(label(round - 1, k));
        }
        out.add(example(round, k));
      }
    }
    return out;
  }

  /** How many examples {@link #rounds} holds. */
  public long examples(int from, int to) {
    long n = 0;
    for (int round = from; round < to; round++) {
      for (int k = 0; k < keys.size(); k++) {
        n += batched(round, k) ? 2 : 1;
      }
    }
    return n;
  }

  /** For every key an order to publish now. */
  public List<Sent> snapshots() {
    return keys.stream().map(key -> control(key, ControlCommand.SNAPSHOT, "", 0)).toList();
  }

  /** An order. */
  public static Sent control(String key, ControlCommand command, String name, double value) {
    return Sent.of(
        key, SingleObject.encode(new Control(key, command, name, value, Instant.EPOCH, "", 0L, 0)));
  }

  private Sent example(int round, int k) {
    String key = keys.get(k);
    if (batched(round, k)) {
      List<ExampleItem> items = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        items.add(
            new ExampleItem(
                id(round, k) + "." + i, time(round), 1.0, y(round + i, k), features(round + i, k)));
      }
      return Sent.of(key, SingleObject.encode(new ExampleBatch(key, items)));
    }
    Object label = late(round, k) ? null : y(round, k);
    return Sent.of(
        key,
        SingleObject.encode(
            new Example(key, id(round, k), time(round), 0.5 + k % 3, label, features(round, k))));
  }

  private Sent label(int round, int k) {
    String key = keys.get(k);
    return Sent.of(
        key, SingleObject.encode(new Label(key, id(round, k), time(round), y(round, k), null)));
  }

  private boolean late(int round, int k) {
    return labelled && (round + k) % 5 == 0 && !batched(round, k);
  }

  private static boolean batched(int round, int k) {
    return (round + 2 * k) % 7 == 3;
  }

  private static String id(int round, int k) {
    return "e-" + round + "-" + k;
  }

  private static Instant time(int round) {
    return Instant.ofEpochMilli(START_MILLIS + 1000L * round);
  }

  private static DenseFeatures features(int round, int k) {
    List<Float> values = new ArrayList<>();
    for (int i = 0; i < DIMENSION; i++) {
      values.add((float) Math.sin(1.0 + round * 0.37 * (i + 1) + k * 1.3));
    }
    return new DenseFeatures(values);
  }

  private Object y(int round, int k) {
    if (!labelled) {
      return null;
    }
    boolean up = Math.sin(1.0 + round * 0.37 + k * 1.3) > 0.1;
    return (round + k) % 2 == 0 ? (Object) (up ? "UP" : "DOWN") : (Object) (up ? 1.0 : 0.0);
  }
}
