package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.monitor.Conformal;
import io.millrace.golden.kind.Columns;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;

/** Adaptive conformal radii over a stream of residuals. A case is a stream. */
public final class ConformalRun implements GoldenKind {
  @Override
  public String id() {
    return "conformal_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      JsonNode inputs = Fields.object(c, "inputs");
      JsonNode expected = Fields.object(c, "expected");
      String where = Fields.text(inputs, "stream");
      double alpha = Fields.number(inputs, "alpha");
      double gamma = Fields.number(inputs, "gamma");
      if (!(alpha > 0 && alpha < 1 && gamma >= 0)) {
        throw new MalformedGolden("alpha = " + alpha + ", gamma = " + gamma + "; out of range");
      }
      Conformal rule = new Conformal(alpha, gamma, Fields.integer(inputs, "window", 1, 1_000_000));
      double[] b = new double[rule.length()];
      Columns rows = new Columns(expected, "t", "alpha_t", "radius", "covered");
      int t = 0;
      for (double residual : Fields.flat("residual", Fields.array(inputs, "residual"))) {
        t++;
        double level = rule.level(b, 0);
        double radius = rule.radius(b, 0);
        boolean covered = rule.take(b, 0, Math.abs(residual));
        if (rows.at(t) != null) {
          String at = where + ".t=" + t;
          rows.compare(at, 1, level, tally);
          rows.compare(at, 2, Double.isFinite(radius) ? radius : Double.NaN, tally);
          rows.compare(at, 3, covered ? 1 : 0, tally);
        }
      }
      rows.end();
      tally.exact(
          where + ".covered_total",
          Fields.integer(expected, "covered_total"),
          (long) rule.covered(b, 0));
      tally.exact(
          where + ".infinite", Fields.integer(expected, "infinite"), (long) rule.infinite(b, 0));
      tally.exact(where + ".empty", Fields.integer(expected, "empty"), (long) rule.empty(b, 0));
    }
  }
}
