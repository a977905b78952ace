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
}
