package io.millrace.core.model;

import io.millrace.core.compute.Kernels;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Raw outputs {@code W'x + b}: generalised linear models, starting from zero. */
public record LinearModel(Loss loss) implements Architecture {
  public static final ModelSpec SPEC =
      new ModelSpec(
          "linear",
          "a weight for each feature and output, and biases",
          "rate_mixture",
          new Source("by definition", Source.Confidence.DERIVED),
          Set.of(),
          (options, loss) -> new LinearModel(loss));

  @Override
  public String kind() {
    return SPEC.id();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public List<Tensor> tensors(int width) {
    return List.of(
        new Tensor("weights", width, loss.outputs()), new Tensor("bias", loss.outputs()));
  }

  @Override
  public int featureTensors() {
    return 1;
  }

  @Override
  public boolean layered() {
    return true;
  }

  @Override
  public void initialize(double[] theta, int width, Draws draws) {
    // Zero: the loss is convex in the weights.
  }

  @Override
  public boolean startsAtZero() {
    return true;
  }

  @Override
  public double largestParameter() {
    return 1e140; // as of an mlp with one layer: products with ordinary features have squares
  }

  @Override
  public ModelObjective objective(Kernels compute) {
    return new LinearObjective(loss);
  }
}
