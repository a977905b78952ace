package io.millrace.tests.contract;

import io.millrace.core.optim.Layer;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import java.util.Arrays;
import java.util.List;

/**
 * A small problem on which every optimizer has to make progress. Answers every question of {@link
 * Objective}; gradients may be noisy, {@link #value} never is.
 */
abstract class Target implements Objective {
  private static final int DIMENSION = 6;
  private static final int SEED = 20261120;
  private static final ParamLayout LAYOUT = ParamLayout.vector(DIMENSION);

  final String name;

  /** What has to be left of the gap to the best value, relative to the gap at the start. */
  final double goal;

  final int steps;

  private long step;

  Target(String name, double goal, int steps) {
    this.name = name;
    this.goal = goal;
    this.steps = steps;
  }

  /** A quadratic whose noise has no mean and no variance: Cauchy's. */
  static Target heavyTailed() {
    return new Quadratic("heavy-tailed", 0.5, 1500, 0.5, 0.05, true);
  }

  /** The four of the contract. */
  static List<Target> all() {
    return List.of(
        new Quadratic("quadratic", 1e-3, 2000, 0.5, 0, false),
        new Logistic(),
        new Quadratic("ill-conditioned", 2e-2, 4000, 3, 0, false),
        new Quadratic("noisy", 5e-2, 2000, 0.5, 0.3, false));
  }

  /** The least value there is. */
  abstract double best();

  double[] start() {
    double[] theta = new double[DIMENSION];
    Arrays.fill(theta, 0.1);
    return theta;
  }

  /** Called before every step: noise is a function of its number. */
  void at(long number) {
    step = number;
  }

  @Override
  public ParamLayout layout() {
    return LAYOUT;
  }

  /** A target without rows is one sample. */
  @Override
  public void sampleGradient(double[] theta, int sample, double[] out) {
    gradient(theta, out);
  }

  /** The sample and, where there is noise, the step it belongs to. */
  @Override
  public void storeSample(int sample, double[] to, int at) {
    to[at] = sample;
    to[at + 1] = step;
  }

  @Override
  public void storedGradient(double[] theta, double[] stored, int at, double[] out) {
    long present = step;
    at((long) stored[at + 1]);
    sampleGradient(theta, (int) stored[at], out);
    at(present);
  }

  /**
   * f = 0.5 sum_i h_i (q_i'(theta - c))^2 with orthonormal q_i and curvatures h_i from 1 down to
   * 10^-decades: no axis is an eigenvector, so that a diagonal scaling cannot undo the condition.
   */
  private static final class Quadratic extends Target {
    private final double[][] a = new double[DIMENSION][DIMENSION];
    private final double[] center = {1, -1, 0.5, 2, -0.5, 1.5};
    private final double[][] roots = new double[DIMENSION][DIMENSION];
    private final Layer layer = layer(roots, center);
    private final double noise;
    private final boolean heavy;
    private final PhiloxDraws draws = new PhiloxDraws(SEED, "noise");

    Quadratic(String name, double goal, int steps, double decades, double noise, boolean heavy) {
      super(name, goal, steps);
      this.noise = noise;
      this.heavy = heavy;
      double norm = 0;
      double[] u = {1, 2, -1, 3, 1, -2};
      for (double x : u) {
        norm += x * x;
      }
      // Householder reflections are orthonormal: q_i = e_i - 2 u_i u / |u|^2.
      for (int k = 0; k < DIMENSION; k++) {
        double h = Math.pow(10, -decades * k / (DIMENSION - 1));
        for (int i = 0; i < DIMENSION; i++) {
          for (int j = 0; j < DIMENSION; j++) {
            double qi = (i == k ? 1 : 0) - 2 * u[k] * u[i] / norm;
            double qj = (j == k ? 1 : 0) - 2 * u[k] * u[j] / norm;
            a[i][j] += h * qi * qj;
          }
          roots[k][i] = Math.sqrt(DIMENSION * h) * ((i == k ? 1 : 0) - 2 * u[k] * u[i] / norm);
        }
      }
    }

    /** f as the mean of 0.5 (x_i'(theta - c))^2 over the rows x_i = sqrt(6 h_i) q_i, no noise. */
    private static Layer layer(double[][] x, double[] center) {
      return new OneOutput(x) {
        @Override
        double slope(double output, int row) {
          double residual = output;
          for (int i = 0; i < DIMENSION; i++) {
            residual -= x[row][i] * center[i];
          }
          return residual;
        }

        @Override
        double bend(double output, int row) {
          return 1;
        }
      };
    }

    @Override
    public Layer layer(int index) {
      return layer;
    }

    @Override
    double best() {
      return 0;
    }

    @Override
    void at(long number) {
      super.at(number);
      draws.at(number);
    }

