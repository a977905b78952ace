package io.millrace.core.learn;

/**
 * How a step ended.
 *
 * @param kind LEARNED, or why nothing was changed
 * @param row the row that caused the refusal, -1: no single one
 */
public record StepOutcome(Kind kind, int row) {
  /** How a step ended. */
  public enum Kind {
    LEARNED,
    /** The learner does not take such a row; {@link OnlineLearner#unfit} says why. */
    UNFIT,
    /** The loss or gradient of a row is not finite. */
    NOT_FINITE_GRADIENT,
    /** The step would have made a parameter or slot non-finite, or too large to be published. */
    DIVERGED,
    /** The step would have made the loss of its own rows explode; see {@link LossLevel}. */
    EXPLODED,
    /** The model has run away before this step; its rows need not be to blame. */
    RAN_AWAY
  }

  public static final StepOutcome LEARNED = new StepOutcome(Kind.LEARNED, -1);

  /** A step that was not taken because its only row is not one that the learner takes. */
  public static final StepOutcome UNFIT = new StepOutcome(Kind.UNFIT, 0);

  /** A step that was not taken because the loss would have exploded. */
  public static final StepOutcome EXPLODED = new StepOutcome(Kind.EXPLODED, -1);

  /** A step that was not taken because the model is not to be trusted any more. */
  public static final StepOutcome RAN_AWAY = new StepOutcome(Kind.RAN_AWAY, -1);

  /**
   * A step that was not taken.
   *
   * @param culprit the row whose loss or gradient is not finite, -1: the step itself has diverged
   */
  public static StepOutcome refused(int culprit) {
    return culprit >= 0
        ? new StepOutcome(Kind.NOT_FINITE_GRADIENT, culprit)
        : new StepOutcome(Kind.DIVERGED, -1);
  }
}
