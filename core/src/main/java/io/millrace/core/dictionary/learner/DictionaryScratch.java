package io.millrace.core.dictionary.learner;

import io.millrace.core.features.Rows;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;

/** Reused arrays of a dictionary learner, once per subtask. Not thread-safe. */
final class DictionaryScratch {
  private PhiloxDraws draws;
  private long drawsSeed;
  double[] signals = {};
  double[] weights = {};
  final double[] objective = new double[1];

  /** Of the signal loaded last. */
  double offset;

  double scale;

  /** Rows {@code from .. from + n - 1} as scaled signals [n x m]. */
  void load(Rows rows, int from, int n, int m, SignalScaling scaling) {
    if (signals.length < n * m) {
      signals = new double[Math.max(n * m, 2 * signals.length)];
      weights = new double[signals.length / m];
    }
    double[] value = rows.value();
    for (int r = 0; r < n; r++) {
      int at = r * m;
      int start = rows.start(from + r);
      int end = rows.end(from + r);
      if (rows.dense()) {
        System.arraycopy(value, start, signals, at, end - start);
      } else {
        Arrays.fill(signals, at, at + m, 0);
        int[] index = rows.index();
        for (int i = start; i < end; i++) {
          signals[at + index[i]] += value[i];
        }
      }
      offset = scaling.offset(signals, at, m);
      scaling.takeOff(offset, signals, at, m);
      scale = scaling.scale(signals, at, m);
      scaling.divide(scale, signals, at, m);
      weights[r] = rows.weight(from + r);
    }
  }

  Draws draws(long seed, String key, long step) {
    if (draws == null || drawsSeed != seed) {
      draws = new PhiloxDraws(seed, key);
      drawsSeed = seed;
    }
    return draws.at(key, step);
  }
}
