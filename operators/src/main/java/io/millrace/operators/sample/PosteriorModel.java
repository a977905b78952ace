package io.millrace.operators.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Kernels;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.model.Architecture;
import io.millrace.core.model.Loss;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.rng.Draws;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.LinearGaussian;
import io.millrace.core.sample.gaussian.DiscountedRows;
import io.millrace.core.sample.gaussian.GaussianMean;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.sample.likelihood.ModelLikelihood;
import io.millrace.core.sample.posterior.PosteriorForm;
import java.io.Serializable;
import java.util.Arrays;

/**
 * The model whose parameters are sampled: how the rows of a client become a likelihood. Parameters
 * lie as in the models of `learn`, one tensor behind the other. Immutable.
 *
 * @param model kind and form; {@link #GAUSSIAN_MEAN} has none of the kinds' settings
 * @param loss id of the loss, minus a log-likelihood; empty for {@link #GAUSSIAN_MEAN}
 * @param input dense rows
 * @param dispersion variance of the noise where the loss is squared, and of each coordinate around
 *     a Gaussian mean; else 1
 */
public record PosteriorModel(ModelOptions model, String loss, InputSpec input, double dispersion)
    implements Serializable {
  /** The kind whose rows are Gaussian around the parameters. */
  public static final String GAUSSIAN_MEAN = "gaussian-mean";

  /** The loss whose likelihood is Gaussian. */
  private static final String SQUARED = "squared";

  public PosteriorModel {
    if (!input.dense()) {
      throw new ConfigException("features.kind = sparse; must be dense in a sample job");
    }
    if (!(dispersion > 0 && dispersion < Double.POSITIVE_INFINITY)) {
      throw new ConfigException("model.dispersion = " + dispersion + "; must be above 0");
    }
    if (dispersion != 1 && !hasDispersion(model, loss)) {
      throw new ConfigException(
          "model.dispersion = "
              + dispersion
              + "; must be absent because model.loss is "
              + loss
              + ", whose likelihood has no variance of its own");
    }
  }

  private static boolean hasDispersion(ModelOptions model, String loss) {
    return model.kind().equals(GAUSSIAN_MEAN) || loss.equals(SQUARED);
  }

  private boolean isMean() {
    return model.kind().equals(GAUSSIAN_MEAN);
  }

  private Loss newLoss() {
    LossSpec spec = Losses.spec(loss);
    double parameter = spec.parameter() == null ? Double.NaN : spec.parameter().def();
    return spec.make().make(input.classes().size(), parameter);
  }

  private Architecture architecture() {
    return Models.make(model, newLoss());
  }

  /**
   * Number of parameters.
   *
   * @throws ConfigException where there is no such model
   */
  public int size() {
    return isMean() ? input.width() : architecture().layout(input.width()).size();
  }

  /** Why a row cannot be part of a likelihood; null: it can. */
  String unfit(Rows rows, int row) {
    if (isMean()) {
      return rows.weight(row) == 1
          ? null
          : "weight is "
              + rows.weight(row)
              + ", must be 1 because the rows of a Gaussian mean count alike";
    }
    return Double.isNaN(rows.label(row))
        ? "no label; a row of a client comes with its label, because its place counts"
        : null;
  }

  /**
   * The likelihood of rows.
   *
   * @param rows kept, not to be modified; the oldest first
   * @param discount how they fade with age
   */
  Likelihood likelihood(Rows rows, Kernels kernels, Discount discount) {
    int width = input.width();
    int n = rows.count();
    if (isMean()) {
      double[] precision = new double[width * width];
      for (int i = 0; i < width; i++) {
        precision[i * width + i] = 1 / dispersion;
      }
      return faded(
          new GaussianMean(width, Arrays.copyOf(rows.value(), n * width), precision), discount);
    }
    if (model.kind().equals(ModelOptions.linear().kind()) && loss.equals(SQUARED)) {
      return faded(regression(rows), discount);
    }
    return new ModelLikelihood(
        architecture(), newLoss(), kernels, rows, width, dispersion, discount);
  }

  private static Likelihood faded(LinearGaussian likelihood, Discount discount) {
    return discount.isNone() ? likelihood : new DiscountedRows(likelihood, discount);
  }

  /** Weights, then the bias, as the linear model has them. The power of a row scales it. */
  private LinearGaussian regression(Rows rows) {
    int width = input.width();
    int n = rows.count();
    double[] x = new double[n * (width + 1)];
    double[] y = new double[n];
    for (int row = 0; row < n; row++) {
      double root = Math.sqrt(rows.weight(row));
      int at = row * (width + 1);
      for (int j = 0; j < width; j++) {
        x[at + j] = root * rows.value()[rows.start(row) + j];
      }
      x[at + width] = root;
      y[row] = root * rows.label(row);
    }
    return new LinearRegression(width + 1, x, y, dispersion);
  }

  /**
   * Where a chain may begin that nothing is known of.
   *
   * @param theta zeros, overwritten where the model does not begin there
   */
  void initialize(double[] theta, Draws draws) {
    if (!isMean()) {
      architecture().initialize(theta, input.width(), draws);
    }
  }

  /** Writes what a reader needs to predict with parameters. */
  void write(ModelWriter out) {
    if (isMean()) {
      out.config(Models.KIND, GAUSSIAN_MEAN);
    } else {
      Architecture architecture = architecture();
      out.config(Models.KIND, architecture.kind());
      architecture.settings().forEach(out::config);
      LossSpec spec = Losses.spec(loss);
      out.config("model.loss", loss);
      if (spec.parameter() != null) {
        out.config("model.loss-parameter", Double.toString(spec.parameter().def()));
      }
      out.config("features.scaling", "none");
      ModelConfig.writeLimit(input, out::config);
    }
    ModelConfig.writeInput(input, out::config);
    if (hasDispersion(model, loss)) {
      out.config(PosteriorForm.DISPERSION, Double.toString(dispersion));
    }
  }
}
