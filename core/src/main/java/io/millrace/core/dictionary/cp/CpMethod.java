package io.millrace.core.dictionary.cp;

import io.millrace.core.compute.Vectors;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.AbstractMethod;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.function.UnaryOperator;

/**
 * What methods of CP dictionaries share: factors U, V and figures as the first blocks of the state,
 * and what readers get of them.
 */
abstract class CpMethod extends AbstractMethod {
  static final int U = 0;
  static final int V = 1;

  /** Where a method's own blocks begin. */
  static final int OWN = 3;

  final CpShape shape;

  /**
   * A method.
   *
   * @param own declares the method's own blocks
   */
  CpMethod(String id, CpShape shape, Enum<?>[] figures, UnaryOperator<StateSchema.Builder> own) {
    super(
        id,
        shape.dimension(),
        shape.atoms(),
        figures,
        own.apply(
                new StateSchema.Builder()
                    .block("u", shape.atoms() * shape.rows())
                    .block("v", shape.atoms() * shape.columns())
                    .block(FIGURES_BLOCK, figuresLength(figures)))
            .build());
    this.shape = shape;
  }

  /** A block's scratch copy, for a step that may not be taken. */
  static double[] copy(LearnerState state, int block, String name, Workspace workspace) {
    double[] from = state.block(block);
    double[] to = workspace.array(name, from.length);
    System.arraycopy(from, 0, to, 0, from.length);
    return to;
  }

  static void commit(double[] from, LearnerState state, int block) {
    System.arraycopy(from, 0, state.block(block), 0, from.length);
  }

  static boolean finite(double[] values) {
    return Vectors.allFinite(values, values.length);
  }

  /** {@code dictionary} [K x m] and the factors {@code u} [K x d1], {@code v} [K x d2]. */
  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    double[] d = new double[shape.atoms() * shape.dimension()];
    shape.atoms(state.block(U), state.block(V), d);
    out.tensor("dictionary", new int[] {shape.atoms(), shape.dimension()}, d);
    out.tensor("u", new int[] {shape.atoms(), shape.rows()}, state.block(U));
    out.tensor("v", new int[] {shape.atoms(), shape.columns()}, state.block(V));
  }

  /** Takes the factors; what was learned from signals starts anew. */
  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    take(from, "u", shape.rows(), state.block(U));
    take(from, "v", shape.columns(), state.block(V));
  }

  private void take(PublishedModel from, String name, int length, double[] to) {
    double[] values = notNegative(from, name, shape.atoms(), length);
    System.arraycopy(values, 0, to, 0, to.length);
  }

  @Override
  public final void reconstruct(
      LearnerState state, double[] code, int codeOffset, double[] x, int at) {
    double[] u = state.block(U);
    double[] v = state.block(V);
    int rows = shape.rows();
    int columns = shape.columns();
    Arrays.fill(x, at, at + rows * columns, 0);
    for (int j = 0; j < shape.atoms(); j++) {
      for (int a = 0; a < rows; a++) {
        double factor = code[codeOffset + j] * u[j * rows + a];
        for (int b = 0; b < columns; b++) {
          x[at + a * columns + b] += factor * v[j * columns + b];
        }
      }
    }
  }

  /** Largest distance between an atom of the state and the one of other factors. */
  final double largestMove(LearnerState state, double[] u, double[] v, Workspace workspace) {
    int length = shape.atoms() * shape.dimension();
    double[] before = workspace.array("cp.before", length);
    double[] after = workspace.array("cp.after", length);
    shape.atoms(state.block(U), state.block(V), before);
    shape.atoms(u, v, after);
    return Vectors.largestRowDistance(before, after, shape.atoms(), shape.dimension());
  }
}
