package io.millrace.bench.tree;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A stream of uniform numbers and a label that follows a noisy linear rule of them: the sum of
 * weights times numbers, weights in [-1, 1], noise of the size of a number. The rule may change
 * from time to time, all at once.
 */
final class Uniform {
  private final int width;
  private final boolean classes;
  private final int changeEvery;
  private final SplittableRandom random = new SplittableRandom(7);
  private final double[] weights;
  private long events;

  /**
   * A stream.
   *
   * @param classes whether labels are two classes, else numbers
   * @param changeEvery events under one rule; 0: it never changes
   */
  Uniform(int width, boolean classes, int changeEvery) {
    this.width = width;
    this.classes = classes;
    this.changeEvery = changeEvery;
    this.weights = new double[width];
    change();
  }

  private void change() {
    for (int j = 0; j < width; j++) {
      weights[j] = random.nextDouble(-1, 1);
    }
  }

  /** The form of its rows. */
  InputSpec input() {
    return new InputSpec(
        InputSpec.Kind.DENSE,
        width,
        0,
        classes ? InputSpec.Target.CLASS : InputSpec.Target.REAL,
        classes ? List.of("0", "1") : List.of(),
        width);
  }

  /** Appends the next row. */
  void next(Rows rows) {
    if (changeEvery > 0 && events > 0 && events % changeEvery == 0) {
      change();
    }
    events++;
    rows.beginRow();
    double y = random.nextDouble(-1, 1);
    for (int j = 0; j < width; j++) {
      double x = random.nextDouble(-1, 1);
      rows.add(x);
      y += weights[j] * x;
    }
    rows.endRow(classes ? y > 0 ? 1 : 0 : y, 1);
  }
}
