package io.millrace.golden.bandit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.HashMap;
import java.util.Map;

/**
 * Policies without a context on one table of rewards in [0, 1]; a case is a run of one policy. A
 * cost is 1 minus a reward.
 */
public final class ClassicPolicies implements GoldenKind {
  /** Names that the file has for hyperparameters, and their own. */
  private static final Map<String, String> HYPERS =
      Map.of(
          "epsilon", "epsilon",
          "gamma", "gamma",
          "eta", "eta",
          "gamma_ix", "gamma",
          "alpha", "alpha",
          "xi", "xi",
          "window", "window");

  @Override
  public String id() {
    return "classic_policies";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("name").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(Fields.object(c, "inputs"), Fields.object(c, "expected"), tally);
    }
  }

  private static void run(JsonNode inputs, JsonNode expected, Tally tally) {
    int arms = Fields.integer(inputs, "arms", 1, 1000);
    int rounds = Fields.integer(inputs, "rounds", 1, PolicyReplay.MOST);
    String policy = Fields.text(inputs, "policy");
    double[] rewards = Fields.flat("rewards", Fields.array(inputs, "rewards"), rounds * arms);
    JsonNode uniforms = Fields.array(inputs, "uniforms", rounds);
    JsonNode normals = Fields.array(inputs, "normals", rounds);
    JsonNode table = Fields.array(expected, "rounds", rounds);
    PolicyReplay replay =
        new PolicyReplay(policy, new PolicyShape(arms, 0, 0), arms, values(inputs));
    ListedNumbers draws = new ListedNumbers();
    for (int t = 0; t < rounds; t++) {
      JsonNode round = table.get(t);
      String where = policy + ", round " + (t + 1);
      tally.exact(where + ".t", Fields.integer(round, "t"), (long) (t + 1));
      double[] u = Fields.flat("uniforms", uniforms.get(t));
      replay.decide(draws.of(u, Fields.flat("normals", normals.get(t))));
      compare(where, round, "p", replay.decision.probabilities(), tally);
      compare(where, round, "index", replay.decision.scores(), tally);
      compare(where, round, "sample", replay.decision.scores(), tally);
      if (Fields.given(round, "explored")) {
        boolean explored = u[0] < replay.policy.values().get("epsilon");
        tally.exact(where + ".explored", Fields.flag(round, "explored"), explored);
      }
      tally.exact(where + ".arm", Fields.integer(round, "arm"), (long) replay.arm());
      double reward = rewards[t * arms + replay.arm()];
      tally.compare(where + ".reward", Fields.number(round, "reward"), reward);
      replay.learn(1 - reward);
    }
    totals(policy, arms, replay, expected, tally);
  }

  private static Map<String, Double> values(JsonNode inputs) {
    Map<String, Double> values = new HashMap<>();
    JsonNode params = Fields.object(inputs, "params");
    for (Map.Entry<String, JsonNode> p : params.properties()) {
      String hyper = HYPERS.get(p.getKey());
      if (hyper != null) {
        values.put(hyper, Fields.number(p.getKey(), p.getValue()));
      } else if (p.getKey().equals("B")) {
        if (Fields.number("B", p.getValue()) != 1) {
          throw new UnsupportedGolden("B = " + p.getValue() + "; rewards lie in [0, 1]: B is 1");
        }
      } else if (!p.getValue().isTextual()) {
        throw new UnsupportedGolden("no hyperparameter '" + p.getKey() + "'");
      }
    }
    return values;
  }

  private static void compare(
      String where, JsonNode round, String field, double[] actual, Tally tally) {
    if (Fields.given(round, field)) {
      tally.compare(where + "." + field, Fields.flat(field, Fields.array(round, field)), actual);
    }
  }

  private static void totals(
      String policy, int arms, PolicyReplay replay, JsonNode expected, Tally tally) {
    double[] pulls = new double[arms];
    double[] sums = new double[arms];
    for (int a = 0; a < arms; a++) {
      pulls[a] = replay.policy.pulls(replay.state, a);
      sums[a] = pulls[a] == 0 ? 0 : pulls[a] * (1 - replay.policy.meanCost(replay.state, a));
    }
    tally.compare(policy + ".pulls", Fields.flat("pulls", Fields.array(expected, "pulls")), pulls);
    tally.compare(
        policy + ".reward_sums",
        Fields.flat("reward_sums", Fields.array(expected, "reward_sums")),
        sums);
  }
}
