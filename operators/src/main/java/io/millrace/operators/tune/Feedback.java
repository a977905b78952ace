package io.millrace.operators.tune;

import io.millrace.core.bandit.Policy;
import io.millrace.core.compute.Workspace;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.InForce;
import io.millrace.operators.handler.Key;
import io.millrace.operators.ingress.TuneFeedbackReader;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.life.WaitingById;
import io.millrace.schemas.Reason;

/**
 * Takes what decisions have cost to the policy: with the probability that the arm had when it was
 * decided for, once for each decision, and not at all where something else was done. Not
 * thread-safe.
 */
final class Feedback {
  private final InForce<Policy> policies;
  private final Tuner tuner;
  private final double timeoutCost;
  private final WaitingById waiting;
  private final OffPolicyFigures figures;
  private final TunerPublishing publishing;
  private final TuneMetrics metrics;
  private final Workspace workspace;
  private final Pending decision = new Pending();
  private double[] kept = {};
  private Reason reason;
  private String message;

  /**
   * Feedback of a stage.
   *
   * @param timeoutCost of a request for which none comes; NaN: nothing is learned from it
   * @param figures null: none are kept
   */
  Feedback(
      InForce<Policy> policies,
      Tuner tuner,
      double timeoutCost,
      WaitingById waiting,
      OffPolicyFigures figures,
      TunerPublishing publishing,
      TuneMetrics metrics,
      Workspace workspace) {
    this.policies = policies;
    this.tuner = tuner;
    this.timeoutCost = timeoutCost;
    this.waiting = waiting;
    this.figures = figures;
    this.publishing = publishing;
    this.metrics = metrics;
    this.workspace = workspace;
  }

  /**
   * Takes feedback for a request that waits.
   *
   * @return false: it cannot be used, nothing has changed; {@link #reason} and {@link #message} say
   *     why
   */
  boolean take(Key key, WaitingEvent request, TuneFeedbackReader f) {
    Journal j = key.journal();
    decision.of(request);
    reason = null;
    int arm = arm(request, f, j);
    if (reason != null) {
      return false;
    }
    boolean asDecided = arm == decision.arm() && !f.fallback();
    if (!asDecided || j.paused) { // of another arm the policy has kept nothing to learn with
      j.skipped++;
      metrics.feedbackSkipped.inc();
    } else if (!learn(key, f.cost())) {
      return fault(
          Reason.DIVERGED,
          "cost = " + f.cost() + " would make what the policy has learned infinite; not learned");
    } else {
      credit(j, request.event());
    }
    if (asDecided) {
      score(key, f.cost());
    }
    tuner.answered(decision.round(), asDecided);
    waiting.answer(key, f.id(), decision.answered());
    return true;
  }

  /** Index of the arm that was used; what is wrong with the feedback is a fault. */
  private int arm(WaitingEvent request, TuneFeedbackReader f, Journal j) {
    int arm = f.arm().isEmpty() ? decision.arm() : tuner.roster().indexOf(f.arm());
    String cost = policies.base().costs().fault(f.cost());
    if (!Pending.unanswered(request)) {
      fault(
          Reason.DUPLICATE_EVENT,
          "feedback for request '" + f.id() + "' has come before; each counts once");
    } else if (decision.deadline() > 0 && j.eventTime > decision.deadline()) {
      fault(
          Reason.LABEL_EXPIRED,
          "the deadline of request '"
              + f.id()
              + "' was "
              + decision.deadline()
              + ", the tuner's clock is at "
              + j.eventTime);
    } else if (cost != null) {
      fault(Reason.OUT_OF_DOMAIN, cost);
    } else if (arm < 0 || tuner.roster().isPurged(arm)) {
      String name = f.arm().isEmpty() ? tuner.name(decision.arm()) : f.arm();
      fault(Reason.UNKNOWN_ARM, "arm = '" + name + "'; the tuner has no such arm (any more)");
    } else if (!f.fallback() && arm != decision.arm()) {
      fault(
          Reason.BAD_LABEL,
          "arm = '"
              + f.arm()
              + "'; must be '"
              + tuner.name(decision.arm())
              + "', which was decided, or the source must be FALLBACK");
    }
    return arm;
  }

  private boolean fault(Reason why, String text) {
    reason = why;
    message = text;
    return false;
  }

  /** Learns the cost of the decision at hand; whether it has been learned. */
  private boolean learn(Key key, double cost) {
    Policy policy = policies.of(key);
    if (kept.length != policy.pendingLength()) {
      kept = new double[policy.pendingLength()];
    }
    decision.kept(kept);
    LearnerState state = key.write(TunerHandler.POLICY);
    if (!policy.learn(state, decision.arm(), decision.probability(), kept, cost, workspace)) {
      return false;
    }
    key.journal().learned++;
    metrics.costsLearned.inc();
    return true;
  }

  /** Takes what the decision at hand has cost into the figures. */
  private void score(Key key, double cost) {
    publishing.score(key, cost);
    if (figures != null && !tuner.roster().isPurged(decision.arm())) {
      figures.take(key, decision, cost);
    }
  }

  private static void credit(Journal j, KeptEvent request) {
    j.covers(request.topic(), request.partition(), request.offset());
    j.learnedTime = Math.max(j.learnedTime, request.eventTime());
  }

  /**
   * Settles a request for which no feedback has come in time.
   *
   * @return whether it has been charged, and is nobody's business any more
   */
  boolean censor(Key key, WaitingEvent request) {
    decision.of(request);
    boolean charged =
        !Double.isNaN(timeoutCost)
            && !key.journal().paused
            && !tuner.roster().isPurged(decision.arm())
            && learn(key, timeoutCost);
    if (charged) {
      credit(key.journal(), request.event());
      score(key, timeoutCost);
    }
    tuner.censored(decision.round(), charged);
    metrics.requestsCensored.inc();
    return charged;
  }

  /** Why feedback cannot be used. */
  Reason reason() {
    return reason;
  }

  /** The same for people. */
  String message() {
    return message;
  }
}
