package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.spec.Hyper;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.output.Channel;
import io.millrace.operators.shell.Stage;
import io.millrace.operators.tune.TuneOptions;
import io.millrace.operators.tune.TunerHandler;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a `tune` job's settings mean to the parts of the job. */
public final class TunePlan extends JobPlan {
  /** Id of the stage. */
  private static final String UID = "tuner";

  /** Digits of a grid's values: they are names, too. */
  private static final MathContext DIGITS = new MathContext(12);

  /** Hyperparameters that say where the arms' values lie. */
  private static final String VALUE_LOW = "value-low";

  private static final String VALUE_HIGH = "value-high";

  private final TuneOptions options;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault
   */
  public TunePlan(JobConfig config) {
    super(config);
    List<String> faults = new ArrayList<>();
    List<TuneOptions.Arm> arms = arms(faults);
    double timeout = timeoutCost(faults);
    TuneOptions[] made = new TuneOptions[1];
    collect(faults, () -> made[0] = options(arms, timeout));
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    options = made[0];
  }

  private TuneOptions options(List<TuneOptions.Arm> arms, double timeoutCost) {
    Integer most = config().get(TuneSettings.MOST_ARMS);
    PolicyShape shape =
        new PolicyShape(
            most == null ? arms.size() + TuneSettings.SPARE_ARMS : most,
            config().get(TuneSettings.CONTEXT),
            config().get(TuneSettings.ARM_FEATURES));
    String named = config().get(TuneSettings.POLICY);
    String policy = named == null ? Policies.standard(shape).id() : named;
    return new TuneOptions(
        config().inputTopics(),
        times(),
        policy,
        shape,
        values(Policies.spec(policy), arms),
        arms,
        config().get(Settings.SEED),
        apprentice(),
        config().get(TuneSettings.OFF_POLICY)
            ? config().get(TuneSettings.OFF_POLICY_ALPHA)
            : Double.NaN,
        new TuneOptions.Waiting(
            config().get(TuneSettings.WAIT),
            config().get(TuneSettings.MAX_PENDING),
            config().get(ModelSettings.KEPT_BYTES),
            timeoutCost),
        config().get(ModelSettings.ID_BYTES),
        config().get(ModelSettings.TTL),
        snapshots(1),
        config().get(TuneSettings.SNAPSHOT_BEST),
        config().has(Channel.METRICS) ? config().get(ModelSettings.METRICS_EXAMPLES) : 0);
  }

  /** What the tuner stage is told. */
  public TuneOptions options() {
    return options;
  }

  @Override
  public List<Stage> stages() {
    TuneOptions o = options;
    return List.of(
        new Stage(
            UID,
            Stage.KeyedBy.KEY,
            List.of(
                EventKind.TUNE_REQUEST,
                EventKind.TUNE_FEEDBACK,
                EventKind.ARM_CHANGE,
                EventKind.CONTROL),
            config().outputs().stream().map(JobFamily.Output::channel).toList(),
            stage -> new TunerHandler(o, stage),
            o.timeStep()));
  }

  @Override
  public long bytesPerKey() {
    return Policies.spec(options.policy())
        .policy(options.shape(), options.values())
        .schema()
        .totalBytes();
  }

  /** Hyperparameters as given; where the arms' values lie is known from the arms. */
  private Map<String, Double> values(PolicySpec policy, List<TuneOptions.Arm> arms) {
    Map<String, Double> values = new TreeMap<>(config().numbers(TuneSettings.VALUES));
    List<String> known = policy.hypers().stream().map(Hyper::name).toList();
    if (known.contains(VALUE_LOW)) {
      arms.stream()
          .filter(a -> Double.isNaN(a.value()))
          .findFirst()
          .ifPresent(a -> failForValue(a, policy));
      arms.stream()
          .mapToDouble(TuneOptions.Arm::value)
          .min()
          .ifPresent(v -> values.putIfAbsent(VALUE_LOW, v));
      arms.stream()
          .mapToDouble(TuneOptions.Arm::value)
          .max()
          .ifPresent(v -> values.putIfAbsent(VALUE_HIGH, v));
    }
    return values;
  }

