package io.millrace.core.sample.likelihood;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.optim.Layer;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.Likelihood;
import java.util.Arrays;

/**
 * The likelihood of a supervised model, by the objective that {@code learn} descends on: {@code log
 * p(y_i | x_i, theta) = -w_i loss(outputs(x_i), y_i) / dispersion}. The logistic and softmax losses
 * are negative log-likelihoods as they stand (dispersion 1); the squared loss is that of a Gaussian
 * with variance {@code dispersion}. A weight is a power of its row. Parameters lie as in the models
 * of {@code learn}. Where rows fade with age, the power of a row is beside its weight, and the rows
 * are as they were when this was made. Not thread-safe; allocates nothing in steady state.
 */
public final class ModelLikelihood implements Likelihood {
  /** Aimed at the rows as they are, for questions about one. */
  private final ModelObjective objective;

  /** Aimed at the rows with their powers in their weights, for questions about all. */
  private final ModelObjective whole;

  private final Architecture model;
  private final int width;
  private final ParamLayout layout;
  private final Kernels kernels;
  private final Discount discount;
  private final Rows rows;
  private final double dispersion;
  private final boolean curved;
  private final double[] gradient;

  /**
   * A client's rows.
   *
   * @param model with its loss inside
   * @param loss the same
   * @param rows dense and labelled; read when asked, so rows added later count
   * @param width number of features
   * @param dispersion positive
   */
  public ModelLikelihood(
      Architecture model, Loss loss, Kernels kernels, Rows rows, int width, double dispersion) {
    this(model, loss, kernels, rows, width, dispersion, Discount.NONE);
  }

  /**
   * A client's rows, which fade with age.
   *
   * @param rows the oldest first
   */
  public ModelLikelihood(
      Architecture model,
      Loss loss,
      Kernels kernels,
      Rows rows,
      int width,
      double dispersion,
      Discount discount) {
    if (!rows.dense()) {
      throw new ConfigException("rows of a likelihood are sparse; must be dense");
    }
    if (!(dispersion > 0 && dispersion < Double.POSITIVE_INFINITY)) {
      throw new ConfigException("dispersion = " + dispersion + "; must be finite and positive");
    }
    this.model = model;
    this.width = width;
    this.layout = model.layout(width);
    this.objective = model.objective(kernels);
    this.rows = rows;
    this.dispersion = dispersion;
    this.curved = loss.curved();
    this.gradient = new double[layout.size()];
    this.kernels = kernels;
    this.discount = discount;
    objective.aim(rows, null, rows.value(), width, layout);
    this.whole = discount.isNone() ? objective : faded();
  }

  private ModelObjective faded() {
    Rows weighted = new Rows(true);
    for (int i = 0; i < rows.count(); i++) {
      weighted.addRow(rows, i);
      weighted.setLabel(i, rows.label(i), rows.weight(i) * power(i));
    }
    ModelObjective of = model.objective(kernels);
    of.aim(weighted, null, weighted.value(), width, layout);
    return of;
  }

  /** {@inheritDoc} That of the model's start values, drawn with the seed 0. */
  @Override
  public double[] start() {
    double[] theta = new double[layout.size()];
    model.initialize(theta, width, new PhiloxDraws(0, "start").fork(Purpose.MODEL));
    return theta;
  }

  @Override
  public double mass() {
    return discount.mass(rows.count());
  }

  @Override
  public double power(int row) {
    return discount.power(row, rows.count());
  }

  @Override
  public int draw(Draws draws, long k) {
    return discount.draw(draws, k, rows.count());
  }

  @Override
  public int size() {
    return layout.size();
  }

  @Override
  public int rows() {
    return rows.count();
  }

  @Override
  public double value(double[] theta) {
    return rows.count() == 0 ? 0 : -whole.value(theta) * rows.count() / dispersion;
  }

  @Override
  public void addRowGradient(double[] theta, int row, double factor, double[] out) {
    objective.sampleGradient(theta, row, gradient);
    Vectors.add(gradient.length, -factor / dispersion, gradient, out);
  }

  @Override
  public void addGradient(double[] theta, double factor, double[] out) {
    if (rows.count() > 0) {
      whole.gradient(theta, gradient);
      Vectors.add(gradient.length, -factor * rows.count() / dispersion, gradient, out);
    }
  }

  /**
   * {@inheritDoc}
   *
   * <p>By d products of Hessian and vector.
   */
  @Override
  public boolean information(double[] theta, double[] out) {
    int d = layout.size();
    if (!curved) {
      return false;
    }
    double[] unit = new double[d];
    for (int i = 0; i < d; i++) {
      unit[i] = 1;
      whole.hessianVector(theta, unit, gradient);
      unit[i] = 0;
      for (int j = 0; j < d; j++) {
        out[i * d + j] = rows.count() == 0 ? 0 : gradient[j] * rows.count() / dispersion;
      }
    }
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * <p>{@code sum_i J_i' Q_i J_i}, with Q the loss's curvature in the outputs and J the derivatives
   * of the outputs in theta. A pass of the row for each output and layer, {@code 2 N K d^2} flops;
   * allocates. Of a model without layers it is the information.
   */
  @Override
  public boolean gaussNewton(double[] theta, double[] out) {
    if (!curved || !model.layered()) {
      return information(theta, out);
    }
    int d = layout.size();
    Layer last = whole.layer(whole.layers() - 1);
    int outputs = last.outputs();
    double[] jacobian = new double[outputs * d];
    double[] bent = new double[outputs * d];
    double[] q = new double[outputs * outputs];
    Arrays.fill(out, 0, d * d, 0);
    for (int i = 0; i < rows.count(); i++) {
      for (int l = 0; l < whole.layers(); l++) {
        fillJacobian(whole.layer(l), theta, i, outputs, jacobian);
      }
      curvatureOfLoss(last, theta, i, q);
      kernels.gemm(
          1 / dispersion,
          kernels.left(q, outputs, outputs),
          kernels.right(jacobian, outputs, d),
          0,
          kernels.into(bent, outputs, d));
      kernels.gemm(
          1,
          kernels.left(jacobian, outputs, d).transposed(),
          kernels.right(bent, outputs, d),
          1,
          kernels.into(out, d, d));
    }
    return true;
  }

  /** Derivatives of a row's outputs in a layer's parameters: input times slope. */
  private static void fillJacobian(
      Layer layer, double[] theta, int row, int outputs, double[] jacobian) {
    int d = theta.length;
    int in = layer.inputs();
    int units = layer.outputs();
    double[] x = new double[in];
    double[] slopes = new double[outputs * units];
    layer.input(theta, row, x);
    layer.outputJacobian(theta, row, slopes, 0);
    for (int k = 0; k < outputs; k++) {
      int at = k * d + layer.offset();
      for (int j = 0; j < in; j++) {
        for (int u = 0; u < units; u++) {
          int place = layer.inputsAreRows() ? j * units + u : u * in + j;
          jacobian[at + place] = x[j] * slopes[k * units + u];
        }
      }
    }
  }

  private static void curvatureOfLoss(Layer last, double[] theta, int row, double[] q) {
    int n = last.outputs();
    double[] unit = new double[n];
    double[] column = new double[n];
    for (int k = 0; k < n; k++) {
      unit[k] = 1;
      last.outputCurvature(theta, row, unit, column);
      unit[k] = 0;
      for (int j = 0; j < n; j++) {
        q[j * n + k] = column[j];
      }
    }
  }
}
