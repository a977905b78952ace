package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.List;

/** From the scaled features to the raw outputs, by kind of model; see docs/wire-format.md. */
abstract class OnnxBody {
  final Model model;
  final OnnxNodes graph;
  private final List<double[]> byFeature;
  private final int width;

  private OnnxBody(Model model, OnnxNodes graph, String... byFeature) {
    this(model, graph, width(model, byFeature[0]), byFeature);
  }

  /**
   * A body.
   *
   * @param width features
   * @param byFeature tensors with a row for each feature, none of which matters where all are 0;
   *     empty: every feature may matter
   */
  OnnxBody(Model model, OnnxNodes graph, int width, String... byFeature) {
    model.requireUsable(); // then the tensors are those of its configuration
    this.model = model;
    this.graph = graph;
    this.byFeature = List.of(byFeature).stream().map(model::tensor).toList();
    this.width = width;
  }

  private static int width(Model model, String byFeature) {
    model.requireUsable();
    return model.shape(byFeature)[0];
  }

  /**
   * The body of a model.
   *
   * @throws IllegalArgumentException if it has no form in ONNX here, naming why
   */
  static OnnxBody of(Model model, OnnxNodes graph) {
    String kind = model.config().get("model.kind");
    if (kind != null) {
      switch (kind) {
        case "linear":
          return new Linear(model, graph);
        case "mlp":
          return new Perceptron(model, graph);
        case "fm":
          return new Factors(model, graph);
        case "naive-bayes":
          model.requireUsable();
          return new OnnxBayes.NaiveBayes(model, graph);
        case "adpredictor":
          model.requireUsable();
          return new OnnxBayes.AdPredictor(model, graph);
        default: // refused below
      }
    }
    throw new IllegalArgumentException(
        model
            + " is "
            + (kind != null ? "of kind '" + kind + "'" : "of job '" + model.job() + "'")
            + "; ONNX is written for models of kind linear, mlp, fm, naive-bayes and adpredictor, and"
            + " for trees; export as json or avro");
  }

  /** Features. */
  final int width() {
    return width;
  }

  /** Raw outputs. */
  abstract int outputs();

  /** What turns raw outputs into scores: the name of a loss, or {@code probit}. */
  String activation() {
    return model.config().getOrDefault("model.loss", "");
  }

  /**
   * Appends the nodes.
   *
   * @param x name of the scaled features
   * @param raw name for the raw outputs
   */
  abstract void write(String x, String raw);

  /** Whether a feature's value makes any difference. */
  final boolean weighs(int feature) {
    if (byFeature.isEmpty()) {
      return true;
    }
    for (double[] rows : byFeature) {
      int n = rows.length / width;
      for (int i = feature * n; i < (feature + 1) * n; i++) {
        if (rows[i] != 0) {
          return true;
        }
      }
    }
    return false;
  }

  /**
   * Appends {@code x - mean}, in two parts: values near a large mean differ from it by less than
   * its rounding to a float.
   */
  final void subtractInTwo(String x, double[] mean, String to) {
    double[] rest = new double[mean.length];
    for (int i = 0; i < mean.length; i++) {
      rest[i] = mean[i] - (float) mean[i];
    }
    graph.initializer("mean", mean, mean.length);
    graph.initializer("mean.rest", rest, mean.length);
    graph.node("Sub", "near", x, "mean");
    graph.node("Sub", to, "near", "mean.rest");
  }

  /** Appends {@code x weights + bias}. */
  final void affine(String x, String weights, String bias, String to) {
    int[] shape = model.shape(weights);
    graph.initializer(weights, model.tensor(weights), shape);
    graph.initializer(bias, model.tensor(bias), shape[1]);
    graph.node("MatMul", weights + ".products", x, weights);
    graph.node("Add", to, weights + ".products", bias);
  }

  private static final class Linear extends OnnxBody {
    Linear(Model model, OnnxNodes graph) {
      super(model, graph, "weights");
    }

    @Override
    int outputs() {
      return model.shape("weights")[1];
    }

