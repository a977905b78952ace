package io.millrace.core.dictionary;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.Draws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;

/**
 * A method that learns a dictionary from batches of signals. It is immutable: what it has learned
 * lies in the {@link LearnerState} that each call is handed. Dictionaries are atom-major, {@code
 * D[K][m]}; batches of signals {@code x[n][m]} and of codes {@code a[n][codeLength]} are row-major.
 * Arrays may be longer than what they hold. Nothing here allocates in steady state, except
 * publishing.
 */
public interface DictionaryMethod {
  /** Id in {@link io.millrace.core.dictionary.learner.Methods}. */
  String id();

  /** Counts up with the set of blocks or their meaning. */
  int stateVersion();

  /** m, numbers per signal. */
  int dimension();

  /** K, atoms of the dictionary. */
  int atoms();

  /** Numbers per code. */
  default int codeLength() {
    return atoms();
  }

  /** Blocks per key. The same for every set of values that are not structural. */
  StateSchema schema();

  /**
   * Puts a fresh state, all zeros, to its start values.
   *
   * @param draws randomness of (job seed, key, step 0)
   */
  void initialize(LearnerState state, Draws draws);

  /**
   * Codes signals under the present dictionary; changes nothing in {@code state}.
   *
   * @param x [n x m], finite, not modified
   * @param codes [n x codeLength], overwritten
   * @param objectives [n], overwritten: for each signal the value of what its code minimises
   */
  void encode(
      double[] x,
      int n,
      LearnerState state,
      double[] codes,
      double[] objectives,
      Workspace workspace);

  /**
   * One step on a batch. Either the whole step is taken, or nothing in {@code state} has changed.
   * {@link LearnerState#steps()} is counted by the caller.
   *
   * @param x [n x m], finite, not modified
   * @param weights [n], finite and at least 0
   * @param n at least 1
   * @param draws randomness of (job seed, key, step)
   * @return false where the state would not have been finite
   */
  boolean step(
      double[] x, double[] weights, int n, LearnerState state, Draws draws, Workspace workspace);

  /**
   * Writes the tensors that readers need to code signals: {@code dictionary} [K x m] where the
   * method has one.
   */
  void publish(LearnerState state, ModelWriter out, Workspace workspace);

  /**
   * Starts a fresh state, already {@link #initialize}d, from published tensors.
   *
   * @throws io.millrace.core.state.StateException if they do not fit, naming what differs
   */
  void warmStart(LearnerState state, PublishedModel from);

  /**
   * Mean objective of the signals of the last step. They were coded under the dictionary as it was
   * before that step.
   *
   * @return NaN where no step has coded signals yet, or the last step only took signals as atoms
   */
  double objective(LearnerState state);

  /**
   * Reports figures of the last step and of the present dictionary (mean non-zeros, atoms replaced,
   * largest move of an atom, ...), always the same names in the same order.
   */
  void figures(LearnerState state, Figures out);

  /**
   * {@code D a} of one code.
   *
   * @param code [codeLength] from {@code codeOffset}
   * @param x [m] from {@code xOffset}, overwritten
   */
  void reconstruct(LearnerState state, double[] code, int codeOffset, double[] x, int xOffset);
}
