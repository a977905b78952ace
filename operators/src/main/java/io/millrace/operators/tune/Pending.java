package io.millrace.operators.tune;

import io.millrace.operators.journal.WaitingEvent;

/**
 * What is kept of a decision with its request, as numbers: all that a feedback needs, and all that
 * makes the decision's record again.
 *
 * <pre>
 * arm | round | control epoch | deadline | answered | shadow | eligible arms e
 *   | e times arm | e times probability | what the policy keeps
 * </pre>
 *
 * <p>Probabilities are those at the time of the decision, whatever the policy would say later. One
 * per handler, used again; not thread-safe.
 */
final class Pending {
  private static final int ARM = 0;
  private static final int ROUND = 1;
  private static final int EPOCH = 2;
  private static final int DEADLINE = 3;
  private static final int ANSWERED = 4;
  private static final int SHADOW = 5;
  private static final int ELIGIBLE = 6;
  private static final int HEAD = 7;

  private double[] numbers = {};

  /**
   * Makes one of a decision.
   *
   * @param shadow arm that an apprentice would have taken; -1: the policy has decided itself
   * @param probabilities by arm
   * @param eligible the eligible arms, ascending, of which {@code count} count
   * @param kept what the policy keeps
   */
  Pending of(
      int arm,
      int shadow,
      double[] probabilities,
      int[] eligible,
      int count,
      long round,
      long epoch,
      long deadline,
      double[] kept) {
    numbers = new double[HEAD + 2 * count + kept.length];
    numbers[ARM] = arm;
    numbers[SHADOW] = shadow;
    numbers[ROUND] = round;
    numbers[EPOCH] = epoch;
    numbers[DEADLINE] = deadline;
    numbers[ELIGIBLE] = count;
    for (int i = 0; i < count; i++) {
      numbers[HEAD + i] = eligible[i];
      numbers[HEAD + count + i] = probabilities[eligible[i]];
    }
    System.arraycopy(kept, 0, numbers, HEAD + 2 * count, kept.length);
    return this;
  }

  /** Opens the one of a request. */
  Pending of(WaitingEvent request) {
    numbers = request.made();
    return this;
  }

  /** The numbers; not to be modified. */
  double[] numbers() {
    return numbers;
  }

  /** The numbers of one whose feedback has come. */
  double[] answered() {
    double[] answered = numbers.clone();
    answered[ANSWERED] = 1;
    return answered;
  }

  /** Whether no feedback has come for a request. */
  static boolean unanswered(WaitingEvent request) {
    return request.made()[ANSWERED] == 0;
  }

  /** Index of the arm decided for. */
  int arm() {
    return (int) numbers[ARM];
  }

  /** Number of the decision, from 1. */
  long round() {
    return (long) numbers[ROUND];
  }

  /** Orders that the key had taken. */
  long epoch() {
    return (long) numbers[EPOCH];
  }

  /** Until when feedback counts; 0: as long as it waits. */
  long deadline() {
    return (long) numbers[DEADLINE];
  }

  /** Index of the arm that an apprentice would have taken; -1: the policy has decided itself. */
  int shadow() {
    return (int) numbers[SHADOW];
  }

  /** Number of eligible arms. */
  int eligible() {
    return (int) numbers[ELIGIBLE];
  }

  /** Index of eligible arm {@code i}. */
  int eligible(int i) {
    return (int) numbers[HEAD + i];
  }

  /** Probability of eligible arm {@code i} at the decision. */
  double probability(int i) {
    return numbers[HEAD + eligible() + i];
  }

  /** Probability of the arm decided for, at the decision. */
  double probability() {
    int i = 0;
    while (eligible(i) != arm()) {
      i++;
    }
    return probability(i);
  }

  /** What the policy keeps, copied to the front of an array. */
  void kept(double[] out) {
    int from = HEAD + 2 * eligible();
    System.arraycopy(numbers, from, out, 0, numbers.length - from);
  }
}
