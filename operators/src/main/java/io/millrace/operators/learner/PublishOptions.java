package io.millrace.operators.learner;

import io.millrace.core.decision.PublishGate;
import java.io.Serializable;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a model has to prove before its versions are published.
 *
 * @param test by what it is proven, see {@link io.millrace.core.decision.GateHypers#TEST}
 * @param bound to which a difference of what two predictions were wrong by is cut; above 0
 * @param values of the gate, by name, see {@link io.millrace.core.decision.GateHypers#HYPERS}
 */
public record PublishOptions(String test, double bound, TreeMap<String, Double> values)
    implements Serializable {
  /** Models that a key keeps for it: the last good one, and the one on trial. */
  public static final int MODELS = 2;

  public PublishOptions {
    values = new TreeMap<>(values);
    new PublishGate(bound, test, values); // finds every fault
  }

  /** With values from elsewhere. */
  public PublishOptions(String test, double bound, Map<String, Double> values) {
    this(test, bound, new TreeMap<>(values));
  }

  /** The gate. */
  PublishGate gate() {
    return new PublishGate(bound, test, values);
  }
}
