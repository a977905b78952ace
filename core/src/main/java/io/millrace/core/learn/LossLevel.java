package io.millrace.core.learn;

import io.millrace.core.compute.RoughLog;

/**
 * How large the losses of a model's steps usually are, and whether a step has made one explode. A
 * step is judged by the loss of its own rows before and after it: one that makes them worse, and
 * far worse than rows usually are, is not to be kept. One that makes them better is never refused,
 * however large their loss; nor is one that makes them worse within what is usual, as many rules do
 * with every other row.
 *
 * <p>Usual is the geometric mean of the losses before the steps, which a few wild rows hardly move,
 * but not more than that of a model that predicts nothing: where every step makes things worse by a
 * little, the usual would follow. Nor is it less than a trillionth of that: below lies rounding.
 * During the first 16 steps it is not less than what such a model would lose on the rows
 * themselves.
 *
 * <pre>
 * level  &lt;- level + (log2 before  - level) / min(n, 1000)
 * none   &lt;- none  + (log2 nothing - none)  / min(n, 1000)     nothing: loss of the raw outputs 0
 * usual   = min(max(level, none - 40), none)
 * refused : after &gt; before, and log2 after &gt; usual + 7
 * </pre>
 *
 * <p>Steps that help their own rows can still drive a model away, when each undoes what the others
 * have done (a heavy ball does it). So the mean over the last 32 or so steps is kept as well, and
 * the model has run away where it is far worse than one that predicts nothing, and getting worse:
 *
 * <pre>
 * recent   &lt;- recent + (log2 before - recent) / min(n, 32)
 * ran away : n at least 32, and recent &gt; none + 10, and recent &gt; level + 3
 * </pre>
 *
 * <p>Stateless: the numbers are a block of {@link #LENGTH} doubles in the caller's state, zeros at
 * first. It is of use where a single step can do any damage: under losses whose derivative grows
 * with the error.
 */
public final class LossLevel {
  /** Doubles that the caller keeps. */
  public static final int LENGTH = 5;

  /** How much above the usual is an explosion, as a power of two. */
  private static final double LIMIT = 7;

  private static final double WINDOW = 1000;
  private static final double ROUNDING = 40;
  private static final int LEVEL = 0;
  private static final int LEVELS = 1;
  private static final int NONE = 2;
  private static final int NONES = 3;
  private static final int RECENT = 4;

  private static final double FEW = 16;
  private static final double SHORT_WINDOW = 32;
  private static final double AWAY = 10;
  private static final double GROWN = 3;

  private LossLevel() {}

  /**
   * Whether a step has made the loss of its rows explode.
   *
   * @param level the caller's block
   * @param before mean loss of the step's rows before it, at least 0
   * @param after the same after it; NaN and infinity are explosions
   * @param nothing the same for a model that predicts nothing
   */
  public static boolean explodes(double[] level, double before, double after, double nothing) {
    if (after <= before) {
      return false;
    }
    if (!(after < Double.POSITIVE_INFINITY)) {
      return true;
    }
    double usual = usual(level);
    if (level[LEVELS] < FEW) {
      if (usual == Double.NEGATIVE_INFINITY && nothing == 0) {
        return false; // nothing has ever been lost: there is nothing to compare with
      }
      usual = Math.max(usual, RoughLog.log2(nothing));
    }
    return RoughLog.log2(after) > usual + LIMIT;
  }

  private static double usual(double[] level) {
    if (level[LEVELS] == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    double usual = level[LEVEL];
    return level[NONES] == 0
        ? usual
        : Math.min(Math.max(usual, level[NONE] - ROUNDING), level[NONE]);
  }

  /**
   * Takes note of a step that is kept.
   *
   * @param before mean loss of its rows before it
   * @param nothing mean loss of its rows for a model that predicts nothing
   */
  public static void take(double[] level, double before, double nothing) {
    move(level, LEVEL, before);
    move(level, NONE, nothing);
    if (before > 0 && before < Double.POSITIVE_INFINITY) {
      level[RECENT] +=
          (RoughLog.log2(before) - level[RECENT]) / Math.min(level[LEVELS], SHORT_WINDOW);
    }
  }

  /** Whether the model itself has run away: it takes no step any more that could be trusted. */
  public static boolean ranAway(double[] level) {
    return level[LEVELS] >= SHORT_WINDOW
        && level[NONES] > 0
        && level[RECENT] > level[NONE] + AWAY
        && level[RECENT] > level[LEVEL] + GROWN;
  }

  /** Moves a mean of logarithms; a loss of 0 has none. */
  private static void move(double[] level, int at, double loss) {
    if (loss > 0 && loss < Double.POSITIVE_INFINITY) {
      double n = Math.min(level[at + 1] + 1, WINDOW);
      level[at + 1] = n;
      level[at] += (RoughLog.log2(loss) - level[at]) / n;
    }
  }
}
