package io.millrace.operators.handler;

import io.millrace.core.spec.Hyper;
import java.util.List;
import java.util.Map;

/**
 * What orders can do to the keys of a stage. Reading an order, remembering who sent it,
 * hyperparameters in force, pausing, refusals and echoes are the shell's; a family says what they
 * mean to it.
 */
public interface Steering {
  /** A stage that has nothing to be steered by; its keys can be paused all the same. */
  Steering NONE =
      new Steering() {
        @Override
        public String algorithm() {
          return "this job";
        }

        @Override
        public List<Hyper> hyperparameters() {
          return List.of();
        }

        @Override
        public String fault(Map<String, Double> values) {
          return null;
        }

        @Override
        public long steps(Key key) {
          return 0;
        }

        @Override
        public void reset(Key key) {
          // There is nothing to put back.
        }

        @Override
        public void publish(Key key) {
          // There is nothing to publish.
        }
      };

  /** Id of the algorithm; a hyperparameter may be named with it in front. */
  String algorithm();

  /** Hyperparameters that an order may change. */
  List<Hyper> hyperparameters();

  /**
   * What is wrong with a set of hyperparameters, each in its own range; null: nothing.
   *
   * @param values in force beside the configured ones
   */
  String fault(Map<String, Double> values);

  /**
   * The same for a key that has begun; keys may differ in what serves them.
   *
   * @param values in force beside the configured ones
   */
  default String fault(Key key, Map<String, Double> values) {
    return fault(values);
  }

  /** Steps that a key's model has taken. */
  long steps(Key key);

  /** Puts a key's model back to its start. */
  void reset(Key key);

  /** Publishes a key's model now. */
  void publish(Key key);

  /** Why a key's model cannot be published now; null: it can. */
  default String cannotPublish(Key key) {
    return null;
  }

  /** Whether a key can ever go back to what served it before. */
  default boolean rollsBack() {
    return false;
  }

  /** Candidates that an order may name; none unless the stage has any. */
  default List<String> candidates() {
    return List.of();
  }

  /**
   * Why a candidate cannot take the place of what serves a key now; null: it can.
   *
   * @param candidate one of {@link #candidates}
   */
  default String cannotPromote(Key key, String candidate) {
    throw new IllegalStateException("there is no candidate '" + candidate + "'");
  }

  /** Lets a candidate take the place of what serves a key, which can be done. */
  default void promote(Key key, String candidate) {
    throw new IllegalStateException("there is no candidate '" + candidate + "'");
  }

  /** Why what served a key before cannot take its place again now; null: it can. */
  default String cannotRollBack(Key key) {
    throw new IllegalStateException("there is nothing to go back to");
  }

  /** Lets what served a key before take its place again, which can be done. */
  default void rollBack(Key key) {
    throw new IllegalStateException("there is nothing to go back to");
  }
}
