package io.millrace.client;

import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.sample.posterior.PosteriorForm;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;

/** One version of a model. Immutable, thread-safe. */
public final class Model {
  private final ModelSnapshot snapshot;
  private final AssemblyLimits limits;
  private volatile Usage usage; // both built when first needed: a model may only be looked at
  private volatile LearnerState state; // set last

  private Model(ModelSnapshot snapshot, AssemblyLimits limits, Usage usage) {
    this.snapshot = snapshot;
    this.limits = limits;
    this.usage = usage;
  }

  /**
   * A model to look at and to score with, within {@link AssemblyLimits#DEFAULT}.
   *
   * @param snapshot kept; must not be modified any more
   */
  public static Model of(ModelSnapshot snapshot) {
    return of(snapshot, AssemblyLimits.DEFAULT);
  }

  /**
   * A model to look at and to score with.
   *
   * @param snapshot kept; must not be modified any more
   * @param limits {@link AssemblyLimits#modelBytes} is what using the model may take
   */
  public static Model of(ModelSnapshot snapshot, AssemblyLimits limits) {
    return of(snapshot, limits, null);
  }

  /**
   * A model that shares what does not depend on the version with an older one of the same key.
   *
   * @param previous may be null
   */
  static Model of(ModelSnapshot snapshot, AssemblyLimits limits, Model previous) {
    Usage shared = previous == null ? null : previous.usage;
    boolean fits = shared != null && shared.fits(snapshot.getConfig());
    return new Model(snapshot, limits, fits ? shared : null);
  }

  /**
   * Makes the model ready for {@link #predict} or {@link #encode}, which otherwise the first call
   * does.
   *
   * @throws StateException if this build cannot use it: its configuration is not known, asks for
   *     tensors that are not there, or for more memory than the limits allow
   */
  public void requireUsable() {
    ready();
  }

  /** Model key. */
  public String key() {
    return snapshot.getKey();
  }

  /** Counts up by one within an incarnation. */
  public long version() {
    return snapshot.getVersion();
  }