  private static void failForValue(TuneOptions.Arm arm, PolicySpec policy) {
    throw new ConfigException(
        TuneSettings.ARMS.key()
            + ": '"
            + arm.name()
            + "' has no value; must be NAME=NUMBER because policy "
            + policy.id()
            + " goes by the arms' values; or name another policy");
  }

  /** The baseline; null: there is none. */
  private TuneOptions.Apprentice apprentice() {
    String baseline = config().get(TuneSettings.BASELINE);
    Map<String, Double> gate = config().numbers(TuneSettings.APPRENTICE);
    if (baseline == null) {
      if (!gate.isEmpty()) {
        throw new ConfigException(
            "apprentice: "
                + gate.keySet()
                + " given; must be absent because "
                + TuneSettings.BASELINE.key()
                + " is not given");
      }
      return null;
    }
    return new TuneOptions.Apprentice(
        baseline.equals(TuneSettings.UNIFORM) ? "" : baseline,
        config().get(TuneSettings.EXIT).equals(TuneSettings.GATE),
        gate);
  }

  private double timeoutCost(List<String> faults) {
    Double cost = config().get(TuneSettings.TIMEOUT_COST);
    boolean charged = config().get(TuneSettings.ON_TIMEOUT).equals(TuneSettings.CHARGED);
    if (charged != (cost != null)) {
      faults.add(
          TuneSettings.TIMEOUT_COST.key()
              + (cost == null ? ": not given; must be" : " = " + cost + "; must be absent")
              + " because "
              + TuneSettings.ON_TIMEOUT.key()
              + " is "
              + config().get(TuneSettings.ON_TIMEOUT));
    }
    return cost == null ? Double.NaN : cost;
  }

  private List<TuneOptions.Arm> arms(List<String> faults) {
    List<String> names = config().get(TuneSettings.ARMS);
    Double from = config().get(TuneSettings.GRID_FROM);
    Double to = config().get(TuneSettings.GRID_TO);
    boolean grid = from != null || to != null;
    if ((names != null) == grid) {
      faults.add(
          TuneSettings.ARMS.key()
              + (grid
                  ? " and arms.grid are given; must be one of the two"
                  : ": not given; must be, or arms.grid.from and arms.grid.to"));
      return grid ? named(names) : standIn();
    }
    return grid ? grid(from, to, faults) : named(names);
  }

  /** Arms that let the other settings be checked. */
  private static List<TuneOptions.Arm> standIn() {
    return List.of(new TuneOptions.Arm("0", 0), new TuneOptions.Arm("1", 1));
  }

  private static List<TuneOptions.Arm> named(List<String> names) {
    return names.stream().map(TunePlan::arm).toList();
  }

  /** An arm as a list of arms names it: NAME, NUMBER or NAME=NUMBER. */
  static TuneOptions.Arm arm(String text) {
    int equals = text.lastIndexOf('=');
    String name = equals < 0 ? text : text.substring(0, equals);
    String number = text.substring(equals + 1);
    try {
      return new TuneOptions.Arm(name.strip(), Values.number(number.strip()));
    } catch (IllegalArgumentException e) {
      return new TuneOptions.Arm(text.strip(), Double.NaN); // a name alone
    }
  }

  /** A value of a grid as people would write it. */
  private static String text(double value) {
    BigDecimal rounded = new BigDecimal(value).round(DIGITS).stripTrailingZeros();
    boolean near = rounded.precision() - rounded.scale() <= 12 && rounded.scale() <= 18;
    return near ? rounded.toPlainString() : rounded.toString();
  }

  private List<TuneOptions.Arm> grid(Double from, Double to, List<String> faults) {
    if (from == null || to == null || !(from < to)) {
      faults.add(
          "arms.grid = ["
              + from
              + ", "
              + to
              + "]; from and to must be given, and from be less than to");
      return standIn();
    }
    boolean log = config().get(TuneSettings.GRID_SCALE).equals("log");
    if (log && from <= 0) {
      faults.add(
          TuneSettings.GRID_FROM.key()
              + " = "
              + from
              + "; must be above 0 because arms.grid.scale is log");
      return standIn();
    }
    int count = config().get(TuneSettings.GRID_COUNT);
    List<TuneOptions.Arm> arms = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      double part = (double) i / (count - 1);
      double value = log ? from * StrictMath.pow(to / from, part) : from + (to - from) * part;
      arms.add(arm(text(value)));
    }
    return arms;
  }
}
