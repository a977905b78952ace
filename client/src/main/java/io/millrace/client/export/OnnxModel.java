package io.millrace.client.export;

import io.millrace.client.Model;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/**
 * A linear or softmax model as ONNX: IR version 7, operator set 13, float32, the scaler included.
 *
 * <pre>
 * input   features  float [N, width]     raw values; of sparse features the full vector, of named
 *                                        ones the hashed vector (docs/wire-format.md)
 * output  scores    float [N, outputs]   as the client's Score: mean, probability of class 1, or one
 *                                        probability per class
 * output  class     int64 [N, 1]         index of the class; only for losses with classes
 * </pre>
 *
 * Class names, key, version and the model's configuration are metadata of the file. Numbers in the
 * code below are the field numbers of onnx.proto3 (https://github.com/onnx/onnx).
 */
public final class OnnxModel {
  private static final int IR_VERSION = 7;
  private static final int OPSET = 13;
  private static final int FLOAT = 1;
  private static final int INT64 = 7;
  private static final int ATTRIBUTE_INT = 2;
  private static final String INPUT = "features";
  private static final String SCORES = "scores";
  private static final String CLASS = "class";

  private final Model model;
  private final Map<String, String> config;
  private final Proto graph = new Proto();
  private final int width;
  private final int outputs;
  private final double[] weights;

  private OnnxModel(Model model) {
    this.model = model;
    this.config = model.config();
    if (!"linear".equals(config.get("model.kind")) || !model.tensors().contains("weights")) {
      throw new IllegalArgumentException(
          model
              + " is "
              + (config.containsKey("model.kind")
                  ? "of kind '" + config.get("model.kind") + "'"
                  : "of job '" + model.job() + "'")
              + "; ONNX is written for linear models only; export as json or avro");
    }
    int[] shape = model.shape("weights");
    this.width = shape[0];
    this.outputs = shape[1];
    this.weights = model.tensor("weights");
  }

  /**
   * Writes the model; does not close the stream.
   *
   * @throws IllegalArgumentException if it has no form in ONNX here, naming why
   */
  public static void write(Model model, OutputStream out) throws IOException {
    out.write(new OnnxModel(model).encode());
    out.flush();
  }

  private byte[] encode() {
    String x = scale();
    initializer("weights", weights, width, outputs);
    initializer("bias", model.tensor("bias"), outputs);
    node("MatMul", "products", x, "weights");
    String loss = config.getOrDefault("model.loss", "");
    switch (loss) {
      case "logistic" -> activate("Sigmoid");
      case "softmax" -> activate("Softmax");
      case "poisson" -> activate("Exp");
      case "squared", "huber", "quantile", "hinge" -> node("Add", SCORES, "products", "bias");
      default ->
          throw new IllegalArgumentException(
              model + " has loss '" + loss + "', which has no form in ONNX here; export as json");
    }
    graph.text(2, "millrace");
    graph.message(11, value(INPUT, FLOAT, width));
    graph.message(12, value(SCORES, FLOAT, outputs));
    if (classes(loss)) {
      graph.message(12, value(CLASS, INT64, 1));
    }
    Proto file = new Proto().number(1, IR_VERSION).text(2, "millrace");
    file.number(5, model.version());
    file.message(7, graph);
    file.message(8, new Proto().text(1, "").number(2, OPSET));
    Map<String, String> metadata = new TreeMap<>(config);
    metadata.put("key", model.key());
    metadata.put("version", Long.toString(model.version()));
    metadata.forEach((k, v) -> file.message(14, new Proto().text(1, k).text(2, v)));
    return file.toByteArray();
  }

  private void activate(String op) {
    node("Add", "raw", "products", "bias");
    node(op, SCORES, "raw");
  }

  /** Appends the output of classes; false where the loss has none. */
  private boolean classes(String loss) {
    switch (loss) {
      case "softmax" -> {
        Proto node = nodeOf("ArgMax", CLASS, SCORES);
        node.message(5, attribute("axis", 1)).message(5, attribute("keepdims", 1));
        graph.message(1, node);
      }
      case "logistic", "hinge" -> {
        initializer("threshold", new double[] {loss.equals("hinge") ? 0 : 0.5}, 1);
        node("Greater", "positive", SCORES, "threshold");
        graph.message(1, nodeOf("Cast", CLASS, "positive").message(5, attribute("to", INT64)));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  /** Appends the scaler; returns the name of what goes into the product. */
  private String scale() {
    if (!"standard".equals(config.get("features.scaling"))) {
      return INPUT;
    }
    return "dense".equals(config.get("features.kind")) ? standardise() : divideByRms();
  }

  private String standardise() {
    double[] factor = model.tensor("scaler.variance");
    for (int i = 0; i < width; i++) {
      factor[i] = factor[i] > 0 ? 1 / Math.sqrt(factor[i]) : 0;
    }
    initializer("mean", model.tensor("scaler.mean"), width);
    initializer("factor", factor, width);
    node("Sub", "centred", INPUT, "mean");
    node("Mul", "scaled", "centred", "factor");
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
      matters |= unseen[i] > 0 && weighs(i);
    }
    initializer("factor", factor, width);
    node("Mul", "scaled", INPUT, "factor");
    if (!matters) {
      return "scaled";
    }
    initializer("unseen", unseen, width);
    node("Sign", "sign", INPUT);
    node("Mul", "signs", "sign", "unseen");
    node("Add", "all", "scaled", "signs");
    return "all";
  }

  private boolean weighs(int feature) {
    for (int k = 0; k < outputs; k++) {
      if (weights[feature * outputs + k] != 0) {
        return true;
      }
    }
    return false;
  }

  private void node(String op, String output, String... inputs) {
    graph.message(1, nodeOf(op, output, inputs));
  }

  /** NodeProto. */
  private static Proto nodeOf(String op, String output, String... inputs) {
    Proto node = new Proto();
    Arrays.stream(inputs).forEach(in -> node.text(1, in));
    return node.text(2, output).text(3, output).text(4, op);
  }

  /** AttributeProto with an integer. */
  private static Proto attribute(String name, long value) {
    return new Proto().text(1, name).number(3, value).number(20, ATTRIBUTE_INT);
  }

  /** TensorProto of floats, with raw little-endian data. */
  private void initializer(String name, double[] values, int... dims) {
    Proto tensor = new Proto();
    Arrays.stream(dims).forEach(d -> tensor.number(1, d));
    ByteBuffer raw =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (double v : values) {
      raw.putFloat((float) v);
    }
    graph.message(5, tensor.number(2, FLOAT).text(8, name).bytes(9, raw.array()));
  }

  /** ValueInfoProto of [N, columns]. */
  private static Proto value(String name, int type, int columns) {
    Proto shape =
        new Proto().message(1, new Proto().text(2, "N")).message(1, new Proto().number(1, columns));
    Proto tensor = new Proto().number(1, type).message(2, shape);
    return new Proto().text(1, name).message(2, new Proto().message(1, tensor));
  }
}
