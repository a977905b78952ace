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
 * {@link #advance}. A method that stores samples holds all rows of the problem; the row that it
 * draws in a step is the batch of that step. Where {@code table_init} is {@code gradients_at_w0}
 * its first mini-batch brings the rows, otherwise they are stored before, and its table is zero.
 * {@code inputs} are batches ({@link ProblemOracle}), randomness ({@link ListedDraws}), or first
 * values of slots: {@code Q0} is that of slot {@code Q} or {@code q}. Anything else is refused.
 */
abstract class OptimizerReplay implements GoldenKind {
  /** Hyperparameter of a method that collects large batches: mini-batches that make one. */
  static final String ANCHOR_STEPS = "anchor-steps";

  private static final String TABLE_INIT = "table_init";

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
    double[] start = Fields.flat("w0", Fields.need(file, "w0"));
    ParamLayout layout = layout(file, start.length);
    JsonNode trajectory = Fields.array(file, "trajectory");
    Steps steps = open(file, layout, trajectory.size());
    Map<String, Double> values = GoldenHypers.of(spec, file.path("hyperparameters"));
    spec.hypers().stream()
        .filter(h -> steps.hypers().containsKey(h.name()))
        .forEach(h -> values.putIfAbsent(h.name(), steps.hypers().get(h.name())));
    Optimizers.Configured configured = Optimizers.configure(method, values);
    requireOffered(method, configured.optimizer(), steps);
    OptimizerRun run = new OptimizerRun(configured.optimizer(), layout, start, 0);
    ListedDraws draws = new ListedDraws(file.path("inputs"));
    presetSlots(file.path("inputs"), steps, run);
    boolean stores = configured.optimizer().needs().contains(Oracle.STORED_SAMPLE);
    boolean rowsFirst = stores && tableAtStart(file);
    if (stores && !rowsFirst) {
      store(steps.all(), run);
    }
    boolean collects = values.containsKey(ANCHOR_STEPS);
    Map<String, JsonNode> extras = new LinkedHashMap<>();
    file.path("extra_trajectories").properties().forEach(e -> extras.put(e.getKey(), e.getValue()));
    double[] sizes =
        file.path("step_sizes").isEmpty()
            ? null
            : Fields.flat("step_sizes", file.get("step_sizes"));
    JsonNode modelSteps = file.path("model_step_taken");
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
      if (!modelSteps.isMissingNode()) {
        tally.exact(
            "model_step_taken" + at, modelSteps.path(t).asInt(-1), steps.gradients() > 1 ? 1 : 0);
      }
      if (sizes != null) {
        tally.compare("step_sizes" + at, sizes[t], run.stepSize());
      }
    }
    compareSlots(file.path("final_state"), run, tally);
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

  private static boolean tableAtStart(JsonNode file) {
    String init = file.path("hyperparameters").path(TABLE_INIT).asText("zeros");
    if (!init.equals("zeros") && !init.equals("gradients_at_w0")) {
      throw new UnsupportedGolden("no first table '" + init + "'");
    }
    return init.equals("gradients_at_w0");
  }

  /** Writes all samples of a mini-batch to the slots of a method that stores them. */
  private static void store(Objective f, OptimizerRun run) {
    double[] samples = run.state().block("samples");
    int length = Objective.storedLength(f.layout());
    for (int i = 0; i < f.samples(); i++) {
      f.storeSample(i, samples, i * length);
    }
    run.state().block("held")[0] = f.samples();
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
      String slot = slot(name.endsWith("0") ? name.substring(0, name.length() - 1) : name, run);
      if (slot == null) {
        throw new UnsupportedGolden("inputs." + name + " is not replayed: no slot has that name");
      }
      double[] values = Fields.flat(name, e.getValue());
      double[] block = run.state().block(slot);
      if (values.length != block.length) {
        throw new MalformedGolden(
            "inputs." + name + " has " + values.length + " values, the slot " + block.length);
      }
      System.arraycopy(values, 0, block, 0, block.length);
    }
  }

  /**
   * One block of the file's shape, or those which {@code hyperparameters.blocks} lists as {@code
   * [from, to)}.
   */
  private static ParamLayout layout(JsonNode file, int length) {
    double[] shape = Fields.flat("shape", Fields.need(file, "shape"));
    int rows = shape.length > 0 ? (int) shape[0] : 1;
    int cols = shape.length > 1 ? (int) shape[1] : 1;
    if (shape.length > 2 || rows * cols != length) {
      throw new MalformedGolden(
          "shape is " + file.get("shape") + ", but w0 has " + length + " values");
    }
    JsonNode listed = file.path("hyperparameters").path(GoldenHypers.BLOCKS);
    if (!listed.isArray()) {
      return new ParamLayout(List.of(new ParamLayout.Block("theta", rows, cols, 0)));
    }
    List<ParamLayout.Block> blocks = new ArrayList<>();
    for (JsonNode b : listed) {
      int from = b.path(0).asInt(-1);
      blocks.add(new ParamLayout.Block("theta" + blocks.size(), b.path(1).asInt() - from, 1, from));
    }
    ParamLayout layout = new ParamLayout(blocks);
    if (layout.size() != length) {
      throw new MalformedGolden("blocks " + listed + " do not cover the " + length + " values");
    }
    return layout;
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
