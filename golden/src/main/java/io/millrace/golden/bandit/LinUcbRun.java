package io.millrace.golden.bandit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.Map;

/** LinUCB with a model per arm on a table of rewards; a case is a run. A cost is minus a reward. */
public final class LinUcbRun implements GoldenKind {
  @Override
  public String id() {
    return "linucb";
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
    JsonNode contexts = Fields.array(inputs, "contexts");
    int rounds = contexts.size();
    double[] context = Fields.flat("contexts", contexts);
    int k = rounds == 0 ? 0 : context.length / rounds;
    if (k == 0 || k > 1000 || k * rounds != context.length) {
      throw new MalformedGolden(context.length + " numbers of context for " + rounds + " rounds");
    }
    double[] rewards = Fields.flat("rewards", Fields.array(inputs, "rewards"), rounds * arms);
    JsonNode table = Fields.array(expected, "rounds", rounds);
    PolicyReplay replay =
        new PolicyReplay(
            "linucb",
            new PolicyShape(arms, k, 0),
            arms,
            Map.of(
                "alpha", Fields.number(inputs, "alpha"), "ridge", Fields.number(inputs, "ridge")));
    ListedNumbers none = new ListedNumbers();
    for (int t = 0; t < rounds; t++) {
      JsonNode round = table.get(t);
      String where = "round " + (t + 1);
      tally.exact(where + ".t", Fields.integer(round, "t"), (long) (t + 1));
      System.arraycopy(context, t * k, replay.request.context(), 0, k);
      replay.decide(none);
      tally.compare(
          where + ".index",
          Fields.flat("index", Fields.array(round, "index")),
          replay.decision.scores());
      tally.exact(where + ".arm", Fields.integer(round, "arm"), (long) replay.arm());
      double reward = rewards[t * arms + replay.arm()];
      tally.compare(where + ".reward", Fields.number(round, "reward"), reward);
      replay.learn(-reward);
    }
    PublishedTensors tensors = replay.published(arms);
    tally.compare("A", Fields.flat("A", Fields.array(expected, "A")), tensors.get("gram"));
    tally.compare("b", Fields.flat("b", Fields.array(expected, "b")), tensors.get("moment"));
  }
}
