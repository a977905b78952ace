package io.millrace.bench.dictionary;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.SignalCoder;
import io.millrace.core.dictionary.coder.CdLasso;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/** What is minimised, over dictionaries and codes. */
enum Problem {
  /** {@code 0.5 ||x - a D||^2 + lambda ||a||_1}, atoms in the unit ball. */
  LASSO {
    @Override
    DictionaryOptions options(SignalTask task) {
      return DictionaryOptions.of(task.dimension(), task.atoms())
          .withHyperparameters(Map.of("lambda", task.lambda()));
    }

    @Override
    double objective(SignalTask task, double[] d, int offset) {
      return lasso(task, d, offset, false);
    }
  },
  /** The same, with no entry of atoms or codes below 0. */
  NON_NEGATIVE_LASSO {
    @Override
    DictionaryOptions options(SignalTask task) {
      return DictionaryOptions.of(task.dimension(), task.atoms())
          .withHyperparameters(
              Map.of("lambda", task.lambda(), "nonnegative-atoms", 1.0, "nonnegative-codes", 1.0));
    }

    @Override
    double objective(SignalTask task, double[] d, int offset) {
      return lasso(task, d, offset, true);
    }
  },
  /** The generalised Kullback-Leibler divergence of x and a D, all of them at least 0. */
  KULLBACK_LEIBLER {
    @Override
    DictionaryOptions options(SignalTask task) {
      return DictionaryOptions.of(task.dimension(), task.atoms()).withMethod("nmf-kl", Map.of());
    }

    @Override
    double objective(SignalTask task, double[] d, int offset) {
      return kullbackLeibler(task, d, offset);
    }
  };

  /** Multiplicative updates of a code, after which it hardly moves. */
  private static final int UPDATES = 1_000;

  /** Least entry of an atom in parts of its mean, so that no divergence is infinite. */
  private static final double LEAST_ENTRY = 1e-9;

  /** Millrace's own learner for it, with its defaults. */
  abstract DictionaryOptions options(SignalTask task);

  /** Mean over the test signals for a dictionary [K x m] from {@code offset}, best codes. */
  abstract double objective(SignalTask task, double[] d, int offset);

  /** The word that the peer's script knows. */
  String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double lasso(SignalTask task, double[] d, int offset, boolean nonNegative) {
    int m = task.dimension();
    int atoms = task.atoms();
    SignalCoder coder =
        new SignalCoder(
            m,
            atoms,
            new CdLasso(task.lambda(), 0, nonNegative, 1e-12, 10_000),
            ScalarBackend.INSTANCE);
    double[] own = Arrays.copyOfRange(d, offset, offset + atoms * m);
    double[] gram = new double[atoms * atoms];
    coder.gram(own, gram, new Workspace());
    int n = task.test().length / m;
    double[] objectives = new double[n];
    coder.encode(
        task.test(),
        n,
        own,
        gram,
        new double[n * atoms],
        new double[n * atoms],
        objectives,
        new Workspace());
    return Arrays.stream(objectives).sum() / n;
  }

  /** Codes by multiplicative updates: slower than either learner's own and none of theirs. */
  private static double kullbackLeibler(SignalTask task, double[] d, int offset) {
    int m = task.dimension();
    int atoms = task.atoms();
    double[] own = Arrays.copyOfRange(d, offset, offset + atoms * m);
    double[] sums = new double[atoms];
    for (int k = 0; k < atoms; k++) {
      double mean = Arrays.stream(own, k * m, k * m + m).sum() / m;
      for (int i = k * m; i < k * m + m; i++) {
        own[i] = Math.max(own[i], LEAST_ENTRY * mean);
        sums[k] += own[i];
      }
    }
    int n = task.test().length / m;
    double total = 0;
    double[] code = new double[atoms];
    double[] fit = new double[m];
    for (int r = 0; r < n; r++) {
      double[] x = Arrays.copyOfRange(task.test(), r * m, r * m + m);
      double sum = Arrays.stream(x).sum();
      for (int k = 0; k < atoms; k++) {
        code[k] = sums[k] > 0 ? sum / (atoms * sums[k]) : 0;
      }
      for (int u = 0; u < UPDATES; u++) {
        fit(own, code, fit);
        for (int k = 0; k < atoms; k++) {
          double share = 0;
          for (int i = 0; i < m; i++) {
            share += x[i] > 0 ? own[k * m + i] * x[i] / fit[i] : 0;
          }
          code[k] = sums[k] > 0 ? code[k] * share / sums[k] : 0;
        }
      }
      fit(own, code, fit);
      for (int i = 0; i < m; i++) {
        total += fit[i] - x[i] + (x[i] > 0 ? x[i] * StrictMath.log(x[i] / fit[i]) : 0);
      }
    }
    return total / n;
  }

  private static void fit(double[] d, double[] code, double[] fit) {
    Arrays.fill(fit, 0);
    for (int k = 0; k < code.length; k++) {
      for (int i = 0; i < fit.length; i++) {
        fit[i] += code[k] * d[k * fit.length + i];
      }
    }
  }
}
