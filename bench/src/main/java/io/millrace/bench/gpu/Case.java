package io.millrace.bench.gpu;

import io.millrace.compute.cuda.Device;

/** One kernel's task at one size. Made from a seed: the same for everybody. */
interface Case extends AutoCloseable {
  /** Makes the tasks of a kernel. */
  interface Family {
    /** Name in the report. */
    String name();

    /** What a size counts. */
    String unit();

    /** Sizes to measure. */
    int[] sizes();

    /** The task of a size. */
    Case make(Device device, int size);
  }

  /** One core does it. */
  void onHost();

  /** The device does it, copies and waiting included. */
  void onDevice();

  /** Whether both have come to the same bits. */
  boolean same();

  /** Bytes of the device's memory that the kernel reads or writes at least. */
  long leastBytes();

  @Override
  void close();
}
