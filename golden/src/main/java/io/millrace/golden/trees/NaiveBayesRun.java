package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
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
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.List;
import java.util.Map;

/** Naive Bayes over a stream: every class, some probabilities, and the sums at the end. */
public final class NaiveBayesRun implements GoldenKind {
  private static final List<String[]> HYPERS =
      List.of(
          new String[] {"g", "forgetting"},
          new String[] {"alpha", "alpha"},
          new String[] {"floor", "variance-floor"});

  @Override
  public String id() {
    return "naive_bayes";
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
      run(Fields.object(c, "inputs"), Fields.object(c, "expected"), streams, tally);
    }
  }

  private static void run(
      JsonNode inputs, JsonNode expected, RowStream.Named streams, Tally tally) {
    String model = Fields.text(inputs, "model");
    String name = model + " " + Fields.text(inputs, "case");
    JsonNode parameters = Fields.object(inputs, "parameters");
    if (Fields.number(parameters, "threshold") != 0) {
      throw new UnsupportedGolden("threshold = " + parameters.get("threshold") + "; none is known");
    }
    boolean counts = !model.equals("gaussian");
    int width = Fields.integer(inputs, "d", 1, 1 << 16);
    int classes = Fields.integer(inputs, "classes", 3, 10);
    RowStream stream = streams.of(inputs, counts ? "counts" : model, counts);
    OnlineLearner learner =
        Learners.make(
            LearnerSetup.of("naive-bayes", RowStream.input(counts, width, classes))
                .withWords(Map.of("distribution", model))
                .withHyperparameters(RowStream.hypers(parameters, HYPERS)));
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, name);
    Rows rows = learner.newRows();
    Outcome outcome = new Outcome();
    Workspace workspace = new Workspace();
    Map<Integer, JsonNode> listed =
        stream.listed(expected, "probabilities", t -> t < 5 || t % 10 == 0, tally);
    StringBuilder guesses = new StringBuilder();
    for (int t = 0; t < stream.size(); t++) {
      stream.load(t, rows);
      learner.learnOne(rows, state, name, outcome, workspace);
      guesses.append(learner.classOf(outcome));
      if (listed.containsKey(t)) {
        double[] p = Fields.flat("probabilities", listed.get(t).get(1), classes);
        for (int k = 0; k < classes; k++) {
          tally.compare(name + " event " + t + " class " + k, p[k], outcome.scores[k]);
        }
      }
    }
    tally.exact(name + " classes", Fields.text(expected, "classes"), guesses.toString());
    sums(name, Fields.object(expected, "state"), state, counts, tally);
  }

  private static void sums(
      String name, JsonNode expected, LearnerState state, boolean counts, Tally tally) {
    tally.compare(name + " scale", Fields.number(expected, "scale"), state.block("scale")[0]);
    tally.compare(name + " N", RowStream.matrix(expected, "N"), state.block("weights"));
    if (counts) {
      double[] totals = RowStream.matrix(expected, "totals");
      boolean kept = state.schema().indexOf("totals") >= 0;
      tally.compare(
          name + " totals", totals, kept ? state.block("totals") : new double[totals.length]);
      tally.compare(name + " counts", RowStream.matrix(expected, "counts"), state.block("counts"));
    } else {
      tally.compare(name + " mean", RowStream.matrix(expected, "mean"), state.block("mean"));
      tally.compare(name + " var", RowStream.matrix(expected, "var"), state.block("variance"));
    }
  }
}
