package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.bayes.AdPredictor;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.List;
import java.util.Map;

/**
 * AdPredictor: its functions v and w, and streams with some probabilities and the weights after the
 * first events and at the end. The bias is the feature -1.
 */
public final class AdPredictorRun implements GoldenKind {
  private static final int WIDTH = 64;
  private static final int FIRST = 3;

  private static final List<String[]> HYPERS =
      List.of(
          new String[] {"beta", "beta"},
          new String[] {"var", "prior-variance"},
          new String[] {"eps", "eps"},
          new String[] {"bias", "prior-bias"});

  @Override
  public String id() {
    return "adpredictor";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    RowStream.Named streams = new RowStream.Named();
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      if (Fields.given(inputs, "function")) {
        functions(inputs, expected, tally);
      } else {
        run(inputs, expected, streams, tally);
      }
    }
  }

  private static void functions(JsonNode inputs, JsonNode expected, Tally tally) {
    tally.exact("function", "v_w", Fields.text(inputs, "function"));
    double[] t = RowStream.matrix(inputs, "t");
    double[] v = Fields.flat("v", Fields.array(expected, "v"), t.length);
    double[] w = Fields.flat("w", Fields.array(expected, "w"), t.length);
    for (int i = 0; i < t.length; i++) {
      double found = AdPredictor.v(t[i]);
      tally.compare("v(" + t[i] + ")", v[i], found);
      tally.compare("w(" + t[i] + ")", w[i], AdPredictor.w(t[i], found));
    }
  }

  private static void run(
      JsonNode inputs, JsonNode expected, RowStream.Named streams, Tally tally) {
    String name = Fields.text(inputs, "case");
    RowStream stream = streams.of(inputs, name, true);
    OnlineLearner learner =
        Learners.make(
            LearnerSetup.of("adpredictor", RowStream.input(true, WIDTH, 2))
                .withHyperparameters(
                    RowStream.hypers(Fields.object(inputs, "parameters"), HYPERS)));
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, name);
    Rows rows = learner.newRows();
    Outcome outcome = new Outcome();
    Workspace workspace = new Workspace();
    Map<Integer, JsonNode> listed =
        stream.listed(expected, "probabilities", t -> t % 5 == 0, tally);
    JsonNode first = Fields.array(expected, "after_first_3", FIRST);
    for (int t = 0; t < stream.size(); t++) {
      stream.load(t, rows);
      learner.learnOne(rows, state, name, outcome, workspace);
      if (listed.containsKey(t)) {
        double p = Fields.number("probability", listed.get(t).get(1));
        tally.compare(name + " event " + t, p, outcome.scores[0]);
      }
      if (t < FIRST) {
        weights(name + " after event " + t, first.get(t), state, tally);
      }
    }
    weights(name + " final", Fields.array(expected, "final"), state, tally);
  }

  private static void weights(String where, JsonNode entries, LearnerState state, Tally tally) {
    for (JsonNode entry : entries) {
      double[] e = Fields.flat(where, entry, 3);
      int j = e[0] < 0 ? WIDTH : (int) e[0];
      tally.compare(where + " mean of " + e[0], e[1], state.block("mean")[j]);
      tally.compare(where + " variance of " + e[0], e[2], state.block("variance")[j]);
    }
  }
}
