package io.millrace.core.bayes;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerForm;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.special.Erfc;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.Arrays;
import java.util.List;

/**
 * AdPredictor: Bayesian probit regression, each weight a normal variable of its own. Graepel,
 * Candela, Borchert, Herbrich, "Web-Scale Bayesian Click-Through Rate Prediction for Sponsored
 * Search Advertising in Microsoft's Bing Search Engine", ICML 2010, section 3.
 *
 * <pre>
 * P(y = 1) = Phi(mu / Sigma),  mu = sum x m,  Sigma^2 = beta^2 + sum x^2 s
 * t = y mu / Sigma,  y = +1 or -1:   m &lt;- m + y x s / Sigma v(t);   s &lt;- s (1 - x^2 s / Sigma^2 w(t))
 * then  s' = s var / ((1 - eps) var + eps s),  m &lt;- s' ((1 - eps) m / s + eps m0 / var),  s &lt;- s'
 * v(t) = pdf(t) / Phi(t),  w = v (v + t)
 * </pre>
 *
 * <p>The answer is P(y = 1), and behind it how sure the learner is: the standard deviation of the
 * score, sqrt(sum x^2 s), beside which beta is the noise of the labels. Only features that are not
 * 0 in a row are updated, and drawn back to the prior by eps; the bias is a feature that is always
 * 1.
 *
 * <p>Far in the tail v and w are taken from a continued fraction, so that w stays below 1 and every
 * variance above 0.
 *
 * <p>Deviations from the paper: features are numbers, not only indicators; the draw towards the
 * prior is per occurrence of a feature, not per time. Weights other than 0 and 1 are refused, since
 * half an observation has no meaning here. State 2 (d + 1) numbers; some 20 operations for each
 * feature of a row.
 */
public final class AdPredictor extends EventLearner {
  private static final Hyper BETA =
      new Hyper("beta", 1, Range.positive(), "standard deviation of the noise of the score");

  private static final Hyper PRIOR_VARIANCE =
      new Hyper(
          "prior-variance", 1, Range.positive(), "variance of a weight of which nothing is known");

  private static final Hyper EPS =
      new Hyper(
          "eps",
          0.001,
          Range.halfOpen(0, 1),
          "how far a weight goes back to its prior each time its feature comes; 0: not");

  private static final Hyper BIAS =
      new Hyper(
          "prior-bias",
          0,
          new Range(Double.NEGATIVE_INFINITY, true, Double.POSITIVE_INFINITY, true, false),
          "mean of the bias of which nothing is known");

  public static final LearnerSpec SPEC =
      new LearnerSpec(
          "adpredictor",
          "AdPredictor, Bayesian probit regression that says how sure it is",
          new Source(
              "Graepel, Candela, Borchert, Herbrich, Web-Scale Bayesian Click-Through Rate Prediction"
                  + " for Sponsored Search Advertising in Microsoft's Bing Search Engine, ICML 2010",
              Source.Confidence.MEMORY),
          1,
          List.of(InputSpec.Target.CLASS),
          true,
          false,
          false,
          List.of(),
          List.of(BETA, PRIOR_VARIANCE, EPS, BIAS),
          AdPredictor::new);

  /** Below it the quotient of v loses its digits. */
  private static final double TAIL = -5;

  private static final double ROOT_TWO_PI = 2.5066282746310007;
  private static final String MEAN = "mean";
  private static final String VARIANCE = "variance";
  private static final int MEANS = 0;
  private static final int VARIANCES = 1;

  private final int width;
  private final double noise;
  private final double prior;
  private final double eps;
  private final double priorBias;
  private final double largest;

  private AdPredictor(LearnerForm form) {
    super(
        form,
        new StateSchema.Builder()
            .block(MEAN, form.width() + 1L)
            .block(VARIANCE, form.width() + 1L));
    if (form.classes() != 2) {
      throw new ConfigException(
          "model.classes = " + form.input().classes() + "; adpredictor takes two");
    }
    this.width = form.width();
    this.noise = form.get(BETA) * form.get(BETA);
    this.prior = form.get(PRIOR_VARIANCE);
    this.eps = form.get(EPS);
    this.priorBias = form.get(BIAS);
    this.largest = form.setup().largest();
  }

  @Override
  public void initialize(LearnerState state, String key) {
    super.initialize(state, key);
    state.block(MEANS)[width] = priorBias;
    Arrays.fill(state.block(VARIANCES), prior);
  }

  @Override
  public String unfit(Rows rows, int row) {
    double w = rows.weight(row);
    return w == 0 || w == 1
        ? null
        : "weight is " + w + ", must be 0 or 1 (model.kind is adpredictor)";
  }

  @Override
  protected int outputs() {
    return 2;
  }

