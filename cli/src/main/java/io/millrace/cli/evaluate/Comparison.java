package io.millrace.cli.evaluate;

import io.millrace.cli.data.DataReader;
import io.millrace.cli.data.DataRow;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Slots;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ObjIntConsumer;

/**
 * Progressive validation of many optimizers over the same rows: each at its defaults and at every
 * rate of a grid. What is skipped depends on the rows and the bound only, never on the clock.
 *
 * <p>The best rate is chosen in hindsight, by the loss over the very rows it is judged on.
 */
public final class Comparison {
  /** Points of a curve. */
  static final int POINTS = 200;

  /**
   * One evaluation.
   *
   * @param rate learning rate; NaN: a learner without one
   * @param accuracy NaN where there are no classes
   * @param rejected rows that no step could be made with
   * @param unscored rows without a finite loss, which are not in the mean
   * @param curve mean loss up to and with each of {@link #POINTS} equal shares of the rows
   */
  public record Run(
      double rate, double loss, double accuracy, long rejected, long unscored, double[] curve) {
    /** The mean over fewer rows is no better one, so what was left out counts first. */
    static final Comparator<Run> BEST_FIRST =
        Comparator.comparingLong(Run::unscored).thenComparingDouble(Run::loss); // NaN comes last

    Map<String, Object> json() {
      Map<String, Object> o = new LinkedHashMap<>();
      if (!Double.isNaN(rate)) {
        o.put("rate", rate);
      }
      o.put("loss", loss);
      o.put("accuracy", accuracy);
      o.put("rejected", rejected);
      o.put("unscored", unscored);
      return o;
    }
  }

  /**
   * One optimizer.
   *
   * @param runs the first at the default rate
   */
  public record Entry(String optimizer, List<Run> runs) {
    /** With nothing set. */
    public Run atDefault() {
      return runs.get(0);
    }

    /** At the rate with the lowest loss, the default among them; the first of equals. */
    public Run best() {
      return runs.stream().min(Run.BEST_FIRST).orElseThrow();
    }

    /** For {@code --json}. */
    public Map<String, Object> json() {
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("optimizer", optimizer);
      o.put("default", atDefault().json());
      o.put("best", best().json());
      o.put("grid", runs.subList(1, runs.size()).stream().map(Run::json).toList());
      return o;
    }
  }

  /**
   * All optimizers.
   *
   * @param entries by loss at the best rate, lowest first
   * @param skipped reason by optimizer
   */
  public record Result(int rows, List<Entry> entries, Map<String, String> skipped) {}

  private final SupervisedOptions options;
  private final Rows rows;
  private final int miniBatch;
  private final List<Double> grid;
  private final double workBound;

  /**
   * A comparison.
   *
   * @param read to be learned from, not modified; of its options optimizer and hyperparameters are
   *     replaced
   * @param grid learning rates
   * @param workBound see {@link #work}
   */
  public Comparison(OccurringRows read, int miniBatch, List<Double> grid, double workBound) {
    this.options = read.options();
    this.rows = read.rows();
    this.miniBatch = miniBatch;
    this.grid = List.copyOf(grid);
    this.workBound = workBound;
  }

  /** All rows of a file, in memory, over the coordinates that occur. */
  public static OccurringRows read(Path file, DataSchema schema, SupervisedOptions options)
      throws IOException {
    return OccurringRows.of(rows(file, schema, options.input()), options);
  }

  /** All rows of a file, in memory. */
  public static Rows rows(Path file, DataSchema schema, InputSpec input) throws IOException {
    Rows rows = new Rows(input.dense());
    RowEncoder encoder = new RowEncoder(input);
    DataRow row = new DataRow();
    try (DataReader reader = DataReader.open(file, schema)) {
      while (reader.next(row)) {
        encoder.add(rows, row);
      }
    }
    return rows;
  }

  /**
   * Runs them all, as many at a time as there are processors; the result does not depend on that.
   *
   * @param learners that have no optimizer, over {@code whole}
   * @param whole all rows with all coordinates; null where there are no such learners
   * @param progress told each optimizer that is through and how many that makes
   */
  public Result run(
      List<OptimizerSpec> specs,
      List<LearnerSetup> learners,
      Rows whole,
      ObjIntConsumer<String> progress) {
    Map<String, String> skipped = new LinkedHashMap<>();
    Map<String, List<Future<Run>>> started = new LinkedHashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
    try {
      for (OptimizerSpec spec : specs) {
        String reason = infeasible(spec);
        if (reason != null) {
          skipped.put(spec.id(), reason);
          continue;
        }
        List<Future<Run>> runs = new ArrayList<>();
        runs.add(pool.submit(() -> evaluate(spec, spec.defaultLearningRate())));
        for (double rate : grid) {
          if (rate != spec.defaultLearningRate()) {
            runs.add(pool.submit(() -> evaluate(spec, rate)));
          }
        }
        started.put(spec.id(), runs);
      }
      for (LearnerSetup setup : learners) {
        OnlineLearner learner = make(setup, skipped);
        if (learner != null) {
          started.put(
              setup.kind(),
              List.of(pool.submit(() -> evaluate(learner, setup.input(), 1, whole, Double.NaN))));
        }
      }
      List<Entry> entries = new ArrayList<>();
      for (Map.Entry<String, List<Future<Run>>> e : started.entrySet()) {
        List<Run> runs = new ArrayList<>();
        for (Future<Run> run : e.getValue()) {
          runs.add(finished(e.getKey(), run));
        }
        entries.add(new Entry(e.getKey(), List.copyOf(runs)));
        progress.accept(e.getKey(), entries.size() + skipped.size());
      }
      entries.sort(Comparator.comparing(Entry::best, Run.BEST_FIRST));
      return new Result(rows.count(), List.copyOf(entries), skipped);
    } finally {
      pool.shutdownNow();
    }
  }

