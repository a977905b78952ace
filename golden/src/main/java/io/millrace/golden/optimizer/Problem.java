package io.millrace.golden.optimizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.optim.ParamLayout;
import io.millrace.golden.kind.Fields;
import io.millrace.golden.kind.MalformedGolden;
import io.millrace.golden.kind.UnsupportedGolden;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** The mean of f_i over the rows i of a batch, as golden files describe it. */
interface Problem {
  /** Number of rows. */
  int rows();

  /** The batches by step, where the rows come with them; null: the file lists them. */
  default List<int[]> batches() {
    return null;
  }

  double value(double[] theta, int row);

  /** Adds {@code share} times the gradient of f_row. */
  void addGradient(double[] theta, int row, double share, double[] out);

  /** Adds {@code share} times the Hessian of f_row times {@code v}. */
  void addHessianVector(double[] theta, double[] v, int row, double share, double[] out);

  /** Inputs of the layer, where the problem is one linear layer. */
  default double[] input(int row) {
    throw new UnsupportedGolden("the problem is not one linear layer");
  }

  default int outputs() {
    return 1;
  }

  default boolean inputsAreRows() {
    return true;
  }

  /** Derivative of f_row in the layer's outputs. */
  default void outputDerivative(double[] theta, int row, double[] out) {
    throw new UnsupportedGolden("the problem is not one linear layer");
  }

  /** Gauss-Newton curvature of f_row in the layer's outputs, times v. */
  default void outputCurvature(double[] theta, int row, double[] v, double[] out) {
    throw new UnsupportedGolden("the problem is not one linear layer");
  }

  /**
   * The problem of a file.
   *
   * @param layout of its parameters
   */
  static Problem of(JsonNode file, ParamLayout layout) {
    if (!Fields.given(file, "problem")) {
      return LinearLayer.of(Fields.object(file, "inputs"), layout);
    }
    JsonNode p = Fields.object(file, "problem");
    int d = layout.size();
    String type = Fields.text(p, "type");
    if (type.equals("quadratic")) {
      return new Quadratic(
          matrix("A", Fields.array(p, "A", d), d), Fields.flat("b", Fields.array(p, "b"), d));
    }
    if (!type.equals("logistic") && !type.equals("tanh_regression")) {
      throw new UnsupportedGolden("no problem '" + type + "'");
    }
    double[][] x = matrix("X", Fields.array(p, "X"), d);
    double[] y = Fields.flat("y", Fields.array(p, "y"), x.length);
    if (type.equals("tanh_regression")) {
      return new TanhRegression(x, y);
    }
    for (double label : y) {
      if (Math.abs(label) != 1) {
        throw new MalformedGolden("a label of the logistic problem is " + label + ", not 1 or -1");
      }
    }
    return new Logistic(x, y, Fields.number(p, "lambda"));
  }

