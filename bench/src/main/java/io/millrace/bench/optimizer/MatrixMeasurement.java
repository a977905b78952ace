package io.millrace.bench.optimizer;

import io.millrace.bench.CpuClock;
import io.millrace.bench.Figures;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.SlotSizes;
import java.util.LinkedHashMap;
import java.util.Map;

/** Time per step of a method that works on matrices, over the time of the products in it. */
final class MatrixMeasurement {
  /** Doubles that the slots may take: a method that needs more gets a smaller matrix. */
  private static final long ROOM = 20_000_000;

  /** Columns of the matrix of a method that is made for linear models: one for each class. */
  private static final int CLASSES = 16;

  private static final int ROUNDS = 5;

  private final int side;
  private final long roundNanos;

  /**
   * A measurement of many methods.
   *
   * @param side of the square matrix of parameters
   * @param roundNanos CPU time after which a round of steps ends; two rounds warm up
   */
  MatrixMeasurement(int side, long roundNanos) {
    this.side = side;
    this.roundNanos = roundNanos;
  }

  Map<String, Object> measure(Subject subject) {
    ParamLayout layout = layout(subject);
    double[][] sources = ReadyObjective.sources(layout.size() + 1);
    OptimizerRun run = subject.run(layout, sources);
    TimedBackend kernels = new TimedBackend(ScalarBackend.INSTANCE);
    run.computeWith(kernels);
    ReadyObjective objective = Subject.objective(run, layout, sources);
    double[] step = new double[ROUNDS];
    double[] products = new double[ROUNDS];
    double[] decompositions = new double[ROUNDS];
    for (int round = -2; round < ROUNDS; round++) {
      kernels.reset();
      long inSteps = 0;
      int n = 0;
      while (inSteps < roundNanos) {
        objective.begin(run.steps());
        long start = CpuClock.nanos();
        run.step(objective, subject.spec().defaultLearningRate());
        inSteps += CpuClock.nanos() - start;
        n++;
      }
      if (round >= 0) {
        step[round] = inSteps / 1e3 / n;
        products[round] = kernels.products() / 1e3 / n;
        decompositions[round] = kernels.decompositions() / 1e3 / n;
      }
    }
    double total = Figures.median(step);
    double product = Figures.median(products);
    double kernel = product + Figures.median(decompositions);
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("optimizer", subject.spec().id());
    o.put("rows", layout.blocks().get(0).rows());
    o.put("columns", layout.blocks().get(0).cols());
    o.put("microseconds-per-step", total);
    o.put("microseconds-of-products", product);
    o.put("microseconds-of-decompositions", kernel - product);
    o.put("step-over-products", product == 0 ? Double.NaN : total / product);
    o.put("step-over-kernels", kernel == 0 ? Double.NaN : total / kernel);
    return o;
  }

  /** As many parameters whichever the form. */
  private ParamLayout layout(Subject subject) {
    int s = side;
    while (s > 1 && doubles(subject, layout(subject, s)) > ROOM) {
      s /= 2;
    }
    return layout(subject, s);
  }

  private static ParamLayout layout(Subject subject, int side) {
    boolean linearModel = subject.optimizer().needs().contains(Oracle.LAYER);
    int cols = linearModel ? Math.min(side, CLASSES) : side;
    return Subject.matrix(side * side / cols, cols);
  }

  private static double doubles(Subject subject, ParamLayout layout) {
    return SlotSizes.of(subject.optimizer(), layout).perParameter() * layout.size();
  }
}
