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
import java.util.Map;
import java.util.stream.IntStream;

/** Learning-rate schedules, listed step by step. A case is a schedule. */
public final class ListedSchedules implements GoldenKind {
  /** p of the refined schedule: the files hold it for SGD, with Euclidean norms. */
  private static final double REFINED_POWER = 2;

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
    JsonNode hypers = Fields.need(file, "hyperparameters");
    for (Map.Entry<String, JsonNode> e : Fields.need(file, "schedules").properties()) {
      double[] expected = Fields.flat(e.getKey(), e.getValue());
      tally.begin();
      tally.compare(e.getKey(), expected, values(e.getKey(), expected.length, hypers, file));
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
      case "refined_raw" -> Refined.raw(norms(file), REFINED_POWER);
      case "refined_times_lr_max" ->
          play(new Refined(norms(file), REFINED_POWER, Fields.number(hypers, "lr_max")), steps);
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

  private static double[] norms(JsonNode file) {
    return Fields.flat(
        "gradient_norms", Fields.need(Fields.need(file, "inputs"), "gradient_norms"));
  }
}
