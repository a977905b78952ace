package io.millrace.core.model;

import java.io.Serializable;
import java.util.List;

/**
 * What a model is made of, as configured: names are those of the job's YAML under {@code model}.
 * Checked by {@link Models#make}.
 *
 * @param kind id in {@link Models}
 * @param hidden units of each hidden layer; empty: the kind's default
 * @param activation of the hidden units, see {@link Activation}; empty: the kind's default
 * @param rank of the interactions; 0: the kind's default
 * @param initScale factor on the spread of the start values; NaN: 1
 */
public record ModelOptions(
    String kind, List<Integer> hidden, String activation, int rank, double initScale)
    implements Serializable {
  public ModelOptions {
    hidden = List.copyOf(hidden);
  }

  /** A kind with its defaults. */
  public static ModelOptions of(String kind) {
    return new ModelOptions(kind, List.of(), "", 0, Double.NaN);
  }

  /** The linear model. */
  public static ModelOptions linear() {
    return of(LinearModel.SPEC.id());
  }

  /** A multi-layer perceptron. */
  public static ModelOptions mlp(String activation, Integer... hidden) {
    return new ModelOptions(Mlp.SPEC.id(), List.of(hidden), activation, 0, Double.NaN);
  }

  /** A factorization machine. */
  public static ModelOptions fm(int rank) {
    return new ModelOptions(FactorizationMachine.SPEC.id(), List.of(), "", rank, Double.NaN);
  }
}
