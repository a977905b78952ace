package io.millrace.golden.monitor;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.compute.Workspace;
import io.millrace.core.monitor.FadingClasses;
import io.millrace.core.monitor.FadingErrors;
import io.millrace.core.monitor.FadingScores;
import io.millrace.core.monitor.Reliability;
import io.millrace.core.monitor.Report;
import io.millrace.core.monitor.ScoreRing;
import io.millrace.core.monitor.WindowClasses;
import io.millrace.core.monitor.WindowErrors;
import io.millrace.golden.kind.Columns;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.List;
import java.util.stream.IntStream;

/** Prequential metrics over a stream. A case is a stream with one way to forget. */
public final class MetricRun implements GoldenKind {
  private static final int LONGEST = 1_000_000;

  @Override
  public String id() {
    return "metric_run";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    NamedStreams streams = new NamedStreams();
    String what = Fields.text(file, "name");
    JsonNode cases = Fields.array(file, "cases");
    for (int i = 0; i < cases.size(); i++) {
      tally.begin();
      String where = "cases[" + i + "]";
      JsonNode inputs = Fields.object(cases.get(i), "inputs");
      JsonNode expected = Fields.object(cases.get(i), "expected");
      JsonNode stream = streams.of(inputs, "y", "same_stream_as");
      switch (what) {
        case "classification" -> classes(where, inputs, stream, expected, tally);
        case "regression" -> errors(where, inputs, stream, expected, tally);
        case "calibration" -> calibration(where, inputs, stream, expected, tally);
        case "auc" -> areas(where, inputs, stream, expected, tally);
        default -> throw new UnsupportedGolden("no metrics '" + what + "'");
      }
    }
  }

  private static double alpha(JsonNode inputs) {
    double alpha = Fields.number(inputs, "alpha");
    if (!(alpha > 0 && alpha <= 1)) {
      throw new MalformedGolden("alpha = " + alpha + "; must lie in (0, 1]");
    }
    return alpha;
  }

  private static int window(JsonNode inputs) {
    return Fields.integer(inputs, "window", 1, LONGEST);
  }

  private static boolean fades(JsonNode inputs) {
    String mode = Fields.text(inputs, "mode");
    if (!List.of("fading", "window").contains(mode)) {
      throw new UnsupportedGolden("no mode '" + mode + "'");
    }
    return mode.equals("fading");
  }

  /** The rows of a case, each with the number of events after which it holds. */
  private static final class TimedRows {
    private final JsonNode rows;
    private int next;

    TimedRows(JsonNode expected) {
      rows = Fields.array(expected, "rows");
    }

    JsonNode at(int t) {
      if (next < rows.size() && Fields.integer(rows.get(next), "t") == t) {
        return rows.get(next++);
      }
      return null;
    }

    void end() {
      if (next < rows.size()) {
        throw new MalformedGolden("rows[" + next + "] is out of order, or of no event");
      }
    }
  }

  private static void classes(
      String where, JsonNode inputs, JsonNode stream, JsonNode expected, Tally tally) {
    int k = Fields.integer(stream, "classes", 2, 1000);
    if (inputs != stream) {
      Fields.integer(inputs, "classes", k, k);
    }
    int[] y = Fields.integers("y", Fields.array(stream, "y"), 0, k - 1);
    JsonNode p = Fields.array(stream, "p", y.length);
    boolean fading = fades(inputs);
    FadingClasses faded = fading ? new FadingClasses(k, alpha(inputs)) : null;
    WindowClasses recent = fading ? null : new WindowClasses(k, window(inputs));
    double[] b = new double[fading ? faded.length() : recent.length()];
    Workspace workspace = new Workspace();
    List<String> names = IntStream.range(0, k).mapToObj(Integer::toString).toList();
    TimedRows rows = new TimedRows(expected);
    for (int i = 0; i < y.length; i++) {
      double[] probabilities = Fields.flat("p[" + i + "]", p.get(i), k);
      int predicted = 0;
      for (int c = 1; c < k; c++) {
        predicted = probabilities[c] > probabilities[predicted] ? c : predicted;
      }
      if (fading) {
        faded.take(b, 0, y[i], predicted, probabilities[y[i]]);
      } else {
        recent.take(b, 0, y[i], predicted, probabilities[y[i]]);
      }
      JsonNode row = rows.at(i + 1);
      if (row != null) {
        FigureMap figures = new FigureMap();
        Report report = new Report("", names, figures);
        if (fading) {
          faded.report(b, 0, report);
        } else {
          recent.report(b, 0, report, workspace);
        }
        String at = where + ".t=" + (i + 1);
        for (String field :
            List.of(
                "accuracy",
                "kappa",
                "kappa_temporal",
                "kappa_majority",
                "macro_f1",
                "log_loss",
                "no_change_accuracy",
                "majority_accuracy")) {
          figures.compare(at, row, field, tally);
        }
        JsonNode recall = Fields.array(row, "recall", k);
        for (int c = 0; c < k; c++) {
          figures.compareValue(at + ".recall[" + c + "]", recall.get(c), "Recall." + c, tally);
        }
      }
    }
    rows.end();
  }

