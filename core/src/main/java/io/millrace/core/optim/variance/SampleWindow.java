package io.millrace.core.optim.variance;

import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.Slots;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;

/**
 * The samples that came last, up to a number, which a rule comes back to; kept in its slots. A new
 * one takes the place of the oldest. Samples are stored as the objective writes them ({@link
 * Objective#storeSample}). Immutable.
 */
final class SampleWindow {
  static final Hyper SIZE =
      Hyper.structural(
          "size", 64, Range.integers(1, 1e6), "samples that are kept and come back to");

  /** The stored samples, one after another. */
  static final String SAMPLES = "samples";

  /** {@link #COUNT}, {@link #NEXT}. */
  static final String HELD = "held";

  /** Samples held. */
  static final int COUNT = 0;

  /** Where the next one goes: the place of the oldest, once all are taken. */
  static final int NEXT = 1;

  private final int size;

  SampleWindow(HyperValues values) {
    size = (int) values.get(SIZE);
  }

  int size() {
    return size;
  }

  void declareSlots(ParamLayout layout, Slots.Declaration slots) {
    slots.block(SAMPLES, (long) size * Objective.storedLength(layout));
    slots.block(HELD, 2);
  }

  /** Stores a sample in the place of the oldest; its place. */
  int put(Objective f, int sample, Slots slots) {
    double[] held = slots.get(HELD);
    int place = (int) held[NEXT];
    f.storeSample(sample, slots.get(SAMPLES), place * Objective.storedLength(f.layout()));
    held[NEXT] = (place + 1) % size;
    held[COUNT] = Math.min(size, held[COUNT] + 1);
    return place;
  }

  int count(Slots slots) {
    return (int) slots.get(HELD)[COUNT];
  }

  /** Gradient of the sample at a place. */
  static void gradient(Objective f, double[] theta, int place, Slots slots, double[] out) {
    int at = place * Objective.storedLength(f.layout());
    f.storedGradient(theta, slots.get(SAMPLES), at, out);
  }
}
