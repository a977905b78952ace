package io.millrace.core.optim;

/**
 * Questions about one mini-batch's loss, answerable at any point theta. All arrays have the length
 * of {@link #layout()}.
 */
public interface Objective {
  /** Named row-major blocks in one flat array. */
  ParamLayout layout();

  /** Mean loss of the mini-batch at {@code theta} (not modified). */
  double value(double[] theta);

  /**
   * Gradient of {@link #value}.
   *
   * @param theta not modified
   * @param out overwritten
   */
  void gradient(double[] theta, double[] out);

  /**
   * Hessian times {@code v}, only where the model declares {@link Oracle#HESSIAN_VECTOR}.
   *
   * @param theta not modified
   * @param v not modified
   * @param out overwritten
   */
  default void hessianVector(double[] theta, double[] v, double[] out) {
    throw new IllegalStateException(
        getClass().getSimpleName() + " offers no Hessian-vector product");
  }
}
