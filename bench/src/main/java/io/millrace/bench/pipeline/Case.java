package io.millrace.bench.pipeline;

import io.millrace.bench.samples.Shape;

/**
 * Events that a pipeline is measured with.
 *
 * @param name for the report and the topic
 * @param setting that switches the case on
 * @param shape of the examples
 * @param batch examples per record
 * @param floorMicros CPU microseconds per example of the bare pipeline in the project's table of
 *     platform facts: decode by hand, one shuffle, a keyed process that does nothing
 */
record Case(String name, String setting, Shape shape, int batch, double floorMicros) {
  static final Case DENSE = new Case("dense-32", "dense", Shape.DENSE_32, 1, 1.45);
  static final Case SPARSE = new Case("sparse-40", "sparse", Shape.SPARSE_1000, 1, 3.39);
  static final Case BATCH = new Case("dense-32-batch-64", "batch", Shape.DENSE_32, 64, 0.55);
}
