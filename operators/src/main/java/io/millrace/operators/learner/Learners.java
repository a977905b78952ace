package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.StateException;
import java.util.LinkedHashMap;
import java.util.Map;

/** The job's learner, and its variants under hyperparameters that control events have set. */
public final class Learners {
  /** Variants remembered; beyond, the one not used for longest is built again when needed. */
  private static final int CACHE = 1024;

  private final OnlineLearner base;
  private final Map<Map<String, Double>, OnlineLearner> variants =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Map<String, Double>, OnlineLearner> eldest) {
          return size() > CACHE;
        }
      };

  public Learners(OnlineLearner base) {
    this.base = base;
  }

  /** The learner as configured. */
  public OnlineLearner base() {
    return base;
  }

  /**
   * The learner under the hyperparameters in force for a key.
   *
   * @throws StateException if the job's configuration no longer takes them
   */
  public OnlineLearner of(KeyState s, String key) {
    if (s.inForce == null) {
      try {
        s.inForce = with(s.overrides);
      } catch (ConfigException e) {
        throw new StateException(
            "state of '"
                + key
                + "' has hyperparameters "
                + s.overrides
                + " set by control events: "
                + e.getMessage(),
            e);
      }
    }
    return s.inForce;
  }

  /**
   * The learner under other values.
   *
   * @param overrides null: as configured; copied
   * @throws ConfigException if they are not allowed
   */
  public OnlineLearner with(Map<String, Double> overrides) {
    if (overrides == null || overrides.isEmpty()) {
      return base;
    }
    OnlineLearner learner = variants.get(overrides);
    if (learner == null) {
      Map<String, Double> copy = Map.copyOf(overrides);
      learner = base.with(copy);
      variants.put(copy, learner);
    }
    return learner;
  }
}
