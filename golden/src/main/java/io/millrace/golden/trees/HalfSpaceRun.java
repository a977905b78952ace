package io.millrace.golden.trees;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Half-space trees with real draws: the cuts of the first tree, some scores, and the masses of the
 * first tree at the end.
 */
public final class HalfSpaceRun implements GoldenKind {
  private static final List<String[]> HYPERS =
      List.of(
          new String[] {"trees", "trees"},
          new String[] {"height", "height"},
          new String[] {"window", "window"},
          new String[] {"share", "share"});

  @Override
  public String id() {
    return "half_space_trees";
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
    String name = Fields.text(inputs, "case");
    RowStream stream = streams.of(inputs, name, false);
    JsonNode parameters = Fields.object(inputs, "parameters");
    double[] low = RowStream.matrix(inputs, "lo");
    double[] high = Fields.flat("hi", Fields.array(inputs, "hi"), low.length);
    Map<String, Double> values = new HashMap<>(RowStream.hypers(parameters, HYPERS));
    for (int j = 0; j < low.length; j++) {
      values.put(j == 0 ? "low" : "low-" + (j + 1), low[j]);
      values.put(j == 0 ? "high" : "high-" + (j + 1), high[j]);
    }
    OnlineLearner learner =
        Learners.make(
            LearnerSetup.of("half-space-trees", RowStream.input(false, low.length, 0))
                .withHyperparameters(values)
                .withSeed(Fields.integer(inputs, "job_seed")));
    LearnerState state = new LearnerState(learner.schema());
    String key = Fields.text(inputs, "model_key");
    learner.initialize(state, key);
    Rows rows = learner.newRows();
    Outcome outcome = new Outcome();
    Workspace workspace = new Workspace();
    cuts(name, Fields.array(expected, "first_tree_nodes_1_to_31"), learner, state, tally);
    Map<Integer, JsonNode> listed =
        stream.listed(expected, "scores", t -> t % 5 == 4 || t >= 45 && t < 55, tally);
    double height = Fields.number(parameters, "height");
    double window = Fields.number(parameters, "window");
    double trees = Fields.number(parameters, "trees");
    for (int t = 0; t < stream.size(); t++) {
      stream.load(t, rows);
      learner.learnOne(rows, state, key, outcome, workspace);
      if (!listed.containsKey(t)) {
        continue;
      }
      JsonNode entry = listed.get(t);
      String where = name + " event " + t;
      tally.exact(where + " is scored", !entry.path(2).isNull(), outcome.scoreCount > 0);
      if (!entry.path(2).isNull() && outcome.scoreCount > 0) {
        tally.compare(where, Fields.number(where, entry.get(2)), outcome.scores[0]);
        double sum = Fields.number(where + " sum", entry.get(1));
        double scored =
            1
                - StrictMath.log(1 + sum / trees)
                    / StrictMath.log(1 + window * StrictMath.pow(2, height));
        tally.compare(where + " by its sum of masses", scored, outcome.scores[0]);
      }
    }
    masses(name, expected, "first_tree_reference", state.floats("reference"), tally);
    masses(name, expected, "first_tree_latest", state.floats("latest"), tally);
  }

  private static void cuts(
      String name, JsonNode nodes, OnlineLearner learner, LearnerState state, Tally tally) {
    PublishedModel model = PublishedModel.of(learner, state, new Workspace());
    double[] attributes = model.tensors().get("attributes").data();
    double[] cuts = model.tensors().get("cuts").data();
    for (int i = 0; i < nodes.size(); i++) {
      double[] node = Fields.flat(name, nodes.get(i), 2);
      tally.exact(name + " attribute of node " + (i + 1), node[0], attributes[i]);
      tally.compare(name + " cut of node " + (i + 1), node[1], cuts[i]);
    }
  }

  private static void masses(
      String name, JsonNode expected, String field, float[] found, Tally tally) {
    double[] masses = RowStream.matrix(expected, field);
    tally.compare(name + " " + field, masses, RowStream.first(found, 0, masses.length));
  }
}