  /**
   * Number of the run that made it. A job that is started without its state begins a new run, with
   * a larger number than those before, and counts versions from 1 again.
   */
  public long incarnation() {
    return snapshot.getIncarnation();
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

  /**
   * How far a label is expected from its prediction at most, by the errors up to this snapshot, at
   * the coverage that the job aims at: a number lies within the radius around the prediction; a
   * class is expected if its probability is at least 1 minus the radius. Below 0: nothing is
   * within. Empty: the job makes no intervals, or too little was known.
   */
  public OptionalDouble radius() {
    Double radius = snapshot.getMetrics().get("intervalRadius");
    return radius == null ? OptionalDouble.empty() : OptionalDouble.of(radius);
  }

  /** Names of the tensors, in order. */
  public List<String> tensors() {
    return snapshot.getTensors().stream().map(Tensor::getName).toList();
  }

  /**
   * A copy of a tensor's elements, row-major.
   *
   * @throws IllegalArgumentException naming the tensors there are
   * @throws StateException if its bytes are not those of its shape, or it is larger than the limits
   *     of the model allow
   */
  public double[] tensor(String name) {
    Tensor t = find(name);
    requireRoom(Double.BYTES * Tensors.size(t));
    return decoded(() -> Tensors.doubles(t));
  }

  /**
   * Which rows of a tensor the snapshot holds, a row being the elements of one index of the first
   * dimension; those of all others are 0.
   *
   * @return ascending; not present: it holds all
   */
  public Optional<int[]> rows(String name) {
    Tensor t = find(name);
    return Optional.ofNullable(decoded(() -> Tensors.rows(t)));
  }

  /** A tensor's shape; empty: a scalar. */
  public int[] shape(String name) {
    return Tensors.shape(find(name));
  }

  /** The whole snapshot; not to be modified. */
  public ModelSnapshot snapshot() {
    return snapshot;
  }

  /**
   * Scores a full vector; with a posterior, by the mean over its draws.
   *
   * @param features [dimension], not modified
   * @throws IllegalArgumentException if the features do not fit the model, saying how
   * @throws StateException if this build cannot score such a model
   */
  public Score predict(double... features) {
    return score((encoder, rows) -> encoder.add(rows, features, Double.NaN, 1));
  }

  /** Scores coordinates that are not zero; indices from 0, each at most once. */
  public Score predict(int[] indices, double[] values) {
    return score((encoder, rows) -> encoder.add(rows, indices, values, Double.NaN, 1));
  }

  /**
   * Scores features by name: numbers by their name, anything else as a category by its {@code
   * toString()}.
   */
  public Score predict(Map<String, ?> features) {
    return score((encoder, rows) -> encoder.add(rows, features, Double.NaN, 1));
  }

  private Score score(BiConsumer<FeatureEncoder, Rows> add) {
    LearnerState ready = ready();
    if (usage instanceof Scoring scoring) {
      return scoring.predict(ready, add, scoring::read);
    }
    if (usage instanceof Posterior posterior) {
      return posterior.predict(ready, add, posterior::read);
    }
    throw new IllegalArgumentException(this + " is a dictionary; it codes signals: use encode");
  }

  /**
   * Scores a full vector with every draw of a posterior, as {@link #predict} does of which only the
   * means are wanted.
   *
   * @param features [dimension], not modified
   * @throws IllegalArgumentException if the features do not fit the model, or it is no posterior
   * @throws StateException if this build cannot score with such a posterior
   */
  public Predictive predictive(double... features) {
    LearnerState ready = ready();
    if (usage instanceof Posterior posterior) {
      return posterior.predict(
          ready,
          (encoder, rows) -> encoder.add(rows, features, Double.NaN, 1),
          scratch -> posterior.readAll(scratch, ready));
    }
    throw new IllegalArgumentException(
        this + " is no posterior, of which `sample` jobs publish the draws; use predict");
  }

  /**
   * Whether a posterior may be relied on; a model that is none is taken at its word.
   *
   * @return empty, or why not: "R-hat is 1.020, must be below 1.01; wait"
   */
  public String doubt() {
    boolean reliable = !"0".equals(snapshot.getConfig().get(PosteriorForm.RELIABLE));
    return reliable ? "" : snapshot.getConfig().getOrDefault(PosteriorForm.REASON, "not reliable");
  }

  /**
   * Codes a full signal with a dictionary, as the job does.
   *
   * @param signal [dimension], not modified
   * @throws IllegalArgumentException if the signal does not fit or the model is no dictionary
   * @throws StateException if this build cannot use such a model
   */
  public SparseCode encode(double... signal) {
    return code((encoder, rows) -> encoder.add(rows, signal, Double.NaN, 1));
  }

  /** Codes a signal of coordinates that are not zero; indices from 0, each at most once. */
  public SparseCode encode(int[] indices, double[] values) {
    return code((encoder, rows) -> encoder.add(rows, indices, values, Double.NaN, 1));
  }

  private SparseCode code(BiConsumer<FeatureEncoder, Rows> add) {
    LearnerState ready = ready();
    Coding coding = coding();
    return coding.predict(ready, add, scratch -> coding.read(scratch, this));
  }

  /**
   * The signal a code stands for, in the scale the signal had.
   *
   * @param code made by this version of the dictionary
   * @throws IllegalArgumentException if the code is of another version or length, or the model is
   *     no dictionary
   */
  public double[] reconstruct(SparseCode code) {
    LearnerState ready = ready();
    if (code.version() != version() || code.incarnation() != incarnation()) {
      throw new IllegalArgumentException(
          "the code was made by version "
              + code.version()
              + " of incarnation "
              + code.incarnation()
              + ", "
              + this
              + " is of incarnation "
              + incarnation()
              + "; atoms differ from version to version: decode it with its own");
    }
    return coding().reconstruct(ready, code);
  }

  private Coding coding() {
    if (usage instanceof Coding coding) {
      return coding;
    }
    throw new IllegalArgumentException(this + " is no dictionary; it scores features: use predict");
  }

  /** The state to use the model with; the usage is there when it is. */
  private LearnerState ready() {
    LearnerState ready = state;
    return ready == null ? prepare() : ready;
  }

  private synchronized LearnerState prepare() {
    if (state == null) {
      requireRoom();
      PublishedModel published = published();
      if (usage == null) {
        usage = Usage.of(snapshot.getConfig());
      }
      state = usage.state(published, limits.modelBytes());
    }
    return state;
  }

  /** Tensors take eight bytes an element here, whatever they take in the snapshot. */
  private void requireRoom() {
    long bytes = 0;
    for (Tensor t : snapshot.getTensors()) {
      bytes += Double.BYTES * Tensors.elements(t);
    }
    requireRoom(bytes);
  }

  private void requireRoom(long bytes) {
    if (bytes > limits.modelBytes()) {
      throw new StateException(
          this
              + " has tensors of "
              + bytes
              + " bytes in memory, the limit is "
              + limits.modelBytes()
              + "; raise AssemblyLimits.snapshotBytes");
    }
  }

  /** The model as the core takes it: configuration and tensors. */
  public PublishedModel published() {
    Map<String, PublishedModel.Tensor> tensors = new LinkedHashMap<>();
    for (Tensor t : snapshot.getTensors()) {
      int[] shape = Tensors.shape(t);
      tensors.put(
          t.getName(),
          decoded(() -> new PublishedModel.Tensor(shape, Tensors.rows(t), Tensors.held(t))));
    }
    return new PublishedModel(config(), tensors);
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

  /** Decodes something of a tensor. */
  @FunctionalInterface
  private interface Decoding<T> {
    T run() throws DecodeException;
  }

  private <T> T decoded(Decoding<T> decoding) {
    try {
      return decoding.run();
    } catch (DecodeException e) {
      throw new StateException("model '" + key() + "': " + e.getMessage(), e);
    }
  }

  @Override
  public String toString() {
    return "model '" + key() + "' version " + version();
  }
}
