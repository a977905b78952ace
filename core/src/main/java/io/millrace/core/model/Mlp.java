package io.millrace.core.model;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.rng.Draws;
import io.millrace.core.spec.Source;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A multi-layer perceptron: fully connected layers with an activation between them and none behind
 * the last. Rumelhart, Hinton, Williams, "Learning Representations by Back-Propagating Errors",
 * Nature 323, 1986.
 *
 * <p>Start values of a layer with m inputs and n units, times the scale that was set; biases start
 * at 0:
 *
 * <ul>
 *   <li>hidden layer of relu or gelu: normal of variance 2/m (He, Zhang, Ren, Sun, "Delving Deep
 *       into Rectifiers", ICCV 2015, equation 10);
 *   <li>hidden layer of tanh, and the last layer: uniform within sqrt(6/(m+n)) of 0 (Glorot,
 *       Bengio, "Understanding the Difficulty of Training Deep Feedforward Neural Networks",
 *       AISTATS 2010, equation 16).
 * </ul>
 */
final class Mlp implements Architecture {
  private static final int MOST_LAYERS = 64;
  private static final int MOST_UNITS = 1 << 16;

  static final ModelSpec SPEC =
      new ModelSpec(
          "mlp",
          "a multi-layer perceptron, layers of units with an activation between",
          "rmsprop",
          new Source(
              "Rumelhart, Hinton, Williams, Learning Representations by Back-Propagating Errors,"
                  + " Nature 323, 1986",
              Source.Confidence.DERIVED),
          Set.of(Models.HIDDEN, Models.ACTIVATION, Models.INIT_SCALE),
          Mlp::new);

  /** Where {@link ModelOptions} say nothing. */
  private static final List<Integer> HIDDEN = List.of(64);

  private final Loss loss;
  private final int[] units;
  private final Activation activation;
  private final double scale;

  private Mlp(ModelOptions options, Loss loss) {
    List<String> faults = new ArrayList<>();
    List<Integer> hidden = options.hidden().isEmpty() ? HIDDEN : options.hidden();
    if (hidden.size() > MOST_LAYERS || hidden.stream().anyMatch(n -> n < 1 || n > MOST_UNITS)) {
      faults.add(
          Models.HIDDEN
              + " = "
              + hidden
              + "; must be at most "
              + MOST_LAYERS
              + " whole numbers in [1, "
              + MOST_UNITS
              + "]");
    }
    String name = options.activation().isEmpty() ? Activation.RELU.id() : options.activation();
    Activation found =
        Arrays.stream(Activation.values())
            .filter(f -> f.id().equals(name))
            .findFirst()
            .orElse(null);
    if (found == null) {
      faults.add(
          Models.ACTIVATION
              + " = "
              + name
              + "; must be one of "
              + Arrays.stream(Activation.values()).map(Activation::id).toList());
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    this.loss = loss;
    activation = found;
    scale = Models.initScale(options);
    units = new int[hidden.size() + 1];
    for (int l = 0; l < hidden.size(); l++) {
      units[l] = hidden.get(l);
    }
    units[hidden.size()] = loss.outputs();
  }

  @Override
  public String kind() {
    return SPEC.id();
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int l = 0; l < units.length - 1; l++) {
      settings.put(Models.HIDDEN + "." + l, Integer.toString(units[l]));
    }
    settings.put(Models.ACTIVATION, activation.id());
    return settings;
  }

  /** For each layer from the input on: its weights [inputs x units], its bias [units]. */
  @Override
  public List<Tensor> tensors(int width) {
    List<Tensor> tensors = new ArrayList<>();
    int in = width;
    for (int l = 0; l < units.length; l++) {
      tensors.add(new Tensor("layer" + l + ".weights", in, units[l]));
      tensors.add(new Tensor("layer" + l + ".bias", units[l]));
      in = units[l];
    }
    return tensors;
  }

  @Override
  public int featureTensors() {
    return 1;
  }

  @Override
  public boolean layered() {
    return true;
  }

  @Override
  public int[] rectifiedUnits() {
    return activation == Activation.RELU ? units.clone() : null;
  }

  @Override
  public void initialize(double[] theta, int width, Draws draws) {
    int at = 0;
    int in = width;
    for (int l = 0; l < units.length; l++) {
      start(l, in, draws, at, theta, at, in * units[l]);
      at += (in + 1) * units[l];
      in = units[l];
    }
  }

  @Override
  public void startFeature(int feature, int width, Draws draws, double[] row) {
    start(0, width, draws, feature * units[0], row, 0, units[0]);
  }

  @Override
  public void startRest(int width, Draws draws, double[] rest) {
    int first = width * units[0];
    int at = units[0];
    for (int l = 1; l < units.length; l++) {
      int in = units[l - 1];
      start(l, in, draws, first + at, rest, at, in * units[l]);
      at += (in + 1) * units[l];
    }
  }

  /**
   * Start values of weights of a layer.
   *
   * @param parameter index of the first of them among all parameters
   * @param n how many, written from {@code at} on
   */
  private void start(int layer, int in, Draws draws, int parameter, double[] to, int at, int n) {
    boolean he = layer < units.length - 1 && activation != Activation.TANH;
    double spread = scale * Math.sqrt(he ? 2.0 / in : 6.0 / (in + units[layer]));
    for (int i = 0; i < n; i++) {
      int p = parameter + i;
      to[at + i] = spread * (he ? draws.normal(p) : 2 * draws.uniform(p) - 1);
    }
  }

  /** An output is a sum of products of one weight per layer. */
  @Override
  public double largestParameter() {
    return StrictMath.pow(1e140, 1.0 / units.length);
  }

  @Override
  public ModelObjective objective(Kernels compute) {
    return new MlpObjective(loss, units, activation, compute);
  }
}
