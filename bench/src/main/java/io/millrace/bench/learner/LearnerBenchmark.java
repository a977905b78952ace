package io.millrace.bench.learner;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.samples.Shape;
import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.CommandFailed;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Examples per second of the core on one thread, beside Tribuo and scikit-learn. */
public final class LearnerBenchmark implements Benchmark {
  /** Rows of a perceptron's step. */
  private static final List<Integer> MINI_BATCHES = List.of(64, 1);

  @Override
  public String name() {
    return "learner";
  }

  @Override
  public String description() {
    return "examples/s of the core on one thread (predict, then learn; logistic SGD, mini-batch 1),"
        + " beside Tribuo's linear SGD and scikit-learn's SGDClassifier; steps of perceptrons on the"
        + " backends scalar and simd";
  }

  @Override
  public Map<String, Long> settings() {
    return Map.of(
        "dense-examples", 300_000L,
        "sparse-examples", 150_000L,
        "perceptron-rows", 64_000L,
        "repetitions", 7L);
  }

  @Override
  public Map<String, Object> run(Run run) throws IOException, InterruptedException {
    List<Map<String, Object>> shapes = new ArrayList<>();
    for (Shape shape : List.of(Shape.DENSE_32, Shape.SPARSE_1000, Shape.SPARSE_2_18)) {
      if (run.count(shape.dense() ? "dense-examples" : "sparse-examples") == 0) {
        continue;
      }
      Map<String, Object> report =
          fork(
              run.workDir(),
              shape.name(),
              ShapeMeasurement.class,
              shape.name(),
              Integer.toString(run.count(shape.dense() ? "dense-examples" : "sparse-examples")),
              Integer.toString(run.count("repetitions")),
              run.workDir().toString());
      shapes.add(report);
      print(run, report);
    }
    List<Map<String, Object>> perceptrons = new ArrayList<>();
    for (PerceptronMeasurement.Shape shape : PerceptronMeasurement.Shape.ALL) {
      for (int miniBatch : MINI_BATCHES) {
        int steps = run.count("perceptron-rows") / miniBatch;
        if (steps > 0) {
          Map<String, Object> report =
              fork(
                  run.workDir(),
                  shape.name() + " by " + miniBatch,
                  PerceptronMeasurement.class,
                  shape.name(),
                  Integer.toString(miniBatch),
                  Integer.toString(steps),
                  Integer.toString(run.count("repetitions")));
          perceptrons.add(report);
          run.output().say("%n%s", report);
        }
      }
    }
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("shapes", shapes);
    all.put("perceptrons", perceptrons);
    return all;
  }

  /** Measures in a JVM of its own, which has the modules that this one was started with. */
  private static Map<String, Object> fork(
      Path dir, String name, Class<?> measurement, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(a -> a.startsWith("--add-modules"))
        .forEach(command::add);
    command.addAll(List.of("-Xmx3g", "-cp", System.getProperty("java.class.path")));
    command.add(measurement.getName());
    command.addAll(List.of(arguments));
    Process child =
        new ProcessBuilder(command).redirectError(dir.resolve(name + ".log").toFile()).start();
    String reply;
    try (InputStream out = child.getInputStream()) {
      reply = new String(out.readAllBytes(), StandardCharsets.UTF_8);
    }
    int code = child.waitFor();
    if (code != 0) {
      throw new CommandFailed(
          name + ": the measuring JVM ended with " + code + "; see " + dir + "/" + name + ".log");
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
