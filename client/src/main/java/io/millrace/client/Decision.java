package io.millrace.client;

import io.millrace.schemas.TuneDecision;
import java.util.List;

/**
 * Which arm to use. Immutable.
 *
 * @param tuner key of the tuner
 * @param id of the request
 * @param arm name of the arm to use
 * @param value of the arm; NaN: it has a name alone, or the arm is a fallback
 * @param fallback whether no decision came in time and this is what the caller had named for then;
 *     its feedback says so, and no tuner takes it for a decision of its own
 * @param arms the eligible ones, by their index; empty for a fallback
 * @param probabilities of each of {@code arms}
 * @param policy id of the policy; empty for a fallback
 * @param round decisions of the tuner, this one included; 0 for a fallback
 */
public record Decision(
    String tuner,
    String id,
    String arm,
    double value,
    boolean fallback,
    List<String> arms,
    List<Double> probabilities,
    String policy,
    long round) {
  public Decision {
    arms = List.copyOf(arms);
    probabilities = List.copyOf(probabilities);
  }

  static Decision of(TuneDecision d) {
    return new Decision(
        d.getKey(),
        d.getId(),
        d.getArm(),
        d.getValue(),
        false,
        d.getArms(),
        d.getProbabilities(),
        d.getPolicy(),
        d.getRound());
  }

  static Decision fallback(String tuner, String id, String arm) {
    return new Decision(tuner, id, arm, Double.NaN, true, List.of(), List.of(), "", 0);
  }

  /** Probability with which the arm was chosen; NaN for a fallback. */
  public double probability() {
    int at = arms.indexOf(arm);
    return at < 0 ? Double.NaN : probabilities.get(at);
  }
}
