package io.millrace.core.tree;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;

/** A stream whose concept changes, as a function of the event's number. */
final class TreeRows {
  /** Three numbers, one attribute of three values. */
  static final int[] VALUES = {0, 0, 0, 3};

  private static final int CONCEPT = 3000;

  private final PhiloxDraws draws = new PhiloxDraws(5, "rows");
  final double[] x = new double[VALUES.length];
  int y;
  double target;
  double weight;

  /** Fills in event {@code e}. */
  void at(int e) {
    Draws d = draws.at(e);
    for (int a = 0; a < 3; a++) {
      x[a] = d.uniform(a);
    }
    x[3] = (int) (3 * d.uniform(3));
    int first = e / CONCEPT % 3;
    boolean high = x[first] > 0.4;
    double noise = d.uniform(4);
    y =
        noise < 0.1
            ? (int) (30 * noise)
            : high ? x[(first + 1) % 3] > 0.7 ? 2 : 1 : x[3] == 1 ? 2 : 0;
    target = (high ? 3 : -1) + 2 * x[(first + 1) % 3] + (x[3] == 2 ? 1 : 0) + 0.2 * noise;
    weight = e % 17 == 3 ? 0 : e % 5 == 0 ? 0.5 : 1;
  }
}
