package io.millrace.golden.bandit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.HashMap;
import java.util.Map;

/**
 * A run of any policy: {@code "kind": "policy_run"}. A case has under {@code inputs} the {@code
 * policy}, its {@code values}, the sizes {@code arms}, {@code context} and {@code features}, the
 * {@code arm_values}, and for every round the {@code costs} of all arms, {@code uniforms}, {@code
 * normals}, {@code contexts}, {@code arm_features} and the {@code eligible} arms, where there are
 * any; and under {@code expected} for every round {@code arm}, {@code p} and, where the file says
 * so, {@code scores} of the eligible arms.
 */
public final class PolicyRun implements GoldenKind {
  private static final double[] NONE = {};

  @Override
  public String id() {
    return "policy_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
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
    PolicyShape shape =
        new PolicyShape(
            arms,
            Fields.integer(inputs, "context", 0, 1000),
            Fields.integer(inputs, "features", 0, 1000));
    Map<String, Double> values = new HashMap<>();
    Fields.object(inputs, "values")
        .properties()
        .forEach(e -> values.put(e.getKey(), Fields.number(e.getKey(), e.getValue())));
    PolicyReplay replay = new PolicyReplay(Fields.text(inputs, "policy"), shape, arms, values);
    JsonNode costs = Fields.array(inputs, "costs");
    JsonNode table = Fields.array(expected, "rounds", costs.size());
    if (Fields.given(inputs, "arm_values")) {
      put(Fields.array(inputs, "arm_values"), "arm_values", replay.request.values());
    }
    ListedNumbers draws = new ListedNumbers();
    for (int t = 0; t < costs.size(); t++) {
      request(inputs, t, replay);
      replay.decide(draws.of(listed(inputs, "uniforms", t), listed(inputs, "normals", t)));
      compare("round " + (t + 1), table.get(t), replay, tally);
      replay.learn(Fields.flat("costs", costs.get(t), arms)[replay.arm()]);
    }
  }

  private static void request(JsonNode inputs, int t, PolicyReplay replay) {
    PolicyShape shape = replay.policy.shape();
    if (shape.contextLength() > 0) {
      put(round(inputs, "contexts", t), "contexts", replay.request.context());
    }
    if (shape.featureLength() > 0) {
      put(round(inputs, "arm_features", t), "arm_features", replay.request.features());
    }
    if (Fields.given(inputs, "eligible")) {
      int[] eligible =
          Fields.integers("eligible", round(inputs, "eligible", t), 0, shape.maxArms() - 1);
      if (eligible.length > shape.maxArms()) {
        throw new MalformedGolden(eligible.length + " eligible arms");
      }
      replay.request.setEligible(eligible, eligible.length);
    }
  }

  private static JsonNode round(JsonNode inputs, String field, int t) {
    JsonNode v = Fields.array(inputs, field).get(t);
    if (v == null) {
      throw new MalformedGolden("field '" + field + "' ends before round " + (t + 1));
    }
    return v;
  }

  private static double[] listed(JsonNode inputs, String field, int t) {
    return Fields.given(inputs, field) ? Fields.flat(field, round(inputs, field, t)) : NONE;
  }

  private static void put(JsonNode from, String field, double[] into) {
    System.arraycopy(Fields.flat(field, from, into.length), 0, into, 0, into.length);
  }

  private static void compare(String where, JsonNode round, PolicyReplay replay, Tally tally) {
    tally.exact(where + ".arm", Fields.integer(round, "arm"), (long) replay.arm());
    tally.compare(
        where + ".p", Fields.flat("p", Fields.array(round, "p")), replay.decision.probabilities());
    if (Fields.given(round, "scores")) {
      double[] expected = Fields.flat("scores", Fields.array(round, "scores"));
      int n = replay.request.count();
      tally.exact(where + ".scores.length", n, expected.length);
      for (int i = 0; i < Math.min(n, expected.length); i++) {
        int a = replay.request.eligible()[i];
        tally.compare(where + ".scores[" + i + "]", expected[i], replay.decision.scores()[a]);
      }
    }
  }
}
