package io.millrace.cli.dashboard;

import io.millrace.cli.dashboard.Questions.Answer;
import io.millrace.cli.dictionary.TileImage;
import io.millrace.cli.sample.PosteriorView;
import io.millrace.cli.tune.TunerView;
import io.millrace.client.Model;
import java.util.LinkedHashMap;
import java.util.Map;

/** What there is to see of a model of a family beside its figures. */
final class FamilyView {
  /** Draws that are shown: more are one cloud. */
  private static final int MOST_DRAWS = 2000;

  private FamilyView() {}

  /**
   * The view of a model: arms of a tuner, parameters and draws of a posterior, use of atoms; with
   * {@code image=1} the atoms themselves.
   *
   * @throws IllegalArgumentException if there is none of the model, or a coordinate is out of range
   */
  static Answer of(Model model, Map<String, String> query) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("family", model.job());
    o.put("version", model.version());
    switch (model.job()) {
      case "tune" -> {
        TunerView tuner = new TunerView(model);
        o.put("policy", tuner.policy());
        o.put("best", tuner.best());
        o.put("arms", tuner.arms().stream().map(TunerView::json).toList());
      }
      case "sample" -> posterior(model, query, o);
      case "dictionary" -> {
        if (query.containsKey("image")) {
          return new Answer(200, "png", TileImage.of(model).png(), null);
        }
        atoms(model, o);
      }
      default -> throw new IllegalArgumentException(model + " has no view of its own");
    }
    return Answer.json(o);
  }

  private static void posterior(Model model, Map<String, String> query, Map<String, Object> o) {
    o.put("doubt", model.doubt());
    o.put("parameters", PosteriorView.parameters(model));
    int[] shape = model.shape("draws");
    int x = coordinate(query, "x", 0, shape[1]);
    int y = coordinate(query, "y", Math.min(1, shape[1] - 1), shape[1]);
    double[] draws = model.tensor("draws");
    int step = Math.max(1, (shape[0] + MOST_DRAWS - 1) / MOST_DRAWS);
    int n = (shape[0] + step - 1) / step;
    double[] xs = new double[n];
    double[] ys = new double[n];
    for (int i = 0; i < n; i++) {
      xs[i] = draws[i * step * shape[1] + x];
      ys[i] = draws[i * step * shape[1] + y];
    }
    o.put("coordinates", shape[1]);
    o.put("x", x);
    o.put("y", y);
    o.put("all", shape[0]);
    o.put("xs", xs);
    o.put("ys", ys);
  }

  private static int coordinate(Map<String, String> query, String name, int otherwise, int bound) {
    String text = query.get(name);
    if (text == null) {
      return otherwise;
    }
    if (!text.matches("\\d{1,9}") || Integer.parseInt(text) >= bound) {
      throw new IllegalArgumentException(
          name + " = " + text + "; must lie in [0, " + (bound - 1) + "]");
    }
    return Integer.parseInt(text);
  }

  private static void atoms(Model model, Map<String, Object> o) {
    int[] shape = model.shape("dictionary");
    o.put("atoms", shape[0]);
    o.put("dimension", shape[1]);
    o.put("rows", TileImage.height(model));
    if (model.tensors().contains("usage")) {
      o.put("usage", model.tensor("usage"));
    }
  }
}
