package io.millrace.operators.handler;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers of a family's own, kept per key in a Flink state by themselves: what changes at another
 * rate than the rest is declared apart, so that a backend on disk rewrites only what has changed.
 *
 * @param name of the Flink state; never changed
 * @param algorithm id of what the numbers belong to
 * @param version of the algorithm's blocks
 * @param schema names, types and lengths
 * @param mostBytes most bytes that the numbers may come to have, or may be expected to where that
 *     depends on what a key sees: those of the schema, unless it has blocks that grow
 * @param meaning settings under which alone the numbers are right, by the keys of the job's YAML; a
 *     savepoint made under others is refused
 * @param others schemas under which this version may have written the same numbers in another form
 * @param reform brings them to this form
 * @param upgrade brings blocks of an older version to this one
 * @param replaceable whether other blocks than these, of another configuration, begin anew: for
 *     numbers that a job can do without
 */
public record BlockSpec(
    String name,
    String algorithm,
    int version,
    StateSchema schema,
    long mostBytes,
    SortedMap<String, String> meaning,
    List<StateSchema> others,
    Reform reform,
    Upgrade upgrade,
    boolean replaceable) {

  /** Brings blocks of an older version to the one of today. */
  @FunctionalInterface
  public interface Upgrade {
    /**
     * Blocks of today's schema.
     *
     * @throws StateException if the version is not known
     */
    LearnerState apply(int from, LearnerState old);
  }

  /** Brings blocks of another form to the one of today. */
  @FunctionalInterface
  public interface Reform {
    /** The same numbers of a key under today's schema. */
    LearnerState apply(LearnerState old, String key);
  }

  public BlockSpec {
    meaning = Collections.unmodifiableSortedMap(new TreeMap<>(meaning));
    others = List.copyOf(others);
  }

  /** Numbers of a fixed size that have had one form only. */
  public BlockSpec(
      String name,
      String algorithm,
      int version,
      StateSchema schema,
      SortedMap<String, String> meaning,
      Upgrade upgrade) {
    this(
        name,
        algorithm,
        version,
        schema,
        schema.totalBytes(),
        meaning,
        List.of(),
        (old, key) -> old,
        upgrade,
        false);
  }

  /** Numbers of a fixed size that begin anew under another configuration. */
  public static BlockSpec replaceable(String name, StateSchema schema) {
    return new BlockSpec(
        name,
        name,
        1,
        schema,
        schema.totalBytes(),
        new TreeMap<>(),
        List.of(),
        (old, key) -> old,
        (from, old) -> old,
        true);
  }

  /** Numbers of a fixed size that have had one version only. */
  public BlockSpec(
      String name, String algorithm, StateSchema schema, SortedMap<String, String> meaning) {
    this(
        name,
        algorithm,
        1,
        schema,
        meaning,
        (from, old) -> {
          throw new StateException(
              "'" + algorithm + "' has had no version " + from + "; restore another savepoint");
        });
  }

  /** The same numbers, which may grow. */
  public BlockSpec growingTo(long most) {
    return new BlockSpec(
        name, algorithm, version, schema, most, meaning, others, reform, upgrade, replaceable);
  }

  /**
   * The same numbers, which may have been written in other forms.
   *
   * @param otherForms their schemas
   * @param toThis brings them to this form
   */
  public BlockSpec orIn(List<StateSchema> otherForms, Reform toThis) {
    return new BlockSpec(
        name,
        algorithm,
        version,
        schema,
        mostBytes,
        meaning,
        otherForms,
        toThis,
        upgrade,
        replaceable);
  }

  /** Blocks of zeros. */
  LearnerState fresh() {
    LearnerState state = new LearnerState(schema);
    state.setVersion(version);
    return state;
  }

  /**
   * Blocks that have come from state, brought to this version and schema; the same object if they
   * are of both.
   *
   * @throws StateException if they cannot be
   */
  LearnerState adopt(LearnerState found, String key) {
    LearnerState state = found;
    if (state.schema() == schema && state.version() == version) {
      return state;
    }
    if (state.version() != version) {
      try {
        state = upgrade.apply(state.version(), state);
      } catch (StateException e) {
        throw new StateException("state of '" + key + "': " + e.getMessage(), e);
      }
    }
    if (others.contains(state.schema())) {
      state = reform.apply(state, key);
    }
    if (state.schema() != schema) {
      if (!state.schema().equals(schema)) {
        if (replaceable) {
          return fresh();
        }
        throw new StateException(
            "state of '"
                + key
                + "' has blocks "
                + state.schema()
                + ", '"
                + algorithm
                + "' expects "
                + schema
                + "; configure the learner as it was");
      }
      state = state.under(schema);
    }
    state.setVersion(version);
    return state;
  }
}
