package io.millrace.cli.tune;

import io.millrace.core.decision.AsymptoticBounds;
import io.millrace.core.decision.Estimator;
import io.millrace.core.decision.OffPolicy;
import io.millrace.core.decision.OffPolicyBounds;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a log says of one policy, in the unit of the outcomes. */
final class PolicyValue {
  private static final int BOUNDS = OffPolicy.LENGTH;

  private final EvaluatedPolicy policy;
  private final OutcomeRange range;
  private final OffPolicy estimators;
  private final OffPolicyBounds guaranteed;
  private final AsymptoticBounds asymptotic;
  private final double[] b = new double[OffPolicy.LENGTH + OffPolicyBounds.LENGTH];
  private double[] pi = new double[8];

  /**
   * A value of no decisions.
   *
   * @param alpha probability that a bound of one estimator ever excludes the value
   */
  PolicyValue(EvaluatedPolicy policy, OutcomeRange range, OffPolicy estimators, double alpha) {
    this.policy = policy;
    this.range = range;
    this.estimators = estimators;
    this.guaranteed = new OffPolicyBounds(alpha);
    this.asymptotic = AsymptoticBounds.at(alpha);
  }

  /**
   * Takes a decision, if the policy has an answer to its request.
   *
   * @param predicted outcome of each eligible arm, from decisions before this one
   */
  void take(LoggedDecision decision, double[] predicted) {
    if (!policy.answers(decision)) {
      return;
    }
    int n = decision.arms().length;
    pi = pi.length == n ? pi : new double[n];
    policy.probabilities(decision, pi);
    double value = 0;
    for (int i = 0; i < n; i++) {
      value += pi[i] * predicted[i];
    }
    double weight = pi[decision.action()] / decision.propensity();
    estimators.take(b, 0, weight, decision.outcome(), value, predicted[decision.action()]);
    if (range.known()) {
      guaranteed.take(b, BOUNDS, weight, decision.outcome());
    }
    policy.learn(decision);
  }

  String name() {
    return policy.name();
  }

  /** Decisions that the policy has an answer for. */
  long decisions() {
    return (long) OffPolicy.count(b, 0);
  }

  double effectiveSampleSize() {
    return OffPolicy.effectiveSampleSize(b, 0);
  }

  double meanWeight() {
    return OffPolicy.meanWeight(b, 0);
  }

  double maxWeight() {
    return OffPolicy.maxWeight(b, 0);
  }

  double value(Estimator e) {
    return range.value(OffPolicy.value(b, 0, e));
  }

  double standardError(Estimator e) {
    return range.distance(OffPolicy.standardError(b, 0, e));
  }

  /**
   * Half width of the bounds around an estimate that hold at every time from the first look on;
   * infinite before it, NaN without an estimate or where it does not tend to the value.
   */
  double radius(Estimator e) {
    return e.isConsistent()
        ? range.distance(asymptotic.radius(OffPolicy.count(b, 0), OffPolicy.variance(b, 0, e)))
        : Double.NaN;
  }

  /** Lower bound with a guarantee; NaN without a range. */
  double lower() {
    return range.known() ? range.value(OffPolicyBounds.lower(b, BOUNDS)) : Double.NaN;
  }

  /** Upper bound with a guarantee; NaN without a range. */
  double upper() {
    return range.known() ? range.value(OffPolicyBounds.upper(b, BOUNDS)) : Double.NaN;
  }

  /** What is doubtful about it, in words that outputs use. */
  List<String> flags() {
    List<String> flags = new ArrayList<>();
    if (OffPolicy.suspectsPropensities(b, 0)) {
      flags.add("propensity_suspect");
    }
    if (OffPolicy.hasThinSupport(b, 0)) {
      flags.add("thin_support");
    }
    if (range.known() && OffPolicyBounds.disjoint(b, BOUNDS)) {
      flags.add("disjoint_bounds");
    }
    return flags;
  }

  Map<String, Object> json() {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("policy", name());
    o.put("decisions", decisions());
    o.put("effectiveSampleSize", effectiveSampleSize());
    o.put("meanWeight", meanWeight());
    o.put("maxWeight", maxWeight());
    o.put("unusedShare", OffPolicy.unusedShare(b, 0));
    o.put("lower", lower());
    o.put("upper", upper());
    o.put("flags", flags());
    Map<String, Object> all = new LinkedHashMap<>();
    for (Estimator e : Estimator.values()) {
      double radius = radius(e);
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("value", value(e));
      one.put("standardError", standardError(e));
      one.put("lower", value(e) - radius);
      one.put("upper", value(e) + radius);
      all.put(e.id(), one);
    }
    o.put("estimators", all);
    return o;
  }
}
