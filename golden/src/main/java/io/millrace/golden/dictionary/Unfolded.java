package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.unfolded.UnfoldedIsta;
import io.millrace.core.dictionary.unfolded.UnfoldedLoss;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.GoldenKind;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.Tally;
import java.util.Arrays;

/** Unfolded coders: outputs of every layer, both losses and their gradients. A case is a signal. */
public final class Unfolded implements GoldenKind {
  @Override
  public String id() {
    return "unfolded";
  }

  @Override
  public boolean handles(JsonNode file) {
    return file.path("kind").asText().equals(id());
  }

  @Override
  public void replay(JsonNode file, Tally tally) {
    for (JsonNode c : Fields.array(file, "cases")) {
      tally.begin();
      run(Fields.object(c, "inputs"), Fields.object(c, "expected"), tally);
    }
  }

  private static void run(JsonNode inputs, JsonNode expected, Tally tally) {
    SignalCase signal = new SignalCase(inputs);
    double[] steps = Fields.flat("steps", Fields.array(inputs, "steps"));
    int layers = steps.length;
    if (layers == 0) {
      throw new MalformedGolden("'steps' is empty");
    }
    double[] thresholds = Fields.flat("thresholds", Fields.array(inputs, "thresholds"), layers);
    double[] theta = Arrays.copyOf(steps, 2 * layers);
    System.arraycopy(thresholds, 0, theta, layers, layers);
    UnfoldedIsta network = new UnfoldedIsta(layers, 0, false, 0);
    double[] q = new double[layers * signal.atoms];
    double[] a = new double[layers * signal.atoms];
    network.forward(theta, signal.gram, signal.c, 0, q, a);
    tally.compare(
        "layers", Fields.flat("layer_outputs", Fields.array(expected, "layer_outputs")), a);
    double[] labels = Fields.flat("x_true", Fields.array(inputs, "x_true"), signal.atoms);
    UnfoldedLoss loss = new UnfoldedLoss(network, Fields.number(inputs, "lambda"));
    double[] xx = {signal.xx};
    loss.aim(signal.gram, signal.c, xx, labels, null, 1);
    compare("supervised", loss, theta, expected, tally);
    loss.aim(signal.gram, signal.c, xx, null, null, 1);
    compare("unsupervised", loss, theta, expected, tally);
  }

  private static void compare(
      String kind, UnfoldedLoss loss, double[] theta, JsonNode expected, Tally tally) {
    int layers = theta.length / 2;
    double[] gradient = new double[2 * layers];
    loss.gradient(theta, gradient);
    tally.compare(kind, Fields.number(expected, kind + "_loss"), loss.value(theta));
    String steps = kind + "_grad_steps";
    tally.compare(
        steps, Fields.flat(steps, Fields.array(expected, steps)), Arrays.copyOf(gradient, layers));
    String thresholds = kind + "_grad_thresholds";
    tally.compare(
        thresholds,
        Fields.flat(thresholds, Fields.array(expected, thresholds)),
        Arrays.copyOfRange(gradient, layers, 2 * layers));
  }
}
