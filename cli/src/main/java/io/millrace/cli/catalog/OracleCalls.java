package io.millrace.cli.catalog;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.Oracle;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.PhiloxDraws;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * How often an optimizer asks each question in a step.
 *
 * @param mean per step
 * @param least in a step
 * @param most in a step
 */
public record OracleCalls(double mean, int least, int most) {
  private static final int STEPS = 400;

  /**
   * Counts over the first steps at the defaults, on least squares with mini-batches of {@value
   * Probe#SAMPLES}. What is declared and never asked there is not in the answer.
   */
  public static Map<Oracle, OracleCalls> of(OptimizerSpec spec) {
    Optimizer optimizer = Optimizers.configure(spec.id(), Map.of()).optimizer();
    OptimizerRun run = new OptimizerRun(optimizer, new double[Probe.INPUTS]);
    Probe probe = new Probe();
    int[][] counts = new int[Oracle.values().length][STEPS];
    for (int t = 0; t < STEPS; t++) {
      probe.draw(t);
      run.step(probe, spec.defaultLearningRate());
      for (Oracle o : Oracle.values()) {
        counts[o.ordinal()][t] = probe.asked[o.ordinal()];
      }
    }
    Map<Oracle, OracleCalls> calls = new EnumMap<>(Oracle.class);
    for (Oracle o : Oracle.values()) {
      int[] perStep = counts[o.ordinal()];
      int most = Arrays.stream(perStep).max().orElse(0);
      if (most > 0) {
        int least = Arrays.stream(perStep).min().orElse(0);
        calls.put(o, new OracleCalls(Arrays.stream(perStep).average().orElse(0), least, most));
      }
    }
    return calls;
  }

  /** Mean squares of a drawn mini-batch; counts what it is asked. */
  private static final class Probe implements Objective, Layer {
    static final int INPUTS = 6;
    static final int SAMPLES = 4;
    private static final ParamLayout LAYOUT = ParamLayout.vector(INPUTS);

    final int[] asked = new int[Oracle.values().length];
    private final PhiloxDraws draws = new PhiloxDraws(1, "oracle-calls");
    private final double[][] x = new double[SAMPLES][INPUTS];
    private final double[] y = new double[SAMPLES];
    private final double[] one = new double[INPUTS];

    void draw(long step) {
      Arrays.fill(asked, 0);
      draws.at(step);
      for (int s = 0; s < SAMPLES; s++) {
        for (int j = 0; j < INPUTS; j++) {
          x[s][j] = draws.normal(s * INPUTS + j);
        }
        y[s] = x[s][0] - 2 * x[s][1] + draws.normal(SAMPLES * INPUTS + s);
      }
    }

    private void ask(Oracle oracle) {
      asked[oracle.ordinal()]++;
    }

    private double output(double[] theta, int s) {
      double sum = 0;
      for (int j = 0; j < INPUTS; j++) {
        sum += theta[j] * x[s][j];
      }
      return sum;
    }

    private void slope(double[] theta, int s, double[] out) {
      double residual = output(theta, s) - y[s];
      for (int j = 0; j < INPUTS; j++) {
        out[j] = residual * x[s][j];
      }
    }

    private void mean(double[] theta, double[] out) {
      Arrays.fill(out, 0);
      for (int s = 0; s < SAMPLES; s++) {
        slope(theta, s, one);
        for (int j = 0; j < INPUTS; j++) {
          out[j] += one[j] / SAMPLES;
        }
      }
    }

    @Override
    public ParamLayout layout() {
      return LAYOUT;
    }

    @Override
    public double value(double[] theta) {
      ask(Oracle.VALUE);
      double sum = 0;
      for (int s = 0; s < SAMPLES; s++) {
        double residual = output(theta, s) - y[s];
        sum += residual * residual / (2 * SAMPLES);
      }
      return sum;
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      ask(Oracle.GRADIENT);
      mean(theta, out);
    }

    @Override
    public int samples() {
      return SAMPLES;
    }

    @Override
    public void sampleGradient(double[] theta, int sample, double[] out) {
      ask(Oracle.PER_SAMPLE_GRADIENT);
      slope(theta, sample, out);
    }

    @Override
    public void storeSample(int sample, double[] to, int at) {
      System.arraycopy(x[sample], 0, to, at, INPUTS);
      to[at + INPUTS] = y[sample];
    }

    /** The gradient of the stored row at its label. */
    @Override
    public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
      ask(Oracle.STORED_SAMPLE);
      double residual = -stored[at + INPUTS];
      for (int j = 0; j < INPUTS; j++) {
        residual += theta[j] * stored[at + j];
      }
      for (int j = 0; j < INPUTS; j++) {
        out[j] = residual * stored[at + j];
      }
    }

    @Override
    public void hessianVector(double[] theta, double[] v, double[] out) {
      ask(Oracle.HESSIAN_VECTOR);
      Arrays.fill(out, 0);
      for (int s = 0; s < SAMPLES; s++) {
        double along = output(v, s);
        for (int j = 0; j < INPUTS; j++) {
          out[j] += along * x[s][j] / SAMPLES;
        }
      }
    }

    /** One call for the inputs and output derivatives of the whole mini-batch. */
    @Override
    public Layer layer(int index) {
      ask(Oracle.LAYER);
      return this;
    }

    @Override
    public int inputs() {
      return INPUTS;
    }

    @Override
    public int outputs() {
      return 1;
    }

    @Override
    public boolean inputsAreRows() {
      return true;
    }

    @Override
    public void input(double[] theta, int sample, double[] out) {
      System.arraycopy(x[sample], 0, out, 0, INPUTS);
    }

    @Override
    public void outputDerivative(double[] theta, int sample, double[] out) {
      out[0] = output(theta, sample) - y[sample];
    }

    /** Counted once per vector and sample. */
    @Override
    public void outputCurvature(double[] theta, int sample, double[] v, double[] out) {
      ask(Oracle.LAYER_CURVATURE);
      out[0] = v[0];
    }
  }
}
