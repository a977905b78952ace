package io.millrace.core.drift;

import io.millrace.core.spec.Range;

/** What the two tests by Hoeffding's bound share. */
final class Hddm {
  /** Levels of a test: neither never nor always. */
  static final Range LEVELS = new Range(0, true, 1, true, false);

  private Hddm() {}
}
