package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.List;

/**
 * Lasso by coordinate descent, one coordinate at a time, chosen by a {@link CoordinateRule} from
 * the correlations of the residual, which are kept up to date. Each step minimises exactly over its
 * coordinate: {@code a_j <- shrink(a_j + g_j / L_j, lambda / L_j)}.
 *
 * <p>Ends once no coordinate violates its optimality condition by more than the tolerance, in
 * lengths of the signal, and the duality gap is as small. A sweep is K steps. Active set finish:
 * when the signs have stayed the same for two rounds of as many steps as the code has non-zeros,
 * these are solved for by the {@link PackedLasso}; so the rules end after finitely many steps, to
 * rounding.
 *
 * <p>Memory K + 2 s^2 for s non-zeros; about 12 K flop a step: for few atoms or very sparse codes.
 */
public final class GreedyCoordinate extends LassoCoder {
  static final Hyper FINISH =
      new Hyper(
          "active-set-finish",
          1,
          Range.flag(),
          "1: entries are solved for once their signs are stable");

  public static final CoderSpec CYCLIC = spec(CoordinateRule.CYCLIC);
  public static final CoderSpec GS_S = spec(CoordinateRule.GS_S);
  public static final CoderSpec GS_R = spec(CoordinateRule.GS_R);
  public static final CoderSpec GS_Q = spec(CoordinateRule.GS_Q);
  public static final CoderSpec GSL_Q = spec(CoordinateRule.GSL_Q);

  private final CoordinateRule rule;
  private final double tolerance;
  private final int maxSweeps;
  private final boolean finish;

  private GreedyCoordinate(CoordinateRule rule, HyperValues v) {
    super(LassoProblem.of(v));
    this.rule = rule;
    tolerance = v.get(CoderHypers.TOLERANCE);
    maxSweeps = (int) v.get(CoderHypers.MAX_SWEEPS);
    finish = v.flag(FINISH);
  }

  private static CoderSpec spec(CoordinateRule rule) {
    return new CoderSpec(
        rule.id(),
        new Source(
            "Nutini, Laradji, Schmidt, Let's Make Block Coordinate Descent Converge Faster, JMLR 23"
                + " (2022)",
            Source.Confidence.MEMORY),
        dimension ->
            List.of(
                CoderHypers.lambda(dimension),
                CoderHypers.LAMBDA2,
                CoderHypers.NON_NEGATIVE,
                CoderHypers.TOLERANCE,
                CoderHypers.MAX_SWEEPS,
                FINISH),
        v -> new GreedyCoordinate(rule, v));
  }

  @Override
  public String id() {
    return rule.id();
  }

  @Override
  int search(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    long most = (long) maxSweeps * gram.atoms();
    long steps = descend(gram, c, cOffset, xx, a, aOffset, most, workspace);
    int sweeps = (int) ((Math.abs(steps) + gram.atoms() - 1) / gram.atoms());
    return steps < 0 ? -sweeps : sweeps;
  }

  /**
   * Takes single steps, by which golden files count. Arguments as of {@link #encode}.
   *
   * @return steps taken, negated where {@code most} ended them
   */
  public long descend(
      Gram gram,
      double[] c,
      int cOffset,
      double xx,
      double[] a,
      int aOffset,
      long most,
      Workspace workspace) {
    Scratch s = workspace.object("greedy-coordinate", Scratch.class, Scratch::new);
    double[] g = s.start(gram.atoms());
    gradient(gram, c, cOffset, a, aOffset, g);
    double common = CoordinateRule.common(problem, gram);
    double length = Math.sqrt(xx);
    long unchanged = 0;
    for (long steps = 0; steps < most; steps++) {
      int j = choose(gram, g, a, aOffset, common, steps, tolerance * length);
      if (j < 0 && near(gram, c, cOffset, xx, a, aOffset, s)) {
        return steps;
      }
      if (j < 0) {
        double rounding = Math.min(tolerance, STILL) * length * Math.sqrt(common);
        j = choose(gram, g, a, aOffset, common, steps, rounding);
      }
      if (j < 0) {
        return steps;
      }
      unchanged = move(gram, g, a, aOffset, j) ? 0 : unchanged + 1;
      if (finish && unchanged >= 2 * nonZeros(gram, a, aOffset)) {
        solve(gram, c, cOffset, a, aOffset, s);
        unchanged = 0;
      }
    }
    return -most;
  }

