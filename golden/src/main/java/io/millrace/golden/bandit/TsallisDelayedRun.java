package io.millrace.golden.bandit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Tsallis-INF with losses that come late: that of round s with a delay h is learned before round
 * {@code s + 1 + h}, several in the order of their rounds.
 */
public final class TsallisDelayedRun implements GoldenKind {
  @Override
  public String id() {
    return "tsallis_inf_delayed";
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
    int maxDelay = Fields.integer(inputs, "max_delay", 0, PolicyReplay.MOST);
    double[] uniforms = Fields.flat("uniforms", Fields.array(inputs, "uniforms"));
    int rounds = uniforms.length;
    double[] losses = Fields.flat("losses", Fields.array(inputs, "losses"), rounds * arms);
    int[] delays = Fields.integers("delays", Fields.array(inputs, "delays", rounds), 0, maxDelay);
    JsonNode table = Fields.array(expected, "rounds", rounds);
    PolicyReplay replay =
        new PolicyReplay(
            "tsallis_inf",
            new PolicyShape(arms, 0, 0),
            arms,
            Map.of("scaled", 0.0, "max-delay", (double) maxDelay));
    ListedNumbers draws = new ListedNumbers();
    int[] played = new int[rounds];
    for (int t = 0; t < rounds; t++) {
      int now = t;
      int[] due = IntStream.range(0, t).filter(s -> s + 1 + delays[s] == now).toArray();
      for (int s : due) {
        replay.learn(s, losses[s * arms + played[s]]);
      }
      JsonNode round = table.get(t);
      String where = "round " + (t + 1);
      tally.exact(where + ".t", Fields.integer(round, "t"), (long) (t + 1));
      tally.exact(
          where + ".applied",
          Arrays.toString(
              Fields.integers("applied", Fields.array(round, "applied"), 1, PolicyReplay.MOST)),
          Arrays.toString(Arrays.stream(due).map(s -> s + 1).toArray()));
      replay.decide(draws.of(uniforms[t]));
      played[t] = replay.arm();
      tally.compare(
          where + ".p",
          Fields.flat("p", Fields.array(round, "p"), arms),
          replay.decision.probabilities());
      tally.exact(where + ".arm", Fields.integer(round, "arm"), (long) replay.arm());
    }
  }
}
