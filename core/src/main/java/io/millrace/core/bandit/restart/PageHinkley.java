package io.millrace.core.bandit.restart;

import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyPart;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.Figures;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * Restarts by the test of Page and Hinkley. Hinkley, "Inference about the change-point from
 * cumulative sum tests", Biometrika 58, 1971.
 *
 * <pre>
 * of each arm:  m_t = sum (c_s - mean_s - delta sd_s),   alarm when m_t - min m &gt; threshold sd_t
 * </pre>
 *
 * <p>c are the arm's costs since the last restart, mean and sd those of the costs so far. An alarm,
 * that an arm has become dearer, starts the policy inside anew, and all tests: what it had learned
 * is gone, its rounds begin at 1, and the arms are the same. Costs that are still to come of
 * decisions before it are learned. Until its cost comes, 1 number is kept of a decision beside
 * those of the policy inside: the round.
 *
 * <p>Deviations from the paper: delta and threshold are multiples of the running deviation, so that
 * the unit of the costs does not matter; the first {@value #LEAST} costs of an arm give no alarm.
 * Memory 5d + 2 numbers, a root per cost. Immutable.
 */
public final class PageHinkley implements Policy {
  static final Hyper THRESHOLD =
      new Hyper(
          "restart-threshold",
          50,
          Range.positive(),
          "a restart when an arm's costs have risen by this many deviations in all");

  static final Hyper DELTA =
      new Hyper(
          "restart-delta",
          0.005,
          Range.nonNegative(),
          "rise per cost, in deviations, that is tolerated");

  public static final PolicyPart SPEC =
      new PolicyPart(
          "page-hinkley",
          new Source(
              "Hinkley, Inference about the change-point from cumulative sum tests, Biometrika 58,"
                  + " 1971",
              Source.Confidence.MEMORY),
          List.of(THRESHOLD, DELTA),
          PageHinkley::new);

  /** Costs of an arm without an alarm: fewer say little of its deviation. */
  private static final int LEAST = 10;

  private static final String COUNT = "restart-costs";
  private static final String MEAN = "restart-mean";

  /** Sum of squared distances from the mean. */
  private static final String SQUARES = "restart-squares";

  private static final String SUM = "restart-sum";
  private static final String LEAST_SUM = "restart-least-sum";

  /** Restarts so far, and the round of the decision whose cost led to the last. */
  private static final String RESTARTS = "restarts";

  private static final int RESTARTS_COUNT = 0;
  private static final int RESTARTS_ROUND = 1;

  private final Policy inside;
  private final HyperValues values;
  private final double threshold;
  private final double delta;
  private final StateSchema schema;

  private PageHinkley(Policy inside, HyperValues values) {
    this.inside = inside;
    this.values = values;
    threshold = values.get(THRESHOLD);
    delta = values.get(DELTA);
    StateSchema.Builder blocks = new StateSchema.Builder();
    StateSchema own = inside.schema();
    for (int i = 0; i < own.size(); i++) {
      blocks.block(own.name(i), own.type(i), own.length(i));
    }
    int d = inside.shape().maxArms();
    for (String name : List.of(COUNT, MEAN, SQUARES, SUM, LEAST_SUM)) {
      blocks.block(name, d);
    }
    schema = blocks.block(RESTARTS, 2).build();
  }

  @Override
  public PolicySpec spec() {
    return inside.spec();
  }

  @Override
  public PolicyShape shape() {
    return inside.shape();
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public SortedMap<String, String> meaning() {
    SortedMap<String, String> meaning = inside.meaning();
    meaning.put("restarts", SPEC.id());
    return meaning;
  }

  @Override
  public void initialize(LearnerState state, int arms) {
    inside.initialize(state, arms);
  }

  @Override
  public String unfit(PolicyRequest request) {
    return inside.unfit(request);
  }

  @Override
  public CostRange costs() {
    return inside.costs();
  }

  @Override
  public void choose(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    long round = request.round();
    request.setRound(sinceRestart(round, state));
    inside.choose(request, state, draws, out, workspace);
    request.setRound(round);
  }

  @Override
  public void probabilities(
      PolicyRequest request,
      LearnerState state,
      Draws draws,
      PolicyDecision out,
      Workspace workspace) {
    long round = request.round();
    request.setRound(sinceRestart(round, state));
    inside.probabilities(request, state, draws, out, workspace);
    request.setRound(round);
  }

  private static long sinceRestart(long round, LearnerState state) {
    return Math.max(1, round - (long) state.block(RESTARTS)[RESTARTS_ROUND]);
  }

  @Override
  public int pendingLength() {
    return inside.pendingLength() + 1;
  }

  @Override
  public void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    inside.remember(request, arm, state, pending, workspace);
    pending[inside.pendingLength()] = request.round();
  }

  @Override
  public boolean learn(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    double n = state.block(COUNT)[arm] + 1;
    double distance = cost - state.block(MEAN)[arm];
    double mean = state.block(MEAN)[arm] + distance / n;
    double squares = state.block(SQUARES)[arm] + distance * (cost - mean);
    if (!Double.isFinite(squares)
        || !inside.learn(state, arm, probability, pending, cost, workspace)) {
      return false;
    }
    double deviation = Math.sqrt(squares / n);
    double sum = state.block(SUM)[arm] + cost - mean - delta * deviation;
    double least = Math.min(state.block(LEAST_SUM)[arm], sum);
    if (n > LEAST && sum - least > threshold * deviation) {
      restart(state, pending[inside.pendingLength()], workspace);
    } else {
      state.block(COUNT)[arm] = n;
      state.block(MEAN)[arm] = mean;
      state.block(SQUARES)[arm] = squares;
      state.block(SUM)[arm] = sum;
      state.block(LEAST_SUM)[arm] = least;
    }
    return true;
  }

  /** Empties every block but the flags of the arms that there are. */
  private void restart(LearnerState state, double round, Workspace workspace) {
    double[] present = inside.present(state);
    double[] kept = workspace.array("restart.present", present.length);
    System.arraycopy(present, 0, kept, 0, present.length);
    double count = state.block(RESTARTS)[RESTARTS_COUNT];
    for (int i = 0; i < schema.size(); i++) {
      Arrays.fill(state.block(i), 0);
    }
    inside.initialize(state, 0);
    System.arraycopy(kept, 0, present, 0, present.length);
    state.block(RESTARTS)[RESTARTS_COUNT] = count + 1;
    state.block(RESTARTS)[RESTARTS_ROUND] = round;
  }

  @Override
  public void start(
      LearnerState state, int arm, ArmStart start, PolicyRequest request, Workspace workspace) {
    purgeTest(state, arm);
    inside.start(state, arm, start, request, workspace);
  }

  @Override
  public void purge(LearnerState state, int arm) {
    purgeTest(state, arm);
    inside.purge(state, arm);
  }

  private static void purgeTest(LearnerState state, int arm) {
    state.block(COUNT)[arm] = 0;
    state.block(MEAN)[arm] = 0;
    state.block(SQUARES)[arm] = 0;
    state.block(SUM)[arm] = 0;
    state.block(LEAST_SUM)[arm] = 0;
  }

  @Override
  public List<Hyper> hyperparameters() {
    List<Hyper> all = new ArrayList<>(inside.hyperparameters());
    all.addAll(SPEC.hypers());
    return all;
  }

  @Override
  public Map<String, Double> values() {
    Map<String, Double> all = new LinkedHashMap<>(inside.values());
    all.putAll(values.asMap());
    return all;
  }

  @Override
  public Policy with(Map<String, Double> changed) {
    Map<String, Double> own = new LinkedHashMap<>(values.asMap());
    Map<String, Double> others = new LinkedHashMap<>(changed);
    for (Hyper h : SPEC.hypers()) {
      if (others.containsKey(h.name())) {
        own.put(h.name(), others.remove(h.name()));
      }
    }
    HyperValues next = HyperValues.of(SPEC.id(), SPEC.hypers(), own);
    return new PageHinkley(inside.with(others), next);
  }

  @Override
  public double[] present(LearnerState state) {
    return inside.present(state);
  }

  @Override
  public double pulls(LearnerState state, int arm) {
    return inside.pulls(state, arm);
  }

  @Override
  public double meanCost(LearnerState state, int arm) {
    return inside.meanCost(state, arm);
  }

  @Override
  public void figures(LearnerState state, Figures out) {
    inside.figures(state, out);
    out.figure("restarts", state.block(RESTARTS)[RESTARTS_COUNT]);
  }

  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    inside.publish(state, arms, out, workspace);
    values.asMap().forEach((name, value) -> out.config(name, Double.toString(value)));
  }
}
