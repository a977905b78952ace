package io.millrace.operators.tune;

import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.compute.Workspace;
import io.millrace.core.decision.ArmRoster;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.Key;
import io.millrace.operators.ingress.TuneRequestReader;
import io.millrace.schemas.Reason;
import java.util.Arrays;
import java.util.List;

/**
 * Brings a request before a policy: finds its arms, lays out what it brings, and keeps what a later
 * feedback needs. Randomness is a function of (job seed, tuner key, number of the decision). Not
 * thread-safe.
 */
final class Decider {
  private final PolicyShape shape;
  private final Tuner tuner;
  private final Apprentice apprentice;
  private final PhiloxDraws draws;
  private final Workspace workspace;
  private final PolicyRequest request;
  private final PolicyDecision decision;
  private final Pending pending = new Pending();

  /** Eligible arms, ascending, and for each the place of its features in the request. */
  private final int[] eligible;

  private final boolean[] wanted;
  private final int[] place;
  private int count;
  private double[] probabilities = {};
  private double[] kept = {};
  private Reason reason;
  private String message;

  /**
   * A decider.
   *
   * @param apprentice null: the policy decides
   */
  Decider(PolicyShape shape, long seed, Tuner tuner, Apprentice apprentice, Workspace workspace) {
    this.shape = shape;
    this.tuner = tuner;
    this.apprentice = apprentice;
    this.draws = new PhiloxDraws(seed, "");
    this.workspace = workspace;
    this.request = new PolicyRequest(shape);
    this.decision = new PolicyDecision(shape);
    this.eligible = new int[shape.maxArms()];
    this.wanted = new boolean[shape.maxArms()];
    this.place = new int[shape.maxArms()];
  }

  /**
   * Lays out a request.
   *
   * @return false: it cannot be answered, {@link #reason} and {@link #message} say why
   */
  boolean lay(TuneRequestReader r, Policy policy) {
    reason = null;
    boolean fits = r.arms().isEmpty() ? all(tuner.roster()) : named(r.arms(), tuner.roster());
    if (!fits || !features(r)) {
      return false;
    }
    System.arraycopy(r.context(), 0, request.context(), 0, shape.contextLength());
    request.setEligible(eligible, count);
    tuner.fill(request);
    String unfit = policy.unfit(request);
    return unfit == null || fault(Reason.OUT_OF_DOMAIN, unfit);
  }

  private boolean all(ArmRoster roster) {
    count = roster.eligible(eligible);
    for (int i = 0; i < count; i++) {
      place[i] = i;
    }
    return count > 0
        || fault(Reason.UNKNOWN_ARM, "the tuner has no arm any more; add one by an ArmChange");
  }

  private boolean named(List<String> names, ArmRoster roster) {
    Arrays.fill(wanted, false);
    for (int i = 0; i < names.size(); i++) {
      int arm = roster.indexOf(names.get(i));
      if (arm < 0 || !roster.isEligible(arm)) {
        return fault(
            Reason.UNKNOWN_ARM,
            "arms["
                + i
                + "] = '"
                + names.get(i)
                + (arm < 0
                    ? "'; the tuner has no such arm"
                    : "'; the arm was removed; add it by an ArmChange"));
      }
      if (wanted[arm]) {
        return fault(
            Reason.DUPLICATE_INDEX, "arms has '" + names.get(i) + "' twice; each must stand once");
      }
      wanted[arm] = true;
      place[arm] = i;
    }
    count = 0;
    for (int arm = 0; arm < wanted.length; arm++) {
      if (wanted[arm]) {
        place[count] = place[arm]; // count never passes arm
        eligible[count++] = arm;
      }
    }
    return true;
  }

  private boolean features(TuneRequestReader r) {
    int width = shape.featureLength();
    if (r.armFeatureCount() != count * width) {
      return fault(
          Reason.DIMENSION_MISMATCH,
          "armFeatures has "
              + r.armFeatureCount()
              + " values; must have "
              + width
              + " (request.arm-features) for each of "
              + count
              + " arms");
    }
    for (int i = 0; width > 0 && i < count; i++) {
      System.arraycopy(
          r.armFeatures(), place[i] * width, request.features(), eligible[i] * width, width);
    }
    return true;
  }

  private boolean fault(Reason why, String text) {
    reason = why;
    message = text;
    return false;
  }

  /**
   * Decides the request laid out.
   *
   * @param round number of the decision
   * @param deadline until when its feedback counts; 0: it does not say
   */
  Pending decide(Key key, Policy policy, LearnerState state, long round, long deadline) {
    policy.choose(request, state, draws.at(key.name(), round), decision, workspace);
    boolean shadow = apprentice != null && apprentice.shadows(key);
    int arm = decision.arm();
    probabilities = decision.probabilities();
    if (shadow) {
      int always = tuner.roster().indexOf(apprentice.baseline());
      arm = apprentice.decide(always, request, draws);
      probabilities = apprentice.probabilities();
      apprentice.take(key, arm == decision.greedy());
    }
    if (kept.length != policy.pendingLength()) {
      kept = new double[policy.pendingLength()];
    }
    policy.remember(request, arm, state, kept, workspace);
    return pending.of(
        arm,
        shadow ? decision.greedy() : -1,
        probabilities,
        eligible,
        count,
        round,
        key.journal().controlEpoch,
        deadline,
        kept);
  }

  /** Probabilities of the last decision [maxArms], of whoever has made it; live. */
  double[] probabilities() {
    return probabilities;
  }

  /** A request of nothing but the arms that there are, for what the policy does with arms. */
  PolicyRequest present() {
    count = tuner.roster().eligible(eligible);
    request.setEligible(eligible, count);
    tuner.fill(request);
    return request;
  }

  /** Why a request cannot be answered. */
  Reason reason() {
    return reason;
  }

  /** The same for people. */
  String message() {
    return message;
  }
}
