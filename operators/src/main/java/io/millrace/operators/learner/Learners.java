package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.StateException;
import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import java.util.LinkedHashMap;
import java.util.Map;

/** The job's learner, and its variants under hyperparameters that orders have set. */
final class Learners {
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

  Learners(OnlineLearner base) {
    this.base = base;
  }

  /** The learner as configured. */
  OnlineLearner base() {
    return base;
  }

  /** The learner under the hyperparameters in force for a key. */
  OnlineLearner of(Key key) {
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
    return (OnlineLearner) j.inForce;
  }

  /**
   * The learner under other values.
   *
   * @param overrides null: as configured; copied
   * @throws ConfigException if they are not allowed
   */
  OnlineLearner with(Map<String, Double> overrides) {
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
