package io.millrace.golden.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.state.LearnerState;
import io.millrace.core.tuning.ConfigGp;
import io.millrace.core.tuning.Trial;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.Map;

/** Choices of constrained Bayesian optimization among listed candidates. A case is a search. */
public final class ConfigGpRun implements GoldenKind {
  private static final int DIMENSION = 2;
  private static final int MOST_CANDIDATES = 10_000;
  private static final String OBJECTIVE = "sin(5 x0)+x1";
  private static final String CONSTRAINT = "x0+x1-1.1 <= 0";

  @Override
  public String id() {
    return "config_gp_lcb";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals("tuner_run")
        && file.path("name").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(Fields.object(c, "inputs"), Fields.array(Fields.object(c, "expected"), "steps"), tally);
    }
  }

  private static void run(JsonNode inputs, JsonNode steps, Tally tally) {
    text(inputs, "objective", OBJECTIVE);
    text(inputs, "constraint", CONSTRAINT);
    double[] candidates = Fields.flat("candidates", Fields.array(inputs, "candidates"));
    int n = candidates.length / DIMENSION;
    if (n < 1 || n > MOST_CANDIDATES || candidates.length % DIMENSION != 0) {
      throw new MalformedGolden("'candidates' has " + candidates.length + " numbers");
    }
    ConfigGp tuner =
        (ConfigGp)
            ConfigGp.SPEC.make(
                DIMENSION,
                1,
                Map.of(
                    "beta", Fields.number(inputs, "beta_sqrt"),
                    "lengthscale", Fields.number(inputs, "lengthscale"),
                    "signal-variance", Fields.number(inputs, "signal_variance"),
                    "noise-variance", Fields.number(inputs, "noise_variance"),
                    "standardize", 0.0));
    LearnerState state = new LearnerState(tuner.schema());
    tuner.initialize(state);
    Workspace workspace = new Workspace();
    double[] start = Fields.flat("X0", Fields.array(inputs, "X0"));
    for (int i = 0; i + 1 < start.length; i += DIMENSION) {
      observe(tuner, state, start[i], start[i + 1], workspace);
    }
    for (int k = 0; k < steps.size(); k++) {
      JsonNode expected = steps.get(k);
      String where = "steps[" + k + "]";
      ConfigGp.Choice choice = tuner.choose(state, candidates, n, workspace);
      tally.exact(
          where + ".infeasible_declared",
          Fields.flag(expected, "infeasible_declared"),
          choice.index() < 0);
      tally.exact(
          where + ".next_index", Fields.integer(expected, "next_index"), (long) choice.index());
      tally.exact(
          where + ".feasible_candidates",
          Fields.integer(expected, "feasible_candidates"),
          (long) choice.feasible());
      tally.compare(where + ".mean", Fields.number(expected, "mean"), choice.mean());
      tally.compare(where + ".sd", Fields.number(expected, "sd"), choice.deviation());
      tally.compare(
          where + ".lcb_objective", Fields.number(expected, "lcb_objective"), choice.bound());
      tally.compare(
          where + ".lcb_constraint",
          Fields.number(expected, "lcb_constraint"),
          choice.worstConstraint());
      double[] next = Fields.flat("next", Fields.array(expected, "next"), DIMENSION);
      int at = Math.max(0, choice.index()) * DIMENSION;
      for (int i = 0; i < DIMENSION; i++) {
        tally.compare(where + ".next[" + i + "]", next[i], candidates[at + i]);
      }
      observe(tuner, state, candidates[at], candidates[at + 1], workspace);
    }
  }

  private static void observe(
      ConfigGp tuner, LearnerState state, double x0, double x1, Workspace workspace) {
    Trial trial = new Trial(DIMENSION).set((int) state.steps(), 0, 1);
    trial.point()[0] = x0;
    trial.point()[1] = x1;
    state.setSteps(state.steps() + 1);
    tuner.report(
        state, trial, StrictMath.sin(5 * x0) + x1, new double[] {x0 + x1 - 1.1}, workspace);
  }

  private static void text(JsonNode inputs, String field, String known) {
    String given = Fields.text(inputs, field);
    if (!given.equals(known)) {
      throw new UnsupportedGolden("'" + field + "' is '" + given + "'; known: '" + known + "'");
    }
  }
}
