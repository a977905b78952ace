package io.millrace.golden.dictionary;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.Gram;
import io.millrace.core.dictionary.SparseCoder;

/** A coder that finds the codes that a file lists, whatever the signals are. */
final class ListedCodes implements SparseCoder {
  private double[] codes = {};

  /**
   * The codes of the next batch.
   *
   * @param listed [n x K], kept
   */
  void next(double[] listed) {
    codes = listed;
  }

  @Override
  public String id() {
    return "listed";
  }

  @Override
  public int encode(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    System.arraycopy(codes, aOffset, a, aOffset, gram.atoms());
    return 1;
  }

  @Override
  public double penalty(int atoms, double[] a, int aOffset) {
    return 0;
  }

  @Override
  public double gap(
      Gram gram, double[] c, int cOffset, double xx, double[] a, int aOffset, Workspace workspace) {
    return 0;
  }
}
