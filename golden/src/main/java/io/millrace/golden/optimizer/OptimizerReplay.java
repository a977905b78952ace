package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.Draws;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Optimizers step by step, under whatever kind of oracle. A case is a step. Compared are
 *
 * <ul>
 *   <li>{@code trajectory}: the parameters after each step;
 *   <li>{@code extra_trajectories}: the slot of that name, the point at which the gradient was
 *       taken ({@code predicted_weights}), else the point that is published;
 *   <li>{@code model_step_taken}: whether a second gradient was asked for, without which a model of
 *       the loss cannot be built;
 *   <li>{@code step_sizes}: the one the step reports, else the learning rate;
 *   <li>{@code final_state}: slots at the end.
 * </ul>
 *
 * <p>A method that collects large batches takes several steps of its own for one of the file: see
 * {@link #advance}. A method that stores samples holds all rows of the problem: its first
 * mini-batch brings them; the row that it draws in a step is the batch of that step. {@code inputs}
 * are batches ({@link ProblemOracle}), randomness ({@link ListedDraws}), or first values of slots:
 * {@code Q0} is that of slot {@code Q} or {@code q}, {@code A0} and {@code G0} are the Kronecker
 * factors of inputs and outputs, with no reset pending. Anything else is refused.
 */
abstract class OptimizerReplay implements GoldenKind {
  /** Hyperparameter of a method that collects large batches: mini-batches that make one. */
  static final String ANCHOR_STEPS = "anchor-steps";

  /** Slot of a method with Kronecker factors: 0 where a reset is pending. */
  private static final String KEPT = "kept";

  /** Of a method for one step of the file. */
  private static final int MOST_STEPS = 1000;

  /** The objectives of a file's steps. */
  interface Steps {
    /** What they can answer. */
    Set<Oracle> offered();

    /** The objective of step t, from 0; valid until the next call. */
    Objective at(int t);

    /** The objective of the large batch that belongs to step t; valid until the next call. */
    Objective large(int t);

    /** An objective of all rows; valid until the next call. */
    Objective all();

    /** Point at which the gradient was last asked for; null: none. */
    double[] asked();

    /** Gradients of the mini-batch asked for since {@link #at}. */
    int gradients();

    /** Which entry of the coins and random vectors belongs to step t. */
    int draw(int t);

    /** Inputs that are taken care of. */
    Set<String> inputs();

    /** Whether a layer's inputs are the rows of its matrix. */
    boolean inputsAreRows();

    /** Hyperparameters that follow from the kind of oracle, where the method has them. */
    Map<String, Double> hypers();
  }

  /** Reads a file's oracle. */
  abstract Steps open(JsonNode file, ParamLayout layout, int steps);

  @Override
  public void replay(JsonNode file, Tally tally) {
    String method = Fields.text(file, "method");
    if (Optimizers.ALL.stream().noneMatch(s -> s.id().equals(method))) {
      throw new UnsupportedGolden("no optimizer '" + method + "'");
    }
    OptimizerSpec spec = Optimizers.spec(method);
    double[] start = Fields.flat("w0", Fields.array(file, "w0"));
    ParamLayout layout = layout(file, start.length);
    JsonNode trajectory = Fields.array(file, "trajectory");
    Steps steps = open(file, layout, trajectory.size());
    JsonNode inputs = Fields.objectOrNone(file, "inputs");
    JsonNode hypers = Fields.objectOrNone(file, "hyperparameters");
    if (Fields.given(hypers, GoldenHypers.STEPS)) {
      Fields.integer(hypers, GoldenHypers.STEPS, trajectory.size(), trajectory.size());
    }
    Map<String, Double> values = GoldenHypers.of(spec, hypers);
    spec.hypers().stream()
        .filter(h -> steps.hypers().containsKey(h.name()))
        .forEach(h -> values.putIfAbsent(h.name(), steps.hypers().get(h.name())));
    Optimizers.Configured configured = Optimizers.configure(method, values);
    requireOffered(method, configured.optimizer(), steps);
    requireMemory(configured, layout);
    OptimizerRun run = new OptimizerRun(configured.optimizer(), layout, start, 0);
    ListedDraws draws = new ListedDraws(inputs);
    presetSlots(inputs, steps, run);
    boolean rowsFirst = configured.optimizer().needs().contains(Oracle.STORED_SAMPLE);
    boolean collects = values.containsKey(ANCHOR_STEPS);
    Map<String, JsonNode> extras = new LinkedHashMap<>();
    JsonNode listed = Fields.objectOrNone(file, "extra_trajectories");
    listed
        .properties()
        .forEach(e -> extras.put(e.getKey(), Fields.array(listed, e.getKey(), trajectory.size())));
    double[] sizes =
        Fields.given(file, "step_sizes")
            ? Fields.flat(
                "step_sizes",
                Fields.array(file, "step_sizes", trajectory.size()),
                trajectory.size())
            : null;
    int[] modelSteps =
        Fields.given(file, "model_step_taken")
            ? Fields.integers(
                "model_step_taken", Fields.array(file, "model_step_taken", trajectory.size()), 0, 1)
            : null;
    double[] published = new double[start.length];
    for (int t = 0; t < trajectory.size(); t++) {
      tally.begin();
      draws.at(steps.draw(t));
      if (collects) {
        advance(run, steps, t, configured.learningRate(), draws, layout);
      } else {
        Objective f = rowsFirst && t == 0 ? steps.all() : steps.at(t);
        run.step(f, configured.learningRate(), draws);
      }
      String at = "[" + t + "]";
      tally.compare("trajectory" + at, Fields.flat("trajectory", trajectory.get(t)), run.theta());
      run.publish(published);
      for (Map.Entry<String, JsonNode> e : extras.entrySet()) {
        double[] expected = Fields.flat(e.getKey(), e.getValue().get(t));
        tally.compare(e.getKey() + at, expected, extra(e.getKey(), run, steps, published));
      }
      if (modelSteps != null) {
        tally.exact("model_step_taken" + at, modelSteps[t], steps.gradients() > 1 ? 1 : 0);
      }
      if (sizes != null) {
        tally.compare("step_sizes" + at, sizes[t], run.stepSize());
      }
    }
    compareSlots(Fields.objectOrNone(file, "final_state"), run, tally);
  }

  /**
   * One step of the file by a method that collects large batches: as many steps of its own as it
   * takes until every block of the parameters has moved. In a step in which it collects it asks for
   * one gradient, in others for two or more; so each step is tried on a copy, and one that collects
   * is handed the large batch whole as its mini-batch.
   */
  private static void advance(
      OptimizerRun run, Steps steps, int t, double rate, Draws draws, ParamLayout layout) {
    double[] before = run.theta().clone();
    for (int i = 0; i < MOST_STEPS && !allMoved(layout, before, run.theta()); i++) {
      run.copy().step(steps.at(t), rate, draws);
      boolean collecting = steps.gradients() == 1;
      run.step(collecting ? steps.large(t) : steps.at(t), rate, draws);
    }
  }

  private static boolean allMoved(ParamLayout layout, double[] before, double[] now) {
    return layout.blocks().stream()
        .allMatch(
            b -> {
              int end = b.offset() + b.size();
              return !Arrays.equals(before, b.offset(), end, now, b.offset(), end);
            });
  }

  /** A file may ask for a state that no process has room for. */
  private static void requireMemory(Optimizers.Configured configured, ParamLayout layout) {
    long bytes = OptimizerRun.schema(configured.optimizer(), layout).totalBytes();
    long room = Runtime.getRuntime().maxMemory() / 8;
    if (bytes > room) {
      throw new UnsupportedGolden(
          "'" + configured.spec().id() + "' would keep " + bytes + " bytes, room is for " + room);
    }
  }

  private static void requireOffered(String method, Optimizer optimizer, Steps steps) {
    if (!steps.offered().containsAll(optimizer.needs())) {
      throw new UnsupportedGolden(
          "the file answers "
              + steps.offered()
              + "; '"
              + method
              + "' needs "
              + EnumSet.copyOf(optimizer.needs()));
    }
  }

  private static double[] extra(String name, OptimizerRun run, Steps steps, double[] published) {
    String slot = slot(name, run);
    if (slot != null) {
      return run.state().block(slot);
    }
    if (name.equals("predicted_weights")) {
      return steps.asked();
    }
    return published;
  }

  /** The slot that goes by a name of the file; null: none. */
  private static String slot(String name, OptimizerRun run) {
    for (String spelled : List.of(name, name.toLowerCase(Locale.ROOT), name.replace('_', '-'))) {
      if (!spelled.equals(OptimizerRun.THETA) && run.state().schema().indexOf(spelled) >= 0) {
        return spelled;
      }
    }
    return null;
  }

  private static void presetSlots(JsonNode inputs, Steps steps, OptimizerRun run) {
    for (Map.Entry<String, JsonNode> e : inputs.properties()) {
      String name = e.getKey();
      if (steps.inputs().contains(name) || ListedDraws.INPUTS.contains(name)) {
        continue;
      }
      String slot = presetSlot(name, steps, run);
      if (slot == null) {
        throw new UnsupportedGolden("inputs." + name + " is not replayed: no slot has that name");
      }
      double[] block = run.state().block(slot);
      System.arraycopy(
          Fields.flat("inputs." + name, e.getValue(), block.length), 0, block, 0, block.length);
    }
  }

  /** The slot whose first values an input gives; null: none. */
  private static String presetSlot(String name, Steps steps, OptimizerRun run) {
    String of = name.endsWith("0") ? name.substring(0, name.length() - 1) : name;
    String slot = slot(of, run);
    boolean factor = of.equals("A") || of.equals("G");
    if (slot != null || !factor || slot(KEPT, run) == null) {
      return slot;
    }
    Arrays.fill(run.state().block(KEPT), 1);
    return of.equals("A") == steps.inputsAreRows() ? "rows" : "cols";
  }

  /**
   * One block of the file's shape, or those which {@code hyperparameters.blocks} lists as {@code
   * [from, to)}.
   */
  private static ParamLayout layout(JsonNode file, int length) {
    int[] shape = Fields.integers("shape", Fields.array(file, "shape"), 1, length);
    int rows = shape.length > 0 ? shape[0] : 1;
    int cols = shape.length > 1 ? shape[1] : 1;
    if (shape.length > 2 || (long) rows * cols != length) {
      throw new MalformedGolden(
          "shape is " + file.get("shape") + ", but w0 has " + length + " values");
    }
    JsonNode hypers = Fields.objectOrNone(file, "hyperparameters");
    if (!Fields.given(hypers, GoldenHypers.BLOCKS)) {
      return new ParamLayout(List.of(new ParamLayout.Block("theta", rows, cols, 0)));
    }
    JsonNode listed = Fields.array(hypers, GoldenHypers.BLOCKS);
    List<ParamLayout.Block> blocks = new ArrayList<>();
    int at = 0;
    for (JsonNode b : listed) {
      int[] ends = Fields.integers(GoldenHypers.BLOCKS, b, 0, length);
      if (ends.length != 2 || ends[0] != at || ends[1] <= at) {
        throw new MalformedGolden("blocks " + listed + " have a gap or an overlap");
      }
      blocks.add(new ParamLayout.Block("theta" + blocks.size(), ends[1] - at, 1, at));
      at = ends[1];
    }
    if (at != length) {
      throw new MalformedGolden("blocks " + listed + " do not cover the " + length + " values");
    }
    return new ParamLayout(blocks);
  }

  private static void compareSlots(JsonNode expected, OptimizerRun run, Tally tally) {
    for (Map.Entry<String, JsonNode> e : expected.properties()) {
      String slot = slot(e.getKey(), run);
      if (slot == null) {
        throw new UnsupportedGolden("final_state." + e.getKey() + " is not a slot");
      }
      tally.compare(
          "final_state." + e.getKey(),
          Fields.flat(e.getKey(), e.getValue()),
          run.state().block(slot));
    }
  }
}
