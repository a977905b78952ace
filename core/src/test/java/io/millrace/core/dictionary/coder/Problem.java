package io.millrace.core.dictionary.coder;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.spec.HyperValues;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** A dictionary and a signal to be coded, and what coders see of them. */
final class Problem {
  /** How the atoms of a random dictionary lie to each other. */
  enum Atoms {
    /** Independent directions. */
    RANDOM,
    /** All close to one direction: inner products of 0.9 and more. */
    CORRELATED,
    /** Norms from 0.01 to 10 and a nearly singular Gram matrix. */
    ILL_CONDITIONED,
    /** Entries of -1, 0, 1, some atoms twice, one of them zero: ties and dependent atoms. */
    TIED
  }

  /** Where arrays begin, so that a forgotten offset shows. */
  static final int OFFSET = 3;

  final int atoms;
  final int dimension;
  final double[] d;
  final double[] x;
  final Gram gram;
  final double[] c;
  final double xx;

  /** Atoms one after another. */
  Problem(int atoms, double[] d, double[] x) {
    this.atoms = atoms;
    this.dimension = x.length;
    this.d = d;
    this.x = x;
    double[] products = new double[atoms * atoms];
    c = new double[OFFSET + atoms];
    for (int i = 0; i < atoms; i++) {
      c[OFFSET + i] = Vectors.dot(d, i * dimension, x, 0, dimension);
      for (int j = 0; j < atoms; j++) {
        products[i * atoms + j] = Vectors.dot(d, i * dimension, d, j * dimension, dimension);
      }
    }
    gram = new Gram().aim(atoms, products);
    xx = Vectors.dot(x, 0, x, 0, dimension);
  }

  static Problem random(Atoms kind, int atoms, int dimension, long seed) {
    Random random = new Random(seed);
    double[] d = new double[atoms * dimension];
    double[] common = random.doubles(dimension, -1, 1).toArray();
    for (int j = 0; j < atoms; j++) {
      double norm =
          switch (kind) {
            case RANDOM, CORRELATED -> 1;
            case ILL_CONDITIONED -> Math.pow(10, 3 * random.nextDouble() - 2);
            case TIED -> 0;
          };
      for (int i = 0; i < dimension; i++) {
        d[j * dimension + i] =
            switch (kind) {
              case RANDOM -> random.nextGaussian();
              case CORRELATED -> common[i] + 0.1 * random.nextGaussian();
              case ILL_CONDITIONED -> random.nextGaussian() / (1 << Math.min(i, 12));
              case TIED -> random.nextInt(3) - 1;
            };
      }
      if (kind == Atoms.TIED && j % 3 == 2) {
        System.arraycopy(d, (j - 1) * dimension, d, j * dimension, dimension);
      } else if (kind == Atoms.TIED && j == 0) {
        Arrays.fill(d, 0, dimension, 0);
      } else if (norm > 0) {
        double scale = norm / Math.sqrt(Vectors.dot(d, j * dimension, d, j * dimension, dimension));
        for (int i = j * dimension; i < (j + 1) * dimension; i++) {
          d[i] *= scale;
        }
      }
    }
    double[] x = new double[dimension];
    for (int i = 0; i < dimension; i++) {
      x[i] = kind == Atoms.TIED ? random.nextInt(5) - 2 : random.nextGaussian();
    }
    return new Problem(atoms, d, x);
  }

  /** The largest correlation in size. */
  double top() {
    double top = 0;
    for (int j = 0; j < atoms; j++) {
      top = Math.max(top, Math.abs(c[OFFSET + j]));
    }
    return top;
  }

  static SparseCoder coder(CoderSpec spec, int dimension, Map<String, Double> given) {
    return spec.make().apply(HyperValues.of(spec.id(), spec.hypers().apply(dimension), given));
  }

  /** The code from a start of zeros. */
  double[] code(SparseCoder coder) {
    double[] a = new double[OFFSET + atoms];
    encode(coder, a);
    return Arrays.copyOfRange(a, OFFSET, a.length);
  }

  int encode(SparseCoder coder, double[] a) {
    return coder.encode(gram, c, OFFSET, xx, a, OFFSET, new Workspace());
  }

  double gap(SparseCoder coder, double[] code) {
    return coder.gap(gram, c, OFFSET, xx, code, 0, new Workspace());
  }

  /** {@code 0.5 ||x - D a||^2} and the penalty, from the vectors themselves. */
  double objective(SparseCoder coder, double[] code) {
    double[] r = residual(code);
    return 0.5 * Vectors.dot(r, 0, r, 0, dimension) + coder.penalty(atoms, code, 0);
  }

  double[] residual(double[] code) {
    double[] r = x.clone();
    for (int j = 0; j < atoms; j++) {
      for (int i = 0; i < dimension; i++) {
        r[i] -= code[j] * d[j * dimension + i];
      }
    }
    return r;
  }

  /** Correlation of an atom with the residual. */
  double slope(int j, double[] residual) {
    return Vectors.dot(d, j * dimension, residual, 0, dimension);
  }
}
