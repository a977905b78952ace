package io.millrace.golden.bandit;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bandit.PolicyShape;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;
import java.util.Map;

/** ChebCB on a table of losses with a context per round; a case is a run. */
public final class ChebCbRun implements GoldenKind {
  @Override
  public String id() {
    return "chebcb";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("name").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      new Case(Fields.object(c, "inputs"), Fields.object(c, "expected"), tally).run();
    }
  }

  /** One run. */
  private static final class Case {
    private final Tally tally;
    private final int arms;
    private final int m;
    private final double[] contexts;
    private final double[] uniforms;
    private final double[] losses;
    private final JsonNode table;
    private final long boxSolves;
    private final double low;
    private final double high;
    private final PolicyReplay replay;

    /** Rounds after which the fit of the arm played lies on the box. */
    private long boxRounds;

    Case(JsonNode inputs, JsonNode expected, Tally tally) {
      this.tally = tally;
      arms = Fields.integer(inputs, "arms", 1, 1000);
      m = Fields.integer(inputs, "m", 1, 32);
      contexts = Fields.flat("contexts", Fields.array(inputs, "contexts"));
      int rounds = contexts.length;
      uniforms = Fields.flat("uniforms", Fields.array(inputs, "uniforms"), rounds);
      losses = Fields.flat("loss_table", Fields.array(inputs, "loss_table"), rounds * arms);
      table = Fields.array(expected, "rounds", rounds);
      boxSolves = Fields.integer(expected, "box_active_solves");
      low = Fields.number(inputs, "a");
      high = Fields.number(inputs, "b");
      replay =
          new PolicyReplay(
              "chebcb",
              new PolicyShape(arms, 1, 0),
              arms,
              Map.of(
                  "terms", (double) m, "context-low", low, "context-high", high, "cost-low", 1.0));
    }

    void run() {
      ListedNumbers draws = new ListedNumbers();
      for (int t = 0; t < contexts.length; t++) {
        if (!(contexts[t] >= low && contexts[t] <= high)) {
          throw new MalformedGolden("context " + contexts[t] + "; must lie between a and b");
        }
        JsonNode round = table.get(t);
        String where = "round " + (t + 1);
        tally.exact(where + ".t", Fields.integer(round, "t"), (long) (t + 1));
        replay.request.context()[0] = contexts[t];
        replay.decide(draws.of(uniforms[t]));
        double loss = losses[t * arms + replay.arm()];
        decision(where, round, loss);
        replay.learn(loss);
        learned(where, round);
      }
      tally.exact("box_active_solves", boxSolves, boxRounds);
    }

    private void decision(String where, JsonNode round, double loss) {
      double[] predicted = replay.decision.scores().clone();
      Arrays.setAll(predicted, a -> -predicted[a]);
      double z = 2 * (contexts[(int) Fields.integer(round, "t") - 1] - low) / (high - low) - 1;
      double[] features = new double[m];
      Arrays.setAll(features, j -> StrictMath.cos(j * StrictMath.acos(z)));
      // Of a long run some rounds are listed in full.
      if (Fields.given(round, "p")) {
        compare(where, round, "features", features);
        compare(where, round, "predicted", predicted);
        compare(where, round, "p", replay.decision.probabilities());
      }
      tally.exact(where + ".arm", Fields.integer(round, "arm"), (long) replay.arm());
      tally.compare(where + ".loss", Fields.number(round, "loss"), loss);
    }

    private void learned(String where, JsonNode round) {
      figure(where, round, "scale", "scale");
      figure(where, round, "R", "predictionError");
      figure(where, round, "eta_next", "eta");
      PublishedTensors tensors = replay.published(arms);
      double[] theta = tensors.get("theta");
      double[] box = tensors.get("box");
      double[] row = Arrays.copyOfRange(theta, replay.arm() * m, (replay.arm() + 1) * m);
      boolean cut = false;
      for (int j = 0; j < m; j++) {
        cut |= Math.abs(row[j]) >= box[j];
      }
      boxRounds += cut ? 1 : 0;
      if (Fields.given(round, "p")) {
        figure(where, round, "K", "costMax");
        figure(where, round, "L", "lipschitz");
        figure(where, round, "N", "boxFactor");
        figure(where, round, "alpha", "alpha");
        compare(where, round, "box", box);
        compare(where, round, "theta_row_of_arm", row);
        compare(where, round, "theta", theta);
      }
    }

    private void figure(String where, JsonNode round, String field, String figure) {
      tally.compare(where + "." + field, Fields.number(round, field), replay.figure(figure));
    }

    private void compare(String where, JsonNode round, String field, double[] actual) {
      tally.compare(where + "." + field, Fields.flat(field, Fields.array(round, field)), actual);
    }
  }
}
