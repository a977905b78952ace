package io.millrace.client;

import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.Map;

/** Coding signals with a dictionary. */
final class Coding extends Usage {
  private final DictionaryLearner learner;
  private final int dimension;

  Coding(Map<String, String> config) {
    this(config, DictionaryLearner.forCoding(config));
  }

  private Coding(Map<String, String> config, DictionaryLearner learner) {
    super(config, learner, learner.options().input());
    this.learner = learner;
    this.dimension = learner.method().dimension();
  }

  /** The code just made, with what it takes to get back to the signal's own scale. */
  SparseCode read(Scratch scratch, Model by) {
    Outcome o = scratch.outcome;
    requireFinite(o.raw, o.rawCount, scratch.rows);
    requireFinite(o.scores, o.scoreCount, scratch.rows);
    int[] indices = new int[o.rawCount];
    double[] values = new double[o.rawCount];
    int n = 0;
    for (int i = 0; i < o.rawCount; i++) {
      if (o.raw[i] != 0) {
        indices[n] = i;
        values[n++] = o.raw[i];
      }
    }
    return new SparseCode(
        by.incarnation(),
        by.version(),
        o.rawCount,
        Arrays.copyOf(indices, n),
        Arrays.copyOf(values, n),
        o.loss,
        o.offset,
        o.scale);
  }

  /** {@code offset + scale D a}. */
  double[] reconstruct(LearnerState state, SparseCode code) {
    int length = learner.method().codeLength();
    if (code.length() != length) {
      throw new IllegalArgumentException(
          "code has length " + code.length() + ", the dictionary's codes have " + length);
    }
    double[] x = new double[dimension];
    learner.method().reconstruct(state, code.dense(), 0, x, 0);
    for (int i = 0; i < dimension; i++) {
      x[i] = code.offset() + code.scale() * x[i];
    }
    return x;
  }
}
