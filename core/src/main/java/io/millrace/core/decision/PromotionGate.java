package io.millrace.core.decision;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Decides when a challenger takes the champion's place, is given up, or has to give the place back:
 * by tests that hold at every time at once, so one may look after every event, and with the level
 * spent over all challengers there will ever be. Sources: {@link Betting}; Ville's inequality; the
 * spending of alpha as in Foster and Stine, "Alpha-investing", JRSS B 70(2), 2008. Probation, brake
 * and new index at restarts are ours.
 *
 * <pre>
 * start    : j += 1, never used again;  alpha_j = alpha 6 / (pi^2 j^2), whose sum is alpha
 * event D  : x = (D+B) / (2B);  ln E_up of "mean of D at most margin", ln E_down of "at least 0"
 *   n &gt;= minEvents, ln E_up   &gt;= ln(1/alpha_j), no probation runs  PROMOTED
 *   n &gt;= minEvents, ln E_down &gt;= ln(1/dropAlpha)                   DROPPED_WORSE
 *   n &gt;= maxEvents                                                  DROPPED_TIMEOUT
 *   n &gt;= renew, where it is above 0                                 begins anew with a new j
 * promoted : every other challenger begins anew with a new j, in the order of registration
 * probation: the new champion against the former one, D of new over former
 *   n &gt;= guardMin, ln E of "mean of -D at most guardTolerance" &gt;= ln(1/guardAlpha)  ROLLBACK_PROVEN
 *   mean of the last hardWindow D &lt; -hardTolerance                                 ROLLBACK_HARD
 *   n &gt;= probation                                                                  CONFIRMED
 *     where renew is above 0: the former champion begins, as a challenger, with a new j
 * </pre>
 *
 * <p>Guaranteed: with probability 1 - alpha no challenger is ever promoted whose conditional mean
 * gain was at most the margin at every event, however many challengers there are. The null is about
 * every event's mean: one that is better by night alone can be promoted in a long night, so {@code
 * min-events} should cover a whole cycle. Labels whose arrival depends on the outcome break it.
 *
 * <p>Without {@code renew} the events of a comparison are those since the last promotion: on a
 * stream that drifts, a challenger that was worse for long has to win all of it back. With it, they
 * are those since the comparison was last begun. The level holds over all of them, since each has a
 * j of its own; it grows dearer by 2 ln j only. Renewal, too, is ours.
 *
 * <p>Candidates are numbers from 0; the owner maps its ids to them. Candidate 0 is the first
 * champion. A candidate that was rolled back is banned until {@link #free} gives its number to
 * another. Memory {@link #length()} doubles per key: 16 per candidate and the window; four
 * logarithms per event. Immutable; the numbers are in the caller's block, zeros at first.
 */
public final class PromotionGate {
  private static final double SPENDING = Math.PI * Math.PI / 6;

  // The head of the block.
  private static final int CHAMPION = 0;

  /** Number of the former champion, plus 1; 0: no probation runs. */
  private static final int FORMER = 1;

  /** Last j given away. */
  private static final int LAST_INDEX = 2;

  private static final int GUARD = 3; // moments of -D
  private static final int GUARD_LOG = GUARD + PredictableMoments.LENGTH;
  private static final int WINDOW = GUARD_LOG + 1;

  // A candidate's part, after the window.
  private static final int BOUNDS = 0; // of x; begins with its moments
  private static final int INDEX = EmpiricalBernstein.LENGTH; // j; 0: not a challenger
  private static final int UP = INDEX + 1;
  private static final int DOWN = INDEX + 2;
  private static final int GAIN = INDEX + 3; // moments of D
  private static final int WEIGHTS = GAIN + RunningMoments.LENGTH;
  private static final int SQUARED_WEIGHTS = WEIGHTS + 1;
  private static final int RHO2 = WEIGHTS + 2;
  private static final int BANNED = WEIGHTS + 3;
  private static final int PER_CANDIDATE = WEIGHTS + 4;

  private final HyperValues values;
  private final String test;
  private final double bound;
  private final int candidates;
  private final int window;
  private final double alpha;
  private final double hypothesis;
  private final double guardHypothesis;
  private final double dropLimit;
  private final double guardLimit;
  private final double readerLog;
  private final double renew;

  private PromotionGate(double bound, int candidates, String test, HyperValues values) {
    this.bound = bound;
    this.candidates = candidates;
    this.test = test;
    this.values = values;
    this.window = (int) values.get(GateHypers.HARD_WINDOW);
    this.alpha = values.get(GateHypers.ALPHA);
    this.hypothesis = (values.get(GateHypers.MARGIN) + 1) / 2;
    this.guardHypothesis = (values.get(GateHypers.GUARD_TOLERANCE) + 1) / 2;
    this.dropLimit = -StrictMath.log(values.get(GateHypers.DROP_ALPHA));
    this.guardLimit = -StrictMath.log(values.get(GateHypers.GUARD_ALPHA));
    this.readerLog = -StrictMath.log(alpha / 2);
    this.renew = values.get(GateHypers.RENEW);
  }

  /**
   * A gate with the given values, and the defaults of the others.
   *
   * @param bound B: no gain is larger, or smaller than its negative; above 0
   * @param candidates how many numbers there are, the first champion's included
   * @param test one of {@link GateHypers#TEST}
   * @param values by name, of {@link GateHypers#HYPERS}
   * @throws ConfigException listing everything that is out of range
   */
  public static PromotionGate of(
      double bound, int candidates, String test, Map<String, Double> values) {
    if (!(bound > 0 && bound < Double.POSITIVE_INFINITY)) {
      throw new ConfigException("gate.bound = " + bound + "; must be above 0 and finite");
    }
    if (candidates < 1) {
      throw new ConfigException("gate: " + candidates + " candidates; must be at least 1");
    }
    if (!GateHypers.TEST.values().contains(test)) {
      throw new ConfigException(
          "gate.test = '" + test + "'; must be one of " + GateHypers.TEST.values());
    }
    HyperValues all = HyperValues.of("gate", GateHypers.HYPERS, values);
    double least =
        Math.max(
            all.get(GateHypers.MIN_EVENTS),
            test.equals("asymptotic") ? all.get(AsymptoticBounds.FIRST_LOOK) : 0);
    double renew = all.get(GateHypers.RENEW);
    if (renew > 0 && renew < least) {
      throw new ConfigException(
          String.format(
              Locale.ROOT,
              "gate.renew = %.0f; must be 0 or at least %.0f, because nothing is judged before",
              renew,
              least));
    }
    return new PromotionGate(bound, candidates, test, all);
  }

  /** Doubles that the caller keeps: a head, and behind it a part for each candidate, in order. */
  public int length() {
    return headLength() + candidates * PER_CANDIDATE;
  }

  /** Doubles of the head, for a caller that keeps the parts of a block apart. */
  public int headLength() {
    return WINDOW + window;
  }

  /** Doubles of a candidate's part. */
  public static int candidateLength() {
    return PER_CANDIDATE;
  }

  /**
   * Says who serves in a block that was put together from its parts, where numbers of candidates
   * may be others than when it was taken apart.
   *
   * @param former number of the former champion while a probation runs, else -1
   */
  public void appoint(double[] b, int champion, int former) {
    b[CHAMPION] = champion;
    b[FORMER] = former + 1.0;
  }

  /** Where a candidate's part begins in a block. */
  public int place(int candidate) {
    if (candidate < 0 || candidate >= candidates) {
      throw new IllegalStateException(
          "candidate " + candidate + "; the gate has " + candidates + ", counted from 0");
    }
    return headLength() + candidate * PER_CANDIDATE;
  }

  /** Number of the champion. */
  public int champion(double[] b) {
    return (int) b[CHAMPION];
  }

  /** Number of the champion that the present one is compared with; -1: no probation runs. */
  public int former(double[] b) {
    return (int) b[FORMER] - 1;
  }

  /** Whether a candidate is compared with the champion. */
  public boolean running(double[] b, int candidate) {
    return b[place(candidate) + INDEX] != 0;
  }

  /** The same of a candidate's part by itself. */
  public boolean isRunning(double[] part) {
    return part[INDEX] != 0;
  }

  /** Whether a candidate was rolled back and its number has not been freed since. */
  public boolean banned(double[] b, int candidate) {
    return b[place(candidate) + BANNED] != 0;
  }

  /** The j that the next challenger gets. */
  public long nextIndex(double[] b) {
    return (long) b[LAST_INDEX] + 1;
  }

  /**
   * Registers a challenger.
   *
   * @return STARTED, or IGNORED: it runs, is or was champion, or is banned
   */
  public Verdict start(double[] b, int candidate) {
    int at = place(candidate);
    if (b[at + INDEX] != 0
        || b[at + BANNED] != 0
        || candidate == champion(b)
        || candidate == former(b)) {
      return Verdict.IGNORED;
    }
    begin(b, at);
    return Verdict.STARTED;
  }

  private void begin(double[] b, int at) {
    Arrays.fill(b, at, at + PER_CANDIDATE, 0);
    double j = ++b[LAST_INDEX];
    b[at + INDEX] = j;
    if (test.equals("asymptotic")) {
      b[at + RHO2] =
          AsymptoticBounds.oneSidedRho2(alphaOf(j), values.get(AsymptoticBounds.BEST_AT));
    }
  }

  private double alphaOf(double j) {
    return alpha / (SPENDING * j * j);
  }

  /** Takes a challenger out; what it had is not used again. */
  public Verdict withdraw(double[] b, int candidate) {
    int at = place(candidate);
    if (b[at + INDEX] == 0) {
      return Verdict.IGNORED;
    }
    b[at + INDEX] = 0;
    return Verdict.WITHDRAWN;
  }

  /**
   * Makes a number that is neither champion nor former champion as if it had never been used, for
   * another candidate.
   */
  public void free(double[] b, int candidate) {
    if (candidate == champion(b) || candidate == former(b)) {
      throw new IllegalStateException("candidate " + candidate + " serves, or may serve again");
    }
    int at = place(candidate);
    Arrays.fill(b, at, at + PER_CANDIDATE, 0);
  }

  /**
   * Takes the gain of a challenger over the champion, or, on probation, of the champion over the
   * former one, where all of them see every event.
   */
  public Verdict observe(double[] b, int candidate, double gain) {
    return observe(b, candidate, gain, 0);
  }

  /**
   * The same, off-policy.
   *
   * @param weight of the challenger at this event; 0 throughout: the gain is not off-policy
   */
  public Verdict observe(double[] b, int candidate, double gain, double weight) {
    int at = place(candidate);
    boolean onProbation = candidate == champion(b) && b[FORMER] != 0;
    if (b[at + INDEX] == 0 && !onProbation) {
      return Verdict.IGNORED;
    }
    if (!(Math.abs(gain) <= bound)) { // so is NaN
      return Verdict.REFUSED;
    }
    return onProbation ? guard(b, candidate, gain) : challenge(b, candidate, at, gain, weight);
  }

  private Verdict challenge(double[] b, int candidate, int at, double gain, double weight) {
    double x = (gain + bound) / (2 * bound);
    double mean = PredictableMoments.mean(b, at);
    double variance = PredictableMoments.variance(b, at);
    b[at + UP] += Betting.logFactor(x, mean, variance, hypothesis);
    b[at + DOWN] += Betting.logFactor(1 - x, 1 - mean, variance, 0.5);
    EmpiricalBernstein.take(b, at + BOUNDS, x, boundsLog(b, at));
    double n = PredictableMoments.count(b, at);
    RunningMoments.add(b, at + GAIN, n, gain);
    b[at + WEIGHTS] += weight;
    b[at + SQUARED_WEIGHTS] += weight * weight;
    if (n >= values.get(GateHypers.MIN_EVENTS)) {
      if (b[FORMER] == 0 && effective(b, at) && better(b, at, n)) {
        promote(b, candidate);
        return Verdict.PROMOTED;
      }
      if (b[at + DOWN] >= dropLimit) {
        b[at + INDEX] = 0;
        return Verdict.DROPPED_WORSE;
      }
    }
    if (n >= values.get(GateHypers.MAX_EVENTS)) {
      b[at + INDEX] = 0;
      return Verdict.DROPPED_TIMEOUT;
    }
    if (renew > 0 && n >= renew) {
      begin(b, at);
    }
    return Verdict.RUNNING;
  }

  /** Level of the bounds: the test's own where it is by them, else alpha on both sides. */
  private double boundsLog(double[] b, int at) {
    return test.equals("empirical-bernstein") ? limit(b[at + INDEX]) : readerLog;
  }

  private double limit(double j) {
    return -StrictMath.log(alphaOf(j));
  }

  private boolean effective(double[] b, int at) {
    double w = b[at + WEIGHTS];
    return w == 0 || w * w / b[at + SQUARED_WEIGHTS] >= values.get(GateHypers.MIN_EFFECTIVE);
  }

  private boolean better(double[] b, int at, double n) {
    return switch (test) {
      case "empirical-bernstein" -> EmpiricalBernstein.runningLower(b, at + BOUNDS) > hypothesis;
      case "asymptotic" ->
          n >= values.get(AsymptoticBounds.FIRST_LOOK)
              && RunningMoments.mean(b, at + GAIN)
                      - AsymptoticBounds.oneSidedRadius(
                          n,
                          RunningMoments.variance(b, at + GAIN, n),
                          b[at + RHO2],
                          alphaOf(b[at + INDEX]))
                  > values.get(GateHypers.MARGIN) * bound;
      default -> b[at + UP] >= limit(b[at + INDEX]);
    };
  }

  /**
   * Makes a candidate the champion, as a test or as somebody has decided; its probation begins.
   *
   * @throws IllegalStateException if a probation runs, or it is the champion
   */
  public void promote(double[] b, int candidate) {
    if (b[FORMER] != 0 || candidate == champion(b)) {
      throw new IllegalStateException(
          "candidate " + candidate + " cannot be promoted: it serves, or a probation runs");
    }
    b[place(candidate) + INDEX] = 0;
    b[FORMER] = b[CHAMPION] + 1;
    b[CHAMPION] = candidate;
    Arrays.fill(b, GUARD, WINDOW + window, 0);
    restartChallengers(b);
  }

  /** Gains so far were over another champion. The order of registration is that of the j. */
  private void restartChallengers(double[] b) {
    double last = b[LAST_INDEX];
    for (int next = firstRunning(b, last); next >= 0; next = firstRunning(b, last)) {
      begin(b, place(next));
    }
  }

  /** The challenger with the smallest j that is at most {@code last}; -1: there is none. */
  private int firstRunning(double[] b, double last) {
    int first = -1;
    double smallest = Double.POSITIVE_INFINITY;
    for (int c = 0; c < candidates; c++) {
      double j = b[place(c) + INDEX];
      if (j > 0 && j <= last && j < smallest) {
        first = c;
        smallest = j;
      }
    }
    return first;
  }

  private Verdict guard(double[] b, int candidate, double gain) {
    double x = (bound - gain) / (2 * bound);
    b[GUARD_LOG] +=
        Betting.logFactor(
            x,
            PredictableMoments.mean(b, GUARD),
            PredictableMoments.variance(b, GUARD),
            guardHypothesis);
    double before = PredictableMoments.count(b, GUARD);
    b[WINDOW + (int) (before % window)] = gain;
    PredictableMoments.add(b, GUARD, x);
    double n = before + 1;
    if (n >= values.get(GateHypers.GUARD_MIN) && b[GUARD_LOG] >= guardLimit) {
      rollBack(b);
      return Verdict.ROLLBACK_PROVEN;
    }
    if (n >= window && windowMean(b) < -values.get(GateHypers.HARD_TOLERANCE) * bound) {
      rollBack(b);
      return Verdict.ROLLBACK_HARD;
    }
    if (n >= values.get(GateHypers.PROBATION)) {
      int former = former(b);
      b[FORMER] = 0;
      if (renew > 0) {
        begin(b, place(former));
      }
      return Verdict.CONFIRMED;
    }
    return Verdict.PROBATION;
  }

  private double windowMean(double[] b) {
    double sum = 0;
    for (int i = 0; i < window; i++) {
      sum += b[WINDOW + i];
    }
    return sum / window;
  }

  /**
   * Lets the former champion serve again, as a test or as somebody has decided; the present one is
   * banned.
   *
   * @throws IllegalStateException if no probation runs: there is no former champion
   */
  public void rollBack(double[] b) {
    if (b[FORMER] == 0) {
      throw new IllegalStateException("no probation runs; there is nothing to roll back to");
    }
    b[place(champion(b)) + BANNED] = 1;
    b[CHAMPION] = b[FORMER] - 1;
    b[FORMER] = 0;
    restartChallengers(b);
  }

  /** Events that a challenger was compared at. */
  public double count(double[] b, int candidate) {
    return PredictableMoments.count(b, place(candidate));
  }

  /**
   * Events that a verdict rests on.
   *
   * @param verdict of the candidate's last event
   */
  public double events(double[] b, int candidate, Verdict verdict) {
    return verdict.isOfProbation()
        ? PredictableMoments.count(b, GUARD)
        : PredictableMoments.count(b, place(candidate));
  }

  /**
   * Mean gain that a verdict rests on: on probation, of the new champion over the former one. 0 of
   * no events.
   *
   * @param verdict of the candidate's last event
   */
  public double gain(double[] b, int candidate, Verdict verdict) {
    if (!verdict.isOfProbation()) {
      return meanGain(b, candidate);
    }
    double n = PredictableMoments.count(b, GUARD);
    return n == 0 ? 0 : bound * (1 - 2 * PredictableMoments.sum(b, GUARD) / n);
  }

  /** Settings under which alone what a block holds is evidence, by name. */
  public Map<String, Double> hypotheses() {
    Map<String, Double> all = new TreeMap<>();
    for (Hyper h : List.of(GateHypers.MARGIN, GateHypers.GUARD_TOLERANCE, GateHypers.HARD_WINDOW)) {
      all.put(h.name(), values.get(h));
    }
    return all;
  }

  /** Mean gain of a challenger; 0 of no events. */
  public double meanGain(double[] b, int candidate) {
    return RunningMoments.mean(b, place(candidate) + GAIN);
  }

  /** Lower bound on the mean gain that holds at all times with probability 1 - alpha. */
  public double lowerGain(double[] b, int candidate) {
    return bound * (2 * EmpiricalBernstein.runningLower(b, place(candidate) + BOUNDS) - 1);
  }

  /** Upper bound on the mean gain that holds at all times with probability 1 - alpha. */
  public double upperGain(double[] b, int candidate) {
    return bound * (2 * EmpiricalBernstein.runningUpper(b, place(candidate) + BOUNDS) - 1);
  }

  /** The j under which a challenger is tested; 0: it is none. */
  public long index(double[] b, int candidate) {
    return (long) b[place(candidate) + INDEX];
  }

  /**
   * ln E of the test that a verdict rests on, as it was just after the event.
   *
   * @param verdict of the candidate's last event
   */
  public double evidence(double[] b, int candidate, Verdict verdict) {
    int at = place(candidate);
    return switch (verdict) {
      case DROPPED_WORSE -> b[at + DOWN];
      case PROBATION, CONFIRMED, ROLLBACK_PROVEN, ROLLBACK_HARD -> b[GUARD_LOG];
      default -> b[at + UP];
    };
  }

  /**
   * What ln E has to reach for a verdict.
   *
   * @param j of the challenger at the event
   */
  public double threshold(Verdict verdict, long j) {
    return switch (verdict) {
      case DROPPED_WORSE -> dropLimit;
      case PROBATION, CONFIRMED, ROLLBACK_PROVEN, ROLLBACK_HARD -> guardLimit;
      default -> limit(j);
    };
  }
}
