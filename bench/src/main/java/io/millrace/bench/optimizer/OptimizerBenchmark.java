package io.millrace.bench.optimizer;

import io.millrace.cli.bench.Benchmark;
import io.millrace.core.catalog.Optimizers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a step of every optimizer costs beside its gradient. */
public final class OptimizerBenchmark implements Benchmark {
  private static final long ROUND_NANOS = 150_000_000L;

  @Override
  public String name() {
    return "optimizers";
  }

  @Override
  public String description() {
    return "steps of every optimizer on one thread, gradients at hand: bytes moved over the copy"
        + " bandwidth, or, for methods on matrices, time over that of the products they contain";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of(
        "cache-parameters", 1_000L, "memory-parameters", 10_000_000L, "steps", 7L, "side", 128L);
  }

  @Override
  public Map<String, Object> run(Run run) {
    List<Map<String, Object>> elementwise = new ArrayList<>();
    List<Subject> matrices = new ArrayList<>();
    ElementwiseMeasurement measurement =
        new ElementwiseMeasurement(
            run.count("cache-parameters"), run.count("memory-parameters"), run.count("steps"));
    run.output()
        .say(
            "%n%-22s %6s %5s | %12s %8s %6s | %12s %8s %s",
            "elementwise",
            "moved",
            "pass",
            "us (cache)",
            "GB/s",
            "share",
            "ms (memory)",
            "GB/s",
            "share (least to most)");
    for (Subject subject : Optimizers.ALL.stream().map(Subject::of).toList()) {
      if (subject.matrix()) {
        matrices.add(subject);
      } else {
        Map<String, Object> figures = measurement.measure(subject);
        elementwise.add(figures);
        print(run, figures);
      }
    }
    List<Map<String, Object>> onMatrices = new ArrayList<>();
    run.output()
        .say(
            "%n%-30s %9s %12s %12s %14s %10s %10s",
            "matrices", "form", "us per step", "products", "decompositions", "/products", "/both");
    MatrixMeasurement onMatrix = new MatrixMeasurement(run.count("side"), ROUND_NANOS);
    for (Subject subject : matrices) {
      Map<String, Object> figures = onMatrix.measure(subject);
      onMatrices.add(figures);
      printOnMatrix(run, figures);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("elementwise", elementwise);
    all.put("matrices", onMatrices);
    return all;
  }

  private static void print(Run run, Map<String, Object> o) {
    Map<?, ?> share = (Map<?, ?>) o.get("memory-share-of-copy-bandwidth");
    run.output()
        .say(
            "%-22s %6.2f %5s | %12.3f %8.1f %6.2f | %12.1f %8.1f %.2f (%.2f to %.2f)%s",
            o.get("optimizer"),
            o.get("least-doubles-per-parameter"),
            o.get("one-pass").equals(true) ? "one" : "more",
            number(o, "cache-nanoseconds-per-step") / 1e3,
            number(o, "cache-bytes-per-second") / 1e9,
            o.get("cache-share-of-copy-bandwidth"),
            number(o, "memory-seconds-per-step") * 1e3,
            number(o, "memory-bytes-per-second") / 1e9,
            share.get("median"),
            share.get("min"),
            share.get("max"),
            o.get("memory-parameters").equals(run.count("memory-parameters"))
                ? ""
                : " at d = " + o.get("memory-parameters"));
  }

  private static void printOnMatrix(Run run, Map<String, Object> o) {
    run.output()
        .say(
            "%-30s %9s %12.1f %12.1f %14.1f %10s %10s",
            o.get("optimizer"),
            o.get("rows") + "x" + o.get("columns"),
            o.get("microseconds-per-step"),
            o.get("microseconds-of-products"),
            o.get("microseconds-of-decompositions"),
            ratio(o, "step-over-products"),
            ratio(o, "step-over-kernels"));
  }

  private static String ratio(Map<String, Object> o, String name) {
    double v = number(o, name);
    return Double.isNaN(v) ? "none" : String.format(Locale.ROOT, "%.2f", v);
  }

  private static double number(Map<String, Object> o, String name) {
    return ((Number) o.get(name)).doubleValue();
  }
}
