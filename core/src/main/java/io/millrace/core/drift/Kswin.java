package io.millrace.core.drift;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * KSWIN: the last values of a window have another law than a sample of those before them. Raab,
 * Heusinger, Schleif, "Reactive Soft Prototype Computing for Concept Drift Streams", Neurocomputing
 * 416, 2020.
 *
 * <pre>
 * x into a ring of W; the ring is full and n mod clock = 0:
 *   older = the first W - r values, by partial Fisher-Yates: i = 0 .. r-1, j = i + floor(u_i (W - r - i)), swap
 *   h = r D of their first r and the last r values;  drift: h at least the smallest with p(h) &lt;= alpha
 * after a drift the ring keeps its last r values; n goes on
 * </pre>
 *
 * <p>Deviations from the paper: the p-value is exact ({@link KolmogorovSmirnov}). A clock above 1
 * can miss a change that has filled the window before it is looked at. It gives no warning.
 * Immutable: {@link #length()} doubles; two sorts of r values per test.
 */
public final class Kswin implements Detector {
  private static final Hyper ALPHA = new Hyper("alpha", 0.005, Hddm.LEVELS, "level of the test");
  private static final Hyper WINDOW =
      Hyper.structural("window", 100, Range.integers(4, 10_000), "values in the window");
  private static final Hyper RECENT =
      Hyper.structural(
          "recent", 30, Range.integers(2, 5000), "values that are recent; half a window at most");
  private static final Hyper CLOCK =
      new Hyper("clock", 1, Range.integers(1, 1e9), "values from one test to the next");

  public static final DetectorSpec SPEC =
      new DetectorSpec(
          "kswin",
          new Source(
              "Raab, Heusinger, Schleif, Reactive Soft Prototype Computing for Concept Drift"
                  + " Streams, Neurocomputing 416, 2020",
              Source.Confidence.CODE_READ),
          false,
          List.of(ALPHA, WINDOW, RECENT, CLOCK),
          List.of(),
          (v, words) ->
              new Kswin(
                  v.get(ALPHA), (int) v.get(WINDOW), (int) v.get(RECENT), (long) v.get(CLOCK)));

  private static final int N = 0;
  private static final int COUNT = 1;
  private static final int HEAD = 2; // place of the oldest value
  private static final int LAST = 3; // h of the last test
  private static final int RING = 4;

  private final int window;
  private final int recent;
  private final long clock;
  private final int critical;

  private Kswin(double alpha, int window, int recent, long clock) {
    if (2 * recent > window) {
      throw new ConfigException(
          "kswin.recent = " + recent + "; must be at most half of kswin.window = " + window);
    }
    this.window = window;
    this.recent = recent;
    this.clock = clock;
    this.critical = KolmogorovSmirnov.critical(recent, alpha);
  }

  @Override
  public boolean draws() {
    return true;
  }

  @Override
  public int length() {
    return RING + window;
  }

  /** Smallest h that is a drift. */
  public int critical() {
    return critical;
  }

  /** Values in the ring. */
  public double count(double[] block, int at) {
    return block[at + COUNT];
  }

  /** h of the last test; 0: none yet. */
  public double lastStatistic(double[] block, int at) {
    return block[at + LAST];
  }

  @Override
  public Signal add(double[] block, int at, double x, DetectorContext context) {
    double n = ++block[at + N];
    int ring = at + RING;
    if (block[at + COUNT] < window) {
      block[ring + (int) block[at + COUNT]++] = x; // the head is 0 until the ring is full
    } else {
      int head = (int) block[at + HEAD];
      block[ring + head] = x;
      block[at + HEAD] = (head + 1) % window;
    }
    if (block[at + COUNT] < window || n % clock != 0) {
      return Signal.CALM;
    }
    double[] values = context.workspace().array("kswin", window);
    int head = (int) block[at + HEAD];
    System.arraycopy(block, ring + head, values, 0, window - head);
    System.arraycopy(block, ring, values, window - head, head);
    double[] newer = context.workspace().array("kswin newer", recent);
    System.arraycopy(values, window - recent, newer, 0, recent);
    double[] older = sample(values, context);
    Arrays.sort(newer);
    int h = KolmogorovSmirnov.statistic(older, newer, recent);
    block[at + LAST] = h;
    context.tested(h / (double) recent, critical / (double) recent);
    if (h < critical) {
      return Signal.CALM;
    }
    double before = mean(older);
    System.arraycopy(values, window - recent, block, ring, recent);
    Arrays.fill(block, ring + recent, ring + window, 0);
    block[at + HEAD] = 0;
    block[at + COUNT] = recent;
    return mean(newer) > before ? Signal.ROSE : Signal.FELL;
  }

  /** Draws as many of the older values as there are newer, and sorts them. */
  private double[] sample(double[] values, DetectorContext context) {
    int all = window - recent;
    for (int i = 0; i < recent; i++) {
      int j = i + (int) (context.draws().uniform(i) * (all - i));
      double t = values[i];
      values[i] = values[j];
      values[j] = t;
    }
    double[] older = context.workspace().array("kswin older", recent);
    System.arraycopy(values, 0, older, 0, recent);
    Arrays.sort(older);
    return older;
  }

  private static double mean(double[] values) {
    double sum = 0;
    for (double v : values) {
      sum += v;
    }
    return sum / values.length;
  }
}
