package io.millrace.operators.tune;

import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.decision.ApprenticeExit;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A policy that learns in the shadow of a baseline: the baseline decides, and the policy acts once
 * it is told to, or once it has agreed often enough ({@link ApprenticeExit}), if it may leave by
 * itself. An order has the last word either way. Not thread-safe.
 */
final class Apprentice {
  /**
   * An order that lets the policy act (1) or keeps it in the shadow (0), whatever the gate says.
   */
  static final Hyper ACTS =
      new Hyper(
          "acts", 0, Range.flag(), "whether the policy of an apprentice decides, not the baseline");

  private static final String EXIT = "exit";

  private final int part;
  private final TuneOptions.Apprentice options;
  private final ApprenticeExit exit;
  private final double[] probabilities;

  /**
   * An apprentice.
   *
   * @param part place of its block in the handler's list
   */
  Apprentice(int part, TuneOptions options) {
    this.part = part;
    this.options = options.apprentice();
    this.exit = ApprenticeExit.of(this.options.values());
    this.probabilities = new double[options.shape().maxArms()];
  }

  /** Its block. */
  static BlockSpec block(TuneOptions options) {
    StateSchema schema = new StateSchema.Builder().block(EXIT, ApprenticeExit.LENGTH).build();
    TreeMap<String, String> meaning = new TreeMap<>();
    meaning.put("apprentice.baseline", options.apprentice().baseline());
    return new BlockSpec("apprentice", "apprentice", schema, meaning);
  }

  /** Whether the baseline decides for a key now. */
  boolean shadows(Key key) {
    Map<String, Double> orders = key.journal().overrides;
    Double told = orders == null ? null : orders.get(ACTS.name());
    if (told != null) {
      return told == 0;
    }
    return !options.gated() || !exit.mayLeave(key.read(part).block(EXIT), 0);
  }

  /**
   * Lets the baseline decide.
   *
   * @param index of the arm it always takes, eligible or not; -1: each with the same probability
   * @param draws aimed at the decision
   * @return index of its arm; {@link #probabilities} are set
   */
  int decide(int index, PolicyRequest request, Draws draws) {
    Arrays.fill(probabilities, 0);
    boolean there = false;
    for (int i = 0; i < request.count(); i++) {
      there |= request.eligible()[i] == index;
      probabilities[request.eligible()[i]] = 1.0 / request.count();
    }
    if (there) {
      Arrays.fill(probabilities, 0);
      probabilities[index] = 1;
      return index;
    }
    return PolicyDecision.draw(draws.fork(Purpose.BASELINE).uniform(0), probabilities);
  }

  /** Of the baseline's last decision, by arm. */
  double[] probabilities() {
    return probabilities;
  }

  /** Name of the arm that the baseline takes; empty: any. */
  String baseline() {
    return options.baseline();
  }

  /** Takes note of whether the policy would have done the same. */
  void take(Key key, boolean agrees) {
    exit.take(key.write(part).block(EXIT), 0, agrees);
  }

  /** Begins anew, with the policy. */
  void reset(Key key) {
    key.renew(part);
  }

  /** Reports how often the two agree. */
  void describe(Key key, Map<String, Double> values) {
    double[] b = key.read(part).block(EXIT);
    double share = ApprenticeExit.share(b, 0);
    if (!Double.isNaN(share)) {
      values.put("agreement", share);
      values.put("agreementLower", ApprenticeExit.lower(b, 0));
    }
    values.put("acts", shadows(key) ? 0.0 : 1.0);
  }
}
