package io.millrace.core.bandit;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What all policies share: settings, checks, and the blocks {@code pulls} and {@code cost-sum} of
 * each arm, {@code present} (1 where there is such an arm) and {@code learned} (costs learned by
 * the policy). Where a policy declares blocks of its own, those of arms are copied, shared out and
 * cleared here.
 */
public abstract class AbstractPolicy implements Policy {
  static final String PULLS = "pulls";
  static final String COST_SUM = "cost-sum";
  static final String PRESENT = "present";
  static final String LEARNED = "learned";

  /** Places of the blocks above. */
  private static final int PULLS_AT = 0;

  private static final int COST_SUM_AT = 1;
  private static final int PRESENT_AT = 2;
  private static final int LEARNED_AT = 3;

  /** Sizes of the tuner. */
  protected final PolicyShape shape;

  /** Costs that are taken. */
  protected final CostRange costs;

  private final PolicySettings settings;
  private final StateSchema schema;
  private final Blocks.PerArm[] perArm;
  private final double epsilon;

  /** Null: the policy learns by itself. */
  private final RewardModel model;

  /**
   * A policy that learns by itself: it has an {@link #update} of its own.
   *
   * @param blocks declared in full
   */
  protected AbstractPolicy(PolicySettings settings, CostRange costs, Blocks blocks) {
    this(settings, costs, blocks, null);
  }

  /** A policy that chooses by a model, which learns for it. */
  protected AbstractPolicy(PolicySettings settings, CostRange costs, RewardModel model) {
    this(settings, costs, model.blocks(), model);
  }

  private AbstractPolicy(
      PolicySettings settings, CostRange costs, Blocks blocks, RewardModel model) {
    this.settings = settings;
    this.shape = settings.shape();
    this.costs = costs;
    this.schema = blocks.schema();
    this.perArm = blocks.perArm();
    this.model = model;
    this.epsilon = settings.values().get(PolicyHypers.EPSILON);
  }

  @Override
  public final PolicySpec spec() {
    return settings.spec();
  }

  @Override
  public final PolicyShape shape() {
    return shape;
  }

  @Override
  public final StateSchema schema() {
    return schema;
  }

  @Override
  public final CostRange costs() {
    return costs;
  }

  @Override
  public final SortedMap<String, String> meaning() {
    SortedMap<String, String> meaning = new TreeMap<>();
    meaning.put("policy", spec().id());
    meaning.put("max-arms", Integer.toString(shape.maxArms()));
    meaning.put("context", Integer.toString(shape.contextLength()));
    meaning.put("features", Integer.toString(shape.featureLength()));
    for (Hyper h : spec().hypers()) {
      if (h.structural()) {
        meaning.put(h.name(), Double.toString(settings.values().get(h)));
      }
    }
    return meaning;
  }

  @Override
  public void initialize(LearnerState state, int arms) {
    Arrays.fill(state.block(PRESENT_AT), 0, arms, 1);
    if (model != null) {
      model.initialize(state);
    }
  }

  @Override
  public final String unfit(PolicyRequest request) {
    String fault = request.unfit();
    return fault == null ? unfitInput(request) : fault;
  }

  /** What is wrong with the parts of a request that this policy alone reads; null: nothing. */
  protected String unfitInput(PolicyRequest request) {
    return null;
  }

  /** Share of uniform decisions for a request. */
  protected final double epsilon(PolicyRequest request, LearnerState state) {
    double given = request.exploration();
    return Double.isNaN(given) ? ownEpsilon(request, state) : given;
  }

  /** Share of uniform decisions where the request says none. */
  protected double ownEpsilon(PolicyRequest request, LearnerState state) {
    return epsilon;
  }

  /** Mixes the probabilities with uniform ones. */
  protected static void explore(PolicyRequest request, double epsilon, double[] p) {
    if (epsilon > 0) {
      double each = epsilon / request.count();
      for (int i = 0; i < request.count(); i++) {
        int a = request.eligible()[i];
        p[a] = (1 - epsilon) * p[a] + each;
      }
    }
  }

  /**
   * The arm of a uniform decision.
   *
   * @param epsilon above 0
   * @param draws number 0 says whether it is one, number 1 which arm
   * @return -1: it is not one
   */
  protected static int uniform(PolicyRequest request, double epsilon, Draws draws) {
    return draws.uniform(0) < epsilon
        ? request.eligible()[(int) (draws.uniform(1) * request.count())]
        : -1;
  }

  @Override
  public int pendingLength() {
    return model == null ? 0 : model.pendingLength();
  }

