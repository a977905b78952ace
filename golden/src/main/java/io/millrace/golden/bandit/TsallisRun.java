package io.millrace.golden.bandit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.Map;

/** Tsallis-INF on a table of losses, scaled and unscaled; a case is a run. */
public final class TsallisRun implements GoldenKind {
  @Override
  public String id() {
    return "tsallis_inf";
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
    int arms = Fields.integer(inputs, "arms", 1, PolicyReplay.MOST);
    int rounds = Fields.integer(inputs, "rounds", 1, PolicyReplay.MOST);
    boolean scaled = Fields.flag(inputs, "scaled");
    double[] uniforms = Fields.flat("uniforms", Fields.array(inputs, "uniforms", rounds));
    double[] losses = Fields.flat("loss_table", inputs.get("loss_table"), rounds * arms);
    JsonNode table = Fields.array(expected, "rounds", rounds);
    // Scaled losses are counts of iterations: the least is 1.
    PolicyReplay replay =
        new PolicyReplay(
            "tsallis_inf",
            new PolicyShape(arms, 0, 0),
            arms,
            scaled ? Map.of("cost-low", 1.0) : Map.of("scaled", 0.0));
    ListedNumbers draws = new ListedNumbers();
    for (int t = 0; t < rounds; t++) {
      JsonNode round = table.get(t);
      String where = "round " + (t + 1);
      tally.exact(where + ".t", Fields.integer(round, "t"), (long) (t + 1));
      replay.decide(draws.of(uniforms[t]));
      double loss = losses[t * arms + replay.arm()];
      tally.exact(where + ".arm", Fields.integer(round, "arm"), (long) replay.arm());
      tally.compare(where + ".loss", Fields.number(round, "loss"), loss);
      double[] p = replay.decision.probabilities().clone();
      replay.learn(loss);
      // Of a long run the numbers of some rounds are listed, the arms of all.
      if (Fields.given(round, "p")) {
        tally.compare(where + ".p", flat(round, "p", arms), p);
        tally.compare(where + ".eta", Fields.number(round, "eta"), 2 / Math.sqrt(t + 1));
        tally.compare(
            where + ".cumulative_estimate",
            flat(round, "cumulative_estimate", arms),
            replay.published(arms).get("loss-estimate"));
        tally.compare(where + ".scale", Fields.number(round, "scale"), replay.figure("scale"));
      }
    }
  }

  private static double[] flat(JsonNode round, String field, int length) {
    return Fields.flat(field, Fields.array(round, field), length);
  }
}
