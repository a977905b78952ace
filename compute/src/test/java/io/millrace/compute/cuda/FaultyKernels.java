package io.millrace.compute.cuda;

import com.sun.jna.Pointer;
import com.sun.jna.ptr.PointerByReference;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Runs the kernels of faults.cu, which no PTX is kept of: 64 threads in each of three blocks. */
final class FaultyKernels {
  static final int BLOCKS = 3;
  private static final int N = 64 * BLOCKS;

  private final Device device;

  FaultyKernels(Device device) {
    this.device = device;
  }

  static double[] in() {
    return new Random(4).doubles(N).toArray();
  }

  private static Device.Kernel kernel(String name) {
    String text =
        ".version 6.5\n.target sm_75\n.address_size 64\n.visible .entry " + name + "(\n\0";
    Pointer module = Device.load(text.getBytes(StandardCharsets.US_ASCII));
    PointerByReference function = new PointerByReference();
    CudaException.check("function", Driver.cuModuleGetFunction(function, module, name));
    return new Device.Kernel(name, function.getValue(), null);
  }

  /** What a kernel makes of {@link #in}. */
  double[] run(String name) {
    Pointer stream = device.stream();
    double[] out = new double[N];
    try (DeviceBuffer from = DeviceBuffer.staged();
        DeviceBuffer to = DeviceBuffer.staged()) {
      from.reserve(8L * N).host().write(0, in(), 0, N);
      to.reserve(8L * N).host().write(0, out, 0, N);
      from.send(8L * N, stream);
      to.send(8L * N, stream);
      kernel(name).begin().with(from).with(to).launch(BLOCKS, 1, 64, 0, stream);
      to.fetch(8L * N, stream);
      CudaException.check(name, Driver.cuStreamSynchronize(stream));
      to.host().read(0, out, 0, N);
      CudaException.check("cuStreamDestroy", Driver.cuStreamDestroy_v2(stream));
    }
    return out;
  }
}
