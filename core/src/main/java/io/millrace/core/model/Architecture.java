package io.millrace.core.model;

import io.millrace.core.compute.Kernels;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.Draws;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The part of a model between features and loss: names and shapes of the parameters, their start
 * values, and the objective over them. Immutable and thread-safe.
 */
public interface Architecture {
  /**
   * A named row-major tensor of parameters.
   *
   * @param shape at least one dimension
   */
  record Tensor(String name, int... shape) {
    /** Number of elements; may exceed what an array holds. */
    public long size() {
      long size = 1;
      for (int n : shape) {
        size = Math.multiplyExact(size, (long) n);
      }
      return size;
    }
  }

  /** Id of the kind, as in {@link Models}. */
  String kind();

  /** What a reader of the model needs beside its tensors: settings of the job's YAML, resolved. */
  Map<String, String> settings();

  /**
   * The parameters in the order of the flat array. The leading {@link #featureTensors} have a first
   * dimension of {@code width}, a row for each feature.
   *
   * @param width number of features
   */
  List<Tensor> tensors(int width);

  /** How many of the tensors have a row for each feature. */
  int featureTensors();

  /**
   * Whether the model consists of linear layers, so that {@link #objective} answers {@link
   * io.millrace.core.optim.Oracle#LAYER}.
   */
  boolean layered();

  /**
   * Start values.
   *
   * @param theta zero, as long as the layout of {@code width}; overwritten where it does not stay
   *     so
   * @param draws of the key; index i is that of parameter i
   */
  void initialize(double[] theta, int width, Draws draws);

  /** Whether every parameter starts at zero, so that {@link #initialize} does nothing. */
  default boolean startsAtZero() {
    return false;
  }

  /**
   * Start values of the parameters of one feature, the same as {@link #initialize} gives them.
   *
   * @param draws of the key, as for {@link #initialize}
   * @param row zero, the feature's row of each tensor that has rows for features, one after the
   *     other; overwritten where it does not stay so
   */
  default void startFeature(int feature, int width, Draws draws, double[] row) {}

  /**
   * Start values of the parameters of no feature, the same as {@link #initialize} gives them.
   *
   * @param rest zero, the tensors without rows for features, one after the other; overwritten where
   *     it does not stay so
   */
  default void startRest(int width, Draws draws, double[] rest) {}

  /**
   * Units of each layer, the loss's outputs last, of a model that is nothing but layers with
   * rectified units between them; null: it is another one.
   */
  default int[] rectifiedUnits() {
    return null;
  }

  /**
   * The largest size that a parameter may have. A step that takes a parameter beyond it has
   * diverged. The bound is so that squares of the outputs are finite for ordinary features:
   * otherwise a later row would be refused for what this step has done.
   */
  double largestParameter();

  /**
   * A new objective, to be aimed at a mini-batch before it is asked. Not thread-safe, one per
   * subtask.
   */
  ModelObjective objective(Kernels compute);

  /** The tensors as matrices: the first dimension has the rows, the others together the columns. */
  default ParamLayout layout(int width) {
    List<ParamLayout.Block> blocks = new ArrayList<>();
    int at = 0;
    for (Tensor t : tensors(width)) {
      int rows = t.shape()[0];
      int cols = rows == 0 ? 0 : Math.toIntExact(t.size() / rows);
      blocks.add(new ParamLayout.Block(t.name(), rows, cols, at));
      at = Math.addExact(at, Math.toIntExact(t.size()));
    }
    return new ParamLayout(blocks);
  }
}
