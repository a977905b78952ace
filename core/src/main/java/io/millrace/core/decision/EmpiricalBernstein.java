package io.millrace.core.decision;

/**
 * Bounds on the mean of values in [0, 1] that hold at every time at once: the predictable plug-in
 * empirical Bernstein confidence sequence. Waudby-Smith, Ramdas, "Estimating means of bounded
 * random variables by betting", arXiv:2010.09686, theorem 2.
 *
 * <pre>
 * lam = min(1/2, sqrt(2 ln(1/a) / (t ln(1+t) v_{t-1}))),  psi = -ln(1-lam) - lam
 * A += lam,  B += lam x,  C += psi (x - mu_{t-1})^2
 * bounds_t  = (B -+ (ln(1/a) + C)) / A, clipped to [0, 1]
 * published = the running intersection: max of the lower, min of the upper ones
 * </pre>
 *
 * <p>P(there is a t at which the mean is outside) is at most alpha: look after every value, stop at
 * will. What has to be constant is the conditional mean of each value given those before it. Where
 * it moves, the intersection may become empty ({@link #disjoint}): the bounds then say nothing more
 * and the owner starts anew, or uses {@link AsymptoticBounds#lyapunovRadius}.
 *
 * <p>Values above 1 are allowed where only the lower bound is read: the mean of importance weighted
 * rewards has one however large the weights ({@link OffPolicyBounds}).
 *
 * <p>Deviations from the paper: C is centred at mu_{t-1} with its half observation, and both sides
 * are read off one state. Memory {@link #LENGTH} doubles; three logarithms and a root per value.
 * Immutable; the numbers are in the caller's block, zeros at first.
 */
public final class EmpiricalBernstein {
  /** Doubles that the caller keeps. */
  public static final int LENGTH = PredictableMoments.LENGTH + 5;

  /** Largest bet. */
  private static final double MOST = 0.5;

  private static final int BETS = PredictableMoments.LENGTH; // A
  private static final int GAINS = BETS + 1; // B
  private static final int SPREAD = BETS + 2; // C
  private static final int LOWER = BETS + 3;

  /** How far the upper bound lies below 1, so that zeros are a fresh state. */
  private static final int CUT = BETS + 4;

  private final double logInverse;

  private EmpiricalBernstein(double logInverse) {
    this.logInverse = logInverse;
  }

  /** Lower and upper bound, which hold together with probability 1 - alpha. */
  public static EmpiricalBernstein twoSided(double alpha) {
    return new EmpiricalBernstein(-StrictMath.log(alpha / 2));
  }

  /** One bound, either the lower or the upper one, which holds with probability 1 - alpha. */
  public static EmpiricalBernstein oneSided(double alpha) {
    return new EmpiricalBernstein(-StrictMath.log(alpha));
  }

  /** The bet lam on the next value, in (0, 1/2]. */
  public double bet(double[] b, int at) {
    return bet(b, at, logInverse);
  }

  /**
   * Takes a value.
   *
   * @param x in [0, 1], or at least 0 where only lower bounds are read
   */
  public void take(double[] b, int at, double x) {
    take(b, at, x, logInverse);
  }

  private static double bet(double[] b, int at, double logInverse) {
    return Math.min(MOST, PredictableMoments.plugInBet(b, at, logInverse));
  }

  /** Takes a value at a level that the caller knows, ln(1/a), the same for every value. */
  static void take(double[] b, int at, double x, double logInverse) {
    double lam = bet(b, at, logInverse);
    double deviation = x - PredictableMoments.mean(b, at);
    b[at + BETS] += lam;
    b[at + GAINS] += lam * x;
    b[at + SPREAD] += (-StrictMath.log1p(-lam) - lam) * deviation * deviation;
    PredictableMoments.add(b, at, x);
    b[at + LOWER] = Math.max(b[at + LOWER], lower(b, at, logInverse));
    b[at + CUT] = Math.max(b[at + CUT], 1 - upper(b, at, logInverse));
  }

  private static double lower(double[] b, int at, double logInverse) {
    return b[at + BETS] == 0
        ? 0
        : clip((b[at + GAINS] - logInverse - b[at + SPREAD]) / b[at + BETS]);
  }

  private static double upper(double[] b, int at, double logInverse) {
    return b[at + BETS] == 0
        ? 1
        : clip((b[at + GAINS] + logInverse + b[at + SPREAD]) / b[at + BETS]);
  }

  private static double clip(double bound) {
    return Math.max(0, Math.min(1, bound));
  }

  /** Number of values. */
  public static double count(double[] b, int at) {
    return PredictableMoments.count(b, at);
  }

  /** Mean of the values; NaN of none. */
  public static double mean(double[] b, int at) {
    return PredictableMoments.sum(b, at) / PredictableMoments.count(b, at);
  }

  /** Lower bound of this time alone, not intersected with earlier ones. */
  public double lower(double[] b, int at) {
    return lower(b, at, logInverse);
  }

  /** Upper bound of this time alone, not intersected with earlier ones. */
  public double upper(double[] b, int at) {
    return upper(b, at, logInverse);
  }

  /** Largest lower bound so far; 0 at first. */
  public static double runningLower(double[] b, int at) {
    return b[at + LOWER];
  }

  /** Smallest upper bound so far; 1 at first. */
  public static double runningUpper(double[] b, int at) {
    return 1 - b[at + CUT];
  }

  /** Whether the running bounds exclude each other: the mean has moved, or the range is wrong. */
  public static boolean disjoint(double[] b, int at) {
    return runningLower(b, at) > runningUpper(b, at);
  }
}
