package io.millrace.operators.learner;

import io.millrace.core.learn.StepOutcome;
import io.millrace.schemas.Reason;

/** What a step that was not taken means for the dead letters of its rows. */
final class Refusal {
  private Refusal() {}

  static Reason reason(StepOutcome outcome) {
    return switch (outcome.kind()) {
      case NOT_FINITE_GRADIENT -> Reason.NOT_FINITE_GRADIENT;
      case UNFIT -> Reason.OUT_OF_DOMAIN;
      default -> Reason.DIVERGED;
    };
  }

  /** The same for people. */
  static String message(Step step) {
    if (step.outcome.kind() == StepOutcome.Kind.UNFIT) {
      return step.learner.unfit(step.rows, step.outcome.row());
    }
    return switch (step.outcome.kind()) {
          case NOT_FINITE_GRADIENT -> "loss or gradient is not finite";
          case EXPLODED -> "the step would make the loss of its own examples explode";
          case RAN_AWAY -> "the model predicts far worse than none, and worse with every step,";
          default -> "the step would make the model larger than can be published";
        }
        + " under model '"
        + step.key.name()
        + "' after "
        + step.key.read(step.model).steps()
        + " steps; the model stays as it was; if this goes on, lower the learning rate";
  }
}
