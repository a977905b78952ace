package io.millrace.bench.learner;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.samples.Shape;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.CommandFailed;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Examples per second of the core on one thread, beside Tribuo and scikit-learn. */
public final class LearnerBenchmark implements Benchmark {
  @Override
  public String name() {
    return "learner";
  }

  @Override
  public String description() {
    return "examples/s of the core on one thread (predict, then learn; logistic SGD, mini-batch 1),"
        + " beside Tribuo's linear SGD and scikit-learn's SGDClassifier";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of("dense-examples", 300_000L, "sparse-examples", 150_000L, "repetitions", 7L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    List<Map<String, Object>> shapes = new ArrayList<>();
    for (Shape shape : List.of(Shape.DENSE_32, Shape.SPARSE_1000, Shape.SPARSE_2_18)) {
      Map<String, Object> report =
          fork(
              run.workDir(),
              shape.name(),
              run.count(shape.dense() ? "dense-examples" : "sparse-examples"),
              run.count("repetitions"));
      shapes.add(report);
      print(run, report);
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("shapes", shapes);
    return all;
  }

  /** Measures a shape in a JVM of its own. */
  private static Map<String, Object> fork(Path dir, String shape, int examples, int repetitions)
      throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx3g",
                "-cp",
                System.getProperty("java.class.path"),
                ShapeMeasurement.class.getName(),
                shape,
                Integer.toString(examples),
                Integer.toString(repetitions),
                dir.toString())
            .redirectError(dir.resolve(shape + ".log").toFile())
            .start();
    String reply;
    try (InputStream out = child.getInputStream()) {
      reply = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    int code = child.waitFor();
    if (code != 0) {
      throw new CommandFailed(
          shape + ": the measuring JVM ended with " + code + "; see " + dir + "/" + shape + ".log");
    }
    @SuppressWarnings("unchecked")
    Map<String, Object> report = new ObjectMapper().readValue(reply, LinkedHashMap.class);
    return report;
  }

  private static void print(Run run, Map<String, Object> report) {
    run.output().say("%n%s, %s examples", report.get("shape"), report.get("examples"));
    Map<?, ?> rates = (Map<?, ?>) report.get("rates");
    rates.forEach(
        (name, value) -> {
          Map<?, ?> perCpu = (Map<?, ?>) ((Map<?, ?>) value).get("examples-per-cpu-second");
          run.output()
              .say(
                  "  %-28s %,12.0f examples per CPU second (%,.0f to %,.0f)",
                  name,
                  number(perCpu.get("median")),
                  number(perCpu.get("min")),
                  number(perCpu.get("max")));
        });
    run.output().say("  scikit-learn: %s", report.get("scikit-learn"));
    report.forEach(
        (k, v) -> {
          if (v instanceof Number n && !k.equals("examples")) {
            run.output().say("  %-34s %s", k, text(n.doubleValue()));
          }
        });
  }

  private static double number(Object v) {
    return ((Number) v).doubleValue();
  }

  private static String text(double v) {
    return String.format(Locale.ROOT, Math.abs(v) >= 1000 ? "%,.0f" : "%.3f", v);
  }
}
