package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.ConfigException;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The policies that a command line names.
 *
 * @param names as {@code --policy} has them
 * @param set hyperparameters of policies that learn, each for those that have it
 * @param seed of the policies that rank by samples
 */
record PolicyChoice(List<String> names, Map<String, Double> set, long seed) {
  private static final String FIXED = "fixed";
  private static final String UNIFORM = "uniform";
  private static final String LOGGED = "logged";

  /** What is evaluated where nothing is named. */
  static final List<String> DEFAULT = List.of(FIXED, UNIFORM, LOGGED);

  /** Least and greatest cost, by the names that policies have for them. */
  private static final String LOW = "cost-low";

  private static final String HIGH = "cost-high";

  PolicyChoice {
    names = List.copyOf(new LinkedHashSet<>(names));
    Set<String> unused = new TreeSet<>(set.keySet());
    for (String name : names) {
      if (Spec.find(Policies.ALL, name).isPresent()) {
        Policies.hypers(Policies.spec(name)).forEach(h -> unused.remove(h.name()));
      } else if (!DEFAULT.contains(name) && !name.startsWith(FIXED + ":")) {
        throw new CommandFailed(
            "--policy "
                + name
                + "; known: fixed (each arm), fixed:ARM, uniform, logged, "
                + String.join(", ", Spec.ids(Policies.ALL)));
      }
    }
    if (!unused.isEmpty()) {
      throw new CommandFailed("--set " + unused + "; no policy of --policy " + names + " has it");
    }
  }

  /**
   * The policies for a log.
   *
   * @throws CommandFailed for one that is of no use with it
   */
  List<EvaluatedPolicy> of(LogShape shape, OutcomeRange range) {
    List<EvaluatedPolicy> all = new ArrayList<>();
    for (String name : names) {
      switch (name) {
        case UNIFORM -> all.add(EvaluatedPolicy.uniform());
        case LOGGED -> all.add(EvaluatedPolicy.logged());
        case FIXED -> {
          for (int arm = 0; arm < shape.arms().size(); arm++) {
            all.add(EvaluatedPolicy.fixed(shape.arms().get(arm), arm));
          }
        }
        default ->
            all.add(
                name.startsWith(FIXED + ":")
                    ? fixed(name, shape.arms())
                    : replayed(Policies.spec(name), shape, range));
      }
    }
    return all;
  }

  private static EvaluatedPolicy fixed(String name, List<String> arms) {
    String arm = name.substring(FIXED.length() + 1);
    if (!arms.contains(arm)) {
      throw new CommandFailed("--policy " + name + "; the log has no such arm; it has " + arms);
    }
    return EvaluatedPolicy.fixed(arm, arms.indexOf(arm));
  }

  private EvaluatedPolicy replayed(PolicySpec spec, LogShape shape, OutcomeRange range) {
    Map<String, Double> values = new LinkedHashMap<>();
    for (Hyper h : Policies.hypers(spec)) {
      if (set.containsKey(h.name())) {
        values.put(h.name(), set.get(h.name()));
      } else if (range.known() && h.name().equals(LOW)) {
        values.put(LOW, range.low());
      } else if (range.known() && h.name().equals(HIGH)) {
        values.put(HIGH, range.high());
      }
    }
    try {
      return new ReplayedPolicy(
          Policies.configure(spec.id(), shape.ofPolicy(), values), shape, range, seed);
    } catch (ConfigException e) {
      throw new CommandFailed("--policy " + spec.id() + ": " + e.getMessage(), e);
    }
  }
}
