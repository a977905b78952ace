package io.millrace.compute.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * In the lanes of {@code scripts/emulator}: under a sanitizer, the kernels are silent, and what is
 * planted is named with its line in the kernel's own source. Each runs in a JVM of its own, which
 * the sanitizer, loaded before it, ends where it finds something.
 */
class SanitizerTest {
  private static final String LANE = EmulatorTest.LANE;

  private record Ended(int code, String said) {}

  private static Ended run(Class<?> main, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    for (String name : List.of("millrace.cuda.emulator", "millrace.cuda.lane")) {
      command.add("-D" + name + "=" + System.getProperty(name));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    // Signals and leaks are the JVM's own business.
    builder
        .environment()
        .putAll(
            Map.of(
                "LD_PRELOAD", System.getProperty("millrace.cuda.preload"),
                "ASAN_OPTIONS", "handle_segv=0:detect_leaks=0",
                "TSAN_OPTIONS", "ignore_noninstrumented_modules=1:handle_segv=0:halt_on_error=1"));
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Ended(process.waitFor(), said);
  }

  @Test
  void kernelsAreSilent() throws IOException, InterruptedException {
    assumeTrue(!LANE.equals("plain"), "of the lanes of scripts/emulator");
    Ended ended = run(LaneRun.class);
    assertThat(ended.code).as(ended.said).isZero();
    assertThat(ended.said).containsPattern("tests: [1-9]");
  }

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
  void aFaultIsNamedWithItsLine(String lane, String kernel, String fault)
      throws IOException, InterruptedException {
    assumeTrue(lane.equals(LANE), "of the lane " + lane);
    Ended ended = run(FaultRun.class, kernel);
    assertThat(ended.code).as(ended.said).isNotZero();
    assertThat(ended.said).contains(fault, kernel).containsPattern("faults\\.cu:[0-9]+");
  }
}
