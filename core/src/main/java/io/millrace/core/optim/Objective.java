package io.millrace.core.optim;

/**
 * Questions about one mini-batch's loss, answerable at any point theta and as often as a step
 * needs: a method of two points asks for two gradients. All arrays have the length of {@link
 * #layout()}.
 *
 * <p>Every objective answers {@link Oracle#VALUE} and {@link Oracle#GRADIENT}. Each other question
 * is one of {@link Oracle} too, and an objective that does not answer it leaves the method as it is
 * here; an optimizer asks only what it declares, and what it declares is compared with what the
 * model answers before a job starts. An objective around another one extends {@link
 * ForwardingObjective}.
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
   * Number of samples in the mini-batch. A loss that is not a mean over samples counts as one
   * sample.
   */
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
    throw Oracle.PER_SAMPLE_GRADIENT.unanswered(this);
  }

  /**
   * The most doubles that a stored sample takes, whatever the objective: one for each feature,
   * which is a row of the first matrix, one for the label and one for the weight.
   */
  static int storedLength(ParamLayout layout) {
    long most = Math.min(layout.size() + 1L, layout.blocks().get(0).rows() + 2L);
    return (int) Math.min(most, Integer.MAX_VALUE);
  }

  /**
   * Writes a sample down as numbers that {@link #storedGradient} understands. Only where the model
   * declares {@link Oracle#STORED_SAMPLE}.
   *
   * @param sample of the mini-batch, from 0
   * @param to receives up to {@link #storedLength} doubles from {@code at}
   */
  default void storeSample(int sample, double[] to, int at) {
    throw Oracle.STORED_SAMPLE.unanswered(this);
  }

  /**
   * Gradient of a stored sample's loss.
   *
   * @param theta not modified
   * @param stored written by {@link #storeSample} in this or an earlier step, not modified
   * @param at where it begins
   * @param out overwritten
   */
  default void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    throw Oracle.STORED_SAMPLE.unanswered(this);
  }

  /** Linear layers of the model, in the order of their parameters; see {@link #layer}. */
  default int layers() {
    return 1;
  }

  /**
   * The mini-batch as a linear layer of the model sees it, only where it is declared by {@link
   * Oracle#LAYER}. Valid until the end of the step.
   *
   * @param index from 0, below {@link #layers}
   */
  default Layer layer(int index) {
    throw Oracle.LAYER.unanswered(this);
  }

  /**
   * Hessian times {@code v}, only where the model declares {@link Oracle#HESSIAN_VECTOR}.
   *
   * @param theta not modified
   * @param v not modified
   * @param out overwritten
   */
  default void hessianVector(double[] theta, double[] v, double[] out) {
    throw Oracle.HESSIAN_VECTOR.unanswered(this);
  }
}