  private static Run finished(String optimizer, Future<Run> run) {
    try {
      return run.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("evaluation of '" + optimizer + "'", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("evaluation of '" + optimizer + "' was interrupted", e);
    }
  }

  /** A learner without an optimizer; null: it does not take such rows, and why is noted. */
  private OnlineLearner make(LearnerSetup setup, Map<String, String> skipped) {
    if (miniBatch != 1) {
      skipped.put(setup.kind(), "learns one event at a time, --mini-batch is " + miniBatch);
      return null;
    }
    try {
      return Learners.make(setup);
    } catch (ConfigException e) {
      skipped.put(setup.kind(), String.join("; ", e.faults()));
      return null;
    }
  }

  /** Why an optimizer is left out; null: it is not. */
  private String infeasible(OptimizerSpec spec) {
    SupervisedLearner learner;
    try {
      learner = learner(spec, spec.defaultLearningRate());
    } catch (ConfigException e) {
      return String.join("; ", e.faults()); // the model does not answer what it asks
    }
    double work = work(learner, spec);
    return work <= workBound
        ? null
        : String.format(
            Locale.ROOT,
            "%.1e operations, --work-bound is %.1e%s",
            work,
            workBound,
            options.input().dense() ? "" : "; the rule mixes coordinates, sparse rows do not help");
  }

  /**
   * Operations of one run, to an order of magnitude. Rows times the numbers that a step goes over:
   * parameters and slots beside them, at the touched coordinates where those are enough, at all
   * where the rule takes a norm over them. A slot of another length is a matrix, and s numbers of
   * matrices have sides of s^0.5: to multiply or decompose them takes s^1.5, where the rule mixes
   * coordinates.
   */
  private double work(SupervisedLearner learner, OptimizerSpec spec) {
    Optimizer optimizer = Optimizers.configure(spec.id(), Map.of()).optimizer();
    Load load = new Load();
    optimizer.declareSlots(learner.layout(), load);
    double perParameter = 1 + load.elementwise;
    int parameters = learner.layout().size();
    if (options.input().dense() || optimizer.sparse() == SparseSupport.DENSE_ONLY) {
      double matrices =
          optimizer.sparse() == SparseSupport.DENSE_ONLY
              ? StrictMath.pow(load.others, 1.5)
              : load.others;
      return rows.count() * (parameters * perParameter + matrices);
    }
    double coordinates = rows.count() == 0 ? 0 : rows.end(rows.count() - 1);
    double everyRow = learner.touched(0);
    double touched = (learner.touched(1) - everyRow) * coordinates + everyRow * rows.count();
    return touched * perParameter + rows.count() * load.others;
  }

  /** Counts slots. */
  private static final class Load implements Slots.Declaration {
    private int elementwise;
    private double others;

    @Override
    public void elementwise(String name) {
      elementwise++;
    }

    @Override
    public void block(String name, long length) {
      others += length;
    }
  }

  private SupervisedLearner learner(OptimizerSpec spec, double rate) {
    return new SupervisedLearner(
        options.withOptimizer(spec.id(), Map.of(OptimizerSpec.LEARNING_RATE, rate)));
  }

  private Run evaluate(OptimizerSpec spec, double rate) {
    return evaluate(learner(spec, rate), options.input(), miniBatch, rows, rate);
  }

  private static Run evaluate(
      OnlineLearner learner, InputSpec input, int miniBatch, Rows rows, double rate) {
    Evaluation evaluation = new Evaluation(learner, input, miniBatch);
    double[] curve = new double[POINTS];
    int from = 0;
    for (int p = 0; p < POINTS; p++) {
      int to = end(p, rows.count());
      for (int i = from; i < to; i++) {
        evaluation.take(rows, i);
      }
      from = to;
      curve[p] = evaluation.loss();
    }
    return new Run(
        rate,
        evaluation.loss(),
        evaluation.accuracy(),
        evaluation.rejected(),
        evaluation.unscored(),
        curve);
  }

  /** Rows up to and with point {@code p} of a curve. */
  static int end(int p, int rows) {
    return (int) ((p + 1L) * rows / POINTS);
  }

  /** Lines of a table for people. */
  public static List<String> table(Result result) {
    List<String> lines = new ArrayList<>();
    lines.add(
        String.format(
            Locale.ROOT,
            "%-30s %9s %9s %9s   %9s %9s %9s",
            "optimizer",
            "rate",
            "loss",
            "accuracy",
            "best rate",
            "loss",
            "accuracy"));
    for (Entry e : result.entries()) {
      Run d = e.atDefault();
      Run b = e.best();
      lines.add(
          String.format(
              Locale.ROOT,
              "%-30s %9s %9.4f %9.4f   %9s %9.4f %9.4f",
              e.optimizer(),
              rate(d),
              d.loss(),
              d.accuracy(),
              rate(b),
              b.loss(),
              b.accuracy()));
    }
    return lines;
  }

  private static String rate(Run run) {
    return Double.isNaN(run.rate()) ? "-" : Double.toString(run.rate());
  }
}
