package io.millrace.bench.optimizer;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.PhiloxDraws;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * An objective whose answers lie ready, so that a step's own time is what is measured: before a
 * step {@link #begin} writes the answers into the arrays that earlier steps handed in, and during
 * the step nothing is left to do. Two sets of gradients take turns. Not thread-safe.
 */
final class ReadyObjective implements Objective, Layer {
  private static final int SAMPLES = 8;

  private final ParamLayout layout;
  private final double[][] sources;

  /** Arrays that are filled before a step, and with which answer. */
  private final Map<double[], Integer> ready = new IdentityHashMap<>();

  /** Where parameters and slots lie: an answer written there is part of the step. */
  private final List<double[]> state = new ArrayList<>();

  private long step;
  private int answers;
  private int points;

  /**
   * Answers for a layout.
   *
   * @param sources two gradients at least as long as the layout; shared, not modified
   */
  ReadyObjective(ParamLayout layout, double[][] sources) {
    this.layout = layout;
    this.sources = sources;
  }

  /** Two gradients with components of size about 0.01 around 0, none of them tiny. */
  static double[][] sources(int n) {
    double[][] two = new double[2][n];
    PhiloxDraws draws = new PhiloxDraws(1, "gradients");
    for (double[] source : two) {
      for (int i = 0; i < n; i++) {
        double u = draws.uniform(i) - 0.5;
        source[i] = 0.02 * u + Math.copySign(0.002, u);
      }
      draws.at(1);
    }
    return two;
  }

  /** Names the arrays that hold parameters and slots. */
  void home(Iterable<double[]> arrays) {
    arrays.forEach(state::add);
  }

  /** Writes down the answers of a step. */
  void begin(long number) {
    step = number;
    answers = 0;
    points = 0;
    ready.forEach((array, k) -> System.arraycopy(source(k), 0, array, 0, layout.size()));
  }

  /** Vectors of the layout's length that the step has been given since {@link #begin}. */
  int answers() {
    return answers;
  }

  /** Points that the step made up in order to ask about them: neither parameters nor slots. */
  int points() {
    return points;
  }

  private double[] source(int k) {
    return sources[(int) ((step + k) % 2)];
  }

  private boolean atHome(double[] array) {
    for (double[] s : state) {
      if (s == array) {
        return true;
      }
    }
    return false;
  }

  private void answer(double[] point, double[] out) {
    int k = answers++;
    points += atHome(point) ? 0 : 1;
    if (ready.containsKey(out)) {
      return;
    }
    if (!atHome(out)) {
      ready.put(out, k);
    }
    System.arraycopy(source(k), 0, out, 0, layout.size());
  }

  @Override
  public ParamLayout layout() {
    return layout;
  }

  /** Small: a Polyak step stays below its bound. */
  @Override
  public double value(double[] theta) {
    return 1e-4;
  }

  @Override
  public void gradient(double[] theta, double[] out) {
    answer(theta, out);
  }

  @Override
  public void hessianVector(double[] theta, double[] v, double[] out) {
    answer(v, out);
  }

  @Override
  public int samples() {
    return SAMPLES;
  }

  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    answer(theta, out);
  }

  @Override
  public void storeSample(int sample, double[] to, int at) {
    int length = Math.min(layout.size(), Objective.storedLength(layout));
    System.arraycopy(source(sample), 0, to, at, length);
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    answer(theta, out);
  }

  @Override
  public Layer layer(int index) {
    return this;
  }

  @Override
  public int inputs() {
    return layout.size() / outputs();
  }

  @Override
  public int outputs() {
    return layout.blocks().get(0).cols();
  }

  @Override
  public boolean inputsAreRows() {
    return true;
  }

  @Override
  public void input(double[] theta, int sample, double[] out) {
    System.arraycopy(source(sample), 0, out, 0, inputs());
  }

  @Override
  public void outputDerivative(double[] theta, int sample, double[] out) {
    System.arraycopy(source(sample + 1), 0, out, 0, outputs());
  }

  @Override
  public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
    System.arraycopy(v, 0, out, 0, outputs());
  }
}
