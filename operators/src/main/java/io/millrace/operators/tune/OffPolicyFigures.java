package io.millrace.operators.tune;

import io.millrace.core.bandit.CostRange;
import io.millrace.core.decision.Baselines;
import io.millrace.core.decision.Estimator;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import java.util.Map;
import java.util.TreeMap;

/**
 * What always the same arm, a uniform draw, or the apprentice would have cost on the same requests,
 * estimated from what the tuner's own decisions have cost; see {@link Baselines}. Costs are turned
 * into rewards for it: into [0, 1] where the policy's costs have two bounds, else by their sign.
 * Not thread-safe.
 */
final class OffPolicyFigures {
  private static final String FIGURES = "figures";

  /** In place of a width that is not known yet: published numbers are finite. */
  private static final double NO_WIDTH = -1;

  private final int part;
  private final CostRange costs;
  private final boolean ranged;
  private final Baselines baselines;
  private final int[] eligible;
  private final double[] probabilities;

  /**
   * Figures.
   *
   * @param part place of their block in the handler's list
   * @param costs that the policy takes, as configured
   */
  OffPolicyFigures(int part, TuneOptions options, CostRange costs) {
    this.part = part;
    this.costs = costs;
    this.ranged = ranged(costs);
    this.baselines = baselines(options, costs);
    this.eligible = new int[options.shape().maxArms()];
    this.probabilities = new double[options.shape().maxArms()];
  }

  private static boolean ranged(CostRange costs) {
    return !costs.lowOpen() && Double.isFinite(costs.low()) && Double.isFinite(costs.high());
  }

  private static Baselines baselines(TuneOptions options, CostRange costs) {
    return new Baselines(options.shape().maxArms(), options.offPolicyAlpha(), ranged(costs));
  }

  /** Their block. */
  static BlockSpec block(TuneOptions options, CostRange costs) {
    StateSchema schema =
        new StateSchema.Builder().block(FIGURES, baselines(options, costs).length()).build();
    TreeMap<String, String> meaning = new TreeMap<>();
    meaning.put("policy.costs", costs.toString());
    meaning.put("off-policy.alpha", Double.toString(options.offPolicyAlpha()));
    return new BlockSpec("off-policy", "off-policy", schema, meaning);
  }

  /** Takes what a decision has cost; a cost that the configured range does not have is left out. */
  void take(Key key, Pending decision, double cost) {
    if (!costs.contains(cost)) { // an order has widened the range
      return;
    }
    int action = 0;
    for (int i = 0; i < decision.eligible(); i++) {
      eligible[i] = decision.eligible(i);
      probabilities[i] = decision.probability(i);
      action = eligible[i] == decision.arm() ? i : action;
    }
    double reward = ranged ? 1 - costs.unit(cost) : -cost;
    double[] b = key.write(part).block(FIGURES);
    baselines.take(
        b, eligible, probabilities, decision.eligible(), action, reward, decision.shadow());
  }

  /** An arm's index stands for nothing any more. */
  void purge(Key key, int arm) {
    baselines.purge(key.write(part).block(FIGURES), arm);
  }

  /** Begins anew, with the policy. */
  void reset(Key key) {
    key.renew(part);
  }

  private double cost(double reward) {
    return ranged ? costs.low() + (1 - reward) * (costs.high() - costs.low()) : -reward;
  }

  private double estimate(double[] b, int baseline) {
    return cost(baselines.value(b, baseline, Estimator.DR));
  }

  /** Writes what each arm by itself would have cost, with half the width of bounds on it. */
  void write(Key key, int arms, ModelWriter out) {
    double[] b = key.read(part).block(FIGURES);
    double[] cost = new double[arms];
    double[] width = new double[arms];
    double[] samples = new double[arms];
    for (int a = 0; a < arms; a++) {
      int fixed = Baselines.fixed(a);
      double c = estimate(b, fixed);
      double w = baselines.radius(b, fixed, Estimator.DR);
      double n = baselines.effectiveSampleSize(b, fixed);
      cost[a] = Double.isFinite(c) ? c : 0;
      width[a] = Double.isFinite(w) ? w * (ranged ? costs.high() - costs.low() : 1) : NO_WIDTH;
      samples[a] = Double.isFinite(c) ? n : 0;
    }
    int[] shape = {arms};
    out.exact("off-policy.cost", shape, cost);
    out.exact("off-policy.width", shape, width);
    out.exact("off-policy.samples", shape, samples);
  }

  /** Reports what a uniform draw and the apprentice would have cost. */
  void describe(Key key, Map<String, Double> values) {
    double[] b = key.read(part).block(FIGURES);
    put(values, "uniformCost", estimate(b, Baselines.UNIFORM));
    put(values, "apprenticeCost", estimate(b, Baselines.APPRENTICE));
  }

  private static void put(Map<String, Double> values, String name, double v) {
    if (Double.isFinite(v)) {
      values.put(name, v);
    }
  }
}
