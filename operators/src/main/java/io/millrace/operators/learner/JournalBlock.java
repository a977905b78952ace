package io.millrace.operators.learner;

import java.util.Arrays;

/** The whole numbers of a {@link KeyState}, in an order that is only ever appended to. */
final class JournalBlock {
  static final int LENGTH = 25;

  private JournalBlock() {}

  /** Writes the fields of a state to the first {@value #LENGTH} places. */
  static void put(KeyState s, long[] j) {
    j[0] = s.stateVersion;
    j[1] = s.learner.steps();
    j[2] = s.version;
    j[3] = s.predicted;
    j[4] = s.learned;
    j[5] = s.deadLetters;
    j[6] = s.rollbacks;
    j[7] = s.skipped;
    j[8] = s.abandoned;
    j[9] = s.total.scored;
    j[10] = s.total.judged;
    j[11] = s.total.correct;
    j[12] = s.window.scored;
    j[13] = s.window.judged;
    j[14] = s.window.correct;
    j[15] = s.predictedAtMetric;
    j[16] = s.eventTime;
    j[17] = s.learnedTime;
    j[18] = s.learnedAtSnapshot;
    j[19] = s.timeAtSnapshot;
    j[20] = s.parts[0];
    j[21] = s.parts[1];
    j[22] = s.controlEpoch;
    j[23] = s.paused ? 1 : 0;
    j[24] = s.timerAt;
  }

  /**
   * Sets the fields of a state.
   *
   * @param block as found; what a newer build appended is not looked at, what an older one had not
   *     is 0
   * @return steps of the learner, whose blocks may not have been read yet
   */
  static long take(long[] block, KeyState s) {
    long[] j = block.length >= LENGTH ? block : Arrays.copyOf(block, LENGTH);
    s.stateVersion = (int) j[0];
    s.version = j[2];
    s.predicted = j[3];
    s.learned = j[4];
    s.deadLetters = j[5];
    s.rollbacks = j[6];
    s.skipped = j[7];
    s.abandoned = j[8];
    s.total.scored = j[9];
    s.total.judged = j[10];
    s.total.correct = j[11];
    s.window.scored = j[12];
    s.window.judged = j[13];
    s.window.correct = j[14];
    s.predictedAtMetric = j[15];
    s.eventTime = j[16];
    s.learnedTime = j[17];
    s.learnedAtSnapshot = j[18];
    s.timeAtSnapshot = j[19];
    s.parts[0] = (int) j[20];
    s.parts[1] = (int) j[21];
    s.controlEpoch = j[22];
    s.paused = j[23] != 0;
    s.timerAt = j[24];
    return j[1];
  }
}
