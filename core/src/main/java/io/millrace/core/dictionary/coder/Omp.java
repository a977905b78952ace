package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import java.util.Arrays;
import java.util.List;

/**
 * Orthogonal matching pursuit: the atom that correlates most with the residual joins, and all
 * entries are fitted anew. Rubinstein, Zibulevsky, Elad, "Efficient Implementation of the K-SVD
 * Algorithm using Batch Orthogonal Matching Pursuit" (2008), Algorithm 2: no residual vector, only
 *
 * <pre>
 * a_S = G_SS^-1 c_S,   g = c - G_:S a_S,   ||r||^2 = ||x||^2 - &lt;c_S, a_S&gt;
 * </pre>
 *
 * <p>until the number of atoms or the residual is as set. An atom that depends on those in use, so
 * far that entries would become longer than {@value #LARGEST} signals and cancel each other, is
 * passed over. No penalty; the residual is orthogonal to the atoms in use. Memory K + 2 s^2 for s
 * atoms; K s flop a step plus 4 s^2.
 */
public final class Omp implements SparseCoder {
  static final Hyper MAX_ATOMS =
      new Hyper("max-atoms", 0, Range.integers(0, 1e9), "atoms per code at most; 0: no limit");
  static final Hyper STOP =
      new Hyper(
          "stop",
          0.1,
          Range.closed(0, 1),
          "ends once the squared residual is at most this part of the signal's squared norm");

  public static final CoderSpec SPEC =
      new CoderSpec(
          "omp",
          new Source(
              "Rubinstein, Zibulevsky, Elad, Efficient Implementation of the K-SVD Algorithm using"
                  + " Batch Orthogonal Matching Pursuit, 2008",
              Source.Confidence.DERIVED),
          dimension -> List.of(MAX_ATOMS, STOP),
          Omp::new);

  /** Correlations below this part of the largest at the start are rounding. */
  private static final double ROUNDING = 1e-14;

  /** Length of an entry's atom, in lengths of the signal, that no code has. */
  private static final double LARGEST = 1e3;

  private final int maxAtoms;
  private final double stop;

  private Omp(HyperValues v) {
    int limit = (int) v.get(MAX_ATOMS);
    maxAtoms = limit == 0 ? Integer.MAX_VALUE : limit;
    stop = v.get(STOP);
  }

  @Override
  public String id() {
    return SPEC.id();
  }

  @Override
  public double penalty(int atoms, double[] a, int aOffset) {
    return 0;
  }

  /** The squared residual. */
  @Override
  public double gap(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    return CodeMeasures.residual(gram, c, cOffset, xx, a, aOffset);
  }

  @Override
  public int encode(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    int atoms = gram.atoms();
    Pursuit p = workspace.object("omp", Pursuit.class, Pursuit::new);
    p.start(atoms, c, cOffset);
    double least = 0;
    int steps = 0;
    double residual = xx;
    while (p.support.size() < maxAtoms && residual > stop * xx) {
      int best = p.largest(atoms);
      if (best < 0 || Math.abs(p.g[best]) <= least) {
        break;
      }
      if (steps++ == 0) {
        least = ROUNDING * Math.abs(p.g[best]);
      }
      p.passed[best] = true;
      if (p.support.join(gram, best, 1)) {
        double explained = p.fit(gram, c, cOffset);
        if (p.longest(gram) <= LARGEST * LARGEST * xx) {
          residual = xx - explained;
        } else {
          p.support.drop(p.support.size() - 1);
          p.fit(gram, c, cOffset);
        }
      }
    }
    p.support.write(atoms, a, aOffset);
    return steps;
  }

  /** The state of a pursuit. Not thread-safe. */
  private static final class Pursuit {
    final Support support = new Support();

    /** c - G a. */
    double[] g = {};

    /** Atoms in use or found to depend on those. */
    boolean[] passed = {};

    void start(int atoms, double[] c, int cOffset) {
      if (g.length < atoms) {
        g = new double[atoms];
        passed = new boolean[atoms];
      }
      support.clear(0);
      Arrays.fill(passed, 0, atoms, false);
      System.arraycopy(c, cOffset, g, 0, atoms);
    }

    /** The lowest of the atoms with the largest correlation, or -1. */
    int largest(int atoms) {
      int best = -1;
      double size = 0;
      for (int j = 0; j < atoms; j++) {
        if (!passed[j] && Math.abs(g[j]) > size) {
          size = Math.abs(g[j]);
          best = j;
        }
      }
      return best;
    }

    /** The largest squared length of an entry's atom, infinite where one is not a number. */
    double longest(Gram gram) {
      double longest = 0;
      for (int i = 0; i < support.size(); i++) {
        double v = support.values()[i];
        double length = v * v * gram.at(support.atom(i), support.atom(i));
        longest = length <= longest ? longest : length > 0 ? length : Double.POSITIVE_INFINITY;
      }
      return longest;
    }

    /** Fits all entries; the squared norm that they explain. */
    double fit(Gram gram, double[] c, int cOffset) {
      int atoms = gram.atoms();
      double[] values = gram.values();
      support.settle(gram, c, cOffset, 0);
      System.arraycopy(c, cOffset, g, 0, atoms);
      double explained = 0;
      for (int i = 0; i < support.size(); i++) {
        double v = support.values()[i];
        int row = support.atom(i) * atoms;
        explained += v * c[cOffset + support.atom(i)];
        for (int j = 0; j < atoms; j++) {
          g[j] -= v * values[row + j];
        }
      }
      return explained;
    }
  }
}
