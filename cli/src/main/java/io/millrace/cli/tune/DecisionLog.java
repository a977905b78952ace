package io.millrace.cli.tune;

import java.io.IOException;
import java.util.function.Consumer;

/** A log of decisions, which is read twice: for its arms, and to be evaluated. */
interface DecisionLog {
  /** Name for outputs. */
  String name();

  /**
   * Reads all of it from the beginning.
   *
   * @param intake of nothing yet; every decision goes through it
   * @param used is handed each decision with an outcome that can be used
   */
  void read(LogIntake intake, Consumer<LoggedDecision> used) throws IOException;
}