  @Override
  protected int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace) {
    double variance = variance(rows, row, x, state);
    out[0] = Erfc.phi(mean(rows, row, x, state) / Math.sqrt(noise + variance));
    out[1] = Math.sqrt(variance);
    return 2;
  }

  /** mu, the bias last. */
  private double mean(Rows rows, int row, double[] x, LearnerState state) {
    double[] m = state.block(MEANS);
    int[] index = rows.dense() ? null : rows.index();
    int from = rows.start(row);
    double sum = 0;
    for (int c = from; c < rows.end(row); c++) {
      sum += x[c] * m[index == null ? c - from : index[c]];
    }
    return sum + m[width];
  }

  /** Sigma^2 without the noise, the bias last. */
  private double variance(Rows rows, int row, double[] x, LearnerState state) {
    double[] s = state.block(VARIANCES);
    int[] index = rows.dense() ? null : rows.index();
    int from = rows.start(row);
    double sum = 0;
    for (int c = from; c < rows.end(row); c++) {
      sum += x[c] * x[c] * s[index == null ? c - from : index[c]];
    }
    return sum + s[width];
  }

  @Override
  protected boolean take(
      Rows rows,
      int row,
      double[] x,
      LearnerState state,
      String key,
      boolean answered,
      Workspace workspace) {
    if (rows.weight(row) == 0) {
      return true;
    }
    double square = noise + variance(rows, row, x, state);
    double sigma = Math.sqrt(square);
    double y = rows.label(row) > 0 ? 1 : -1;
    double t = y * mean(rows, row, x, state) / sigma;
    if (!(square < Double.POSITIVE_INFINITY && Math.abs(t) < Double.POSITIVE_INFINITY)) {
      return false;
    }
    double v = v(t);
    double w = w(t, v);
    double[] m = state.block(MEANS);
    double[] s = state.block(VARIANCES);
    if (!bounded(rows, row, x, y * v / sigma, m, s)) {
      return false;
    }
    int[] index = rows.dense() ? null : rows.index();
    int from = rows.start(row);
    for (int c = from; c < rows.end(row); c++) {
      if (x[c] != 0) {
        update(m, s, index == null ? c - from : index[c], x[c], y * v / sigma, w / square, 0);
      }
    }
    update(m, s, width, 1, y * v / sigma, w / square, priorBias);
    return true;
  }

  /** Whether every mean stays within what can be published. */
  private boolean bounded(Rows rows, int row, double[] x, double pull, double[] m, double[] s) {
    int[] index = rows.dense() ? null : rows.index();
    int from = rows.start(row);
    double most = Math.abs(m[width] + pull * s[width]);
    for (int c = from; c < rows.end(row); c++) {
      int j = index == null ? c - from : index[c];
      most = Math.max(most, Math.abs(m[j] + pull * x[c] * s[j]));
    }
    return most <= largest;
  }

  private void update(
      double[] m, double[] s, int j, double x, double pull, double shrink, double priorMean) {
    m[j] += x * s[j] * pull;
    s[j] *= 1 - x * x * s[j] * shrink;
    if (eps > 0) {
      double back = s[j] * prior / ((1 - eps) * prior + eps * s[j]);
      m[j] = back * ((1 - eps) * m[j] / s[j] + eps * priorMean / prior);
      s[j] = back;
    }
  }

  /** {@code pdf(t) / Phi(t)}. */
  public static double v(double t) {
    return t < TAIL ? -t + tail(-t) : Elementary.exp(-t * t / 2) / (ROOT_TWO_PI * Erfc.phi(t));
  }

  /**
   * {@code v (v + t)}, in (0, 1).
   *
   * @param v of t
   */
  public static double w(double t, double v) {
    return t < TAIL ? v * tail(-t) : v * (v + t);
  }

  /** {@code v(-x) - x = 1 / (x + 2 / (x + 3 / (x + .. 100 / x)))}, without cancellation. */
  private static double tail(double x) {
    double c = x;
    for (int k = 100; k > 1; k--) {
      c = x + k / c;
    }
    return 1 / c;
  }

  @Override
  protected void write(LearnerState state, ModelWriter out) {
    int[] shape = {width + 1};
    out.tensor(MEAN, shape, state.block(MEANS));
    out.tensor(VARIANCE, shape, state.block(VARIANCES));
  }

  @Override
  protected void requireTensors(PublishedModel from) {
    from.finiteTensor(MEAN, width + 1);
    from.finiteTensor(VARIANCE, width + 1);
  }

  @Override
  protected void restore(LearnerState state, PublishedModel from) {
    NaiveBayes.copy(from.tensor(MEAN, width + 1), state.block(MEANS));
    NaiveBayes.copy(from.tensor(VARIANCE, width + 1), state.block(VARIANCES));
  }
}
