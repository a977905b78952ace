package io.millrace.core.learn;

/** Takes a model apart for publishing. */
public interface ModelWriter {
  /** A setting that a reader needs, with the key of the job's YAML. */
  void config(String name, String value);

  /**
   * A tensor.
   *
   * @param data row-major, length the product of {@code shape}; not kept
   */
  void tensor(String name, int[] shape, double[] data);

  /**
   * A tensor that is published as 64-bit floats whatever the type of the others: statistics of the
   * input, of which a rounded one is of no use (a mean of 5.5 million whose values lie within a
   * thousandth of it). A writer that knows one type writes it as any other tensor.
   *
   * @param data row-major, length the product of {@code shape}; not kept
   */
  default void exact(String name, int[] shape, double[] data) {
    tensor(name, shape, data);
  }

  /**
   * A tensor of which only some rows are given, a row being the elements of one value of the first
   * dimension; all others are 0. A writer that knows whole tensors only is given the whole.
   *
   * @param rows ascending
   * @param data the rows one after the other; not kept
   */
  default void rows(String name, int[] shape, int[] rows, double[] data) {
    tensor(name, shape, PublishedModel.expand(shape, rows, data));
  }

  /** {@link #rows} of a tensor that is published as {@link #exact} is. */
  default void exactRows(String name, int[] shape, int[] rows, double[] data) {
    exact(name, shape, PublishedModel.expand(shape, rows, data));
  }
}
