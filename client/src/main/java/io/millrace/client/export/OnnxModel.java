package io.millrace.client.export;

import io.millrace.client.Model;
import io.millrace.core.sample.posterior.PosteriorForm;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * A supervised model as ONNX: IR version 7, operator set 13, float32, the scaler included.
 *
 * <pre>
 * input   features  float [N, width]     raw values; of sparse features the full vector, of named
 *                                        ones the hashed vector (docs/wire-format.md), where names
 *                                        on one coordinate add up
 * output  scores    float [N, outputs]   as the client's Score: mean, probability of class 1, or one
 *                                        probability per class; not what a learner says beside
 * output  class     int64 [N, 1]         index of the class; only for losses with classes
 * </pre>
 *
 * Class names, key, version and the model's configuration are metadata of the file. Numbers in the
 * code below are the field numbers of onnx.proto3 (https://github.com/onnx/onnx).
 */
public final class OnnxModel {
  private static final int IR_VERSION = 7;
  private static final int OPSET = 13;
  private static final int ML_OPSET = 1;
  private static final String INPUT = "features";
  private static final String SCORES = "scores";
  private static final String CLASS = "class";

  /** The bound on scaled values; see docs/wire-format.md. */
  private static final double LARGEST = 10;

  private final Model model;
  private final Map<String, String> config;
  private final OnnxNodes graph = new OnnxNodes();
  private final OnnxBody body;
  private final int width;
  private final int outputs;

  private OnnxModel(Model model) {
    this.model = model;
    this.config = model.config();
    this.body = OnnxBody.of(model, graph);
    this.width = body.width();
    this.outputs = body.outputs();
  }

  /**
   * Writes the model; does not close the stream.
   *
   * @throws IllegalArgumentException if it has no form in ONNX here, naming why
   * @throws io.millrace.core.state.StateException if it cannot be used at all
   */
  public static void write(Model model, OutputStream out) throws IOException {
    if (model.config().containsKey(PosteriorForm.RELIABLE)) {
      throw new IllegalArgumentException(
          model + " is a posterior, many models at once, which have no form here; export as json");
    }
    if (OnnxTreeModel.suits(model)) {
      OnnxNodes graph = new OnnxNodes();
      OnnxTreeModel.write(model, graph, INPUT, SCORES, CLASS);
      out.write(file(model, graph, true));
    } else {
      out.write(new OnnxModel(model).encode());
    }
    out.flush();
  }

  private byte[] encode() {
    String x = scale();
    String loss = body.activation();
    switch (loss) {
      case "logistic" -> activate("Sigmoid", x);
      case "softmax" -> activate("Softmax", x);
      case "poisson" -> activate("Exp", x);
      case "probit" -> probit(x);
      case "squared", "huber", "quantile", "hinge" -> body.write(x, SCORES);
      default ->
          throw new IllegalArgumentException(
              model + " has loss '" + loss + "', which has no form in ONNX here; export as json");
    }
    graph.input(INPUT, width);
    graph.output(SCORES, OnnxNodes.FLOAT, outputs);
    if (classes(loss)) {
      graph.output(CLASS, OnnxNodes.INT64, 1);
    }
    return file(model, graph, false);
  }

  /**
   * The file around a graph.
   *
   * @param classical whether it has operators of {@link OnnxNodes#ML}
   */
  private static byte[] file(Model model, OnnxNodes graph, boolean classical) {
    Proto file = new Proto().number(1, IR_VERSION).text(2, "millrace");
    file.number(5, model.version());
    file.message(7, graph.proto("millrace"));
    file.message(8, new Proto().text(1, "").number(2, OPSET));
    if (classical) {
      file.message(8, new Proto().text(1, OnnxNodes.ML).number(2, ML_OPSET));
    }
    Map<String, String> metadata = new TreeMap<>(model.config());
    metadata.put("key", model.key());
    metadata.put("version", Long.toString(model.version()));
    metadata.forEach((k, v) -> file.message(14, new Proto().text(1, k).text(2, v)));
    return file.toByteArray();
  }

  /** {@code (1 + erf(raw / sqrt 2)) / 2}. */
  private void probit(String x) {
    body.write(x, "raw");
    graph.initializer("root.half", new double[] {Math.sqrt(0.5)}, 1);
    graph.initializer("one", new double[] {1}, 1);
    graph.initializer("half", new double[] {0.5}, 1);
    graph.node("Mul", "bent", "raw", "root.half");
    graph.node("Erf", "erf", "bent");
    graph.node("Add", "raised", "erf", "one");
    graph.node("Mul", SCORES, "raised", "half");
  }

  private void activate(String op, String x) {
    body.write(x, "raw");
    graph.node(op, SCORES, "raw");
  }

  /** Appends the output of classes; false where the loss has none. */
  private boolean classes(String loss) {
    switch (loss) {
      case "softmax" -> {
        graph.node("ArgMax", CLASS, Map.of("axis", 1L, "keepdims", 1L), SCORES);
      }
      case "logistic", "probit", "hinge" -> {
        graph.initializer("threshold", new double[] {loss.equals("hinge") ? 0 : 0.5}, 1);
        graph.node("Greater", "positive", SCORES, "threshold");
        graph.node("Cast", CLASS, Map.of("to", (long) OnnxNodes.INT64), "positive");
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Appends the scaler; returns the name of what goes into the product. */
  private String scale() {
    if (config.getOrDefault("features.scaling", "none").equals("none")) {
      return INPUT;
    }
    String x = "dense".equals(config.get("features.kind")) ? standardise() : divideByRms();
    graph.initializer("least", new double[] {-LARGEST});
    graph.initializer("most", new double[] {LARGEST});
    graph.node("Clip", "bounded", x, "least", "most");
    return "bounded";
  }

  private String standardise() {
    double[] factor = model.tensor("scaler.variance");
    for (int i = 0; i < width; i++) {
      factor[i] = factor[i] > 0 ? 1 / Math.sqrt(factor[i]) : 0;
    }
    body.subtractInTwo(INPUT, model.tensor("scaler.mean"), "centred");
    graph.initializer("factor", factor, width);
    graph.node("Mul", "scaled", "centred", "factor");
    return "scaled";
  }

  /** A coordinate that was never seen gives the sign of its value, which matters with a weight. */
  private String divideByRms() {
    double[] factor = model.tensor("scaler.rms");
    double[] unseen = new double[width];
    boolean matters = false;
    for (int i = 0; i < width; i++) {
      unseen[i] = factor[i] > 0 ? 0 : 1;
      factor[i] = factor[i] > 0 ? 1 / factor[i] : 0;
      matters |= unseen[i] > 0 && body.weighs(i);
    }
    graph.initializer("factor", factor, width);
    graph.node("Mul", "scaled", INPUT, "factor");
    if (!matters) {
      return "scaled";
    }
    graph.initializer("unseen", unseen, width);
    graph.node("Sign", "sign", INPUT);
    graph.node("Mul", "signs", "sign", "unseen");
    graph.node("Add", "all", "scaled", "signs");
    return "all";
  }
}