  @Override
  public void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    if (model != null) {
      model.remember(request, arm, pending);
    }
  }

  @Override
  public final boolean learn(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    if (!(probability > 0 && probability <= 1) || !costs.contains(cost)) {
      throw new IllegalStateException(
          "probability " + probability + ", cost " + cost + " of arm " + arm + " are not checked");
    }
    double sum = state.block(COST_SUM_AT)[arm] + cost;
    if (!Double.isFinite(sum) || !update(state, arm, probability, pending, cost, workspace)) {
      return false;
    }
    state.block(COST_SUM_AT)[arm] = sum;
    state.block(PULLS_AT)[arm]++;
    state.block(LEARNED_AT)[0]++;
    state.setSteps(state.steps() + 1);
    return true;
  }

  /**
   * Changes the policy's own blocks, before {@code pulls}, {@code cost-sum} and {@code learned}
   * count the cost.
   *
   * @return false where they would not have been finite; nothing has changed then
   */
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    return model.take(state, arm, pending, cost, workspace);
  }

  @Override
  public final void start(
      LearnerState state, int arm, ArmStart start, PolicyRequest request, Workspace workspace) {
    purge(state, arm);
    state.block(PRESENT_AT)[arm] = 1;
    double share = start.from() < 0 ? 0 : start.share(pulls(state, start.from()));
    for (Blocks.PerArm b : perArm) {
      double[] block = state.block(b.index());
      for (int i = 0; i < b.stride() && b.start() != Blocks.Start.OWN; i++) {
        int to = arm * b.stride() + i;
        if (b.start() == Blocks.Start.LEVEL) {
          block[to] = level(block, b.stride(), i, start, request);
        } else if (start.from() >= 0) {
          block[to] = share * block[start.from() * b.stride() + i];
        }
      }
    }
    if (start.from() < 0 && !Double.isNaN(start.meanCost())) {
      state.block(PULLS_AT)[arm] = start.cap();
      state.block(COST_SUM_AT)[arm] = start.cap() * start.meanCost();
    }
    startOwn(state, arm, start, share, workspace);
  }

  private static double level(
      double[] block, int stride, int i, ArmStart start, PolicyRequest request) {
    if (start.from() >= 0) {
      return block[start.from() * stride + i];
    }
    double sum = 0;
    for (int k = 0; k < request.count(); k++) {
      sum += block[request.eligible()[k] * stride + i];
    }
    return request.count() == 0 ? 0 : sum / request.count();
  }

  /**
   * Starts what the policy starts itself: blocks of {@link Blocks.Start#OWN}, zeros now, and what a
   * mean cost that was given says.
   *
   * @param share of the other arm's statistics; 0 without another arm
   */
  protected void startOwn(
      LearnerState state, int arm, ArmStart start, double share, Workspace workspace) {
    if (model != null) {
      model.start(state, arm, start, share, workspace);
    }
  }

  @Override
  public final void purge(LearnerState state, int arm) {
    for (Blocks.PerArm b : perArm) {
      Arrays.fill(state.block(b.index()), arm * b.stride(), (arm + 1) * b.stride(), 0);
    }
    purgeOwn(state, arm);
  }

  /** Takes away what lies outside of the blocks of arms. */
  protected void purgeOwn(LearnerState state, int arm) {
    if (model != null) {
      model.purge(state, arm);
    }
  }

  @Override
  public final List<Hyper> hyperparameters() {
    return spec().hypers().stream().filter(h -> !h.structural()).toList();
  }

  @Override
  public final Map<String, Double> values() {
    return settings.values().asMap();
  }

  @Override
  public final Policy with(Map<String, Double> changed) {
    List<String> faults = new ArrayList<>();
    for (Hyper h : spec().hypers()) {
      if (h.structural() && changed.containsKey(h.name())) {
        faults.add(
            spec().id()
                + "."
                + h.name()
                + ": gives the numbers of a state their meaning; start another tuner");
      }
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return spec().make().apply(settings.with(changed));
  }

  @Override
  public final double pulls(LearnerState state, int arm) {
    return state.block(PULLS_AT)[arm];
  }

  @Override
  public final double meanCost(LearnerState state, int arm) {
    return state.block(COST_SUM_AT)[arm] / state.block(PULLS_AT)[arm];
  }

  @Override
  public final double[] present(LearnerState state) {
    return state.block(PRESENT_AT);
  }

  /** How many arms there are, eligible or not. */
  protected final int arms(LearnerState state) {
    int arms = 0;
    for (double p : state.block(PRESENT_AT)) {
      arms += p != 0 ? 1 : 0;
    }
    return arms;
  }

  /** Costs learned, of all arms. */
  protected final double learned(LearnerState state) {
    return state.block(LEARNED_AT)[0];
  }

  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    out.config("policy", spec().id());
    values().forEach((name, value) -> out.config(name, Double.toString(value)));
    double[] means = new double[arms];
    for (int a = 0; a < arms; a++) {
      means[a] = meanCost(state, a);
    }
    int[] perArmShape = {arms};
    out.exact("pulls", perArmShape, Arrays.copyOf(state.block(PULLS_AT), arms));
    out.exact("mean-cost", perArmShape, means);
    if (model != null) {
      model.publish(state, arms, out);
    }
  }
}