    @Override
    void write(String x, String raw) {
      affine(x, "weights", "bias", raw);
    }
  }

  private static final class Perceptron extends OnnxBody {
    private final int last;
    private final String activation;

    Perceptron(Model model, OnnxNodes graph) {
      super(model, graph, "layer0.weights");
      int layers = 0;
      while (model.tensors().contains("layer" + layers + ".weights")) {
        layers++;
      }
      last = layers - 1;
      activation = model.config().getOrDefault("model.activation", "");
    }

    @Override
    int outputs() {
      return model.shape("layer" + last + ".weights")[1];
    }

    @Override
    void write(String x, String raw) {
      String from = x;
      for (int l = 0; l <= last; l++) {
        String layer = "layer" + l;
        String to = l == last ? raw : layer + ".in";
        affine(from, layer + ".weights", layer + ".bias", to);
        from = layer + ".out";
        if (l < last) {
          activate(to, from, layer);
        }
      }
    }

    private void activate(String in, String out, String layer) {
      switch (activation) {
        case "relu" -> graph.node("Relu", out, in);
        case "tanh" -> graph.node("Tanh", out, in);
        case "gelu" -> gelu(in, out, layer);
        default ->
            throw new IllegalArgumentException(
                model
                    + " has activation '"
                    + activation
                    + "', which has no form in ONNX here; export as json or avro");
      }
    }

    /** {@code z/2 (1 + tanh(sqrt(2/pi) (z + 0.044715 z^3)))}; the operator is of a later set. */
    private void gelu(String z, String out, String layer) {
      constant(layer + ".cube", 0.044715);
      constant(layer + ".scale", Math.sqrt(2 / Math.PI));
      constant(layer + ".one", 1);
      constant(layer + ".half", 0.5);
      graph.node("Mul", layer + ".z2", z, z);
      graph.node("Mul", layer + ".z3", layer + ".z2", z);
      graph.node("Mul", layer + ".bent", layer + ".z3", layer + ".cube");
      graph.node("Add", layer + ".sum", z, layer + ".bent");
      graph.node("Mul", layer + ".inner", layer + ".sum", layer + ".scale");
      graph.node("Tanh", layer + ".tanh", layer + ".inner");
      graph.node("Add", layer + ".gate", layer + ".tanh", layer + ".one");
      graph.node("Mul", layer + ".halved", z, layer + ".half");
      graph.node("Mul", out, layer + ".halved", layer + ".gate");
    }

    private void constant(String name, double value) {
      graph.initializer(name, new double[] {value}, 1);
    }
  }

  private static final class Factors extends OnnxBody {
    Factors(Model model, OnnxNodes graph) {
      super(model, graph, "weights", "factors");
    }

    @Override
    int outputs() {
      return model.shape("weights")[1];
    }

    /** Half of: squares of the sums less sums of the squares, added up over the rank. */
    @Override
    void write(String x, String raw) {
      int[] shape = model.shape("factors");
      int columns = shape[1] * shape[2];
      double[] factors = model.tensor("factors");
      double[] squares = new double[factors.length];
      for (int i = 0; i < factors.length; i++) {
        squares[i] = factors[i] * factors[i];
      }
      double[] halves = new double[columns * shape[1]];
      for (int i = 0; i < columns; i++) {
        halves[i * shape[1] + i / shape[2]] = 0.5;
      }
      graph.initializer("factors", factors, shape[0], columns);
      graph.initializer("factors.squared", squares, shape[0], columns);
      graph.initializer("halves", halves, columns, shape[1]);
      affine(x, "weights", "bias", "linear");
      graph.node("MatMul", "sums", x, "factors");
      graph.node("Mul", "sums.squared", "sums", "sums");
      graph.node("Mul", "features.squared", x, x);
      graph.node("MatMul", "own", "features.squared", "factors.squared");
      graph.node("Sub", "both", "sums.squared", "own");
      graph.node("MatMul", "pairs", "both", "halves");
      graph.node("Add", raw, "linear", "pairs");
    }
  }
}
