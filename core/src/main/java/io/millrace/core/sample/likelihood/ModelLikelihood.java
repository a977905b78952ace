package io.millrace.core.sample.likelihood;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Vectors;
import io.millrace.core.features.Rows;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.ModelObjective;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.sample.Likelihood;

/**
 * The likelihood of a supervised model, by the objective that {@code learn} descends on: {@code log
 * p(y_i | x_i, theta) = -w_i loss(outputs(x_i), y_i) / dispersion}. The logistic and softmax losses
 * are negative log-likelihoods as they stand (dispersion 1); the squared loss is that of a Gaussian
 * with variance {@code dispersion}. A weight is a power of its row. Parameters lie as in the models
 * of {@code learn}. Not thread-safe; allocates nothing in steady state.
 */
public final class ModelLikelihood implements Likelihood {
  private final ModelObjective objective;
  private final ParamLayout layout;
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
    if (!rows.dense()) {
      throw new ConfigException("rows of a likelihood are sparse; must be dense");
    }
    if (!(dispersion > 0 && dispersion < Double.POSITIVE_INFINITY)) {
      throw new ConfigException("dispersion = " + dispersion + "; must be finite and positive");
    }
    this.layout = model.layout(width);
    this.objective = model.objective(kernels);
    this.rows = rows;
    this.dispersion = dispersion;
    this.curved = loss.curved();
    this.gradient = new double[layout.size()];
    objective.aim(rows, null, rows.value(), width, layout);
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
    return rows.count() == 0 ? 0 : -objective.value(theta) * rows.count() / dispersion;
  }

  @Override
  public void addRowGradient(double[] theta, int row, double factor, double[] out) {
    objective.sampleGradient(theta, row, gradient);
    Vectors.add(gradient.length, -factor / dispersion, gradient, out);
  }

  @Override
  public void addGradient(double[] theta, double factor, double[] out) {
    if (rows.count() > 0) {
      objective.gradient(theta, gradient);
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
      objective.hessianVector(theta, unit, gradient);
      unit[i] = 0;
      for (int j = 0; j < d; j++) {
        out[i * d + j] = rows.count() == 0 ? 0 : gradient[j] * rows.count() / dispersion;
      }
    }
    return true;
  }
}
