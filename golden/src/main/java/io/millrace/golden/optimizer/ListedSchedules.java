package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.catalog.Schedules;
import io.millrace.core.optim.Schedule;
import io.millrace.core.optim.schedule.Refined;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Learning-rate schedules, listed step by step; the refined one with p = 2, which files hold for
 * SGD with Euclidean norms. A case is a schedule.
 */
public final class ListedSchedules implements GoldenKind {
  private static final int MOST_STEPS = 1_000_000;

  /** Fields of a run of an optimizer, which a file of schedules has for one number and no step. */
  private static final List<String> RUN = List.of("shape", "w0", "gradients", "trajectory");

  private static final int MOST_OF_RUN = 1;

  @Override
  public String id() {
    return "schedules";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("method").asText().equals("schedules");
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    JsonNode hypers = Fields.object(file, "hyperparameters");
    for (String run : RUN) {
      Fields.arrayOrNone(file, run, MOST_OF_RUN);
    }
    int steps = Fields.integer(hypers, "T", 1, MOST_STEPS);
    for (Map.Entry<String, JsonNode> e : Fields.object(file, "schedules").properties()) {
      double[] expected = Fields.flat(e.getKey(), e.getValue(), steps);
      tally.begin();
      tally.compare(e.getKey(), expected, values(e.getKey(), steps, hypers, file));
    }
  }

  private static double[] values(String name, int steps, JsonNode hypers, JsonNode file) {
    return switch (name) {
      case "sgdr" ->
          play(
              "warm-restarts",
              steps,
              hypers,
              Map.of("period", "sgdr_T0", "period-factor", "sgdr_Tmult", "minimum", "lr_min"));
      case "wsd_linear" ->
          play(
              "warmup-stable-decay",
              steps,
              hypers,
              Map.of(
                  "warmup", "wsd_warmup", "decay", "wsd_decay", "total", "T", "minimum", "lr_min"));
      case "linear_decay" -> play("linear-decay", steps, hypers, Map.of("total", "T"));
      case "refined_raw" ->
          IntStream.range(0, steps).mapToDouble(refined(hypers, file)::share).toArray();
      case "refined_times_lr_max" -> play(refined(hypers, file), steps);
      default -> throw new UnsupportedGolden("no schedule '" + name + "'");
    };
  }

  /** A schedule of the catalog, its values taken from the file under the file's names. */
  private static double[] play(
      String id, int steps, JsonNode hypers, Map<String, String> fieldByName) {
    Map<String, Double> given = new LinkedHashMap<>();
    fieldByName.forEach((name, field) -> given.put(name, Fields.number(hypers, field)));
    return play(Schedules.spec(id).build(Fields.number(hypers, "lr_max"), given), steps);
  }

  private static double[] play(Schedule schedule, int steps) {
    return IntStream.range(0, steps).mapToDouble(schedule::at).toArray();
  }

  private static Refined refined(JsonNode hypers, JsonNode file) {
    double[] norms =
        Fields.flat(
            "gradient_norms", Fields.array(Fields.object(file, "inputs"), "gradient_norms"));
    Map<String, Double> given = new LinkedHashMap<>();
    for (int i = 0; i < norms.length; i++) {
      given.put(i == 0 ? "norms" : "norms-" + (i + 1), norms[i]);
    }
    return (Refined) Schedules.spec("refined").build(Fields.number(hypers, "lr_max"), given);
  }
}
