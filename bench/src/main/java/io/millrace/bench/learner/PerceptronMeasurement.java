package io.millrace.bench.learner;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.bench.Figures;
import io.millrace.core.ConfigException;
import io.millrace.core.compute.Backends;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * Main class of the JVM in which perceptrons of one shape learn, on the scalar backend and on that
 * of vector instructions in turns: ten classes, Adam, rectified units. Prints one JSON object on
 * standard output.
 */
public final class PerceptronMeasurement {
  private static final int CLASSES = 10;
  private static final String KEY = "bench";

  private PerceptronMeasurement() {}

  /**
   * A shape.
   *
   * @param name for the report
   * @param width features
   * @param hidden units of the hidden layers
   */
  record Shape(String name, int width, List<Integer> hidden) {
    static final List<Shape> ALL =
        List.of(
            new Shape("perceptron 32-64-10", 32, List.of(64)),
            new Shape("perceptron 64-256-256-10", 64, List.of(256, 256)));
  }

  /**
   * Measures.
   *
   * @param args shape, mini-batch, steps of a pass, repetitions
   */
  public static void main(String[] args) throws Exception {
    Shape shape =
        Shape.ALL.stream()
            .filter(s -> s.name().equals(args[0]))
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("no shape " + args[0]));
    Map<String, Object> report =
        measure(
            shape, Integer.parseInt(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    System.out.println(new ObjectMapper().writeValueAsString(report));
  }

  private static Map<String, Object> measure(
      Shape shape, int miniBatch, int steps, int repetitions) {
    List<String> backends = new ArrayList<>(List.of("scalar"));
    String absent = "";
    try {
      backends.add(Backends.select("simd").backend().id());
    } catch (ConfigException e) {
      absent = e.getMessage();
    }
    double[][] micros = new double[backends.size()][repetitions];
    double[][] last = new double[backends.size()][];
    for (int r = -2; r < repetitions; r++) { // two rounds warm up
      for (int b = 0; b < backends.size(); b++) {
        OnlineLearner learner = learner(shape, backends.get(b));
        LearnerState state = new LearnerState(learner.schema());
        double each = pass(learner, state, shape, miniBatch, steps);
        if (r >= 0) {
          micros[b][r] = each;
        }
        last[b] = state.block("theta").clone();
      }
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("shape", shape.name());
    report.put("mini-batch", miniBatch);
    for (int b = 0; b < backends.size(); b++) {
      report.put(backends.get(b) + ", microseconds per step", Figures.summary(micros[b]));
    }
    if (backends.size() > 1) {
      report.put("ratio", Figures.median(micros[0]) / Figures.median(micros[1]));
      report.put("same bits", Arrays.equals(last[0], last[1]));
    } else {
      report.put("simd", absent);
    }
    return report;
  }

  private static OnlineLearner learner(Shape shape, String backend) {
    InputSpec input =
        new InputSpec(
            InputSpec.Kind.DENSE,
            shape.width(),
            18,
            InputSpec.Target.CLASS,
            IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList(),
            shape.width());
    return new SupervisedLearner(
        SupervisedOptions.builder(input, "softmax")
            .model(ModelOptions.mlp("relu", shape.hidden().toArray(Integer[]::new)))
            .optimizer("adam", Map.of())
            .backend(backend)
            .build());
  }

  /** CPU time of a step, microseconds. */
  private static double pass(
      OnlineLearner learner, LearnerState state, Shape shape, int miniBatch, int steps) {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    learner.initialize(state, KEY);
    Workspace workspace = new Workspace();
    Rows rows = learner.newRows();
    SplittableRandom random = new SplittableRandom(1);
    long cpu = 0;
    for (int s = 0; s < steps; s++) {
      rows.clear();
      for (int i = 0; i < miniBatch; i++) {
        rows.beginRow();
        int at = rows.extend(shape.width());
        int label = random.nextInt(CLASSES);
        for (int j = 0; j < shape.width(); j++) {
          rows.value()[at + j] = random.nextDouble(-1, 1) + (j % CLASSES == label ? 1 : 0);
        }
        rows.endRow(label, 1);
      }
      long before = threads.getCurrentThreadCpuTime();
      StepOutcome step = learner.learn(rows, state, KEY, workspace);
      cpu += threads.getCurrentThreadCpuTime() - before;
      if (step.kind() != StepOutcome.Kind.LEARNED) {
        throw new IllegalStateException("step " + s + " was not taken");
      }
    }
    return cpu / 1e3 / steps;
  }
}
