package io.millrace.bench.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.Figures;
import io.millrace.compute.cuda.Device;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Runs every case at every size. A main class of its own, for a machine with a GPU and no JDK. */
public final class GpuMeasurement {
  private static final int REPETITIONS = 7;

  /** A host that has taken so long, in seconds, is not asked again. */
  private static final double PATIENCE = 5;

  private GpuMeasurement() {}

  /**
   * Measures.
   *
   * @param args the file to write; and the largest size to measure, if not all
   */
  public static void main(String[] args) throws Exception {
    String absent = Device.unavailableBecause(0);
    if (!absent.isEmpty()) {
      System.err.println("no GPU: " + absent);
      System.exit(3);
    }
    int largest = args.length > 1 ? Integer.parseInt(args[1]) : Integer.MAX_VALUE;
    Map<String, Object> report = measure(largest);
    Files.writeString(
        Path.of(args[0]),
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(report));
  }

  /**
   * The report.
   *
   * @throws IllegalStateException where the device's bits differ from the core's
   */
  static Map<String, Object> measure(int largest) {
    Map<String, Object> report = new LinkedHashMap<>();
    try (Device device = Device.open(0)) {
      device.timeKernels();
      report.put("device", device.name());
      report.put("multiprocessors", device.multiprocessors());
      report.put("copyBytesPerSecond", device.copyBytesPerSecond());
      List<Map<String, Object>> rows = new ArrayList<>();
      for (Case.Family family : Cases.ALL) {
        for (int size : family.sizes()) {
          if (size <= largest) {
            rows.add(measure(device, family, size));
          }
        }
      }
      report.put("cases", rows);
    }
    return report;
  }

  private static Map<String, Object> measure(Device device, Case.Family family, int size) {
    try (Case task = family.make(device, size)) {
      double[] host = new double[REPETITIONS];
      double[] whole = new double[REPETITIONS];
      double[] kernel = new double[REPETITIONS];
      for (int r = -1; r < REPETITIONS; r++) { // one round warms up
        if (r <= 0 || host[0] < PATIENCE * 1e6) {
          long start = System.nanoTime();
          task.onHost();
          host[Math.max(r, 0)] = (System.nanoTime() - start) / 1e3;
        } else {
          host[r] = host[0];
        }
        device.kernelMicros();
        long start = System.nanoTime();
        task.onDevice();
        whole[Math.max(r, 0)] = (System.nanoTime() - start) / 1e3;
        kernel[Math.max(r, 0)] = device.kernelMicros();
      }
      if (!task.same()) {
        throw new IllegalStateException(
            family.name()
                + ", "
                + size
                + " "
                + family.unit()
                + ": the bits differ from the core's");
      }
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("kernel", family.name());
      row.put(family.unit(), size);
      row.put("coreMicros", Figures.median(host));
      row.put("deviceMicros", Figures.median(whole));
      row.put("kernelMicros", Figures.median(kernel));
      row.put("leastBytes", task.leastBytes());
      row.put("speedUp", Figures.median(host) / Figures.median(whole));
      row.put("sameBits", true);
      return row;
    }
  }
}