  /** Whether the gap allows an end; one without a penalty does not say so. */
  private boolean near(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Scratch s) {
    if (tolerance == 0 || problem.lambda() == 0) {
      return true;
    }
    int atoms = gram.atoms();
    for (int j = 0; j < atoms; j++) {
      s.plain[j] = s.g[j] + problem.lambda2() * a[aOffset + j];
    }
    return withinGap(problem, tolerance, gram, c, cOffset, xx, a, aOffset, s.plain);
  }

  /**
   * The coordinate that the rule takes next.
   *
   * @param g {@code c - G a - lambda2 a}
   * @param a [K] from {@code aOffset}
   * @param step counted from 0
   * @return -1 where every coordinate is optimal
   */
  public int choose(Gram gram, double[] g, double[] a, int aOffset, int step) {
    return choose(gram, g, a, aOffset, CoordinateRule.common(problem, gram), step, 0);
  }

  private int choose(
      Gram gram, double[] g, double[] a, int aOffset, double common, long step, double allowed) {
    int atoms = gram.atoms();
    double worst = 0;
    int best = -1;
    double most = 0;
    for (int j = 0; j < atoms; j++) {
      double own = gram.at(j, j) + problem.lambda2();
      if (own > 0) {
        double entry = a[aOffset + j];
        worst = Math.max(worst, problem.violation(g[j], entry));
        double gain = rule.gain(problem, g[j], entry, own, common);
        if (gain > most) {
          most = gain;
          best = j;
        }
      }
    }
    if (worst <= allowed) {
      return -1;
    }
    return rule == CoordinateRule.CYCLIC ? (int) (step % atoms) : best;
  }

  /** Minimises over one coordinate; whether its sign has changed. */
  private boolean move(Gram gram, double[] g, double[] a, int aOffset, int j) {
    double own = gram.at(j, j) + problem.lambda2();
    if (own == 0) {
      return false;
    }
    double old = a[aOffset + j];
    double next = CoordinateRule.moved(problem, g[j], old, own);
    double delta = next - old;
    if (delta != 0) {
      int atoms = gram.atoms();
      double[] values = gram.values();
      for (int i = 0; i < atoms; i++) {
        g[i] -= delta * values[j * atoms + i];
      }
      g[j] -= delta * problem.lambda2();
      a[aOffset + j] = next;
    }
    return Math.signum(next) != Math.signum(old);
  }

  /** At least one step goes by before a finish, also where the code is empty. */
  private static int nonZeros(Gram gram, double[] a, int aOffset) {
    return Math.max(1, CodeMeasures.nonZeros(gram.atoms(), a, aOffset));
  }

  /** Minimises over the non-zeros at their signs. */
  private void solve(Gram gram, double[] c, int cOffset, double[] a, int aOffset, Scratch s) {
    CodeMeasures.gradient(gram, c, cOffset, a, aOffset, s.g, 0);
    s.packed.load(gram, s.g, a, aOffset, problem);
    s.packed.settle();
    s.packed.store(gram.atoms(), s.g, a, aOffset);
    gradient(gram, c, cOffset, a, aOffset, s.g);
  }

  private void gradient(Gram gram, double[] c, int cOffset, double[] a, int aOffset, double[] g) {
    CodeMeasures.gradient(gram, c, cOffset, a, aOffset, g, 0);
    for (int j = 0; j < gram.atoms(); j++) {
      g[j] -= problem.lambda2() * a[aOffset + j];
    }
  }

  /** Scratch of a call. Not thread-safe. */
  private static final class Scratch {
    final PackedLasso packed = new PackedLasso();

    /** c - G a - lambda2 a of the present code. */
    double[] g = {};

    /** c - G a. */
    double[] plain = {};

    double[] start(int atoms) {
      if (g.length < atoms) {
        g = new double[atoms];
        plain = new double[atoms];
      }
      return g;
    }
  }
}
