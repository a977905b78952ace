package io.millrace.golden.decision;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyDecision;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.bandit.contextual.InverseGap;
import io.millrace.core.compute.Workspace;
import io.millrace.core.decision.ApprenticeExit;
import io.millrace.core.decision.ExplorationSchedule;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Columns;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * What happens around a policy: an apprentice that may leave, exploration that is changed by
 * orders, requests with some arms only, arms that come and go. A case is one of these.
 */
public final class ArmsRun implements GoldenKind {
  private static final int MOST = 1000;

  /** Nothing is drawn: a file lists its uniforms. */
  private static final PhiloxDraws NO_DRAWS = new PhiloxDraws(0, "");

  @Override
  public String id() {
    return "arms_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      String rule = Fields.text(inputs, "rule");
      switch (rule) {
        case "apprentice" -> apprentice(inputs, expected, tally);
        case "schedule" -> schedule(inputs, expected, tally);
        case "eligible" -> eligible(inputs, expected, tally);
        case "life_cycle" -> new ArmLife(inputs).run(expected, tally);
        default -> throw new UnsupportedGolden("no rule '" + rule + "'");
      }
    }
  }

  private static void apprentice(JsonNode inputs, JsonNode expected, Tally tally) {
    ApprenticeExit rule =
        ApprenticeExit.of(
            Map.of(
                "threshold", Fields.number(inputs, "threshold"),
                "alpha", Fields.number(inputs, "alpha"),
                "min-events", Fields.number(inputs, "min_events")));
    Columns rows = new Columns(expected, "t", "match_rate", "running_lower");
    double[] b = new double[ApprenticeExit.LENGTH];
    long online = 0;
    int t = 0;
    for (int match : Fields.integers("match", Fields.array(inputs, "match"), 0, 1)) {
      t++;
      rule.take(b, 0, match == 1);
      online = online == 0 && rule.mayLeave(b, 0) ? t : online;
      rows.compare(t, tally, ApprenticeExit.share(b, 0), ApprenticeExit.lower(b, 0));
    }
    rows.end();
    tally.exact(
        "first_online",
        Fields.given(expected, "first_online") ? Fields.integer(expected, "first_online") : 0L,
        online);
  }

  private static Policy policy(String id, int arms, Map<String, Double> values) {
    return Policies.configure(id, new PolicyShape(arms, 0, 0), values);
  }

  private static LearnerState state(Policy policy) {
    LearnerState state = new LearnerState(policy.schema());
    policy.initialize(state, policy.shape().maxArms());
    return state;
  }

  private static void schedule(JsonNode inputs, JsonNode expected, Tally tally) {
    int arms = Fields.integer(inputs, "arms", 1, MOST);
    double[] uniforms = Fields.flat("uniforms", Fields.array(inputs, "uniforms"));
    JsonNode rewards = Fields.array(inputs, "rewards", uniforms.length);
    JsonNode control = Fields.array(inputs, "control");
    Policy policy = policy("epsilon_greedy", arms, Map.of());
    LearnerState state = state(policy);
    PolicyRequest request = new PolicyRequest(policy.shape());
    request.setAllEligible(arms);
    PolicyDecision decision = new PolicyDecision(policy.shape());
    Workspace workspace = new Workspace();
    Columns rows = new Columns(expected, "decision", "version", "eps", "arm", "propensity");
    double[] inForce = new double[ExplorationSchedule.LENGTH];
    ExplorationSchedule schedule = ExplorationSchedule.constant(0);
    double[] sums = new double[arms];
    int order = 0;
    for (int t = 0; t < uniforms.length; t++) {
      for (; order < control.size() && before(control.get(order)) == t; order++) {
        JsonNode next = Fields.object(control.get(order), "schedule");
        if (ExplorationSchedule.takeEffect(inForce, 0, Fields.integer(next, "version"), t)) {
          schedule = schedule(next);
        } else {
          schedule(next); // its fields are read, and it is not in force
        }
      }
      double eps = schedule.epsilon(inForce, 0, t);
      request.setExploration(eps);
      policy.probabilities(request, state, NO_DRAWS, decision, workspace);
      int arm = PolicyDecision.draw(uniforms[t], decision.probabilities());
      double p = decision.probabilities()[arm];
      rows.compare(t, tally, ExplorationSchedule.version(inForce, 0), eps, arm, p);
      double reward = Fields.flat("rewards[" + t + "]", rewards.get(t), arms)[arm];
      learn(policy, state, arm, p, 1 - reward, workspace);
      sums[arm] += reward;
    }
    rows.end();
    if (order < control.size()) {
      throw new MalformedGolden("control[" + order + "] is out of order, or of no decision");
    }
    double[] pulls = new double[arms];
    Arrays.setAll(pulls, a -> policy.pulls(state, a));
    tally.compare("pulls", Fields.flat("pulls", Fields.array(expected, "pulls")), pulls);
    tally.compare(
        "reward_sums", Fields.flat("reward_sums", Fields.array(expected, "reward_sums")), sums);
  }

  private static int before(JsonNode order) {
    return Fields.integer(order, "before_decision", 0, Integer.MAX_VALUE);
  }

  private static ExplorationSchedule schedule(JsonNode s) {
    String kind = Fields.text(s, "kind");
    switch (kind) {
      case "constant":
        return ExplorationSchedule.constant(Fields.number(s, "eps"));
      case "inverse_sqrt":
      case "exponential":
        return ExplorationSchedule.of(
            ExplorationSchedule.Kind.valueOf(kind.toUpperCase(Locale.ROOT)),
            Fields.number(s, "eps"),
            Fields.number(s, "scale"),
            Fields.number(s, "floor"));
      case "steps":
        JsonNode steps = Fields.array(s, "steps");
        double[] from = new double[steps.size()];
        double[] eps = new double[steps.size()];
        for (int i = 0; i < from.length; i++) {
          double[] step = Fields.flat("steps[" + i + "]", steps.get(i), 2);
          from[i] = step[0];
          eps[i] = step[1];
        }
        return ExplorationSchedule.steps(from, eps);
      default:
        throw new UnsupportedGolden("no schedule '" + kind + "'");
    }
  }

  /** Learns a cost of a policy that keeps nothing from its decisions. */
  static void learn(
      Policy policy,
      LearnerState state,
      int arm,
      double probability,
      double cost,
      Workspace workspace) {
    String fault = policy.costs().fault(cost);
    if (fault != null) {
      throw new MalformedGolden(fault);
    }
    if (!policy.learn(state, arm, probability, new double[0], cost, workspace)) {
      throw new MalformedGolden("cost " + cost + " overflows");
    }
  }

  private static void eligible(JsonNode inputs, JsonNode expected, Tally tally) {
    double[] k = Fields.flat("k", Fields.array(inputs, "k"));
    int arms = k.length;
    double[] w = Fields.flat("w", Fields.array(inputs, "w"), arms);
    double[] y =
        Fields.flat("yhat_cost_and_mean", Fields.array(inputs, "yhat_cost_and_mean"), arms);
    Policy tsallis = policy("tsallis_inf", arms, Map.of("scaled", 0.0));
    LearnerState estimates = state(tsallis);
    System.arraycopy(k, 0, estimates.block("loss-estimate"), 0, arms);
    Policy weights = policy("exp3_ix", arms, Map.of());
    LearnerState weighted = state(weights);
    System.arraycopy(w, 0, weighted.block("weight"), 0, arms);
    Policy greedy = policy("epsilon_greedy", arms, Map.of("epsilon", Fields.number(inputs, "eps")));
    LearnerState means = state(greedy);
    double[] scores = new double[arms];
    for (int a = 0; a < arms; a++) {
      scores[a] = -y[a];
      learn(greedy, means, a, 1, 1 - y[a], new Workspace());
    }
    PolicyRequest request = new PolicyRequest(tsallis.shape());
    request.setRound(Fields.integer(inputs, "t"));
    double eta = Fields.number(inputs, "igw_gamma");
    for (JsonNode row : Fields.array(expected, "rows")) {
      int[] given = Fields.integers("eligible", Fields.array(row, "eligible"), 0, arms - 1);
      int[] ascending = Arrays.stream(given).sorted().distinct().toArray();
      if (given.length == 0 || ascending.length < given.length) {
        throw new MalformedGolden("eligible = " + Arrays.toString(given));
      }
      request.setEligible(ascending, ascending.length);
      compare(row, "tsallis_inf", probabilities(tsallis, request, estimates), tally);
      compare(row, "exp3_softmax", probabilities(weights, request, weighted), tally);
      compare(row, "epsilon_greedy", probabilities(greedy, request, means), tally);
      double[] inverseGap = new double[arms];
      InverseGap.distribute(request, scores, eta, inverseGap);
      compare(row, "igw", inverseGap, tally);
    }
  }

  private static double[] probabilities(Policy policy, PolicyRequest request, LearnerState state) {
    String fault = policy.unfit(request);
    if (fault != null) {
      throw new MalformedGolden(fault);
    }
    PolicyDecision out = new PolicyDecision(policy.shape());
    policy.probabilities(request, state, NO_DRAWS, out, new Workspace());
    return out.probabilities();
  }

  private static void compare(JsonNode row, String field, double[] actual, Tally tally) {
    tally.compare(field, Fields.flat(field, Fields.array(row, field)), actual);
  }
}
