package io.millrace.core.optim;

/**
 * Questions about one mini-batch's loss, answerable at any point theta and as often as a step
 * needs: a method of two points asks for two gradients. All arrays have the length of {@link
 * #layout()}.
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

  /** Number of samples in the mini-batch; a loss that is no mean of samples' is one sample. */
  default int samples() {
    return 1;
  }

  /**
   * Gradient of one sample's loss, only where the model declares {@link
   * Oracle#PER_SAMPLE_GRADIENT}; their mean over {@link #samples} is {@link #gradient}.
   *
   * @param theta not modified
   * @param sample from 0
   * @param out overwritten
   */
  default void sampleGradient(double[] theta, int sample, double[] out) {
    throw new IllegalStateException(
        getClass().getSimpleName() + " offers no gradients of single samples");
  }

  /**
   * Gradient over the large batch that belongs to this step, only where it is declared by {@link
   * Oracle#ANCHOR_GRADIENT}. Asked again in the same step, it is of the same batch.
   *
   * @param theta not modified
   * @param out overwritten
   */
  default void anchorGradient(double[] theta, double[] out) {
    throw new IllegalStateException(
        getClass().getSimpleName() + " has no batch larger than the mini-batch");
  }

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