  /** Rows of so many numbers each; at least one. */
  private static double[][] matrix(String field, JsonNode rows, int cols) {
    if (rows.isEmpty()) {
      throw new MalformedGolden("'" + field + "' has no rows");
    }
    double[][] m = new double[rows.size()][];
    for (int i = 0; i < m.length; i++) {
      m[i] = Fields.flat(field + "[" + i + "]", rows.get(i), cols);
    }
    return m;
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  private static void add(double scale, double[] x, double[] out) {
    for (int i = 0; i < out.length; i++) {
      out[i] += scale * x[i];
    }
  }

  /** f = 0.5 w'Aw - b'w, a single row. */
  record Quadratic(double[][] a, double[] b) implements Problem {
    @Override
    public int rows() {
      return 1;
    }

    @Override
    public double value(double[] theta, int row) {
      double sum = 0;
      for (int i = 0; i < b.length; i++) {
        sum += theta[i] * (0.5 * dot(a[i], theta) - b[i]);
      }
      return sum;
    }

    @Override
    public void addGradient(double[] theta, int row, double share, double[] out) {
      for (int i = 0; i < b.length; i++) {
        out[i] += share * (dot(a[i], theta) - b[i]);
      }
    }

    @Override
    public void addHessianVector(double[] theta, double[] v, int row, double share, double[] out) {
      for (int i = 0; i < b.length; i++) {
        out[i] += share * dot(a[i], v);
      }
    }
  }

  /** f_i = log(1 + exp(-y_i x_i'w)) + 0.5 lambda |w|^2 with y in {-1, 1}. */
  record Logistic(double[][] x, double[] y, double lambda) implements Problem {
    @Override
    public int rows() {
      return y.length;
    }

    @Override
    public double value(double[] theta, int row) {
      return StrictMath.log1p(StrictMath.exp(-y[row] * dot(x[row], theta)))
          + 0.5 * lambda * dot(theta, theta);
    }

    @Override
    public void addGradient(double[] theta, int row, double share, double[] out) {
      double slope = -y[row] / (1 + StrictMath.exp(y[row] * dot(x[row], theta)));
      add(share * slope, x[row], out);
      add(share * lambda, theta, out);
    }

    @Override
    public void addHessianVector(double[] theta, double[] v, int row, double share, double[] out) {
      double p = 1 / (1 + StrictMath.exp(-dot(x[row], theta)));
      add(share * p * (1 - p) * dot(x[row], v), x[row], out);
      add(share * lambda, v, out);
    }

    @Override
    public double[] input(int row) {
      return x[row];
    }

    @Override
    public void outputDerivative(double[] theta, int row, double[] out) {
      out[0] = -y[row] / (1 + StrictMath.exp(y[row] * dot(x[row], theta)));
    }

    @Override
    public void outputCurvature(double[] theta, int row, double[] v, double[] out) {
      double p = 1 / (1 + StrictMath.exp(-dot(x[row], theta)));
      out[0] = p * (1 - p) * v[0];
    }
  }

  /** f_i = 0.5 (tanh(x_i'w) - y_i)^2. */
  record TanhRegression(double[][] x, double[] y) implements Problem {
    @Override
    public int rows() {
      return y.length;
    }

    @Override
    public double value(double[] theta, int row) {
      double e = StrictMath.tanh(dot(x[row], theta)) - y[row];
      return 0.5 * e * e;
    }

    @Override
    public void addGradient(double[] theta, int row, double share, double[] out) {
      double z = StrictMath.tanh(dot(x[row], theta));
      add(share * (z - y[row]) * (1 - z * z), x[row], out);
    }

    @Override
    public void addHessianVector(double[] theta, double[] v, int row, double share, double[] out) {
      double z = StrictMath.tanh(dot(x[row], theta));
      double slope = 1 - z * z;
      double curvature = slope * slope - 2 * z * slope * (z - y[row]);
      add(share * curvature * dot(x[row], v), x[row], out);
    }

    @Override
    public double[] input(int row) {
      return x[row];
    }

    @Override
    public void outputDerivative(double[] theta, int row, double[] out) {
      double z = StrictMath.tanh(dot(x[row], theta));
      out[0] = (z - y[row]) * (1 - z * z);
    }

    @Override
    public void outputCurvature(double[] theta, int row, double[] v, double[] out) {
      double z = StrictMath.tanh(dot(x[row], theta));
      out[0] = (1 - z * z) * (1 - z * z) * v[0];
    }
  }

  /** f_i = 0.5 |W x_i - y_i|^2, W row-major; every step has rows of its own. */
  record LinearLayer(double[][] x, double[][] y, List<int[]> batches) implements Problem {
    static LinearLayer of(JsonNode inputs, ParamLayout layout) {
      JsonNode xs = Fields.array(inputs, "X_batches");
      JsonNode ys = Fields.array(inputs, "Y_batches", xs.size());
      ParamLayout.Block w = layout.blocks().get(0);
      if (w.size() != layout.size()) {
        throw new MalformedGolden("a linear layer is one matrix, the file lists blocks");
      }
      List<double[]> x = new ArrayList<>();
      List<double[]> y = new ArrayList<>();
      List<int[]> batches = new ArrayList<>();
      for (int t = 0; t < xs.size(); t++) {
        String at = "_batches[" + t + "]";
        double[][] in = matrix("X" + at, xs.get(t), w.cols());
        double[][] out = matrix("Y" + at, ys.get(t), w.rows());
        if (in.length != out.length) {
          throw new MalformedGolden(
              "X" + at + " has " + in.length + " rows, Y" + at + " " + out.length);
        }
        batches.add(IntStream.range(x.size(), x.size() + in.length).toArray());
        x.addAll(Arrays.asList(in));
        y.addAll(Arrays.asList(out));
      }
      if (x.isEmpty()) {
        throw new MalformedGolden("'X_batches' is empty");
      }
      return new LinearLayer(x.toArray(double[][]::new), y.toArray(double[][]::new), batches);
    }

    @Override
    public int rows() {
      return x.length;
    }

    private double output(double[] w, int k, double[] in) {
      double sum = 0;
      for (int j = 0; j < in.length; j++) {
        sum += w[k * in.length + j] * in[j];
      }
      return sum;
    }

    @Override
    public double value(double[] theta, int row) {
      double sum = 0;
      for (int k = 0; k < y[row].length; k++) {
        double e = output(theta, k, x[row]) - y[row][k];
        sum += 0.5 * e * e;
      }
      return sum;
    }

    @Override
    public void addGradient(double[] theta, int row, double share, double[] out) {
      addOuter(theta, y[row], row, share, out);
    }

    @Override
    public void addHessianVector(double[] theta, double[] v, int row, double share, double[] out) {
      addOuter(v, new double[y[row].length], row, share, out);
    }

    @Override
    public double[] input(int row) {
      return x[row];
    }

    @Override
    public int outputs() {
      return y[0].length;
    }

    @Override
    public boolean inputsAreRows() {
      return false;
    }

    @Override
    public void outputDerivative(double[] theta, int row, double[] out) {
      for (int k = 0; k < outputs(); k++) {
        out[k] = output(theta, k, x[row]) - y[row][k];
      }
    }

    @Override
    public void outputCurvature(double[] theta, int row, double[] v, double[] out) {
      System.arraycopy(v, 0, out, 0, outputs());
    }

    private void addOuter(double[] w, double[] minus, int row, double share, double[] out) {
      int n = x[row].length;
      for (int k = 0; k < minus.length; k++) {
        double e = share * (output(w, k, x[row]) - minus[k]);
        for (int j = 0; j < n; j++) {
          out[k * n + j] += e * x[row][j];
        }
      }
    }
  }
}
