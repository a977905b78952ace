package io.millrace.operators.tune;

import io.millrace.core.ConfigException;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.decision.ApprenticeExit;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.life.KeyLife;
import io.millrace.operators.publish.SnapshotOptions;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What the stage of a `tune` job does, whatever its policy.
 *
 * @param topics names of the input topics; events carry an index into this list
 * @param times which event times are taken
 * @param policy id of the policy
 * @param shape most arms over a tuner's life, numbers of a request's context, numbers of each arm
 * @param values hyperparameters of the policy
 * @param arms that a tuner begins with, in the order of their index
 * @param seed of the job
 * @param apprentice the baseline in whose shadow the policy begins; null: it decides
 * @param offPolicyAlpha probability that bounds on what a baseline would have cost ever exclude it;
 *     NaN: no such figures are kept
 * @param waiting how long and how many requests wait for their feedback
 * @param maxIdBytes longest id of a request in UTF-8
 * @param ttl a gap in the key's event time after which the key is forgotten; null: never
 * @param snapshots when and how tuners are published
 * @param snapshotWhenBestChanges whether they are published when another arm becomes the best, too
 * @param metricsEvery decisions of a key between two metric records; 0: none
 */
public record TuneOptions(
    List<String> topics,
    EventTimes times,
    String policy,
    PolicyShape shape,
    Map<String, Double> values,
    List<Arm> arms,
    long seed,
    Apprentice apprentice,
    double offPolicyAlpha,
    Waiting waiting,
    int maxIdBytes,
    Duration ttl,
    SnapshotOptions snapshots,
    boolean snapshotWhenBestChanges,
    long metricsEvery)
    implements Serializable {
  /** Longest name of an arm, in characters. */
  public static final int MAX_NAME = 128;

  /**
   * An arm.
   *
   * @param name unique within the tuner
   * @param value of the parameter; NaN: the arm has a name alone
   */
  public record Arm(String name, double value) implements Serializable {}

  /**
   * A baseline, and when the policy leaves its shadow.
   *
   * @param baseline name of the arm that it always takes where it is eligible; empty: each with the
   *     same probability
   * @param gated whether the policy acts once it has agreed often enough, else once it is told
   * @param values of {@link ApprenticeExit#HYPERS}
   */
  public record Apprentice(String baseline, boolean gated, Map<String, Double> values)
      implements Serializable {
    public Apprentice {
      values = new TreeMap<>(values);
    }
  }

  /**
   * How requests wait for their feedback.
   *
   * @param longest in the key's event time
   * @param most requests of a key whose decisions are kept
   * @param maxBytes of events kept for a key
   * @param timeoutCost what a request without feedback is taken to have cost; NaN: nothing is
   *     learned from it
   */
  public record Waiting(Duration longest, int most, long maxBytes, double timeoutCost)
      implements Serializable {}

  public TuneOptions {
    topics = List.copyOf(topics);
    values = new TreeMap<>(values);
    arms = List.copyOf(arms);
    List<String> faults = new ArrayList<>();
    positive(faults, "feedback.wait", waiting.longest());
    positive(faults, "state.ttl", ttl);
    checkArms(faults, arms, shape);
    snapshots.check(faults);
    if (apprentice != null) {
      checkApprentice(faults, apprentice, arms, policy);
    }
    if (offPolicyAlpha <= 0 || offPolicyAlpha >= 0.5) {
      faults.add("off-policy.alpha = " + offPolicyAlpha + "; must lie in (0, 0.5)");
    }
    try {
      if (apprentice != null) {
        ApprenticeExit.of(apprentice.values());
      }
      String fault = newPolicy(policy, shape, values).costs().fault(waiting.timeoutCost());
      if (fault != null && !Double.isNaN(waiting.timeoutCost())) {
        faults.add("feedback.timeout-cost: " + fault);
      }
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  private static void positive(List<String> faults, String name, Duration d) {
    if (d != null && (d.isZero() || d.isNegative())) {
      faults.add(name + " = " + d + "; must be longer than 0");
    }
  }

  private static void checkArms(List<String> faults, List<Arm> arms, PolicyShape shape) {
    if (arms.size() < 2 || arms.size() > shape.maxArms()) {
      faults.add("arms: " + arms.size() + " given; must be 2 to arms.most = " + shape.maxArms());
    }
    HashSet<String> names = new HashSet<>();
    for (Arm arm : arms) {
      if (arm.name().isEmpty() || arm.name().length() > MAX_NAME) {
        faults.add(
            "arms.names: '" + arm.name() + "'; a name must have 1 to " + MAX_NAME + " characters");
      }
      if (!names.add(arm.name())) {
        faults.add("arms.names: '" + arm.name() + "' stands twice; names must differ");
      }
    }
    long valued = arms.stream().filter(a -> !Double.isNaN(a.value())).count();
    if (valued > 0 && valued < arms.size()) {
      faults.add("arms.names: some have a value and some have none; all must or none");
    }
  }

  private static void checkApprentice(
      List<String> faults, Apprentice apprentice, List<Arm> arms, String policy) {
    String baseline = apprentice.baseline();
    if (baseline.isEmpty()) {
      return;
    }
    if (arms.stream().noneMatch(a -> a.name().equals(baseline))) {
      faults.add(
          "apprentice.baseline = '"
              + baseline
              + "'; must be uniform or one of "
              + arms.stream().map(Arm::name).toList());
    } else if (Policies.ALL.stream().anyMatch(s -> s.id().equals(policy) && s.weighted())) {
      faults.add(
          "apprentice.baseline = '"
              + baseline
              + "'; must be uniform because policy '"
              + policy
              + "' learns by importance weights, from drawn decisions alone");
    }
  }

  /** The policy, as configured. */
  Policy newPolicy() {
    return newPolicy(policy, shape, values);
  }

  private static Policy newPolicy(String id, PolicyShape shape, Map<String, Double> values) {
    return Policies.spec(id).policy(shape, values);
  }

  /**
   * How often, in event time, the stage is to be told how far the partitions have come;
   * milliseconds, 0: never.
   */
  public long timeStep() {
    return KeyLife.timeStep(ttl);
  }
}
