package io.millrace.core.compute;

/**
 * Gradients of multi-layer perceptrons of one shape, of many keys in one go: for each key its own
 * parameters and its own mini-batch of dense rows, with the bits that the scalar backend computes.
 * How many keys share a call changes no bit. Used again; not thread-safe.
 *
 * <pre>
 * gradients.begin();
 * int slot = gradients.add(theta);      // for each key that is taken ..
 * gradients.row(values, from, y, w);    // .. and each row of its mini-batch
 * if (gradients.compute()) {
 *   gradients.gradient(slot, out);
 * }
 * </pre>
 */
public interface PerceptronGradients {
  /** Forgets the keys of the call before. */
  void begin();

  /** Whether a key with so many rows still fits in. */
  boolean takes(int itsRows);

  /**
   * Adds a key.
   *
   * @param parameters of all layers and padding behind them, not kept
   * @return its number in the call
   */
  int add(double[] parameters);

  /**
   * Adds a row to the key added last.
   *
   * @param values its features from {@code from} on
   * @param y label
   * @param w weight
   */
  void row(double[] values, int from, double y, double w);

  /**
   * Computes the gradients of the keys, and waits for them.
   *
   * @return false: it could not be done here, and has to be done elsewhere
   */
  boolean compute();

  /**
   * The gradient of a key, after {@link #compute}.
   *
   * @param out as long as the parameters, overwritten
   */
  void gradient(int slot, double[] out);

  /** The first row of a key whose derivative, or its square, is not finite; -1: none. */
  int badRow(int slot);
}
