package io.millrace.core.dictionary.orthogonal;

import io.millrace.core.dictionary.DictionaryLearner;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.dictionary.DictionaryOptions;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.optim.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** The orthogonal method with a state of its own. */
final class OrthogonalRun {
  final DictionaryMethod method;
  final LearnerState state;
  private final DictionaryLearner learner;
  private final Workspace workspace = new Workspace();

  OrthogonalRun(int size, Map<String, String> words, Map<String, Double> hypers) {
    learner =
        new DictionaryLearner(
            DictionaryOptions.of(size, size)
                .withMethod("orthogonal", words)
                .withHyperparameters(hypers));
    method = learner.method();
    state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
  }

  boolean step(double[] y) {
    double[] weights = new double[y.length / method.dimension()];
    Arrays.fill(weights, 1);
    return method.step(y, weights, weights.length, state, new PhiloxDraws(1, "k"), workspace);
  }

  double figure(String name) {
    double[] found = {Double.NaN};
    method.figures(state, (n, v) -> found[0] = n.equals(name) ? v : found[0]);
    return found[0];
  }

  /** Codes of signals; the objectives behind them. */
  double[][] encode(double[] y) {
    int n = y.length / method.dimension();
    double[] codes = new double[y.length];
    double[] objectives = new double[n];
    method.encode(y, n, state, codes, objectives, workspace);
    return new double[][] {codes, objectives};
  }

  PublishedModel publish() {
    Map<String, String> config = new HashMap<>();
    Map<String, PublishedModel.Tensor> tensors = new HashMap<>();
    learner.publish(
        state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.put(name, new PublishedModel.Tensor(shape, data.clone()));
          }
        },
        workspace);
    return new PublishedModel(config, tensors);
  }

  void warmStart(PublishedModel from) {
    learner.warmStart(state, from);
  }
}
