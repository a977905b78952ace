package io.millrace.core.optim.schedule;

import io.millrace.core.ConfigException;

/** Faults that more than one schedule can have. */
final class Checks {
  private Checks() {}

  static void minimumBelow(String id, double minimum, double learningRate) {
    if (minimum > learningRate) {
      throw new ConfigException(
          "schedule."
              + id
              + ".minimum = "
              + minimum
              + "; must be at most the learning rate, "
              + learningRate
              + ", because the schedule falls from the one to the other");
    }
  }
}
