package io.millrace.core.model;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Source;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A factorization machine of degree two: a linear model, and a weight for every pair of features
 * that is the product of their factors. Rendle, "Factorization Machines", ICDM 2010, equations 1
 * and 5. For each raw output
 *
 * <pre>
 * s(x) = b + sum_j w_j x_j + sum_(i&lt;j) (v_i . v_j) x_i x_j
 *      = b + sum_j w_j x_j + 1/2 sum_f [(sum_j v_jf x_j)^2 - sum_j v_jf^2 x_j^2]
 * </pre>
 *
 * <p>Several outputs have factors of their own. Weights start at zero, factors as normals with
 * standard deviation 0.01 times the scale that was set: at zero they would have no gradient.
 * Coordinates that a sparse row names twice, as hashed names that collide do, are two features that
 * share weight and factors.
 */
final class FactorizationMachine implements Architecture {
  private static final int DEFAULT_RANK = 8;
  private static final int MOST = 1 << 12;
  private static final double SPREAD = 0.01;

  static final ModelSpec SPEC =
      new ModelSpec(
          "fm",
          "a factorization machine, linear and a factored weight for every pair of features",
          "rate_mixture",
          new Source("Rendle, Factorization Machines, ICDM 2010", Source.Confidence.DERIVED),
          Set.of(Models.RANK, Models.INIT_SCALE),
          FactorizationMachine::new);

  private final Loss loss;
  private final int rank;
  private final double scale;

  private FactorizationMachine(ModelOptions options, Loss loss) {
    this.loss = loss;
    rank = options.rank() == 0 ? DEFAULT_RANK : options.rank();
    scale = Models.initScale(options);
    if (rank < 1 || rank > MOST) {
      throw new ConfigException(
          Models.RANK + " = " + rank + "; must be a whole number in [1, " + MOST + "]");
    }
  }

  @Override
  public String kind() {
    return SPEC.id();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of(Models.RANK, Integer.toString(rank));
  }

  @Override
  public List<Tensor> tensors(int width) {
    int outputs = loss.outputs();
    return List.of(
        new Tensor("weights", width, outputs),
        new Tensor("factors", width, outputs, rank),
        new Tensor("bias", outputs));
  }

  @Override
  public int featureTensors() {
    return 2;
  }

  @Override
  public boolean layered() {
    return false;
  }

  @Override
  public void initialize(double[] theta, int width, Draws draws) {
    int from = width * loss.outputs();
    int to = from + from * rank;
    for (int i = from; i < to; i++) {
      theta[i] = scale * SPREAD * draws.normal(i);
    }
  }

  @Override
  public void startFeature(int feature, int width, Draws draws, double[] row) {
    int outputs = loss.outputs();
    int stride = outputs * rank;
    int from = width * outputs + feature * stride;
    for (int i = 0; i < stride; i++) {
      row[outputs + i] = scale * SPREAD * draws.normal(from + i);
    }
  }

  /** An output has products of two factors. */
  @Override
  public double largestParameter() {
    return 1e70;
  }

  @Override
  public ModelObjective objective(Kernels compute) {
    return new FactorizationObjective(loss, rank);
  }
}
