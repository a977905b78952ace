package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Optimizers on a problem that the file describes: every question is answered along the trajectory.
 * The batch of step t is {@code inputs.batches[t]}, or the entries of {@code inputs.stage_batches}
 * in a row, or all rows. The large batch is the entry of {@code inputs.big_batches} with the number
 * of the step, where there is one for each step; the next entry whenever a step needs one, where
 * there are fewer; all rows, where there are none. A file with one more large batch than steps
 * lists batches and coins by the step behind which they are drawn: step t, from 1, has those of
 * t-1.
 */
public final class ProblemOracle extends OptimizerReplay {
  @Override
  public String id() {
    return "problem";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("oracle").asText().equals("problem");
  }

  @Override
  Steps open(JsonNode file, ParamLayout layout, int steps) {
    return new Evaluated(
        Problem.of(file, layout), Fields.objectOrNone(file, "inputs"), layout, steps);
  }

  private static final class Evaluated implements Steps, Objective {
    private final Problem problem;
    private final ParamLayout layout;
    private final int[] everything;
    private final List<int[]> batches;
    private final List<int[]> large;
    private final boolean largeByStep;
    private final int lag;
    private final double[] point;
    private boolean anyAsked;
    private int asked;
    private int[] batch;
    private int[] anchor;
    private int anchorStep = -1;
    private int anchorsTaken;

    Evaluated(Problem problem, JsonNode inputs, ParamLayout layout, int steps) {
      this.problem = problem;
      this.layout = layout;
      everything = IntStream.range(0, problem.rows()).toArray();
      batches = problem.batches() != null ? problem.batches() : batches(inputs, problem.rows());
      large = lists(inputs, "big_batches", problem.rows());
      largeByStep = large.size() >= steps;
      lag = large.size() == steps + 1 ? 1 : 0;
      point = new double[layout.size()];
      if (!batches.isEmpty() && batches.size() != steps) {
        throw new MalformedGolden(batches.size() + " batches, but a trajectory of " + steps);
      }
    }

    private static List<int[]> batches(JsonNode inputs, int rows) {
      if (!Fields.given(inputs, "stage_batches")) {
        return lists(inputs, "batches", rows);
      }
      List<int[]> all = new ArrayList<>();
      for (JsonNode stage : Fields.array(inputs, "stage_batches")) {
        all.addAll(lists("stage_batches", stage, rows));
      }
      return all;
    }

    private static List<int[]> lists(JsonNode inputs, String field, int rows) {
      return Fields.given(inputs, field)
          ? lists(field, Fields.array(inputs, field), rows)
          : List.of();
    }

    private static List<int[]> lists(String field, JsonNode listed, int rows) {
      List<int[]> all = new ArrayList<>();
      for (JsonNode batch : listed) {
        int[] indexes = Fields.integers(field + "[" + all.size() + "]", batch, 0, rows - 1);
        if (indexes.length == 0) {
          throw new MalformedGolden(field + "[" + all.size() + "] is empty");
        }
        all.add(indexes);
      }
      return all;
    }

    @Override
    public Set<Oracle> offered() {
      return EnumSet.allOf(Oracle.class);
    }

    @Override
    public Objective at(int t) {
      batch = batches.isEmpty() ? everything : batches.get(draw(t));
      asked = 0;
      return this;
    }

    @Override
    public Objective large(int t) {
      if (anchorStep != t) {
        anchorStep = t;
        anchor = nextAnchor(t);
      }
      batch = anchor;
      asked = 0;
      return this;
    }

    @Override
    public int gradients() {
      return asked;
    }

    @Override
    public int draw(int t) {
      return Math.max(0, t - lag);
    }

    @Override
    public double[] asked() {
      if (!anyAsked) {
        throw new UnsupportedGolden("the method asked for no gradient");
      }
      return point;
    }

    @Override
    public Set<String> inputs() {
      return Set.of("batches", "stage_batches", "big_batches", "X_batches", "Y_batches");
    }

    @Override
    public boolean inputsAreRows() {
      return problem.inputsAreRows();
    }

    /**
     * A large batch comes whole, as one mini-batch. The rows are all there is: a window holds them
     * and none is replaced.
     */
    @Override
    public Map<String, Double> hypers() {
      return Map.of(ANCHOR_STEPS, 1.0, "size", (double) problem.rows(), "refresh", 0.0);
    }

    @Override
    public Objective all() {
      at(0);
      batch = everything;
      return this;
    }

    @Override
    public ParamLayout layout() {
      return layout;
    }

    @Override
    public int samples() {
      return batch.length;
    }

    @Override
    public double value(double[] theta) {
      double sum = 0;
      for (int row : batch) {
        sum += problem.value(theta, row);
      }
      return sum / batch.length;
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      System.arraycopy(theta, 0, point, 0, point.length);
      anyAsked = true;
      asked++;
      mean(batch, theta, out);
    }

    @Override
    public void sampleGradient(double[] theta, int sample, double[] out) {
      Arrays.fill(out, 0);
      problem.addGradient(theta, batch[sample], 1, out);
    }

    @Override
    public void storeSample(int sample, double[] to, int at) {
      to[at] = batch[sample];
    }

    @Override
    public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
      Arrays.fill(out, 0);
      problem.addGradient(theta, (int) stored[at], 1, out);
    }

    private int[] nextAnchor(int t) {
      if (large.isEmpty()) {
        return everything;
      }
      int at = largeByStep ? t : anchorsTaken++;
      if (at >= large.size()) {
        throw new MalformedGolden(
            "large batch " + at + " is asked for, " + large.size() + " listed");
      }
      return large.get(at);
    }

    @Override
    public Layer layer(int index) {
      return new BatchLayer(problem, batch);
    }

    private void mean(int[] rows, double[] theta, double[] out) {
      Arrays.fill(out, 0);
      for (int row : rows) {
        problem.addGradient(theta, row, 1.0 / rows.length, out);
      }
    }

    @Override
    public void hessianVector(double[] theta, double[] v, double[] out) {
      Arrays.fill(out, 0);
      for (int row : batch) {
        problem.addHessianVector(theta, v, row, 1.0 / batch.length, out);
      }
    }
  }

  /** The layer of a problem on a batch. */
  private record BatchLayer(Problem problem, int[] batch) implements Layer {
    @Override
    public int samples() {
      return batch.length;
    }

    @Override
    public int inputs() {
      return problem.input(batch[0]).length;
    }

    @Override
    public int outputs() {
      return problem.outputs();
    }

    @Override
    public boolean inputsAreRows() {
      return problem.inputsAreRows();
    }

    @Override
    public void input(double[] theta, int sample, double[] out) {
      System.arraycopy(problem.input(batch[sample]), 0, out, 0, inputs());
    }

    @Override
    public void outputDerivative(double[] theta, int sample, double[] out) {
      problem.outputDerivative(theta, batch[sample], out);
    }

    @Override
    public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
      problem.outputCurvature(theta, batch[sample], v, out);
    }
  }
}
