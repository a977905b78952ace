package io.millrace.core.bandit.catalog;

import io.millrace.core.ConfigException;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyPart;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.adversarial.Exp3;
import io.millrace.core.bandit.adversarial.Exp3Ix;
import io.millrace.core.bandit.adversarial.Exp3S;
import io.millrace.core.bandit.adversarial.TsallisInf;
import io.millrace.core.bandit.adversarial.TsallisInfCb;
import io.millrace.core.bandit.contextual.ChebCb;
import io.millrace.core.bandit.contextual.Joint;
import io.millrace.core.bandit.index.DiscountedUcb;
import io.millrace.core.bandit.index.EpsilonGreedy;
import io.millrace.core.bandit.index.KlUcb;
import io.millrace.core.bandit.index.SlidingWindowUcb;
import io.millrace.core.bandit.index.Softmax;
import io.millrace.core.bandit.index.Ucb1;
import io.millrace.core.bandit.linear.LinTs;
import io.millrace.core.bandit.linear.LinUcb;
import io.millrace.core.bandit.linear.SharedLinTs;
import io.millrace.core.bandit.linear.SharedLinUcb;
import io.millrace.core.bandit.restart.PageHinkley;
import io.millrace.core.bandit.thompson.ThompsonBeta;
import io.millrace.core.bandit.thompson.ThompsonGaussian;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Every policy there is, one line each, and how a configuration makes one. */
public final class Policies {
  public static final List<PolicySpec> ALL =
      List.of(
          TsallisInf.SPEC,
          TsallisInfCb.SPEC,
          ChebCb.SPEC,
          Joint.SPEC,
          Ucb1.SPEC,
          KlUcb.SPEC,
          EpsilonGreedy.SPEC,
          ThompsonGaussian.SPEC,
          ThompsonBeta.SPEC,
          Exp3.SPEC,
          Exp3Ix.SPEC,
          Exp3S.SPEC,
          Softmax.SPEC,
          LinUcb.SPEC,
          LinTs.SPEC,
          SharedLinUcb.SPEC,
          SharedLinTs.SPEC,
          DiscountedUcb.SPEC,
          SlidingWindowUcb.SPEC);

  /** Every part that can be put around a policy, in the order in which they are put. */
  public static final List<PolicyPart> PARTS = List.of(PageHinkley.SPEC);

  private static final List<PolicySpec> STANDARD =
      List.of(SharedLinUcb.SPEC, Joint.SPEC, LinUcb.SPEC, TsallisInf.SPEC);

  private Policies() {}

  /**
   * Looks a policy up.
   *
   * @throws ConfigException naming the known ones
   */
  public static PolicySpec spec(String id) {
    return Spec.find(ALL, id)
        .orElseThrow(() -> new ConfigException("no policy '" + id + "'; known: " + Spec.ids(ALL)));
  }

  /**
   * The policy of a tuner that names none: the first of a list that the tuner has the input for,
   * and Tsallis-INF where it has none.
   */
  public static PolicySpec standard(PolicyShape shape) {
    return STANDARD.stream().filter(s -> s.unfit(shape) == null).findFirst().orElseThrow();
  }

  /** What may be set for a policy: its own and what every part has. */
  public static List<Hyper> hypers(PolicySpec spec) {
    List<Hyper> all = new ArrayList<>(spec.hypers());
    PARTS.forEach(p -> all.addAll(p.hypers()));
    return all;
  }

  /**
   * Builds a policy; a part is put around it when one of the part's hyperparameters is named.
   *
   * @param given values by name, those of {@link #hypers}; the others have their defaults
   * @throws ConfigException listing every fault
   */
  public static Policy configure(String id, PolicyShape shape, Map<String, Double> given) {
    PolicySpec spec = spec(id);
    HyperValues all = HyperValues.of(id, hypers(spec), given);
    Policy policy = spec.policy(shape, named(spec.hypers(), all));
    for (PolicyPart part : PARTS) {
      if (part.hypers().stream().anyMatch(h -> given.containsKey(h.name()))) {
        HyperValues values = HyperValues.of(part.id(), part.hypers(), named(part.hypers(), all));
        policy = part.around().apply(policy, values);
      }
    }
    return policy;
  }

  private static Map<String, Double> named(List<Hyper> hypers, HyperValues all) {
    Map<String, Double> named = new LinkedHashMap<>();
    hypers.forEach(h -> named.put(h.name(), all.get(h)));
    return named;
  }
}
