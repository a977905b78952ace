package io.millrace.client.export;

import io.millrace.client.Model;
import java.util.Map;

/** Naive Bayes and AdPredictor, from the features to what the activation takes. */
final class OnnxBayes {
  private OnnxBayes() {}

  /** The log-odds of two classes, or the log-shares of more. */
  static final class NaiveBayes extends OnnxBody {
    /** As good as impossible, in 32 bits: a class that has not come. */
    private static final double NEVER = -1e30;

    private final int classes;
    private final double[] weights;

    NaiveBayes(Model model, OnnxNodes graph) {
      super(model, graph, width(model));
      weights = model.tensor("weights");
      classes = weights.length;
    }

    private static int width(Model model) {
      return model.shape(model.tensors().contains("mean") ? "mean" : "counts")[1];
    }

    @Override
    int outputs() {
      return classes == 2 ? 1 : classes;
    }

    @Override
    String activation() {
      return classes == 2 ? "logistic" : "softmax";
    }

    @Override
    void write(String x, String raw) {
      switch (model.config().get("model.distribution")) {
        case "gaussian" -> gaussian(x, raw);
        case "multinomial" -> multinomial(x, raw);
        default -> bernoulli(x, raw);
      }
    }

    /** {@code sum_j a_kj z_j^2 + b_kj z_j + c_k}, z the distance from the mean over all classes. */
    private void gaussian(String x, String raw) {
      double[] mean = model.tensor("mean");
      double[] variance = model.tensor("variance");
      double floor = Double.parseDouble(model.config().get("model.variance-floor"));
      double[] centre = new double[width()];
      double total = 0;
      for (int k = 0; k < classes; k++) {
        total += weights[k];
      }
      for (int i = 0; i < mean.length; i++) {
        centre[i % width()] += total > 0 ? weights[i / width()] / total * mean[i] : 0;
      }
      double[] square = new double[mean.length];
      double[] linear = new double[mean.length];
      double[] constant = prior();
      for (int i = 0; i < mean.length; i++) {
        double v = Math.max(variance[i], floor);
        double m = mean[i] - centre[i % width()];
        square[i] = -0.5 / v;
        linear[i] = m / v;
        constant[i / width()] -= (StrictMath.log(v) + m * m / v) / 2;
      }
      subtractInTwo(x, centre, "centred");
      graph.node("Mul", "squared", "centred", "centred");
      product("squared", "square", square);
      product("centred", "linear", linear);
      graph.node("Add", "log", "square.product", "linear.product");
      add("log", constant, raw);
    }

    private void multinomial(String x, String raw) {
      double[] counts = model.tensor("counts");
      double[] totals = model.tensor("totals");
      double alpha = alpha();
      double[] linear = new double[counts.length];
      for (int i = 0; i < counts.length; i++) {
        double all = totals[i / width()] + alpha * width();
        linear[i] = StrictMath.log((counts[i] + alpha) / all);
      }
      product(x, "linear", linear);
      add("linear.product", prior(), raw);
    }

    private void bernoulli(String x, String raw) {
      double[] counts = model.tensor("counts");
      double alpha = alpha();
      double[] linear = new double[counts.length];
      double[] constant = prior();
      for (int i = 0; i < counts.length; i++) {
        double n = weights[i / width()];
        double absent = n - counts[i] + alpha;
        linear[i] = StrictMath.log((counts[i] + alpha) / absent);
        constant[i / width()] += StrictMath.log(absent / (n + 2 * alpha));
      }
      graph.initializer("zero", new double[] {0}, 1);
      graph.node("Greater", "there", x, "zero");
      graph.node("Cast", "indicator", Map.of("to", (long) OnnxNodes.FLOAT), "there");
      product("indicator", "linear", linear);
      add("linear.product", constant, raw);
    }

    private double alpha() {
      return Double.parseDouble(model.config().get("model.alpha"));
    }

    /** Logarithms of the shares of the classes, up to a constant. */
    private double[] prior() {
      double[] log = new double[classes];
      for (int k = 0; k < classes; k++) {
        log[k] = weights[k] > 0 ? StrictMath.log(weights[k]) : NEVER;
      }
      return log;
    }

    /** Appends a product with a matrix given class by class; of two classes with the difference. */
    private void product(String x, String name, double[] byClass) {
      int outputs = outputs();
      double[] byFeature = new double[width() * outputs];
      for (int j = 0; j < width(); j++) {
        for (int k = 0; k < outputs; k++) {
          byFeature[j * outputs + k] =
              classes == 2 ? byClass[width() + j] - byClass[j] : byClass[k * width() + j];
        }
      }
      graph.initializer(name, byFeature, width(), outputs);
      graph.node("MatMul", name + ".product", x, name);
    }

    private void add(String x, double[] byClass, String to) {
      double[] constant = classes == 2 ? new double[] {byClass[1] - byClass[0]} : byClass;
      graph.initializer("constant", constant, constant.length);
      graph.node("Add", to, x, "constant");
    }
  }

  /** What the normal distribution takes: mean over standard deviation of the score. */
  static final class AdPredictor extends OnnxBody {
    AdPredictor(Model model, OnnxNodes graph) {
      super(model, graph, model.shape("mean")[0] - 1);
    }

    @Override
    int outputs() {
      return 1;
    }

    @Override
    String activation() {
      return "probit";
    }

    @Override
    void write(String x, String raw) {
      double[] mean = model.tensor("mean");
      double[] variance = model.tensor("variance");
      double beta = Double.parseDouble(model.config().get("model.beta"));
      column("weight.mean", mean, mean[width()]);
      column("weight.variance", variance, variance[width()] + beta * beta);
      graph.node("MatMul", "mean.product", x, "weight.mean");
      graph.node("Add", "mu", "mean.product", "weight.mean.rest");
      graph.node("Mul", "squared", x, x);
      graph.node("MatMul", "variance.product", "squared", "weight.variance");
      graph.node("Add", "sigma.squared", "variance.product", "weight.variance.rest");
      graph.node("Sqrt", "sigma", "sigma.squared");
      graph.node("Div", raw, "mu", "sigma");
    }

    private void column(String name, double[] values, double rest) {
      double[] own = new double[width()];
      System.arraycopy(values, 0, own, 0, width());
      graph.initializer(name, own, width(), 1);
      graph.initializer(name + ".rest", new double[] {rest}, 1);
    }
  }
}
