package io.millrace.client;

import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** One version of a model. Immutable, thread-safe. */
public final class Model {
  private final ModelSnapshot snapshot;

  private Model(ModelSnapshot snapshot) {
    this.snapshot = snapshot;
  }

  /**
   * A model to look at and to score with.
   *
   * @param snapshot kept; must not be modified any more
   */
  public static Model of(ModelSnapshot snapshot) {
    return of(snapshot, null);
  }

  /**
   * A model that shares what does not depend on the version with an older one of the same key.
   *
   * @param previous may be null
   */
  static Model of(ModelSnapshot snapshot, Model previous) {
    return new Model(snapshot);
  }

  public String key() {
    return snapshot.getKey();
  }

  public long version() {
    return snapshot.getVersion();
  }

  /** Largest event time learned from. */
  public Instant eventTime() {
    return snapshot.getEventTime();
  }

  /** Job family. */
  public String job() {
    return snapshot.getJob();
  }

  /** What is needed to use the model, with the keys of the job's YAML. */
  public Map<String, String> config() {
    return Map.copyOf(snapshot.getConfig());
  }

  /** Counters: examples, steps, ... */
  public Map<String, Long> counters() {
    return Map.copyOf(snapshot.getCounters());
  }

  /** Progressive loss, accuracy, ... */
  public Map<String, Double> metrics() {
    return Map.copyOf(snapshot.getMetrics());
  }

  /** Names of the tensors, in order. */
  public List<String> tensors() {
    return snapshot.getTensors().stream().map(Tensor::getName).toList();
  }

  /**
   * A copy of a tensor's elements, row-major.
   *
   * @throws IllegalArgumentException naming the tensors there are
   */
  public double[] tensor(String name) {
    return doubles(find(name));
  }

  /** A tensor's shape; empty: a scalar. */
  public int[] shape(String name) {
    return Tensors.shape(find(name));
  }

  /** The whole snapshot; not to be modified. */
  public ModelSnapshot snapshot() {
    return snapshot;
  }

  private Tensor find(String name) {
    for (Tensor t : snapshot.getTensors()) {
      if (t.getName().equals(name)) {
        return t;
      }
    }
    throw new IllegalArgumentException(
        "model '" + key() + "' has no tensor '" + name + "'; it has " + tensors());
  }

  private double[] doubles(Tensor t) {
    try {
      return Tensors.doubles(t);
    } catch (DecodeException e) {
      throw new IllegalArgumentException("model '" + key() + "': " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "model '" + key() + "' version " + version();
  }
}