    @Override
    public double value(double[] theta) {
      double sum = 0;
      for (int i = 0; i < DIMENSION; i++) {
        sum += 0.5 * (theta[i] - center[i]) * row(i, theta);
      }
      return sum;
    }

    private double row(int i, double[] theta) {
      double sum = 0;
      for (int j = 0; j < DIMENSION; j++) {
        sum += a[i][j] * (theta[j] - center[j]);
      }
      return sum;
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      for (int i = 0; i < DIMENSION; i++) {
        out[i] = row(i, theta) + (noise == 0 ? 0 : noise * disturbance(i));
      }
    }

    private double disturbance(int i) {
      double normal = draws.fork(Purpose.NOISE).normal(i);
      return heavy ? normal / draws.fork(Purpose.NOISE).normal(DIMENSION + i) : normal;
    }

    @Override
    public void hessianVector(double[] theta, double[] v, double[] out) {
      for (int i = 0; i < DIMENSION; i++) {
        out[i] = 0;
        for (int j = 0; j < DIMENSION; j++) {
          out[i] += a[i][j] * v[j];
        }
      }
    }
  }

  /** Regularized logistic regression on drawn data; its best value comes from gradient descent. */
  private static final class Logistic extends Target {
    private static final int ROWS = 60;
    private static final double LAMBDA = 0.01;
    private final double[][] x = new double[ROWS][DIMENSION];
    private final double[] y = new double[ROWS];
    private final Layer layer = layer(x, y);
    private final double best;

    /** Without the penalty. */
    private static Layer layer(double[][] x, double[] y) {
      return new OneOutput(x) {
        @Override
        double slope(double output, int row) {
          return -y[row] / (1 + Math.exp(y[row] * output));
        }

        @Override
        double bend(double output, int row) {
          double p = 1 / (1 + Math.exp(-output));
          return p * (1 - p);
        }
      };
    }

    @Override
    public Layer layer(int index) {
      return layer;
    }

    Logistic() {
      super("logistic", 1e-3, 4000);
      PhiloxDraws draws = new PhiloxDraws(SEED, "logistic");
      for (int r = 0; r < ROWS; r++) {
        draws.at(r);
        double score = 0.5 * draws.normal(DIMENSION);
        for (int i = 0; i < DIMENSION; i++) {
          x[r][i] = draws.normal(i);
          score += (i % 2 == 0 ? 1 : -1) * x[r][i];
        }
        y[r] = score > 0 ? 1 : -1;
      }
      double[] theta = start();
      double[] g = new double[DIMENSION];
      for (int t = 0; t < 20_000; t++) {
        gradient(theta, g);
        for (int i = 0; i < DIMENSION; i++) {
          theta[i] -= 0.5 * g[i];
        }
      }
      best = value(theta);
    }

    @Override
    double best() {
      return best;
    }

    @Override
    public int samples() {
      return ROWS;
    }

    @Override
    public void sampleGradient(double[] theta, int sample, double[] out) {
      double slope = -y[sample] / (1 + Math.exp(margin(sample, theta)));
      for (int i = 0; i < DIMENSION; i++) {
        out[i] = LAMBDA * theta[i] + slope * x[sample][i];
      }
    }

    private double margin(int r, double[] theta) {
      double sum = 0;
      for (int i = 0; i < DIMENSION; i++) {
        sum += x[r][i] * theta[i];
      }
      return y[r] * sum;
    }

    @Override
    public double value(double[] theta) {
      double sum = 0;
      for (int r = 0; r < ROWS; r++) {
        sum += Math.log1p(Math.exp(-margin(r, theta))) / ROWS;
      }
      for (double w : theta) {
        sum += 0.5 * LAMBDA * w * w;
      }
      return sum;
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      for (int i = 0; i < DIMENSION; i++) {
        out[i] = LAMBDA * theta[i];
      }
      for (int r = 0; r < ROWS; r++) {
        double slope = -y[r] / (1 + Math.exp(margin(r, theta))) / ROWS;
        for (int i = 0; i < DIMENSION; i++) {
          out[i] += slope * x[r][i];
        }
      }
    }

    @Override
    public void hessianVector(double[] theta, double[] v, double[] out) {
      for (int i = 0; i < DIMENSION; i++) {
        out[i] = LAMBDA * v[i];
      }
      for (int r = 0; r < ROWS; r++) {
        double p = 1 / (1 + Math.exp(-margin(r, theta)));
        double dot = 0;
        for (int i = 0; i < DIMENSION; i++) {
          dot += x[r][i] * v[i];
        }
        for (int i = 0; i < DIMENSION; i++) {
          out[i] += p * (1 - p) * dot * x[r][i] / ROWS;
        }
      }
    }
  }
}
