package io.millrace.cli.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.optim.Catalog;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Optimizers;
import io.millrace.core.optim.ParamLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Optimizers under listed gradients: the gradient of step t is {@code gradients[t]}, whatever the
 * parameters are; after each step the parameters are compared with {@code trajectory[t]}, and slots
 * at the end with {@code final_state}. A case is a step.
 */
final class ExplicitGradients implements GoldenKind {
  @Override
  public String id() {
    return "explicit_gradients";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("oracle").asText().equals("explicit_gradients");
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    String method = Fields.text(file, "method");
    if (Catalog.OPTIMIZERS.stream().noneMatch(s -> s.id().equals(method))) {
      throw new UnsupportedGolden("no optimizer '" + method + "'");
    }
    refuseUnknownInputs(file);
    Optimizers.Configured configured =
        Optimizers.configure(
            method, hypers(Catalog.optimizer(method), file.path("hyperparameters")));
    double[] start = Fields.flat("w0", Fields.need(file, "w0"));
    OptimizerRun run =
        new OptimizerRun(configured.optimizer(), layout(file, start.length), start, 0);
    JsonNode gradients = Fields.array(file, "gradients");
    JsonNode trajectory = Fields.array(file, "trajectory");
    if (gradients.size() != trajectory.size()) {
      throw new MalformedGolden(
          gradients.size() + " gradients, but a trajectory of " + trajectory.size());
    }
    double[] published = new double[start.length];
    for (int t = 0; t < gradients.size(); t++) {
      tally.begin();
      double[] g = Fields.flat("gradients", gradients.get(t));
      if (g.length != start.length) {
        throw new MalformedGolden(
            "gradients[" + t + "] has " + g.length + " values, w0 has " + start.length);
      }
      run.step(new Listed(layout(file, start.length), g), configured.learningRate());
      run.publish(published);
      tally.compare(
          "trajectory[" + t + "]", Fields.flat("trajectory", trajectory.get(t)), published);
    }
    compareSlots(file.path("final_state"), run, tally);
  }

  private static void refuseUnknownInputs(JsonNode file) {
    for (String field : List.of("inputs", "extra_trajectories")) {
      if (!file.path(field).isEmpty()) {
        throw new UnsupportedGolden(
            "field '" + field + "' lists " + names(file.get(field)) + ", which are not replayed");
      }
    }
  }

  private static List<String> names(JsonNode object) {
    return object.properties().stream().map(Map.Entry::getKey).toList();
  }

  /**
   * Names as the configuration has them: hyphens for underscores, learning-rate for lr and, where
   * the rule has no hyperparameter of that name, for alpha.
   */
  static Map<String, Double> hypers(OptimizerSpec spec, JsonNode given) {
    Map<String, Double> values = new LinkedHashMap<>();
    given
        .properties()
        .forEach(
            e -> {
              String name = e.getKey().replace('_', '-');
              boolean own = spec.hypers().stream().anyMatch(h -> h.name().equals(name));
              boolean rate =
                  !own && (name.equals("lr") || name.equals("alpha") && !given.has("lr"));
              JsonNode v = e.getValue();
              values.put(
                  rate ? OptimizerSpec.LEARNING_RATE : name,
                  v.isBoolean() ? (v.booleanValue() ? 1.0 : 0.0) : Fields.number(name, v));
            });
    return values;
  }

  private static ParamLayout layout(JsonNode file, int length) {
    double[] shape = Fields.flat("shape", Fields.need(file, "shape"));
    int rows = shape.length > 0 ? (int) shape[0] : 1;
    int cols = shape.length > 1 ? (int) shape[1] : 1;
    if (shape.length > 2 || rows * cols != length) {
      throw new MalformedGolden(
          "shape is " + file.get("shape") + ", but w0 has " + length + " values");
    }
    return new ParamLayout(List.of(new ParamLayout.Block("theta", rows, cols, 0)));
  }

  private static void compareSlots(JsonNode expected, OptimizerRun run, Tally tally) {
    for (Map.Entry<String, JsonNode> e : expected.properties()) {
      if (run.state().schema().indexOf(e.getKey()) < 0) {
        throw new UnsupportedGolden("final_state." + e.getKey() + " is not a slot");
      }
      tally.compare(
          "final_state." + e.getKey(),
          Fields.flat(e.getKey(), e.getValue()),
          run.state().block(e.getKey()));
    }
  }

  /** The listed gradient of one step. */
  private record Listed(ParamLayout layout, double[] listed) implements Objective {
    @Override
    public double value(double[] theta) {
      throw new UnsupportedGolden("the file lists gradients; the method asks for the loss as well");
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      System.arraycopy(listed, 0, out, 0, out.length);
    }
  }
}
