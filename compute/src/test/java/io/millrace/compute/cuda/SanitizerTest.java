package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In the lanes of {@code scripts/emulator}: a sanitizer names the line of a fault in a kernel's own
 * source. Each runs in a process of its own, which the sanitizer ends.
 */
class SanitizerTest {
  @ParameterizedTest
  @CsvSource({
    "address, fault_index_off, heap-buffer-overflow",
    "thread, fault_no_barrier, data race",
    "thread, fault_no_second_barrier, data race",
    "thread, fault_no_barrier_between_phases, data race",
    "thread, fault_no_warp_barrier, data race",
    "thread, fault_no_second_warp_barrier, data race",
    "thread, fault_blocks_race, data race"
  })
  void namesTheLineOfTheFault(String lane, String kernel, String fault)
      throws IOException, InterruptedException {
    assumeTrue(lane.equals(EmulatorTest.LANE), "of the lane " + lane);
    Process run =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dmillrace.cuda.emulator=" + System.getProperty("millrace.cuda.emulator"),
                "-cp",
                System.getProperty("java.class.path"),
                FaultRun.class.getName(),
                kernel)
            .redirectErrorStream(true)
            .start();
    String said = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(run.waitFor()).as(said).isNotZero();
    assertThat(said).contains(fault, kernel).containsPattern("faults\\.cu:[0-9]+");
  }
}
