package io.millrace.cli.tune;

/**
 * A decision of a log, with what came of it.
 *
 * @param arms indexes of the eligible arms, ascending
 * @param probabilities of each of {@code arms} at decision time; null: only that of the action is
 *     known
 * @param action place among {@code arms} of the arm taken
 * @param propensity probability of the action at decision time, in (0, 1]
 * @param outcome its cost, or its reward
 * @param context what was known of the instance; may be empty
 * @param armFeatures what was known of each of {@code arms}, row by row; may be empty
 */
record LoggedDecision(
    int[] arms,
    double[] probabilities,
    int action,
    double propensity,
    double outcome,
    double[] context,
    double[] armFeatures) {
  /** Index of the arm taken. */
  int arm() {
    return arms[action];
  }

  /** Place of an arm among the eligible ones; negative: it is not eligible. */
  int place(int arm) {
    for (int i = 0; i < arms.length; i++) {
      if (arms[i] == arm) {
        return i;
      }
    }
    return -1;
  }
}
