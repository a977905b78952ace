package io.millrace.client;

import io.millrace.schemas.Code;

/**
 * A signal's sparse code under a dictionary. The signal is about {@code offset + scale D a}.
 *
 * @param incarnation of the dictionary, see {@link Model#incarnation()}
 * @param version of the dictionary; 0: of one that was never published
 * @param length numbers of the full code, as many as the dictionary has atoms
 * @param indices atoms whose number is not 0, ascending
 * @param values their numbers
 * @param objective what the code minimises, at this code
 * @param offset mean taken off the signal before coding; 0 where none was
 * @param scale norm the signal was divided by; 1 where it was not
 */
public record SparseCode(
    long incarnation,
    long version,
    int length,
    int[] indices,
    double[] values,
    double objective,
    double offset,
    double scale) {
  /** A code as the job publishes it. */
  public static SparseCode of(Code code) {
    return new SparseCode(
        code.getIncarnation(),
        code.getVersion(),
        code.getLength(),
        code.getIndices().stream().mapToInt(Integer::intValue).toArray(),
        code.getValues().stream().mapToDouble(Double::doubleValue).toArray(),
        code.getObjective(),
        code.getOffset(),
        code.getScale());
  }

  /** Numbers that are not 0. */
  public int nonZeros() {
    return indices.length;
  }

  /** The full code. */
  public double[] dense() {
    double[] a = new double[length];
    for (int i = 0; i < indices.length; i++) {
      a[indices[i]] = values[i];
    }
    return a;
  }
}
