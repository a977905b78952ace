package io.millrace.core.dictionary.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.DictionaryMethod;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/** A method with a state and scratch of its own. */
public final class MethodRun {
  public final DictionaryMethod method;
  public final LearnerState state;
  private final DictionaryLearner learner;
  private final Workspace workspace = new Workspace();
  private final PhiloxDraws draws = new PhiloxDraws(1, "k");
  private double[] weights = {};

  /** A fresh state; words and hyperparameters as in {@link DictionaryOptions}. */
  public MethodRun(
      String method,
      int dimension,
      int atoms,
      Map<String, String> words,
      Map<String, Double> hypers) {
    this(
        new DictionaryLearner(
            DictionaryOptions.of(dimension, atoms)
                .withMethod(method, words)
                .withHyperparameters(hypers)));
  }

  /** A fresh state of a learner. */
  public MethodRun(DictionaryLearner learner) {
    this.learner = learner;
    this.method = learner.method();
    state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
  }

  /** One step on signals of weight 1; randomness is that of the step's number. */
  public boolean step(double[] x) {
    int n = x.length / method.dimension();
    if (weights.length != n) {
      weights = new double[n];
      Arrays.fill(weights, 1);
    }
    draws.at("k", state.steps());
    boolean taken = method.step(x, weights, n, state, draws, workspace);
    state.setSteps(state.steps() + (taken ? 1 : 0));
    return taken;
  }

  /** A figure of the last step. */
  public double figure(String name) {
    double[] found = {Double.NaN};
    method.figures(state, (n, v) -> found[0] = n.equals(name) ? v : found[0]);
    return found[0];
  }

  /** Codes of signals [n x codeLength]; the objectives behind them. */
  public double[][] encode(double[] x) {
    int n = x.length / method.dimension();
    double[] codes = new double[n * method.codeLength()];
    double[] objectives = new double[n];
    method.encode(x, n, state, codes, objectives, workspace);
    return new double[][] {codes, objectives};
  }

  /** What readers get. */
  public PublishedModel publish() {
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

  /** Starts from a model. */
  public void warmStart(PublishedModel from) {
    learner.warmStart(state, from);
  }

  /** The state as another run's. */
  public void copyFrom(MethodRun other) {
    for (int i = 0; i < state.schema().size(); i++) {
      System.arraycopy(other.state.block(i), 0, state.block(i), 0, state.block(i).length);
    }
    state.setSteps(other.state.steps());
  }

  /** Every number of the state, as text that tells all bits. */
  public String bits() {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < state.schema().size(); i++) {
      all.append(state.schema().name(i)).append(Arrays.toString(state.block(i)));
    }
    return all.toString();
  }
}
