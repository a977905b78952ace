package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.decision.Probabilities;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a log of any source goes through: decisions are checked, each id counts once, names of arms
 * become indexes, and what is refused is counted and named.
 */
final class LogIntake {
  /** An outcome of which less is better. */
  static final String COST = "cost";

  /** An outcome of which more is better. */
  static final String REWARD = "reward";

  /** Refusals that are named; the others are counted. */
  static final int NAMED = 20;

  /** A decision that was set aside. */
  record Refusal(String at, String reason) {}

  /** What a decision is before it is checked. */
  record Raw(
      String key,
      String id,
      List<String> arms,
      double[] probabilities,
      double propensity,
      String arm,
      double[] context,
      double[] armFeatures) {}

  private final OutcomeRange range;
  private final String chosenKey;
  private final Map<String, Integer> indexes = new LinkedHashMap<>();
  private final Set<String> ids = new HashSet<>();
  private final List<Refusal> refusals = new ArrayList<>();
  private String key;
  private String outcomeName;
  private long used;
  private long refused;
  private long unanswered;
  private long otherKeys;

  /**
   * An intake of nothing yet.
   *
   * @param key of the tuner whose decisions count; null: there must be one only
   */
  LogIntake(OutcomeRange range, String key) {
    this.range = range;
    this.chosenKey = key;
    this.key = key;
  }

  /**
   * Takes a decision.
   *
   * @param name of the outcome, cost or reward
   * @param outcome NaN: none has come
   * @return null: it has no outcome, or is another tuner's
   * @throws BadDecision if it cannot be used; nothing has changed
   */
  LoggedDecision take(Raw raw, String name, double outcome) throws BadDecision {
    if (!ofTuner(raw.key())) {
      otherKeys++;
      return null;
    }
    check(raw);
    double propensity = propensity(raw);
    if (!Double.isNaN(outcome)) {
      BadDecision.refuse(range.fault(name, outcome));
      if (outcomeName != null && !outcomeName.equals(name)) {
        throw new BadDecision("has a " + name + " where others have a " + outcomeName);
      }
    }
    if (!ids.add(raw.id())) {
      throw new BadDecision("id '" + raw.id() + "' has come before; each decision counts once");
    }
    if (Double.isNaN(outcome)) {
      unanswered++;
      return null;
    }
    outcomeName = name;
    used++;
    return decision(raw, order(raw.arms()), propensity, range.scaled(outcome));
  }

  private boolean ofTuner(String of) {
    if (key == null) {
      key = of;
    }
    if (!key.equals(of) && chosenKey == null) {
      throw new CommandFailed(
          "the log has decisions of several tuners, '"
              + key
              + "' and '"
              + of
              + "' among them; choose one with --key");
    }
    return key.equals(of);
  }

  private static void check(Raw raw) throws BadDecision {
    int n = raw.arms().size();
    if (n == 0 || new HashSet<>(raw.arms()).size() < n) {
      throw new BadDecision("arms = " + raw.arms() + "; must be at least one, each once");
    }
    if (!raw.arms().contains(raw.arm())) {
      throw new BadDecision("arm = '" + raw.arm() + "'; must be one of " + raw.arms());
    }
    if (raw.probabilities() != null) {
      if (raw.probabilities().length != n) {
        throw new BadDecision(
            raw.probabilities().length + " probabilities of " + n + " arms; must be one of each");
      }
      BadDecision.refuse(Probabilities.fault(raw.probabilities(), n));
    }
    if (raw.armFeatures().length % n != 0) {
      throw new BadDecision(
          raw.armFeatures().length
              + " features of "
              + n
              + " arms; must be the same number of each");
    }
  }

  /** Places of the arms in the order of their indexes. */
  private int[] order(List<String> arms) {
    int[] index = arms.stream().mapToInt(this::index).toArray();
    return IntStream.range(0, index.length)
        .boxed()
        .sorted(Comparator.comparingInt(i -> index[i]))
        .mapToInt(i -> i)
        .toArray();
  }

  private int index(String arm) {
    return indexes.computeIfAbsent(arm, a -> indexes.size());
  }

  private static double propensity(Raw raw) throws BadDecision {
    double p = raw.propensity();
    if (raw.probabilities() != null) {
      p = raw.probabilities()[raw.arms().indexOf(raw.arm())];
      if (Math.abs(p - raw.propensity()) > Probabilities.TOLERANCE) {
        throw new BadDecision(
            "propensity = " + raw.propensity() + "; the probability of its arm is " + p);
      }
    }
    BadDecision.refuse(Probabilities.faultOfAction(p));
    return p;
  }

  private LoggedDecision decision(Raw raw, int[] order, double propensity, double outcome) {
    int n = order.length;
    int width = raw.armFeatures().length / n;
    int[] arms = new int[n];
    double[] probabilities = raw.probabilities() == null ? null : new double[n];
    double[] features = new double[raw.armFeatures().length];
    int action = -1;
    for (int i = 0; i < n; i++) {
      String name = raw.arms().get(order[i]);
      arms[i] = index(name);
      action = name.equals(raw.arm()) ? i : action;
      if (probabilities != null) {
        probabilities[i] = raw.probabilities()[order[i]];
      }
      System.arraycopy(raw.armFeatures(), order[i] * width, features, i * width, width);
    }
    return new LoggedDecision(
        arms, probabilities, action, propensity, outcome, raw.context(), features);
  }

  /**
   * Sets a decision aside.
   *
   * @param at where it stands, such as {@code log.jsonl:7}
   */
  void refuse(String at, String reason) {
    refused++;
    if (refusals.size() < NAMED) {
      refusals.add(new Refusal(at, reason));
    }
  }

  /** Names of the arms in the order of their indexes; the newest come last. */
  Set<String> arms() {
    return Collections.unmodifiableSet(indexes.keySet());
  }

  /** The tuner's key; null: no decision has come. */
  String key() {
    return key;
  }

  /** {@code cost} or {@code reward}; null: no decision with an outcome has come. */
  String outcomeName() {
    return outcomeName;
  }

  OutcomeRange range() {
    return range;
  }

  /** Decisions that could be used. */
  long used() {
    return used;
  }

  /** Decisions that were set aside. */
  long refused() {
    return refused;
  }

  /** The first of those that were set aside. */
  List<Refusal> refusals() {
    return refusals;
  }

  /** Decisions without an outcome. */
  long unanswered() {
    return unanswered;
  }

  /** Decisions of other tuners. */
  long otherKeys() {
    return otherKeys;
  }
}
