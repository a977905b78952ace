package io.millrace.core.dictionary;

import io.millrace.core.learn.Figures;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.Locale;

/**
 * What methods with blocks of their own share: shape, schema, and the block {@code figures}, which
 * holds the mean objective of the last step and behind it the method's figures. A method names its
 * figures by the constants of an enum: their order is that of the block, and {@code LARGEST_MOVE}
 * is reported as {@code largestMove}.
 */
public abstract class AbstractMethod implements DictionaryMethod {
  /** Name of the block of figures. */
  protected static final String FIGURES_BLOCK = "figures";

  /** m, numbers per signal. */
  protected final int dimension;

  /** K, atoms of the dictionary. */
  protected final int atoms;

  private final String id;
  private final String[] figureNames;
  private final StateSchema schema;
  private final int figures;

  /**
   * A method.
   *
   * @param figures all constants of the enum of figures
   * @param schema has {@link #FIGURES_BLOCK} of {@link #figuresLength}
   */
  protected AbstractMethod(
      String id, int dimension, int atoms, Enum<?>[] figures, StateSchema schema) {
    this.id = id;
    this.dimension = dimension;
    this.atoms = atoms;
    this.figureNames = Arrays.stream(figures).map(AbstractMethod::camelCase).toArray(String[]::new);
    this.schema = schema;
    this.figures = schema.indexOf(FIGURES_BLOCK);
  }

  private static String camelCase(Enum<?> figure) {
    String[] words = figure.name().toLowerCase(Locale.ROOT).split("_");
    StringBuilder name = new StringBuilder(words[0]);
    for (int i = 1; i < words.length; i++) {
      name.append(Character.toUpperCase(words[i].charAt(0))).append(words[i].substring(1));
    }
    return name.toString();
  }

  /**
   * {@code D a}: the atoms, weighted by a code.
   *
   * @param d [K x m]
   * @param code [K] from {@code codeOffset}
   * @param x [m] from {@code at}, overwritten
   */
  protected final void combine(double[] d, double[] code, int codeOffset, double[] x, int at) {
    Arrays.fill(x, at, at + dimension, 0);
    for (int j = 0; j < atoms; j++) {
      double a = code[codeOffset + j];
      for (int i = 0; i < dimension; i++) {
        x[at + i] += a * d[j * dimension + i];
      }
    }
  }

  /**
   * A tensor of numbers that are finite and not negative.
   *
   * @throws StateException naming one that is not
   */
  protected static double[] notNegative(PublishedModel from, String name, int... shape) {
    double[] values = from.tensor(name, shape);
    for (double v : values) {
      if (!(v >= 0 && v < Double.POSITIVE_INFINITY)) {
        throw new StateException(
            "tensor '"
                + name
                + "' of the model holds "
                + v
                + "; its numbers are finite and at least 0; choose another version");
      }
    }
    return values;
  }

  /** Length of the block of figures. */
  protected static int figuresLength(Enum<?>[] figures) {
    return 1 + figures.length;
  }

  @Override
  public final String id() {
    return id;
  }

  @Override
  public final int stateVersion() {
    return 1;
  }

  @Override
  public final int dimension() {
    return dimension;
  }

  @Override
  public final int atoms() {
    return atoms;
  }

  @Override
  public final StateSchema schema() {
    return schema;
  }

  @Override
  public final double objective(LearnerState state) {
    return state.block(figures)[0];
  }

  /** Sets the mean objective of the last step. */
  protected final void setObjective(LearnerState state, double value) {
    state.block(figures)[0] = value;
  }

  /** Sets a figure of the last step. */
  protected final void set(LearnerState state, Enum<?> figure, double value) {
    state.block(figures)[1 + figure.ordinal()] = value;
  }

  @Override
  public final void figures(LearnerState state, Figures out) {
    double[] values = state.block(figures);
    for (int i = 0; i < figureNames.length; i++) {
      out.figure(figureNames[i], values[1 + i]);
    }
  }
}
