package io.millrace.core.dictionary.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Online dictionary learning as a job: rows become scaled signals, a {@link DictionaryMethod} codes
 * and learns them. Labels are not needed and not read.
 *
 * <p>A prediction is the signal's code: {@link Outcome#raw} holds its {@link
 * DictionaryMethod#codeLength()} numbers, {@link Outcome#scores} its objective, which is the loss
 * too; {@link Outcome#offset} and {@link Outcome#scale} lead back to the signal as it came.
 * Immutable and thread-safe.
 */
public final class DictionaryLearner implements OnlineLearner {
  private final DictionaryParts parts;
  private final DictionaryMethod method;
  private final int dimension;

  /**
   * A learner as configured.
   *
   * @throws ConfigException listing every fault of the options
   */
  public DictionaryLearner(DictionaryOptions options) {
    this(DictionaryParts.of(options));
  }

  private DictionaryLearner(DictionaryParts parts) {
    this.parts = parts;
    this.method = parts.method();
    this.dimension = method.dimension();
  }

  /**
   * A learner for coding alone, from the configuration that {@link #publish} wrote. Its state is to
   * be filled by {@link #warmStart}.
   *
   * @throws StateException naming what is missing or not understood
   */
  public static DictionaryLearner forCoding(Map<String, String> config) {
    DictionaryOptions options = DictionaryConfig.read(config);
    try {
      return new DictionaryLearner(options);
    } catch (ConfigException e) {
      throw new StateException("configuration of the model cannot be used: " + e.getMessage(), e);
    }
  }

  /** The options of this learner, with the values in force. */
  public DictionaryOptions options() {
    return parts.options().withHyperparameters(parts.values().asMap());
  }

  /** The algorithm. */
  public DictionaryMethod method() {
    return method;
  }

  @Override
  public String algorithm() {
    return method.id();
  }

  @Override
  public int stateVersion() {
    return method.stateVersion();
  }

  @Override
  public StateSchema schema() {
    return method.schema();
  }

  @Override
  public SortedMap<String, String> meaning() {
    return DictionaryConfig.meaning(parts.options());
  }

  @Override
  public void initialize(LearnerState state, String key) {
    Workspace once = new Workspace();
    method.initialize(state, scratch(once).draws(parts.options().seed(), key, 0));
  }

  @Override
  public Rows newRows() {
    return new Rows(parts.options().input().dense());
  }

  @Override
  public String unfit(Rows rows, int row) {
    int at = parts.nonNegative() ? negative(rows, row) : -1;
    if (at < 0) {
      return null;
    }
    int coordinate = rows.dense() ? at - rows.start(row) : rows.index()[at];
    return "features["
        + coordinate
        + "] = "
        + rows.value()[at]
        + "; must be at least 0, because dictionary.method is '"
        + method.id()
        + "'";
  }

  /** Where a row has a negative number first; -1: it has none. */
  private static int negative(Rows rows, int row) {
    double[] value = rows.value();
    for (int i = rows.start(row); i < rows.end(row); i++) {
      if (value[i] < 0) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    DictionaryScratch s = scratch(workspace);
    int length = method.codeLength();
    if (out.raw.length < length) {
      out.raw = new double[length];
    }
    s.load(rows, row, 1, dimension, parts.options().scaling());
    method.encode(s.signals, 1, state, out.raw, s.objective, workspace);
    out.offset = s.offset;
    out.scale = s.scale;
    out.rawCount = length;
    out.scores[0] = s.objective[0];
    out.scoreCount = 1;
    out.loss = s.objective[0];
    out.correct = -1;
  }

  /** Not called: a signal's loss needs no label. */
  @Override
  public void judge(Outcome prediction, double label) {
    throw new IllegalStateException("signals have no labels to judge a code by");
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    int n = batch.count();
    if (n == 0) {
      throw new IllegalStateException("a mini-batch must have at least one row");
    }
    DictionaryScratch s = scratch(workspace);
    s.load(batch, 0, n, dimension, parts.options().scaling());
    for (int r = 0; r < n; r++) {
      double xx = Vectors.dot(s.signals, r * dimension, s.signals, r * dimension, dimension);
      // The loss of a signal outside of the method's domain is not a number.
      boolean outside = parts.nonNegative() && negative(batch, r) >= 0;
      if (outside || !Double.isFinite(xx * s.weights[r])) {
        return new StepOutcome(StepOutcome.Kind.NOT_FINITE_GRADIENT, r);
      }
    }
    long steps = state.steps();
    boolean taken =
        method.step(
            s.signals, s.weights, n, state, s.draws(parts.options().seed(), key, steps), workspace);
    if (!taken) {
      return new StepOutcome(StepOutcome.Kind.DIVERGED, -1);
    }
    state.setSteps(steps + 1);
    return StepOutcome.LEARNED;
  }

  @Override
  public boolean scoresSteps() {
    return true;
  }

  @Override
  public double stepLoss(LearnerState state) {
    return method.objective(state);
  }

  @Override
  public void figures(LearnerState state, Figures out) {
    method.figures(state, out);
  }

  /** The numbers, and behind them the words that may change, by their places. */
  @Override
  public List<Hyper> hyperparameters() {
    List<Hyper> all = new ArrayList<>(parts.hypers());
    words().forEach(c -> all.add(c.place(parts.options().choices().get(c.name()))));
    return all;
  }

  @Override
  public Map<String, Double> values() {
    Map<String, Double> all = new TreeMap<>(parts.values().asMap());
    words().forEach(c -> all.put(c.name(), c.place(parts.options().choices().get(c.name())).def()));
    return all;
  }

  /** Words that may change while a job runs. */
  private List<Choice> words() {
    return Methods.spec(method.id()).choices().stream().filter(Choice::changeable).toList();
  }

  @Override
  public DictionaryLearner with(Map<String, Double> changed) {
    Map<String, Double> all = new TreeMap<>(parts.values().asMap());
    all.putAll(changed);
    Map<String, String> words = new TreeMap<>(parts.options().choices());
    for (Choice c : words()) {
      Double place = all.remove(c.name());
      if (place != null) {
        Range range = c.place(c.def()).range();
        if (!range.contains(place)) {
          throw new ConfigException(
              "dictionary."
                  + c.name()
                  + " = "
                  + place
                  + "; must lie in "
                  + range
                  + ": "
                  + c.values());
        }
        words.put(c.name(), c.values().get(place.intValue()));
      }
    }
    DictionaryParts other =
        DictionaryParts.of(parts.options().withMethod(method.id(), words).withHyperparameters(all));
    if (!other.method().schema().equals(schema())) {
      throw new ConfigException(
          "these hyperparameters of '"
              + algorithm()
              + "' need the state blocks "
              + other.method().schema()
              + ", the running learner has "
              + schema()
              + "; start the job anew with them");
    }
    return new DictionaryLearner(other);
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    DictionaryConfig.write(options(), out);
    method.publish(state, out, workspace);
  }

  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    DictionaryConfig.requireSameSignals(parts.options(), from.config());
    method.warmStart(state, from);
  }

  @Override
  public LearnerState read(PublishedModel from, long mostBytes) {
    from.finiteTensor("dictionary", method.atoms(), method.dimension());
    return OnlineLearner.super.read(from, mostBytes);
  }

  private static DictionaryScratch scratch(Workspace workspace) {
    return workspace.object("dictionary", DictionaryScratch.class, DictionaryScratch::new);
  }
}
