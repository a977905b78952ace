package io.millrace.golden.decision;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.decision.ArmMeans;
import io.millrace.core.decision.Estimator;
import io.millrace.core.decision.OffPolicy;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.Map;

/** Off-policy estimators over a log, and two halves of it merged. A case is a log. */
public final class Estimates implements GoldenKind {
  @Override
  public String id() {
    return "ope_run";
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
      run(Fields.text(inputs, "kind"), inputs, Fields.object(c, "expected"), tally);
    }
  }

  private static void run(String kind, JsonNode inputs, JsonNode expected, Tally tally) {
    OffPolicy rule =
        OffPolicy.of(
            Map.of(
                "clip", Fields.number(inputs, "clip"),
                "switch", Fields.number(inputs, "switch"),
                "shrink", Fields.number(inputs, "shrink")));
    JsonNode listed = Fields.object(inputs, "log");
    LoggedRun log = new LoggedRun(listed);
    double[][] model =
        model(kind, log, Fields.array(listed, "model"), Fields.integer(inputs, "arms", 1, 1000));
    if (kind.equals("progressive_model")) {
      progressive(log, model, tally);
    }
    JsonNode rounds = Fields.array(expected, "rounds");
    double[] all = new double[OffPolicy.LENGTH];
    double[] first = new double[OffPolicy.LENGTH];
    double[] rest = new double[OffPolicy.LENGTH];
    int next = 0;
    for (int i = 0; i < log.size(); i++) {
      take(rule, all, log, i, model[i]);
      take(rule, i < log.size() / 3 ? first : rest, log, i, model[i]);
      if (next < rounds.size() && Fields.integer(rounds.get(next), "t") == i + 1) {
        compare(kind + ".rounds[" + next + "]", rounds.get(next), all, tally);
        next++;
      }
    }
    if (next < rounds.size()) {
      throw new MalformedGolden(kind + ".rounds[" + next + "] is out of order, or of no event");
    }
    OffPolicy.merge(first, 0, rest, 0);
    compare(
        kind + ".merged_at_a_third", Fields.object(expected, "merged_at_a_third"), first, tally);
  }

  private static double[][] model(String kind, LoggedRun log, JsonNode listed, int arms) {
    if (listed.size() != log.size()) {
      throw new MalformedGolden(kind + ": 'model' has " + listed.size() + " rows");
    }
    double[][] model = new double[log.size()][];
    for (int i = 0; i < model.length; i++) {
      model[i] = Fields.flat("model[" + i + "]", listed.get(i), arms);
      if (log.target(i).length != arms) {
        throw new MalformedGolden(kind + ": " + log.target(i).length + " probabilities");
      }
    }
    return model;
  }

  /** The predictions of the file are those of the means of the arms before each event. */
  private static void progressive(LoggedRun log, double[][] model, Tally tally) {
    double[] means = new double[ArmMeans.PER_ARM * model[0].length];
    for (int i = 0; i < model.length; i++) {
      for (int a = 0; a < model[i].length; a++) {
        tally.compare("model[" + i + "][" + a + "]", model[i][a], ArmMeans.mean(means, 0, a));
      }
      ArmMeans.take(means, 0, log.action(i), log.reward(i));
    }
  }

  private static void take(OffPolicy rule, double[] b, LoggedRun log, int i, double[] model) {
    double predicted = 0;
    for (int a = 0; a < model.length; a++) {
      predicted += log.target(i)[a] * model[a];
    }
    rule.take(b, 0, log.weight(i), log.reward(i), predicted, model[log.action(i)]);
  }

  private static void compare(String where, JsonNode expected, double[] b, Tally tally) {
    tally.exact(where + ".n", Fields.integer(expected, "n"), (long) OffPolicy.count(b, 0));
    for (Estimator e : Estimator.values()) {
      compare(where, expected, e.id(), OffPolicy.value(b, 0, e), tally);
      compare(where, expected, "se_" + e.id(), OffPolicy.standardError(b, 0, e), tally);
    }
    compare(where, expected, "ess", OffPolicy.effectiveSampleSize(b, 0), tally);
    compare(where, expected, "mean_weight", OffPolicy.meanWeight(b, 0), tally);
    compare(where, expected, "max_weight", OffPolicy.maxWeight(b, 0), tally);
  }

  /** A value that is null has no meaning yet. */
  private static void compare(
      String where, JsonNode expected, String field, double actual, Tally tally) {
    if (!expected.has(field)) {
      throw new MalformedGolden(where + ": field '" + field + "' is missing");
    }
    tally.compare(
        where + "." + field,
        expected.get(field).isNull() ? Double.NaN : Fields.number(expected, field),
        actual);
  }
}
