package io.millrace.core.decision;

import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.List;

/**
 * Share of decisions that explore, as a function of the decisions since the schedule took effect.
 *
 * <pre>
 * constant      eps
 * inverse_sqrt  max(floor, eps / sqrt(1 + k / scale))
 * exponential   max(floor, eps e^(-k / scale))
 * steps         eps of the last step that k has reached
 * </pre>
 *
 * <p>A schedule is replaced while a job runs, by one of a later version; what was learned is not
 * touched. Version and beginning of the one in force are {@link #LENGTH} doubles in the caller's
 * block, zeros at first: any version from 1 up takes effect.
 */
public final class ExplorationSchedule {
  /** The kinds that are given by eps, scale and floor. */
  public enum Kind {
    CONSTANT,
    INVERSE_SQRT,
    EXPONENTIAL
  }

  /** Doubles that the caller keeps. */
  public static final int LENGTH = 2;

  private static final int VERSION = 0;
  private static final int BEGUN = 1;

  private final Kind kind; // null: steps
  private final double scale;
  private final double floor;
  private final double[] from;
  private final double[] eps;

  private ExplorationSchedule(Kind kind, double scale, double floor, double[] from, double[] eps) {
    this.kind = kind;
    this.scale = scale;
    this.floor = floor;
    this.from = from;
    this.eps = eps;
  }

  /**
   * A schedule of one of the kinds.
   *
   * @param eps in [0, 1], at k = 0
   * @param scale decisions, above 0; without meaning for CONSTANT
   * @param floor in [0, 1]; without meaning for CONSTANT
   * @throws ConfigException listing everything that is out of range
   */
  public static ExplorationSchedule of(Kind kind, double eps, double scale, double floor) {
    List<String> faults = new ArrayList<>();
    share("eps", eps, faults);
    share("floor", floor, faults);
    if (!(scale > 0 && scale < Double.POSITIVE_INFINITY)) {
      faults.add("exploration.scale = " + scale + "; must be above 0 and finite");
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new ExplorationSchedule(kind, scale, floor, new double[1], new double[] {eps});
  }

  /** The same share of decisions for ever. */
  public static ExplorationSchedule constant(double eps) {
    return of(Kind.CONSTANT, eps, 1, 0);
  }

  /**
   * A share for each stretch of decisions.
   *
   * @param from decisions at which the steps begin, the first 0, increasing; copied
   * @param eps of each step, in [0, 1]; copied
   * @throws ConfigException listing everything that is wrong
   */
  public static ExplorationSchedule steps(double[] from, double[] eps) {
    List<String> faults = new ArrayList<>();
    if (from.length != eps.length || from.length == 0 || from[0] != 0) {
      faults.add(
          "exploration.steps: there must be an eps for each step, and the first begins at 0");
    }
    for (int i = 1; i < from.length; i++) {
      if (!(from[i] > from[i - 1])) {
        faults.add("exploration.steps: " + from[i] + " follows " + from[i - 1] + "; must increase");
      }
    }
    for (double e : eps) {
      share("steps", e, faults);
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new ExplorationSchedule(null, 1, 0, from.clone(), eps.clone());
  }

  private static void share(String name, double value, List<String> faults) {
    if (!(value >= 0 && value <= 1)) {
      faults.add("exploration." + name + " = " + value + "; must lie in [0, 1]");
    }
  }

  /**
   * Puts a schedule in force.
   *
   * @param version of the schedule, at least 1
   * @param decisions made so far
   * @return false: one of this version or a later one is in force, and stays so
   */
  public static boolean takeEffect(double[] b, int at, long version, long decisions) {
    if (version <= b[at + VERSION]) {
      return false;
    }
    b[at + VERSION] = version;
    b[at + BEGUN] = decisions;
    return true;
  }

  /** Version of the schedule in force; 0: none. */
  public static long version(double[] b, int at) {
    return (long) b[at + VERSION];
  }

  /**
   * Share of exploration at the next decision.
   *
   * @param decisions made so far
   */
  public double epsilon(double[] b, int at, long decisions) {
    return epsilon(decisions - b[at + BEGUN]);
  }

  /**
   * Share of exploration.
   *
   * @param k decisions since the schedule took effect
   */
  double epsilon(double k) {
    if (kind == null) {
      int step = 0;
      while (step + 1 < from.length && from[step + 1] <= k) {
        step++;
      }
      return eps[step];
    }
    return switch (kind) {
      case CONSTANT -> eps[0];
      case INVERSE_SQRT -> Math.max(floor, eps[0] / Math.sqrt(1 + k / scale));
      case EXPONENTIAL -> Math.max(floor, eps[0] * StrictMath.exp(-k / scale));
    };
  }
}
