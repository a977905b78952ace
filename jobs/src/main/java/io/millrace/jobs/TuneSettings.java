package io.millrace.jobs;

import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.decision.ApprenticeExit;
import io.millrace.operators.tune.TunerHandler;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Settings of the `tune` job beside the common ones. */
public final class TuneSettings {
  private static final SettingTable TABLE = new SettingTable();

  /** Arms that may be added while a tuner lives, unless given. */
  static final int SPARE_ARMS = 16;

  /** What happens to a request without feedback. */
  static final String DROPPED = "dropped";

  static final String CHARGED = "charged";

  /** When an apprentice leaves the shadow. */
  static final String GATE = "gate";

  static final String ORDER = "order";

  /** A baseline that prefers no arm. */
  static final String UNIFORM = "uniform";

  public static final Setting<String> REQUESTS =
      TABLE.topic(
          "tune.requests",
          "Holds TuneRequests, and TuneFeedback, ArmChanges and Controls that are to have their place in"
              + " the sequence of a key.");
  public static final Setting<String> FEEDBACK =
      TABLE.topic(
          "tune.feedback",
          "Holds TuneFeedback that does not come with the requests, or `none`. Which of it is known to a"
              + " decision is then a matter of how fast two topics are read.");
  public static final Setting<String> DECISIONS = TABLE.topic(TunerHandler.DECISIONS);

  public static final Setting<List<String>> ARMS =
      TABLE.add(
          "arms.names",
          "",
          "a list of names, numbers or NAME=NUMBER",
          "What is chosen from: `[gzip, zstd]`, `[0.01, 0.1]`, `[small=16, large=64]`. This or"
              + " `arms.grid` must be given.",
          s -> List.of(s.split(Document.SEPARATOR)));
  public static final Setting<Double> GRID_FROM =
      TABLE.number("arms.grid.from", "", "Least value of a grid of arms.");
  public static final Setting<Double> GRID_TO =
      TABLE.number("arms.grid.to", "", "Greatest value of the grid.");
  public static final Setting<Integer> GRID_COUNT =
      TABLE.integer("arms.grid.count", "20", 2, 1024, "Values of the grid.");
  public static final Setting<String> GRID_SCALE =
      TABLE.choice(
          "arms.grid.scale",
          "linear",
          "Whether neighbours differ by the same amount or, above 0, by the same factor.",
          "linear",
          "log");
  public static final Setting<Integer> MOST_ARMS =
      TABLE.integer(
          "arms.most",
          "",
          2,
          4096,
          "Most arms a tuner may have over its life, those added by ArmChange and those removed"
              + " included; unless given "
              + SPARE_ARMS
              + " more than there are.");

  public static final Setting<String> POLICY =
      TABLE.add(
          "policy.name",
          "",
          "one of " + String.join(", ", Policies.ALL.stream().map(PolicySpec::id).toList()),
          "How an arm is chosen; its hyperparameters stand beside it. Unless given one that suits what"
              + " a request brings: `tsallis_inf` without context, `joint` with one number.",
          s -> Policies.spec(s).id());
  public static final Setting<Integer> CONTEXT =
      TABLE.integer("request.context", "0", 0, 1024, "Numbers of a request's context.");
  public static final Setting<Integer> ARM_FEATURES =
      TABLE.integer(
          "request.arm-features", "0", 0, 1024, "Numbers that a request brings for each arm.");

  public static final Setting<Duration> WAIT =
      TABLE.duration(
          "feedback.wait",
          "1h",
          "How long, in event time of the tuner's requests, a decision is kept for its feedback and for"
              + " requests that come again, and feedback that comes first for its request.");
  public static final Setting<Integer> MAX_PENDING =
      TABLE.integer(
          "feedback.max-pending",
          "10000",
          1,
          1 << 24,
          "Decisions of a tuner that are kept; beyond, those that came first are forgotten, and one"
              + " without feedback then ends as after `feedback.wait`.");
  public static final Setting<String> ON_TIMEOUT =
      TABLE.choice(
          "feedback.on-timeout",
          DROPPED,
          "What becomes of a request without feedback: a dead letter, or a cost of"
              + " `feedback.timeout-cost`.",
          DROPPED,
          CHARGED);
  public static final Setting<Double> TIMEOUT_COST =
      TABLE.number(
          "feedback.timeout-cost",
          "",
          "Needed with `feedback.on-timeout: charged` and only there.");

  public static final Setting<Boolean> SNAPSHOT_BEST =
      TABLE.flag(
          "snapshots.best-arm",
          "true",
          "Whether a tuner is published, too, when another arm becomes its best: the eligible one of"
              + " the least mean cost.");

  public static final Setting<String> BASELINE =
      TABLE.add(
          "apprentice.baseline",
          "",
          "uniform, or the name of an arm",
          "Who decides while the policy learns in the shadow: the arm of this name, or each eligible one"
              + " with the same probability. Unless given the policy decides from the start.",
          s -> s);
  public static final Setting<String> EXIT =
      TABLE.choice(
          "apprentice.exit",
          GATE,
          "When the policy decides in place of the baseline: `gate`: once it is certain that the two"
              + " agree often enough; `order`: when `acts` is set to 1, which an order can do at any time.",
          GATE,
          ORDER);
  public static final Setting<Boolean> OFF_POLICY =
      TABLE.flag(
          "off-policy.enabled",
          "true",
          "Whether it is estimated what each arm by itself, a uniform draw and the apprentice would have"
              + " cost on the same requests.");
  public static final Setting<Double> OFF_POLICY_ALPHA =
      TABLE.number(
          "off-policy.alpha",
          "0.05",
          "Probability that the bounds on such a figure ever exclude it, between 0 and 0.5.");

  static final String APPRENTICE =
      TABLE.values(
          "apprentice",
          Set.of(),
          "numbers | Of the gate: "
              + ApprenticeExit.HYPERS.stream()
                  .map(h -> "`" + h.name() + "` (" + h.def() + "), " + h.doc())
                  .collect(Collectors.joining("; "))
              + ".");
  static final String VALUES =
      TABLE.values("policy", Set.of(), "numbers | Hyperparameters, see `policy.name`.");

  private TuneSettings() {}

  static SettingTable table() {
    return TABLE;
  }
}
