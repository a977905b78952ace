package io.millrace.operators.learner;

import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.features.InputSpec;
import java.util.Map;
import java.util.Random;

/** Made-up signals of a few fixed atoms, and the learners of them, for tests. */
final class Signals {
  /** Numbers of a signal. */
  static final int M = 6;

  /** Signals of a mini-batch. */
  static final int BATCH = 4;

  private final Random random = new Random(11);
  private final double[][] atoms = new double[M][M];

  Signals() {
    for (double[] atom : atoms) {
      for (int i = 0; i < M; i++) {
        atom[i] = random.nextInt(2) * random.nextDouble();
      }
    }
  }

  /** What the operator is told of the signals. */
  static LearnerOptions.Builder options() {
    InputSpec input = DictionaryOptions.signals(InputSpec.Kind.DENSE, M);
    return LearnerOptions.builder(Stream.TOPICS, input).miniBatch(BATCH);
  }

  /** A learner of six atoms at the defaults but for what is given. */
  static DictionaryOptions learner(
      String method, Map<String, String> words, Map<String, Double> numbers) {
    return DictionaryOptions.of(M, M)
        .withScaling(SignalScaling.UNIT_NORM)
        .withMethod(method, words)
        .withHyperparameters(numbers);
  }

  /** A sum of two atoms and a little noise, nowhere negative. */
  double[] next() {
    double[] x = new double[M];
    double[] one = atoms[random.nextInt(M)];
    double[] other = atoms[random.nextInt(M)];
    for (int i = 0; i < M; i++) {
      x[i] = one[i] + 0.5 * other[i] + 0.02 * random.nextDouble();
    }
    return x;
  }
}
