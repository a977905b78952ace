package io.millrace.core.learn;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * An algorithm that learns from a stream, with a state for each key. It is immutable: what a key
 * has learned lies in the {@link LearnerState} that each call is handed. The operator, the demo,
 * the benchmarks and the tests all use this interface.
 */
public interface OnlineLearner {
  /** Algorithm id for provenance, e.g. the optimizer's. */
  String algorithm();

  /** Version of the algorithm's blocks; see {@link #upgrade}. */
  int stateVersion();

  /** Blocks per key. The same for every set of hyperparameter values. */
  StateSchema schema();

  /**
   * What the numbers of a state mean, by the keys of the job's YAML: classes in their order, loss,
   * features, scaling, seed, ... A state that was made under another meaning is not continued,
   * since nothing in the numbers themselves would show it.
   */
  SortedMap<String, String> meaning();

  /**
   * Most bytes that a state may come to have: those of the schema, unless it has blocks that grow.
   */
  default long mostBytes() {
    return schema().totalBytes();
  }

  /**
   * Most bytes by which the published tensors of a state, each with its name and shape, may come to
   * exceed those of a fresh one, or may be expected to, as {@link #expectedBytes}; 0 unless it has
   * blocks that grow.
   */
  default long publishedGrowth() {
    return 0;
  }

  /**
   * Bytes that a state may be expected to come to have: the most, unless they depend on what a key
   * sees.
   */
  default long expectedBytes() {
    return mostBytes();
  }

  /** Puts a fresh state of {@link #schema()} to its start values. */
  void initialize(LearnerState state, String key);

  /**
   * Schemas under which this version may have written the same numbers in another form. {@link
   * #reform} brings them to {@link #schema()}.
   */
  default List<StateSchema> readable() {
    return List.of();
  }

  /**
   * Brings the numbers of a key that were written in another form to this one.
   *
   * @param old under a schema of {@link #readable}
   */
  default LearnerState reform(LearnerState old, String key) {
    throw new IllegalStateException("there is no other form than " + schema());
  }

  /**
   * Brings blocks that an older {@link #stateVersion()} has written to the present form. Unless a
   * learner overrides this, its blocks have had one version only, and no older one is known.
   *
   * @throws StateException if {@code from} is not known, naming found and supported versions
   */
  default LearnerState upgrade(int from, LearnerState old) {
    if (from != stateVersion()) {
      throw new StateException(
          "state of '"
              + algorithm()
              + "' was written by version "
              + from
              + "; this build reads "
              + stateVersion()
              + (from > stateVersion() ? "; upgrade the job or restore an older savepoint" : ""));
    }
    return old;
  }

  /** Rows of the kind this learner takes. */
  Rows newRows();

  /**
   * Whether a row is outside of what this learner is for. Such a row is neither to be predicted nor
   * learned from.
   *
   * @return what is, and what is allowed; null: nothing is wrong
   */
  default String unfit(Rows rows, int row) {
    return null;
  }

  /**
   * Predicts one row and, where the row has a label, computes the loss. Changes nothing in {@code
   * state}.
   */
  void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace);

  /**
   * Computes the loss of an earlier prediction once its label is known. Fills {@code loss} and
   * {@code correct} from {@code raw} alone, as {@link #predict} would have done with the label.
   *
   * @param label target or class index, finite
   */
  void judge(Outcome prediction, double label);

  /**
   * The class that a prediction stands for.
   *
   * @param prediction as {@link #predict} has filled it in
   * @return class index, -1: there are no classes, or nothing was said
   */
  default int classOf(Outcome prediction) {
    return -1;
  }

  /**
   * How many of a prediction's first scores are probabilities of classes: 0, none is; 1, that of
   * class 1 of two; or one of each class.
   */
  default int probabilities() {
    return 0;
  }

  /** Whether it has a learning rate, which {@link #faster} raises. */
  default boolean hasRate() {
    return false;
  }

  /**
   * The same learner with another learning rate, for a step or a few: states carry over, and the
   * values in force are those of this one.
   *
   * @param factor of the rate at every step, above 0
   * @throws IllegalStateException if it has none
   */
  default OnlineLearner faster(double factor) {
    throw new IllegalStateException("'" + algorithm() + "' has no learning rate");
  }

  /**
   * One step on a mini-batch, every row of it labelled. Either the whole step is taken and {@code
   * state.steps()} counts up by one, or nothing in {@code state} has changed.
   *
   * @return {@link StepOutcome#LEARNED}, or which row is to blame
   */
  StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace);

  /**
   * Does {@link #predict} and then {@link #learn} for the only row of a mini-batch, with the same
   * results to the bit. A learner may do the work that both share only once.
   *
   * @param row one labelled row
   * @param out of the model before the step, also where the step is not taken
   */
  default StepOutcome learnOne(
      Rows row, LearnerState state, String key, Outcome out, Workspace workspace) {
    predict(row, 0, state, out, workspace);
    return learn(row, state, key, workspace);
  }

  /**
   * Where steps of many keys are taken together, on a backend for which that pays.
   *
   * @param keys most steps of a batch
   * @param rows most rows of a step
   * @return null: there are only steps alone
   */
  default StepBatch newStepBatch(int keys, int rows) {
    return null;
  }

  /**
   * Whether a step computes the loss of its rows itself. Then {@link #stepLoss} gives it, and a row
   * needs a {@link #predict} only where its prediction is wanted.
   */
  default boolean scoresSteps() {
    return false;
  }

  /**
   * Mean loss of the rows of the last step as the model predicted them before it, unweighted.
   *
   * @return NaN: there was no step that scored its rows
   */
  default double stepLoss(LearnerState state) {
    return Double.NaN;
  }

  /** Reports further figures of the last step and of the model. Their names never change. */
  default void figures(LearnerState state, Figures out) {
    // A learner without any.
  }

  /**
   * Hyperparameters that a control event may change, the learning rate among them as {@code
   * learning-rate}.
   */
  List<Hyper> hyperparameters();

  /** Values in force, by name. */
  Map<String, Double> values();

  /**
   * The same learner under other values; states carry over.
   *
   * @param changed names from {@link #hyperparameters()}, values in range
   * @throws io.millrace.core.ConfigException for an unknown name or a value out of range
   */
  OnlineLearner with(Map<String, Double> changed);

  /** Writes everything a reader needs to use the model. */
  void publish(LearnerState state, ModelWriter out, Workspace workspace);

  /**
   * Starts a fresh state from a published model.
   *
   * @throws StateException if the model does not fit, naming what differs
   */
  void warmStart(LearnerState state, PublishedModel from);

  /**
   * A state to predict with as a published model does. The configuration of such a model is only a
   * claim: what it asks for is compared with the tensors that are there, and with what the reader
   * is willing to hold, before anything of that size is allocated.
   *
   * @param mostBytes of the state
   * @throws StateException if the model does not fit or its state would be larger, naming both
   */
  default LearnerState read(PublishedModel from, long mostBytes) {
    requireRoom(mostBytes(), mostBytes);
    LearnerState state = new LearnerState(schema());
    warmStart(state, from);
    return state;
  }

  /**
   * Refuses a state that is larger than its reader is willing to hold.
   *
   * @throws StateException naming both
   */
  static void requireRoom(long bytes, long mostBytes) {
    if (bytes > mostBytes) {
      throw new StateException(
          "the model's state takes "
              + bytes
              + " bytes, the reader's limit is "
              + mostBytes
              + "; allow more, or publish a smaller model");
    }
  }
}
