package io.millrace.core.drift;

import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * ADWIN with a warning: two {@link Adwin}, of which the one that tells sooner warns. Only a mean
 * that has risen counts: a window that shrinks because errors have become fewer says nothing.
 *
 * <p>Deviations from the paper of ADWIN: the warning, and those of {@link Adwin}. After a change
 * both go on with the recent part of their windows. Immutable: {@link #length()} doubles.
 *
 * @param drift tells
 * @param warning warns; null: nothing does
 */
public record WarnedAdwin(Adwin drift, Adwin warning) implements Detector {
  private static final Hyper DELTA =
      new Hyper("delta", 0.002, Hddm.LEVELS, "how probable a false alarm may be");
  private static final Hyper WARNING_DELTA =
      Hyper.structural(
          "warning-delta",
          0.01,
          Range.halfOpen(0, 1),
          "how probable a false warning may be; 0: no warnings, and half the memory");
  private static final Hyper CLOCK =
      new Hyper("clock", 32, Range.integers(1, 1e9), "values from one trial of cuts to the next");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "adwin",
          new Source(
              "Bifet, Gavalda, Learning from Time-Changing Data with Adaptive Windowing, SDM 2007",
              Source.Confidence.CODE),
          false,
          List.of(DELTA, WARNING_DELTA, CLOCK),
          List.of(),
          (v, words) ->
              new WarnedAdwin(
                  adwin(v.get(DELTA), v.get(CLOCK)),
                  v.get(WARNING_DELTA) == 0 ? null : adwin(v.get(WARNING_DELTA), v.get(CLOCK))));

  private static Adwin adwin(double delta, double clock) {
    return new Adwin(delta, (int) clock, 5, 5, 10);
  }

  @Override
  public int length() {
    return drift.length() + (warning == null ? 0 : warning.length());
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    Signal warned =
        warning == null ? Signal.CALM : warning.add(block, at + drift.length(), x, context);
    Signal told = drift.add(block, at, x, context); // its statistic is the one that stays
    if (told == Signal.ROSE) {
      return Signal.ROSE;
    }
    return warned == Signal.ROSE ? Signal.WARNING : Signal.CALM;
  }
}
