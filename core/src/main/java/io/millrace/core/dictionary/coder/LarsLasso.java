package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * Lasso by homotopy: the path of solutions from {@code lambda_max = max |c_j|}, where the code is
 * 0, down to lambda. Efron, Hastie, Johnstone, Tibshirani, "Least Angle Regression", Ann. Statist.
 * 32 (2004), section 3.1; Osborne, Presnell, Turlach (2000).
 *
 * <p>With S the atoms in use, s their signs, {@code g = c - G a - lambda2 a} and {@code level} the
 * size that all {@code |g_j|}, j in S, share:
 *
 * <pre>
 * u = (G_SS + lambda2 I)^-1 s,   v = (G + lambda2 I)_:S u      (v_S = s)
 * a_S += step u,   g -= step v,   level -= step
 * </pre>
 *
 * <p>with the step to the nearest of: lambda; an atom joins, its |g_j| reaching the level; an atom
 * drops out, its entry reaching 0. The factor of G_SS gains and loses rows. At the end the entries
 * are solved for once more from signs and support, which frees them of what the path has piled up.
 *
 * <p>Where the path is not unique (atoms that tie or depend on each other) rounding may lead it
 * astray; a result that does not satisfy the optimality conditions is completed by {@link CdLasso}
 * from where the path ended. Memory K + 2 s^2 for s atoms; K s flop an event plus 3 s^2.
 */
public final class LarsLasso extends LassoCoder {
  public static final CoderSpec SPEC =
      new CoderSpec(
          "lars-lasso",
          new Source(
              "Efron, Hastie, Johnstone, Tibshirani, Least Angle Regression, Ann. Statist. 32"
                  + " (2004)",
              Source.Confidence.DERIVED),
          dimension ->
              List.of(
                  CoderHypers.lambda(dimension),
                  CoderHypers.LAMBDA2,
                  CoderHypers.NON_NEGATIVE,
                  CoderHypers.MAX_SWEEPS),
          LarsLasso::new);

  /** Violation of the optimality conditions, in parts of lambda_max, that rounding explains. */
  private static final double ROUNDING = 1e-11;

  private final int maxEvents;
  private final CdLasso completion;

  private LarsLasso(HyperValues v) {
    super(LassoProblem.of(v));
    maxEvents = (int) v.get(CoderHypers.MAX_SWEEPS);
    completion =
        new CdLasso(
            problem.lambda(), problem.lambda2(), problem.nonNegative(), ROUNDING, maxEvents);
  }

  @Override
  public String id() {
    return SPEC.id();
  }

  @Override
  int search(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    Path path = workspace.object("lars-lasso", Path.class, Path::new);
    int events = path.follow(problem, gram, c, cOffset, maxEvents);
    boolean settled = path.support.settle(gram, c, cOffset, problem.lambda());
    path.support.clearDisagreeing();
    path.support.write(gram.atoms(), a, aOffset);
    if (settled && optimal(gram, c, cOffset, a, aOffset, path)) {
      return events;
    }
    int sweeps = completion.search(gram, c, cOffset, xx, a, aOffset, workspace);
    return sweeps < 0 ? sweeps - events : sweeps + events;
  }

  private boolean optimal(Gram gram, double[] c, int cOffset, double[] a, int aOffset, Path path) {
    double[] g = path.g;
    CodeMeasures.gradient(gram, c, cOffset, a, aOffset, g, 0);
    double allowed = ROUNDING * Math.max(path.top, problem.lambda());
    for (int j = 0; j < gram.atoms(); j++) {
      double v = a[aOffset + j];
      if (problem.violation(g[j] - problem.lambda2() * v, v) > allowed) {
        return false;
      }
    }
    return true;
  }

  /** The state of a path. Not thread-safe. */
  private static final class Path {
    private static final byte OUT = 0;
    private static final byte IN = 1;

    /** Depends on the atoms in use, at the level with them for as long as none drops out. */
    private static final byte DEPENDENT = 2;

    final Support support = new Support();

    /** c - (G + lambda2 I) a. */
    double[] g = {};

    /** lambda_max. */
    double top;

