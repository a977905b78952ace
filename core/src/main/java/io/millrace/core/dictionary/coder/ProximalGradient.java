package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import java.util.List;

/**
 * What {@link Ista} and {@link Fista} share: steps {@code a' = shrink(z + (c - G z - lambda2 z) /
 * L, lambda / L)}, and where the next z lies. Ends once no entry of a' differs from z by more than
 * the tolerance, in lengths of the signal, and the duality gap at z is as small: a small step alone
 * says nothing where L is large. With tolerance 0 all steps are taken. Memory 3K; 2 K s flop a step
 * at s non-zeros of z. Immutable.
 */
abstract class ProximalGradient extends LassoCoder {
  static final Hyper LIPSCHITZ =
      new Hyper(
          "lipschitz",
          0,
          Range.nonNegative(),
          "L, at least the largest eigenvalue of the Gram matrix plus lambda2; 0: a bound of that");

  private final double lipschitz;
  private final double tolerance;
  private final int maxSteps;
  private final String scratch;

  ProximalGradient(String id, HyperValues v) {
    super(LassoProblem.of(v));
    lipschitz = v.get(LIPSCHITZ);
    tolerance = v.get(CoderHypers.TOLERANCE);
    maxSteps = (int) v.get(CoderHypers.MAX_SWEEPS);
    scratch = id;
  }

  static List<Hyper> hypers(int dimension) {
    return List.of(
        CoderHypers.lambda(dimension),
        CoderHypers.LAMBDA2,
        CoderHypers.NON_NEGATIVE,
        LIPSCHITZ,
        CoderHypers.TOLERANCE,
        CoderHypers.MAX_SWEEPS);
  }

  /**
   * Sets the point that the next step starts from.
   *
   * @param t of the step before, 1 at first
   * @param z point that the step started from, overwritten by the next one
   * @param old iterate before the step
   * @param next iterate after it
   * @return t of the next step
   */
  abstract double extrapolate(double t, int atoms, double[] z, double[] old, double[] next);

  @Override
  final int search(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    int atoms = gram.atoms();
    Iterates s = workspace.object(scratch, Iterates.class, Iterates::new);
    s.start(atoms, a, aOffset);
    double bound = lipschitz > 0 ? lipschitz : gram.lipschitz() + problem.lambda2();
    double t = 1;
    int steps = 0;
    double length = Math.sqrt(xx);
    boolean done = bound == 0;
    while (!done && steps < maxSteps) {
      steps++;
      double change = step(gram, c, cOffset, bound, s);
      done =
          change <= tolerance * length
              && (change <= STILL * length
                  || withinGap(problem, tolerance, gram, c, cOffset, xx, s.z, 0, s.g));
      t = extrapolate(t, atoms, s.z, s.old, s.next);
      double[] swap = s.old;
      s.old = s.next;
      s.next = swap;
    }
    System.arraycopy(s.old, 0, a, aOffset, atoms);
    return done ? steps : -steps;
  }

  /** From z to next; the largest difference of the two. */
  private double step(Gram gram, double[] c, int cOffset, double bound, Iterates s) {
    double largest = 0;
    double threshold = problem.lambda() / bound;
    CodeMeasures.gradient(gram, c, cOffset, s.z, 0, s.g, 0);
    for (int j = 0; j < gram.atoms(); j++) {
      double z = s.z[j];
      double moved = problem.shrink(z + (s.g[j] - problem.lambda2() * z) / bound, threshold);
      s.next[j] = moved;
      largest = Math.max(largest, Math.abs(moved - z));
    }
    return largest;
  }

  /** Scratch of a call. Not thread-safe. */
  private static final class Iterates {
    double[] z = {};
    double[] old = {};
    double[] next = {};
    double[] g = {};

    void start(int atoms, double[] a, int aOffset) {
      if (z.length < atoms) {
        z = new double[atoms];
        old = new double[atoms];
        next = new double[atoms];
        g = new double[atoms];
      }
      System.arraycopy(a, aOffset, z, 0, atoms);
      System.arraycopy(a, aOffset, old, 0, atoms);
    }
  }
}
