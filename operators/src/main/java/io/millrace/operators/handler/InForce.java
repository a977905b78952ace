package io.millrace.operators.handler;

import io.millrace.core.ConfigException;
import io.millrace.core.state.StateException;
import io.millrace.operators.journal.Journal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * An algorithm as the job configures it, and its variants under hyperparameters that orders have
 * set. For one subtask, not thread-safe.
 *
 * @param <T> an immutable algorithm
 */
public class InForce<T> {
  /** Variants remembered; beyond, the one not used for longest is built again when needed. */
  private static final int CACHE = 1024;

  private final T base;
  private final Function<Map<String, Double>, T> variant;
  private final Map<Map<String, Double>, T> variants =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Double>, T> eldest) {
          return size() > CACHE;
        }
      };

  /**
   * Variants of an algorithm.
   *
   * @param variant makes one under other values; throws a ConfigException if they are not allowed
   */
  public InForce(T base, Function<Map<String, Double>, T> variant) {
    this.base = base;
    this.variant = variant;
  }

  /** The algorithm as configured. */
  public T base() {
    return base;
  }

  /** The algorithm under the hyperparameters in force for a key. */
  @SuppressWarnings("unchecked") // whoever handles a key has put it there
  public T of(Key key) {
    Journal j = key.journal();
    if (j.inForce == null) {
      try {
        j.inForce = with(j.overrides);
      } catch (ConfigException e) {
        throw new StateException(
            "state of '"
                + key.name()
                + "' has hyperparameters "
                + j.overrides
                + " set by orders: "
                + e.getMessage(),
            e);
      }
    }
    return (T) j.inForce;
  }

  /**
   * The algorithm under other values.
   *
   * @param overrides null: as configured; copied
   * @throws ConfigException if they are not allowed
   */
  public T with(Map<String, Double> overrides) {
    if (overrides == null || overrides.isEmpty()) {
      return base;
    }
    T other = variants.get(overrides);
    if (other == null) {
      Map<String, Double> copy = Map.copyOf(overrides);
      other = variant.apply(copy);
      variants.put(copy, other);
    }
    return other;
  }
}
