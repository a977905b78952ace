package io.millrace.golden.tuning;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.state.LearnerState;
import io.millrace.core.tuning.Trial;
import io.millrace.core.tuning.Tuner;
import io.millrace.core.tuning.Tuners;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tuners that search: the points they try, given what is drawn for each trial and the loss it comes
 * to; a loss of null is one that is not finite. A case is a search.
 */
public final class SearchRun implements GoldenKind {
  private static final int MOST_DIMENSIONS = 1_000;

  @Override
  public String id() {
    return "search_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    String method = Fields.text(file, "method");
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(method, Fields.object(c, "inputs"), Fields.object(c, "expected"), tally);
    }
  }

  private static void run(String method, JsonNode inputs, JsonNode expected, Tally tally) {
    int d = Fields.integer(inputs, "dimension", 1, MOST_DIMENSIONS);
    Map<String, Double> hypers = new LinkedHashMap<>();
    Fields.objectOrNone(inputs, "hyperparameters")
        .properties()
        .forEach(e -> hypers.put(e.getKey(), Fields.number(e.getKey(), e.getValue())));
    Tuner tuner = Tuners.spec(method).make(d, 0, hypers);
    LearnerState state = new LearnerState(tuner.schema());
    tuner.initialize(state);
    Workspace workspace = new Workspace();
    JsonNode losses = Fields.array(inputs, "losses");
    JsonNode points = Fields.array(expected, "points", losses.size());
    Trial trial = new Trial(d);
    for (int t = 0; t < losses.size(); t++) {
      String where = "points[" + t + "]";
      if (!tuner.next(state, new Listed(inputs, t), trial, workspace)) {
        throw new UnsupportedGolden(where + ": '" + method + "' has no trial with all losses told");
      }
      tally.compare(where, Fields.flat(where, points.get(t), d), trial.point());
      JsonNode loss = losses.get(t);
      double told = loss.isNull() ? Double.NaN : Fields.number("losses[" + t + "]", loss);
      tally.exact(
          where + " is waited for",
          true,
          tuner.report(state, trial, told, new double[0], workspace));
    }
    tally.exact("incumbent", Fields.integer(expected, "incumbent"), (long) tuner.incumbent(state));
  }

  /** Draws of one trial as the file lists them: uniforms of start points, or normals of steps. */
  private record Listed(JsonNode inputs, int trial, int purpose) implements Draws {
    Listed(JsonNode inputs, int trial) {
      this(inputs, trial, Purpose.NOISE);
    }

    @Override
    public double uniform(long index) {
      double u = value("uniforms", Purpose.INITIALIZATION, index);
      if (!(u >= 0 && u < 1)) {
        throw new MalformedGolden("'uniforms[" + trial + "]' has " + u + "; must lie in [0, 1)");
      }
      return u;
    }

    @Override
    public double normal(long index) {
      return value("normals", Purpose.PERTURBATION, index);
    }

    @Override
    public int index(long index, int bound) {
      throw new UnsupportedGolden("the method draws indexes, which the file does not list");
    }

    @Override
    public Draws fork(int forPurpose) {
      return new Listed(inputs, trial, forPurpose);
    }

    private double value(String field, int of, long index) {
      JsonNode v = inputs.path(field).path(trial).path((int) index);
      if (purpose != of || v.isMissingNode()) {
        throw new UnsupportedGolden(
            "the method draws '" + field + "[" + trial + "][" + index + "]', which is not listed");
      }
      return Fields.number(field, v);
    }
  }
}
