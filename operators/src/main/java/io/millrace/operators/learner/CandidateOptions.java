package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.decision.GateHypers;
import io.millrace.core.decision.PromotionGate;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Candidates for the place of the configured learner, and the gate that decides between them.
 *
 * @param candidates at least one, each of another name; they take the rows that the configured
 *     learner takes and are judged by the same loss
 * @param test by what a candidate is promoted, see {@link
 *     io.millrace.core.decision.GateHypers#TEST}
 * @param bound to which a difference of losses is cut; above 0
 * @param rung events after which the worse half of a key's candidates ends, and again after twice
 *     as many, and so on: successive halving; 0: the gate alone ends them
 * @param values of the gate, by name, see {@link io.millrace.core.decision.GateHypers#HYPERS}
 */
public record CandidateOptions(
    List<Candidate> candidates,
    String test,
    double bound,
    long rung,
    TreeMap<String, Double> values)
    implements Serializable {
  /** Name of the configured learner among the candidates. */
  public static final String BASE = "base";

  /** Most candidates beside the configured learner. */
  public static final int MOST = 64;

  /**
   * A candidate.
   *
   * @param name of its state in savepoints too, so it is never changed
   * @param factory makes its learner
   */
  public record Candidate(String name, LearnerFactory factory) implements Serializable {}

  public CandidateOptions {
    candidates = List.copyOf(candidates);
    values = new TreeMap<>(values);
    List<String> faults = new ArrayList<>();
    if (candidates.isEmpty() || candidates.size() > MOST) {
      faults.add("candidates: " + candidates.size() + " of them; must be 1 to " + MOST);
    }
    Set<String> names = new HashSet<>(Set.of(BASE));
    for (Candidate c : candidates) {
      if (!names.add(c.name())) {
        faults.add(
            "candidates."
                + c.name()
                + ": "
                + (c.name().equals(BASE) ? "is the configured learner's" : "is another one's")
                + " name; must differ");
      }
    }
    if (rung < 0) {
      faults.add("gate.rung = " + rung + "; must be at least 0");
    }
    if (rung > 0 && values.getOrDefault(GateHypers.RENEW.name(), 0.0) > 0) {
      faults.add(
          "gate.rung = "
              + rung
              + "; must be 0 because gate.renew is set: who begins anew reaches no rung");
    }
    try {
      gate(1, test, bound, values);
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  /** The gate between the configured learner and the candidates. */
  PromotionGate gate() {
    return gate(candidates.size() + 1, test, bound, values);
  }

  private static PromotionGate gate(
      int candidates, String test, double bound, Map<String, Double> values) {
    return PromotionGate.of(bound, candidates, test, values);
  }
}
