package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Pointer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The emulated device does what a device does, and shows faults that a device may hide: those that
 * values show, here; accesses that only a sanitizer sees, in {@code scripts/emulator lanes}.
 */
class EmulatorTest {
  /** The sanitizer that the emulator was built with. */
  static final String LANE = System.getProperty("millrace.cuda.lane", "plain");

  private final Emulator emulator = Emulator.load();
  private final Device device = Device.open(0);

  private double[] run(String name, int order) {
    emulator.emuSetOrder(order);
    return new FaultyKernels(device).run(name);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2})
  void aKernelThatIsRightGivesTheSameInEveryOrder(int order) {
    double[] sums = run("sum_of_block", order);
    for (int b = 0; b < FaultyKernels.BLOCKS; b++) {
      double[] part = Arrays.copyOfRange(FaultyKernels.in(), 64 * b, 64 * b + 64);
      for (int half = 32; half > 0; half /= 2) {
        for (int i = 0; i < half; i++) {
          part[i] += part[i + half];
        }
      }
      assertThat(sums[b]).isEqualTo(part[0]);
    }
  }

  /** What is computed depends on who is first, or on what nobody has written. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "fault_no_barrier",
        "fault_no_second_barrier",
        "fault_no_barrier_between_phases",
        "fault_no_warp_barrier",
        "fault_no_second_warp_barrier",
        "fault_blocks_race",
        "fault_uninitialized",
        "fault_index_off"
      })
  void aFaultShowsInTheValues(String kernel) {
    // There the sanitizer ends the process, which SanitizerTest sees to.
    assumeTrue(LANE.equals("plain"), "of the plain lane");
    double[] ascending = run(kernel, 0);
    boolean shows = Arrays.stream(ascending).anyMatch(Double::isNaN);
    for (int order = 1; order < 3; order++) {
      shows |= !Arrays.equals(run(kernel, order), ascending);
    }
    if (kernel.equals("fault_index_off")) {
      shows = !Arrays.equals(ascending, FaultyKernels.in());
    }
    assertThat(shows).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "fault_barrier_in_branch, threads of a block at different barriers",
    "fault_barrier_after_return, a barrier that threads have ended before",
  })
  void aBarrierThatNotAllReachEndsTheLaunchWithItsLine(String kernel, String message) {
    assertThatThrownBy(() -> run(kernel, 0))
        .isInstanceOf(CudaException.class)
        .hasMessageContaining("CUDA_ERROR_LAUNCH_FAILED");
    assertThat(emulator.emuMessage()).startsWith(kernel + ": " + message).contains("line ");
    assertThatThrownBy(() -> device.freeBytes())
        .as("the context is of no more use")
        .isInstanceOf(CudaException.class);
  }

  @Test
  void copiesBeyondAnAllocationAndUnknownKernelsAreRefused() {
    Pointer stream = device.stream();
    try (DeviceBuffer buffer = DeviceBuffer.staged()) {
      buffer.reserve(80);
      assertThatThrownBy(() -> buffer.send(88, stream))
          .isInstanceOf(CudaException.class)
          .hasMessage("cuMemcpyHtoD: error 1, CUDA_ERROR_INVALID_VALUE");
      assertThat(emulator.emuBytesInUse()).isEqualTo(80);
    }
    assertThatThrownBy(() -> device.kernel("mlp", "no_such_kernel"))
        .hasMessage("cuModuleGetFunction: error 500, CUDA_ERROR_NOT_FOUND");
    assertThatThrownBy(() -> device.kernel("no_such_file", "mlp_gradient"))
        .isInstanceOf(IllegalStateException.class);
    CudaException.check("cuStreamDestroy", Driver.cuStreamDestroy_v2(stream));
  }

  @Test
  void aBufferThatHasNoTwinOnTheHostHoldsNothingAndMayBeTriedAgain() {
    try (DeviceBuffer buffer = DeviceBuffer.staged()) {
      emulator.emuSetPins(0);
      assertThatThrownBy(() -> buffer.reserve(80))
          .isInstanceOfSatisfying(CudaException.class, e -> assertThat(e.outOfMemory()).isTrue())
          .hasMessageStartingWith("cuMemHostAlloc of 80 bytes");
      assertThat(emulator.emuBytesInUse()).isZero();
      emulator.emuSetPins(1);
      assertThat(buffer.reserve(80).host()).isNotNull();
    }
  }

  @Test
  void theDeviceTellsWhatItIs() {
    assertThat(Device.unavailableBecause(0)).isEmpty();
    assertThat(Device.unavailableBecause(1)).isEqualTo("device 1 of 1");
    assertThat(device.name()).isEqualTo("emulated on a CPU");
    assertThat(device.multiprocessors()).isEqualTo(1);
    assertThat(device.freeBytes()).isEqualTo(1L << 30);
    emulator.emuSetBudget(1 << 20);
    assertThat(device.copyBytesPerSecond()).isPositive().isFinite();
    assertThat(emulator.emuBytesInUse()).isZero();
  }
}
