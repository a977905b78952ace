package io.millrace.core.dictionary;

import io.millrace.core.learn.Figures;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;

/**
 * What methods with blocks of their own share: shape, schema, and the block {@code figures}, which
 * holds the mean objective of the last step and the named figures behind it.
 */
public abstract class AbstractMethod implements DictionaryMethod {
  /** Name of the block of figures. */
  protected static final String FIGURES_BLOCK = "figures";

  /** m, numbers per signal. */
  protected final int dimension;

  /** K, atoms of the dictionary. */
  protected final int atoms;

  private final String id;
  private final List<String> figureNames;
  private final StateSchema schema;
  private final int figures;

  /**
   * A method.
   *
   * @param figureNames names of the numbers behind the objective
   * @param schema has {@link #FIGURES_BLOCK}, one longer than {@code figureNames}
   */
  protected AbstractMethod(
      String id, int dimension, int atoms, List<String> figureNames, StateSchema schema) {
    this.id = id;
    this.dimension = dimension;
    this.atoms = atoms;
    this.figureNames = figureNames;
    this.schema = schema;
    this.figures = schema.indexOf(FIGURES_BLOCK);
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
    return figuresOf(state)[0];
  }

  @Override
  public final void figures(LearnerState state, Figures out) {
    for (int i = 0; i < figureNames.size(); i++) {
      out.figure(figureNames.get(i), figuresOf(state)[1 + i]);
    }
  }

  /** The live block: the objective, then the named figures. */
  protected final double[] figuresOf(LearnerState state) {
    return state.block(figures);
  }
}
