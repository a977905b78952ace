package io.millrace.bench.gpu;

import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.CommandFailed;
import io.millrace.compute.cuda.Device;
import java.util.List;
import java.util.Map;

/** The measurements of a GPU as a command. */
public final class GpuBenchmark implements Benchmark {
  @Override
  public String name() {
    return "gpu";
  }

  @Override
  public String description() {
    return "every kernel of the backend cuda against one core: bits, then microseconds at several"
        + " sizes of a launch; needs an NVIDIA GPU";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("largest", 1L << 20);
  }

  @Override
  public Map<String, Object> run(Run run) {
    String absent = Device.unavailableBecause(0);
    if (!absent.isEmpty()) {
      throw new CommandFailed("no GPU: " + absent);
    }
    Map<String, Object> report = GpuMeasurement.measure(run.count("largest"));
    run.output().say("%s", report.get("device"));
    for (Object row : (List<?>) report.get("cases")) {
      run.output().say("  %s", row);
    }
    return report;
  }
}
