package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.drift.Ddm;
import io.millrace.core.drift.DetectorContext;
import io.millrace.core.drift.HddmW;
import io.millrace.core.monitor.DriftWatch;
import io.millrace.core.monitor.Reaction;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * What follows a drift: logistic regression by plain descent with a bias, whose 0-1 errors a
 * detector sees. A case is a reaction and a detector.
 */
public final class ReactionRun implements GoldenKind {
  private static final int ROW = 50;

  @Override
  public String id() {
    return "reaction_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    JsonNode cases = Fields.array(file, "cases");
    JsonNode stream = cases.isEmpty() ? null : Fields.object(cases.get(0), "inputs");
    for (int i = 0; i < cases.size(); i++) {
      tally.begin();
      JsonNode inputs = Fields.object(cases.get(i), "inputs");
      if (i > 0 && !Fields.flag(inputs, "same_stream")) {
        throw new UnsupportedGolden("cases[" + i + "] has a stream of its own");
      }
      new Run("cases[" + i + "]", inputs, Fields.object(cases.get(i), "expected"), tally)
          .over(stream);
    }
  }

  /** One case. */
  private static final class Run {
    private final String where;
    private final JsonNode expected;
    private final Tally tally;
    private final double eta;
    private final Reaction reaction;
    private final DriftWatch watch;

    Run(String where, JsonNode inputs, JsonNode expected, Tally tally) {
      this.where = where;
      this.expected = expected;
      this.tally = tally;
      this.eta = Fields.number(inputs, "eta");
      this.reaction =
          new Reaction(
              kind(Fields.text(inputs, "policy")),
              Fields.number(inputs, "boost"),
              Fields.number(inputs, "tau"),
              Fields.integer(inputs, "calm", 1, 1_000_000));
      String detector = Fields.text(inputs, "detector");
      this.watch =
          switch (detector) {
            case "DDM" -> new DriftWatch(Ddm.SPEC.byDefault());
            case "HDDM_W" -> new DriftWatch(HddmW.SPEC.byDefault());
            default -> throw new UnsupportedGolden("no detector '" + detector + "'");
          };
    }

    private static Reaction.Kind kind(String policy) {
      if (!Reaction.Kind.words().contains(policy)) {
        throw new UnsupportedGolden("no policy '" + policy + "'");
      }
      return Reaction.Kind.valueOf(policy.toUpperCase(Locale.ROOT));
    }

    void over(JsonNode stream) {
      int[] y = Fields.integers("y", Fields.array(stream, "y"), 0, 1);
      JsonNode rows = Fields.array(stream, "x", y.length);
      int d = rows.isEmpty() ? 0 : rows.get(0).size();
      double[] model = new double[d + 1];
      double[] background = new double[d + 1];
      boolean behind = false;
      double[] watched = new double[watch.length()];
      double[] reacting = new double[Reaction.LENGTH];
      DetectorContext context = new DetectorContext(new PhiloxDraws(0, ""), new Workspace());
      List<Integer> errorsAt = new ArrayList<>();
      List<Integer> drifts = new ArrayList<>();
      List<List<Integer>> swaps = new ArrayList<>();
      int errors = 0;
      for (int i = 0; i < y.length; i++) {
        double[] x = Fields.flat("x[" + i + "]", rows.get(i), d);
        int error = (score(model, x) >= 0 ? 1 : 0) == y[i] ? 0 : 1;
        errors += error;
        DriftWatch.Happening happening = watch.add(watched, 0, error, context);
        Reaction.Action action = reaction.to(reacting, 0, happening);
        if (happening == DriftWatch.Happening.DRIFT) {
          drifts.add(i);
          if (action != Reaction.Action.NOTHING || reaction.acts()) {
            watch.restart(watched, 0);
          }
        }
        switch (action) {
          case RESET -> Arrays.fill(model, 0);
          case SWAP -> System.arraycopy(background, 0, model, 0, d + 1);
          case BEGIN -> Arrays.fill(background, 0);
          default -> {
            // Nothing moves.
          }
        }
        if (swapping() && happening == DriftWatch.Happening.DRIFT) {
          swaps.add(List.of(i, action == Reaction.Action.SWAP ? 1 : 0));
        }
        behind = action == Reaction.Action.BEGIN || behind && action == Reaction.Action.NOTHING;
        double rate = eta * reaction.rateFactor(reacting, 0);
        step(model, x, y[i], rate);
        if (behind) {
          step(background, x, y[i], rate);
        }
        if ((i + 1) % ROW == 0) {
          errorsAt.add(errors);
        }
      }
      exact("errors_at_50s", errorsAt);
      exact("drifts", drifts);
      exact("swaps", swaps);
      tally.compare(
          where + ".weights_and_bias",
          Fields.flat("weights_and_bias", Fields.array(expected, "weights_and_bias")),
          model);
    }

    private boolean swapping() {
      return reaction.kind() == Reaction.Kind.SWAP;
    }

    private void exact(String field, List<?> found) {
      tally.exact(
          where + "." + field,
          Fields.array(expected, field).toString().replace(",", ", "),
          found.toString());
    }

    private static double score(double[] w, double[] x) {
      double z = w[x.length];
      for (int j = 0; j < x.length; j++) {
        z += w[j] * x[j];
      }
      if (!Double.isFinite(z)) {
        throw new MalformedGolden("the model overflows");
      }
      return z;
    }

    private static void step(double[] w, double[] x, int y, double rate) {
      double g = 1 / (1 + Elementary.exp(-score(w, x))) - y;
      for (int j = 0; j < x.length; j++) {
        w[j] -= rate * g * x[j];
      }
      w[x.length] -= rate * g;
    }
  }
}
