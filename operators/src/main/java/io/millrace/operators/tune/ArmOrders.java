package io.millrace.operators.tune;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Policy;
import io.millrace.core.decision.ArmRoster;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.control.Echoes;
import io.millrace.operators.handler.InForce;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.ingress.ArmChangeReader;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.publish.DeadLetterOffice;
import io.millrace.schemas.ArmChange;
import io.millrace.schemas.ArmCommand;
import io.millrace.schemas.Reason;
import java.time.Instant;

/**
 * Carries out orders about arms. Each is carried out once, by origin and sequence, and takes its
 * place in the tuner's sequence; one that is refused is a dead letter, and each has its echo.
 */
final class ArmOrders {
  private final int most;
  private final ArmChangeReader reader;
  private final InForce<Policy> policies;
  private final Tuner tuner;
  private final Decider decider;
  private final OffPolicyFigures figures;
  private final StageContext stage;
  private final DeadLetterOffice letters;
  private final Echoes echoes;

  /**
   * Orders of a stage.
   *
   * @param figures null: none are kept
   * @param steering of the stage
   */
  ArmOrders(
      TuneOptions options,
      InForce<Policy> policies,
      Tuner tuner,
      Decider decider,
      OffPolicyFigures figures,
      Steering steering,
      StageContext stage) {
    this.most = options.shape().maxArms();
    this.reader = new ArmChangeReader(options.topics(), TuneOptions.MAX_NAME, options.times());
    this.policies = policies;
    this.tuner = tuner;
    this.decider = decider;
    this.figures = figures;
    this.stage = stage;
    this.letters = stage.letters();
    this.echoes = new Echoes(stage.job(), stage.incarnation(), steering, stage);
  }

  /**
   * Carries out an order; the key may not have begun.
   *
   * @return whether it has been, now
   */
  boolean carryOut(RoutedEvent e, Key key) {
    if (!reader.read(e)) {
      letters.sendRead(letters.evidence(e), key.journal(), reader.reason(), reader.message());
      return false;
    }
    ArmChange c = reader.change();
    c.setEventTime(Instant.ofEpochMilli(reader.eventTime()));
    if (key.journal() == null) {
      return refuse(
          e,
          c,
          key,
          Reason.CONTROL_FOR_ABSENT_KEY,
          "there is no tuner '" + key.name() + "' yet; send a request");
    }
    if (!key.journal().origins().isNews(c.getOrigin(), c.getSequence())) {
      stage.metrics().controlsRepeated.inc();
      echoes.repeated(c, key);
      return false;
    }
    tuner.at(key);
    String fault = fault(c, tuner.roster());
    if (fault != null) {
      return refuse(e, c, key, Reason.UNKNOWN_ARM, fault);
    }
    key.journal().controlEpoch++;
    switch (c.getCommand()) {
      case ADD -> add(c, key);
      case REMOVE -> tuner.roster().remove(c.getArm());
      case PURGE -> purge(tuner.roster().purge(c.getArm()), key);
      default -> throw new IllegalStateException("order " + c + " should have been refused");
    }
    tuner.keepRoster();
    stage.metrics().controls.inc();
    echoes.taken(c, key);
    return true;
  }

  /** Refuses an order: it has not been carried out. */
  private boolean refuse(RoutedEvent e, ArmChange c, Key key, Reason why, String message) {
    letters.send(e, key.journal(), why, message);
    echoes.refused(c, key, why, message);
    return false;
  }

  /** What is wrong with an order; null: nothing. */
  private String fault(ArmChange c, ArmRoster roster) {
    int arm = roster.indexOf(c.getArm());
    return switch (c.getCommand()) {
      case ADD -> arm < 0 ? newFault(c, roster) : againFault(c, roster.isEligible(arm));
      default ->
          arm < 0
              ? "arm = '" + c.getArm() + "'; the tuner has no such arm"
              : c.getCommand() == ArmCommand.REMOVE && !roster.isEligible(arm)
                  ? "arm = '" + c.getArm() + "'; has been removed before"
                  : null;
    };
  }

  private String newFault(ArmChange c, ArmRoster roster) {
    if (roster.count() >= most) {
      return "arm = '"
          + c.getArm()
          + "'; the tuner has had "
          + roster.count()
          + " arms, as many as arms.most allows";
    }
    if (Double.isNaN(c.getValue()) == tuner.valued()) {
      return "value = "
          + c.getValue()
          + "; must be "
          + (tuner.valued() ? "a number" : "NaN")
          + " as of the other arms";
    }
    if (!c.getFrom().isEmpty() && roster.indexOf(c.getFrom()) < 0) {
      return "from = '" + c.getFrom() + "'; the tuner has no such arm";
    }
    return null;
  }

  private static String againFault(ArmChange c, boolean eligible) {
    if (eligible) {
      return "arm = '" + c.getArm() + "'; is there already";
    }
    return c.getFrom().isEmpty()
        ? null
        : "from = '"
            + c.getFrom()
            + "'; must be empty because '"
            + c.getArm()
            + "' comes back with its own statistics; purge it first";
  }

  private void purge(int arm, Key key) {
    policies.of(key).purge(key.write(TunerHandler.POLICY), arm);
    if (figures != null) {
      figures.purge(key, arm);
    }
  }

  private void add(ArmChange c, Key key) {
    ArmRoster roster = tuner.roster();
    boolean back = roster.indexOf(c.getArm()) >= 0;
    if (back) {
      roster.add(c.getArm());
      return;
    }
    ArmStart start =
        c.getFrom().isEmpty()
            ? ArmStart.fresh()
            : ArmStart.from(roster.indexOf(c.getFrom()), c.getWeight());
    LearnerState state = key.write(TunerHandler.POLICY);
    policies.of(key).start(state, roster.count(), start, decider.present(), stage.workspace());
    tuner.setValue(roster.add(c.getArm()), c.getValue());
  }
}
