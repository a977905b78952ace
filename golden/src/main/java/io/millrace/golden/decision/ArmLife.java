package io.millrace.golden.decision;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.ArmStart;
import io.millrace.core.bandit.Policy;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.core.bandit.catalog.Policies;
import io.millrace.core.compute.Workspace;
import io.millrace.core.decision.ArmRoster;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Arms that come and go, with their statistics: a roster, and the state of unscaled Tsallis-INF,
 * which has all the numbers that the file lists. The file chooses arms by an index of its own.
 */
final class ArmLife {
  private static final String INDEX =
      "argmax over eligible arms of s/n + 0.5/sqrt(n), infinite at n=0, ties to the earlier added"
          + " arm";

  private static final int MOST = 1000;

  private final JsonNode inputs;
  private final Policy policy =
      Policies.configure("tsallis_inf", new PolicyShape(MOST, 0, 0), Map.of("scaled", 0.0));
  private final LearnerState state = new LearnerState(policy.schema());
  private final ArmRoster roster = new ArmRoster(MOST);
  private final Workspace workspace = new Workspace();
  private final Set<String> seen = new HashSet<>();
  private final Map<String, Double> rewards = new HashMap<>();

  ArmLife(JsonNode inputs) {
    this.inputs = inputs;
    if (!Fields.text(inputs, "index").equals(INDEX)) {
      throw new UnsupportedGolden("index = " + inputs.get("index"));
    }
    Fields.object(inputs, "reward_of_arm")
        .properties()
        .forEach(e -> rewards.put(e.getKey(), Fields.number("reward", e.getValue())));
    Fields.text(inputs, "loss_estimate"); // in words, as Tsallis-INF has it at probability 1
    JsonNode first = Fields.array(inputs, "start");
    if (first.size() > MOST) {
      throw new MalformedGolden("start has " + first.size() + " arms, at most " + MOST);
    }
    first.forEach(arm -> roster.add(arm.asText()));
    policy.initialize(state, roster.count());
  }

  private void start(String id, ArmStart start) {
    PolicyRequest there = new PolicyRequest(policy.shape());
    int[] eligible = new int[MOST];
    there.setEligible(eligible, roster.eligible(eligible));
    policy.start(state, roster.add(id), start, there, workspace);
  }

  void run(JsonNode expected, Tally tally) {
    JsonNode operations = Fields.array(inputs, "operations");
    JsonNode rows = Fields.array(expected, "rows", operations.size());
    for (int i = 0; i < operations.size(); i++) {
      carryOut(operations.get(i));
      tally.exact(
          "rows[" + i + "].op",
          Fields.text(rows.get(i), "op"),
          Fields.text(operations.get(i), "op"));
      compare("rows[" + i + "]", Fields.array(rows.get(i), "arms"), tally);
    }
  }

  private void carryOut(JsonNode operation) {
    String op = Fields.text(operation, "op");
    if (Fields.given(operation, "event") && !seen.add(Fields.text(operation, "event"))) {
      // An order is carried out once; the others of its fields are not looked at.
      operation.properties();
      return;
    }
    switch (op) {
      case "decide" -> {
        int count = Fields.integer(operation, "count", 0, MOST);
        for (int i = 0; i < count; i++) {
          decide();
        }
      }
      case "add" -> add(Fields.text(operation, "id"), operation);
      case "remove" -> roster.remove(known(operation));
      case "purge" -> policy.purge(state, roster.purge(known(operation)));
      case "late" -> {
        int arm = roster.indexOf(Fields.text(operation, "id"));
        double cost = 1 - Fields.number(operation, "reward");
        if (arm >= 0) {
          ArmsRun.learn(policy, state, arm, 1, cost, workspace);
        }
      }
      default -> throw new UnsupportedGolden("no operation '" + op + "'");
    }
  }

  private String known(JsonNode operation) {
    String id = Fields.text(operation, "id");
    if (roster.indexOf(id) < 0) {
      throw new MalformedGolden("there is no arm '" + id + "'");
    }
    return id;
  }

  private void add(String id, JsonNode operation) {
    if (roster.indexOf(id) >= 0) {
      roster.add(id);
      return;
    }
    if (roster.count() == MOST) {
      throw new MalformedGolden("more than " + MOST + " arms");
    }
    double cap = Fields.numberOr(operation, "cap", ArmStart.DEFAULT_CAP);
    if (cap < 0) {
      throw new MalformedGolden("cap = " + cap);
    }
    if (Fields.given(operation, "warm_from")) {
      int from = roster.indexOf(Fields.text(operation, "warm_from"));
      if (from < 0) {
        throw new MalformedGolden("there is no arm " + operation.get("warm_from"));
      }
      start(id, ArmStart.from(from, cap));
    } else if (Fields.given(operation, "prior_mean")) {
      start(id, ArmStart.prior(1 - Fields.number(operation, "prior_mean"), cap));
    } else {
      start(id, ArmStart.fresh());
    }
  }

  private void decide() {
    int[] eligible = new int[MOST];
    int count = roster.eligible(eligible);
    int best = -1;
    double greatest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < count; i++) {
      int arm = eligible[i];
      double n = policy.pulls(state, arm);
      double index =
          n == 0 ? Double.POSITIVE_INFINITY : 1 - policy.meanCost(state, arm) + 0.5 / Math.sqrt(n);
      if (index > greatest) {
        greatest = index;
        best = arm;
      }
    }
    if (best < 0) {
      throw new MalformedGolden("no arm is eligible");
    }
    Double reward = rewards.get(roster.name(best));
    if (reward == null) {
      throw new MalformedGolden("arm '" + roster.name(best) + "' has no reward");
    }
    ArmsRun.learn(policy, state, best, 1, 1 - reward, workspace);
  }

  private void compare(String where, JsonNode arms, Tally tally) {
    int i = 0;
    for (int arm = 0; arm < roster.count(); arm++) {
      if (roster.isPurged(arm)) {
        continue;
      }
      if (i == arms.size()) {
        throw new MalformedGolden(where + " has " + i + " arms; there are more");
      }
      JsonNode row = arms.get(i);
      String at = where + ".arms[" + i + "]";
      i++;
      double n = policy.pulls(state, arm);
      double cost = n == 0 ? 0 : policy.meanCost(state, arm) * n;
      tally.exact(at + ".id", Fields.text(row, "id"), roster.name(arm));
      tally.exact(at + ".eligible", Fields.flag(row, "eligible"), roster.isEligible(arm));
      tally.compare(at + ".n", Fields.number(row, "n"), n);
      tally.compare(at + ".s", Fields.number(row, "s"), n - cost);
      tally.compare(at + ".k", Fields.number(row, "k"), state.block("loss-estimate")[arm]);
    }
    if (i < arms.size()) {
      throw new MalformedGolden(where + " has " + arms.size() + " arms; there are " + i);
    }
  }
}
