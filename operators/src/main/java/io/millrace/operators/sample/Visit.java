package io.millrace.operators.sample;

import io.millrace.schemas.ChainDraws;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.VisitOutcome;
import java.util.Arrays;

/**
 * What came of a visit, as the numbers that are kept under the chain's name: the answer is made of
 * them, the first time and whenever the token comes again.
 */
final class Visit {
  private static final VisitOutcome[] OUTCOMES = VisitOutcome.values();

  /** Places of the numbers before the state and the draws. */
  private enum Place {
    INCARNATION,
    ROUND,
    EPOCH,
    OUTCOME,
    FIRST_STEP,
    THIN,
    STEP,
    NOISE_RATIO,
    /** Numbers of the state. */
    STATE
  }

  private static final double[] NONE = {};
  private static final int HEAD = Place.values().length;

  /** A noise ratio that was not asked for. */
  static final double NOT_MEASURED = -1;

  private final double[] numbers;

  /** One that was kept. */
  Visit(double[] numbers) {
    this.numbers = numbers;
  }

  /**
   * One that was made.
   *
   * @param state of the chain after it
   * @param draws the first {@code count} numbers are theta at each draw
   * @param noise ratio; {@link #NOT_MEASURED}
   */
  static Visit of(
      ChainToken token,
      VisitOutcome outcome,
      long firstStep,
      long step,
      double[] state,
      double[] draws,
      int count,
      double noise) {
    double[] n = new double[HEAD + state.length + count];
    n[Place.INCARNATION.ordinal()] = token.getIncarnation();
    n[Place.ROUND.ordinal()] = token.getRound();
    n[Place.EPOCH.ordinal()] = token.getEpoch();
    n[Place.OUTCOME.ordinal()] = outcome.ordinal();
    n[Place.FIRST_STEP.ordinal()] = firstStep;
    n[Place.THIN.ordinal()] = token.getThin();
    n[Place.STEP.ordinal()] = step;
    n[Place.NOISE_RATIO.ordinal()] = noise;
    n[Place.STATE.ordinal()] = state.length;
    System.arraycopy(state, 0, n, HEAD, state.length);
    System.arraycopy(draws, 0, n, HEAD + state.length, count);
    return new Visit(n);
  }

  /** One that has left the chain as it was. */
  static Visit none(ChainToken token, VisitOutcome outcome) {
    double[] state = DoubleBytes.read(token.getState());
    return of(token, outcome, token.getStep(), token.getStep(), state, NONE, 0, NOT_MEASURED);
  }

  /** What is kept. */
  double[] numbers() {
    return numbers;
  }

  long incarnation() {
    return (long) get(Place.INCARNATION);
  }

  long round() {
    return (long) get(Place.ROUND);
  }

  private double get(Place place) {
    return numbers[place.ordinal()];
  }

  /** The answer; the same bytes at every call. */
  byte[] answer(String posterior, String chain, String client) {
    int state = (int) get(Place.STATE);
    return SingleObject.encode(
        new ChainDraws(
            posterior,
            incarnation(),
            chain,
            round(),
            client,
            (long) get(Place.EPOCH),
            OUTCOMES[(int) get(Place.OUTCOME)],
            (long) get(Place.FIRST_STEP),
            (int) get(Place.THIN),
            (long) get(Place.STEP),
            DoubleBytes.of(Arrays.copyOfRange(numbers, HEAD, HEAD + state)),
            DoubleBytes.of(Arrays.copyOfRange(numbers, HEAD + state, numbers.length)),
            get(Place.NOISE_RATIO)));
  }
}