  private static void errors(
      String where, JsonNode inputs, JsonNode stream, JsonNode expected, Tally tally) {
    double[] y = Fields.flat("y", Fields.array(stream, "y"));
    double[] prediction = Fields.flat("prediction", Fields.array(stream, "prediction"), y.length);
    boolean fading = fades(inputs);
    FadingErrors faded = fading ? new FadingErrors(alpha(inputs)) : null;
    WindowErrors recent = fading ? null : new WindowErrors(window(inputs));
    double[] b = new double[fading ? FadingErrors.LENGTH : recent.length()];
    Workspace workspace = new Workspace();
    TimedRows rows = new TimedRows(expected);
    for (int i = 0; i < y.length; i++) {
      if (fading) {
        faded.take(b, 0, y[i], prediction[i]);
      } else {
        recent.take(b, 0, y[i], prediction[i]);
      }
      JsonNode row = rows.at(i + 1);
      if (row != null) {
        FigureMap figures = new FigureMap();
        Report report = new Report("", List.of(), figures);
        if (fading) {
          faded.report(b, 0, report);
        } else {
          recent.report(b, 0, report, workspace);
        }
        for (String field :
            List.of(
                "mae",
                "rmse",
                "r2",
                "running_mean_mae",
                "no_change_mae",
                "skill_running_mean",
                "skill_no_change")) {
          figures.compare(where + ".t=" + (i + 1), row, field, tally);
        }
      }
    }
    rows.end();
  }

  private static double[] probabilities(JsonNode stream, String field, int n) {
    double[] p = Fields.flat(field, Fields.array(stream, field), n);
    for (double v : p) {
      if (!(v >= 0 && v <= 1)) {
        throw new MalformedGolden("'" + field + "' has " + v + "; must lie in [0, 1]");
      }
    }
    return p;
  }

  private static void calibration(
      String where, JsonNode inputs, JsonNode stream, JsonNode expected, Tally tally) {
    int[] y = Fields.integers("y", Fields.array(stream, "y"), 0, 1);
    double[] p = probabilities(stream, "p", y.length);
    int bins = Fields.integer(inputs, "bins", 1, 1000);
    boolean fading = fades(inputs);
    FadingScores faded = fading ? new FadingScores(bins, 0, alpha(inputs)) : null;
    ScoreRing recent = fading ? null : new ScoreRing(window(inputs));
    double[] b = new double[fading ? faded.length() : recent.length()];
    double[] sums = new double[Reliability.length(bins)];
    TimedRows rows = new TimedRows(expected);
    for (int i = 0; i < y.length; i++) {
      if (fading) {
        faded.take(b, 0, p[i], y[i] == 1);
        faded.reliability(b, 0, sums);
      } else {
        recent.take(b, 0, p[i], y[i] == 1);
        recent.reliability(b, 0, bins, sums);
      }
      JsonNode row = rows.at(i + 1);
      if (row != null) {
        String at = where + ".t=" + (i + 1);
        FigureMap figures = new FigureMap();
        Reliability.report(sums, 0, bins, new Report("", List.of(), figures));
        figures.compare(at, row, "brier", tally);
        figures.compare(at, row, "ece", tally);
        figures.compare(at, row, "mce", tally);
        if (row.has("weight")) {
          double[] weight = new double[bins];
          double[] predicted = new double[bins];
          double[] observed = new double[bins];
          for (int k = 0; k < bins; k++) {
            weight[k] = Reliability.weight(sums, 0, k);
            predicted[k] = Reliability.predicted(sums, 0, bins, k);
            observed[k] = Reliability.observed(sums, 0, bins, k);
          }
          tally.compare(at + ".weight", numbers(row, "weight", bins), weight);
          tally.compare(at + ".sum_p", numbers(row, "sum_p", bins), predicted);
          tally.compare(at + ".sum_y", numbers(row, "sum_y", bins), observed);
        }
      }
    }
    rows.end();
  }

  private static double[] numbers(JsonNode row, String field, int n) {
    return Fields.flat(field, Fields.array(row, field), n);
  }

  private static void areas(
      String where, JsonNode inputs, JsonNode stream, JsonNode expected, Tally tally) {
    int[] y = Fields.integers("y", Fields.array(stream, "y"), 0, 1);
    double[] score = probabilities(stream, "score", y.length);
    ScoreRing ring = new ScoreRing(window(inputs));
    FadingScores faded =
        new FadingScores(1, Fields.integer(inputs, "bins", 1, 100_000), alpha(inputs));
    double[] recent = new double[ring.length()];
    double[] fading = new double[faded.length()];
    ScoreRing.Areas areas = new ScoreRing.Areas();
    Workspace workspace = new Workspace();
    Columns rows =
        new Columns(
            expected,
            "t",
            "U2",
            "positives",
            "negatives",
            "roc_auc",
            "average_precision",
            "fading_binned_auc",
            "fading_bound");
    for (int i = 0; i < y.length; i++) {
      ring.take(recent, 0, score[i], y[i] == 1);
      faded.take(fading, 0, score[i], y[i] == 1);
      JsonNode row = rows.at(i + 1);
      if (row != null) {
        String at = where + ".t=" + (i + 1);
        ring.areas(recent, 0, areas, workspace);
        tally.exact(at + ".U2", whole(row, 1), areas.twice());
        tally.exact(at + ".positives", whole(row, 2), (long) areas.positives());
        tally.exact(at + ".negatives", whole(row, 3), (long) areas.negatives());
        rows.compare(at, 4, areas.roc(), tally);
        rows.compare(at, 5, areas.precision(), tally);
        rows.compare(at, 6, faded.area(fading, 0), tally);
        rows.compare(at, 7, faded.areaBound(fading, 0), tally);
      }
    }
    rows.end();
  }

  private static long whole(JsonNode row, int column) {
    return Fields.integer("row", row.get(column), 0, Integer.MAX_VALUE);
  }
}
