package io.millrace.golden.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.state.LearnerState;
import io.millrace.core.tuning.Bracket;
import io.millrace.core.tuning.Trial;
import io.millrace.core.tuning.Tuner;
import io.millrace.core.tuning.Tuners;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Tuners that divide a budget: the brackets of Hyperband, who goes on in successive halving, and
 * the order of trials of ASHA with one worker. A case is one of them.
 */
public final class HalvingRun implements GoldenKind {
  private static final int MOST = 10_000;
  private static final int MOST_RUNGS = 12;

  private final Workspace workspace = new Workspace();

  @Override
  public String id() {
    return "halving";
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
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      if (inputs.has("R")) {
        brackets(inputs, expected, tally);
      } else if (inputs.has("configs")) {
        halving(inputs, expected, tally);
      } else if (inputs.has("asha_eta")) {
        asha(inputs, expected, tally);
      } else {
        throw new UnsupportedGolden("a case has neither 'R' nor 'configs' nor 'asha_eta'");
      }
    }
  }

  private static void brackets(JsonNode inputs, JsonNode expected, Tally tally) {
    int most = Fields.integer(inputs, "R", 1, MOST);
    List<Bracket> ours = Bracket.hyperband(most, eta(inputs, "eta"));
    JsonNode listed = Fields.array(expected, "brackets", ours.size());
    tally.exact("s_max", ours.size() - 1L, Fields.integer(expected, "s_max"));
    for (int i = 0; i < ours.size(); i++) {
      Bracket bracket = ours.get(i);
      tally.exact(
          "brackets[" + i + "].s", Fields.integer(listed.get(i), "s"), bracket.rungs() - 1L);
      JsonNode rungs = Fields.array(listed.get(i), "rungs", bracket.rungs());
      for (int k = 0; k < bracket.rungs(); k++) {
        String where = "brackets[" + i + "].rungs[" + k + "]";
        tally.exact(
            where + ".configs", Fields.integer(rungs.get(k), "configs"), (long) bracket.configs(k));
        tally.compare(
            where + ".resource", Fields.number(rungs.get(k), "resource"), bracket.resource(k));
      }
    }
  }

  private void halving(JsonNode inputs, JsonNode expected, Tally tally) {
    int configs = Fields.integer(inputs, "configs", 1, MOST);
    Tuner tuner =
        Tuners.spec("successive-halving")
            .make(1, 0, Map.of("configs", (double) configs, "eta", (double) eta(inputs, "eta")));
    Losses losses = new Losses(inputs, configs);
    Run run = new Run(tuner, losses);
    JsonNode rungs = Fields.array(expected, "successive_halving");
    if (rungs.isEmpty()) {
      throw new MalformedGolden("'successive_halving' has no rungs");
    }
    List<Integer> kept = null;
    for (int k = 0; k < rungs.size(); k++) {
      String where = "rung " + k;
      tally.exact(where, Fields.integer(rungs.get(k), "rung"), (long) k);
      List<Integer> alive = run.rung(k);
      if (kept != null) {
        tally.exact(where + ".alive, those kept before", kept, alive);
      }
      tally.exact(where + ".alive", list(rungs.get(k), "alive", configs), alive);
      kept = list(rungs.get(k), "kept", configs);
    }
    // Who is left at the end is the best of the highest rung.
    tally.exact("kept at the end", kept, List.of(tuner.incumbent(run.state)));
    tally.exact("finished", true, tuner.finished(run.state));
  }

  private void asha(JsonNode inputs, JsonNode expected, Tally tally) {
    JsonNode jobs = Fields.array(expected, "asha_jobs");
    tally.exact("jobs", Fields.integer(inputs, "jobs"), (long) jobs.size());
    int rungs = Fields.integer(inputs, "max_rung", 0, MOST_RUNGS) + 1;
    Losses losses = new Losses(inputs, Fields.array(inputs, "loss_at_rung").path(0).size());
    Tuner tuner =
        Tuners.spec("asha")
            .make(
                1,
                0,
                Map.of(
                    "eta",
                    (double) eta(inputs, "asha_eta"),
                    "rungs",
                    (double) rungs,
                    "max-configs",
                    (double) losses.configs));
    Run run = new Run(tuner, losses);
    for (int i = 0; i < jobs.size(); i++) {
      if (!run.next()) {
        throw new MalformedGolden("'loss_at_rung' has too few configurations");
      }
      String where = "asha_jobs[" + i + "]";
      tally.exact(
          where + ".config", Fields.integer(jobs.get(i), "config"), (long) run.trial.config());
      tally.exact(where + ".rung", Fields.integer(jobs.get(i), "rung"), (long) run.trial.rung());
      run.report();
    }
  }

  private static int eta(JsonNode inputs, String field) {
    return Fields.integer(inputs, field, 2, 64);
  }

  private static List<Integer> list(JsonNode rung, String field, int configs) {
    List<Integer> all = new ArrayList<>();
    for (int config : Fields.integers(field, Fields.array(rung, field), 0, configs - 1)) {
      all.add(config);
    }
    return all;
  }

  /** The listed loss of every configuration at every rung. */
  private static final class Losses {
    final int configs;
    private final JsonNode listed;

    Losses(JsonNode inputs, int configs) {
      this.listed = Fields.array(inputs, "loss_at_rung");
      this.configs = configs;
      if (configs < 1 || configs > MOST) {
        throw new MalformedGolden("'loss_at_rung' has " + configs + " configurations");
      }
      for (int k = 0; k < listed.size(); k++) {
        Fields.flat("loss_at_rung[" + k + "]", listed.get(k), configs);
      }
    }

    double of(Trial trial) {
      if (trial.rung() >= listed.size()) {
        throw new MalformedGolden("'loss_at_rung' has no rung " + trial.rung());
      }
      return listed.get(trial.rung()).get(trial.config()).doubleValue();
    }
  }

  /** A tuner with one worker. */
  private final class Run {
    final Trial trial = new Trial(1);
    final LearnerState state;
    private final Tuner tuner;
    private final Losses losses;
    private final PhiloxDraws draws = new PhiloxDraws(0, "golden");

    Run(Tuner tuner, Losses losses) {
      this.tuner = tuner;
      this.losses = losses;
      state = new LearnerState(tuner.schema());
      tuner.initialize(state);
    }

    boolean next() {
      return tuner.next(state, draws.at(state.steps()), trial, workspace);
    }

    void report() {
      tuner.report(state, trial, losses.of(trial), new double[0], workspace);
    }

    /** Runs all trials of a rung, in the order that they come in; losses are told backwards. */
    List<Integer> rung(int rung) {
      List<Trial> out = new ArrayList<>();
      List<Integer> configs = new ArrayList<>();
      while (next()) {
        if (trial.rung() != rung) {
          throw new MalformedGolden("a trial of rung " + trial.rung() + " comes at rung " + rung);
        }
        configs.add(trial.config());
        out.add(new Trial(1).set(trial.config(), trial.rung(), trial.resource()));
      }
      for (int i = out.size() - 1; i >= 0; i--) {
        Trial t = out.get(i);
        tuner.report(state, t, losses.of(t), new double[0], workspace);
      }
      return configs;
    }
  }
}