    private byte[] place = {};
    private double[] u = {};
    private double[] v = {};
    private double level;

    // The nearest event, and the atom that dropped out in the one before.
    private double step;
    private int joins;
    private double side;
    private int drops;
    private int dropped;
    private double droppedSide;

    /** From the zero code to lambda or to the limit; the number of events. */
    int follow(LassoProblem problem, Gram gram, double[] c, int cOffset, int maxEvents) {
      start(problem, gram, c, cOffset);
      int events = 0;
      while (level > problem.lambda() && events < maxEvents) {
        events++;
        if (joins >= 0) {
          place[joins] = support.join(gram, joins, side) ? IN : DEPENDENT;
        }
        direction(gram, problem.lambda2());
        nearest(problem, gram.atoms());
        advance(gram.atoms());
        if (drops >= 0) {
          letGo(gram.atoms());
        } else if (joins < 0) {
          level = problem.lambda();
        }
      }
      return events;
    }

    private void start(LassoProblem problem, Gram gram, double[] c, int cOffset) {
      int atoms = gram.atoms();
      if (g.length < atoms) {
        g = new double[atoms];
        u = new double[atoms];
        v = new double[atoms];
        place = new byte[atoms];
      }
      support.clear(problem.lambda2());
      Arrays.fill(place, 0, atoms, OUT);
      System.arraycopy(c, cOffset, g, 0, atoms);
      top = 0;
      joins = -1;
      dropped = -1;
      for (int j = 0; j < atoms; j++) {
        double size = problem.nonNegative() ? g[j] : Math.abs(g[j]);
        if (size > top && gram.at(j, j) > 0) {
          top = size;
          joins = j;
          side = Math.signum(g[j]);
        }
      }
      level = top;
    }

    private void direction(Gram gram, double lambda2) {
      int atoms = gram.atoms();
      double[] values = gram.values();
      support.direction(u);
      Arrays.fill(v, 0, atoms, 0);
      for (int i = 0; i < support.size(); i++) {
        int row = support.atom(i) * atoms;
        double ui = u[i];
        for (int j = 0; j < atoms; j++) {
          v[j] += ui * values[row + j];
        }
      }
      for (int i = 0; i < support.size(); i++) {
        v[support.atom(i)] += lambda2 * u[i];
      }
    }

    /** Finds the event; of two at the same place the drop, of two joins the lower atom. */
    private void nearest(LassoProblem problem, int atoms) {
      step = level - problem.lambda();
      joins = -1;
      drops = -1;
      for (int i = 0; i < support.size(); i++) {
        double toZero = -support.sign(i) * u[i];
        if (toZero > 0) {
          double reach = Math.max(support.sign(i) * support.values()[i], 0) / toZero;
          if (reach < step) {
            step = reach;
            drops = i;
          }
        }
      }
      for (int j = 0; j < atoms; j++) {
        if (place[j] == OUT) {
          join(j, 1);
          if (!problem.nonNegative()) {
            join(j, -1);
          }
        }
      }
      dropped = -1;
    }

    /**
     * Takes the join of an atom for the event if it comes first. An atom whose correlation falls as
     * fast as the level or faster never meets it; so it is, but for rounding, with the one that has
     * just dropped out.
     */
    private void join(int j, double towards) {
      double closing = 1 - towards * v[j];
      if (closing <= 0 || j == dropped && towards == droppedSide) {
        return;
      }
      double reach = Math.max(level - towards * g[j], 0) / closing;
      if (reach < step) {
        step = reach;
        joins = j;
        side = towards;
        drops = -1;
      }
    }

    private void advance(int atoms) {
      for (int i = 0; i < support.size(); i++) {
        support.values()[i] += step * u[i];
      }
      for (int j = 0; j < atoms; j++) {
        g[j] -= step * v[j];
      }
      level -= step;
    }

    private void letGo(int atoms) {
      dropped = support.atom(drops);
      droppedSide = support.sign(drops);
      support.drop(drops);
      place[dropped] = OUT;
      for (int j = 0; j < atoms; j++) {
        if (place[j] == DEPENDENT) {
          place[j] = OUT;
        }
      }
    }
  }
}
