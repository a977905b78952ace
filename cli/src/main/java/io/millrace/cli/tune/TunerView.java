package io.millrace.cli.tune;

import io.millrace.client.Model;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A published tuner as people look at it. */
public final class TunerView {
  /** Family of the models that are tuners. */
  private static final String FAMILY = "tune";

  /**
   * An arm.
   *
   * @param value NaN: it has a name alone
   * @param meanCost NaN: it has had none
   * @param probability at the last decision; NaN: there was none
   * @param alone estimated mean cost of this arm at every request; NaN: not known
   * @param width half the width of bounds on that; NaN: not known yet
   */
  public record Arm(
      String name,
      double value,
      boolean eligible,
      double pulls,
      double meanCost,
      double probability,
      double alone,
      double width) {}

  private final Model model;
  private final List<Arm> arms = new ArrayList<>();

  /**
   * Looks at a model.
   *
   * @param model one that {@link #isTuner}
   */
  public TunerView(Model model) {
    this.model = model;
    double[] eligible = model.tensor("eligible");
    double[] pulls = model.tensor("pulls");
    double[] mean = model.tensor("mean-cost");
    boolean valued = model.tensors().contains("value");
    boolean decided = model.tensors().contains("probability");
    boolean estimated = model.tensors().contains("off-policy.cost");
    double[] alone = estimated ? model.tensor("off-policy.cost") : new double[0];
    double[] width = estimated ? model.tensor("off-policy.width") : new double[0];
    double[] samples = estimated ? model.tensor("off-policy.samples") : new double[0];
    for (int i = 0; i < eligible.length; i++) {
      arms.add(
          new Arm(
              model.config().get("arms." + i),
              valued ? model.tensor("value")[i] : Double.NaN,
              eligible[i] == 1,
              pulls[i],
              pulls[i] > 0 ? mean[i] : Double.NaN,
              decided ? model.tensor("probability")[i] : Double.NaN,
              estimated && samples[i] > 0 ? alone[i] : Double.NaN,
              estimated && samples[i] > 0 && width[i] >= 0 ? width[i] : Double.NaN));
    }
  }

  /** Whether a model is a tuner. */
  static boolean isTuner(Model model) {
    return model.job().equals(FAMILY);
  }

  Model model() {
    return model;
  }

  /** Id of the policy. */
  public String policy() {
    return model.snapshot().getProvenance().getAlgorithm();
  }

  /** Arms by index, removed and purged ones included. */
  public List<Arm> arms() {
    return arms;
  }

  /** Name of the eligible arm of the least mean cost; null: none has had a cost. */
  public String best() {
    Arm best = null;
    for (Arm a : arms) {
      if (a.eligible() && a.pulls() > 0 && (best == null || a.meanCost() < best.meanCost())) {
        best = a;
      }
    }
    return best == null ? null : best.name();
  }

  long counter(String name) {
    return model.counters().getOrDefault(name, 0L);
  }

  /** As an object of JSON. */
  public static Map<String, Object> json(Arm a) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("arm", a.name());
    o.put("value", a.value());
    o.put("eligible", a.eligible());
    o.put("pulls", a.pulls());
    o.put("meanCost", a.meanCost());
    o.put("probability", a.probability());
    o.put("offPolicyCost", a.alone());
    o.put("offPolicyWidth", a.width());
    return o;
  }
}
