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
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import java.util.List;

/**
 * Naive Bayes: features are taken as independent of each other within a class. Mitchell, "Machine
 * Learning", 1997, section 6.9; for counts McCallum, Nigam, "A Comparison of Event Models for Naive
 * Bayes Text Classification", AAAI workshop 1998.
 *
 * <pre>
 * p(k | x) ~ N_k / N  prod_j p(x_j | k)           N_k: weight of class k, N: of all
 * learn (x, y, w), w &gt; 0 :  s &lt;- s / g;  N_y &lt;- N_y + w s;  statistics of class y likewise
 * </pre>
 *
 * <p>A class that has not come has probability 0; before the first event all have the same. Where
 * no class could have made the row, the shares N_k / N speak. With forgetting g an event of age a
 * counts g^a: instead of shrinking every sum at every event, sums are kept in units of 1 / s, and
 * divided by s when s passes 1e100.
 *
 * <p>What p(x_j | k) is, is the business of the {@link Likelihood}.
 *
 * <p>Deviations from the sources: forgetting and weights, which they have not. State for K classes
 * and d features: K (1 + 2d) numbers (gaussian), K (2 + d) (multinomial) or K (1 + d). Learning
 * takes O(d), predicting O(K d), or K times the counts of the row (multinomial).
 */
public final class NaiveBayes extends EventLearner {
  private static final Choice DISTRIBUTION =
      new Choice(
          "distribution",
          List.of("gaussian", "multinomial", "bernoulli"),
          "of a feature within a class: `gaussian`, numbers (dense); `multinomial`, counts from 0"
              + " up; `bernoulli`, whether it is above 0 (dense or sparse; a prediction goes over all"
              + " features)");

  private static final Hyper FORGETTING =
      new Hyper(
          "forgetting",
          1,
          new Range(0, true, 1, false, false),
          "an event that is so many events old counts this to their power; 1: nothing is"
              + " forgotten");

  static final Hyper ALPHA =
      new Hyper(
          "alpha",
          1,
          Range.positive(),
          "added to every count (multinomial, bernoulli): what has not come is not impossible");

  static final Hyper FLOOR =
      new Hyper(
          "variance-floor",
          1e-9,
          Range.positive(),
          "least variance of a feature within a class (gaussian)");

  public static final LearnerSpec SPEC =
      new LearnerSpec(
          "naive-bayes",
          "naive Bayes, gaussian, multinomial or bernoulli",
          new Source(
              "Mitchell, Machine Learning, 1997, 6.9; McCallum, Nigam, A Comparison of Event Models"
                  + " for Naive Bayes Text Classification, AAAI workshop 1998",
              Source.Confidence.DERIVED),
          1,
          List.of(InputSpec.Target.CLASS),
          false,
          false,
          false,
          List.of(DISTRIBUTION),
          List.of(FORGETTING, ALPHA, FLOOR),
          NaiveBayes::new);

  /** Above it sums are divided by the scale, far from overflow. */
  private static final double LARGEST_SCALE = 1e100;

  private static final String SCALE = "scale";
  private static final String WEIGHTS = "weights";
  private static final int SCALE_BLOCK = 0;
  private static final int WEIGHTS_BLOCK = 1;

  /** The likelihood's blocks begin here. */
  static final int OWN = 2;

  private final int classes;
  private final double forgetting;
  private final double largest;
  private final Likelihood likelihood;

  private NaiveBayes(LearnerForm form) {
    this(form, likelihood(form));
  }

  private NaiveBayes(LearnerForm form, Likelihood likelihood) {
    super(form, schema(form, likelihood));
    this.classes = form.classes();
    this.forgetting = form.get(FORGETTING);
    this.largest = form.setup().largest();
    this.likelihood = likelihood;
  }

  private static Likelihood likelihood(LearnerForm form) {
    String word = form.word(DISTRIBUTION);
    InputSpec.Kind kind = form.input().kind();
    boolean takes =
        switch (word) {
          case "gaussian" -> kind == InputSpec.Kind.DENSE;
          case "bernoulli" -> kind != InputSpec.Kind.NAMED; // two names may share a coordinate
          default -> true;
        };
    if (!takes) {
      throw new ConfigException(
          "features.kind = "
              + kind
              + "; model.distribution '"
              + word
              + "' takes "
              + (word.equals("gaussian") ? "dense features" : "dense or sparse features")
              + "; choose multinomial, or another form of features");
    }
    return switch (word) {
      case "gaussian" -> new Gaussian(form);
      case "multinomial" -> new Multinomial(form);
      default -> new Bernoulli(form);
    };
  }

  private static StateSchema.Builder schema(LearnerForm form, Likelihood likelihood) {
    StateSchema.Builder schema =
        new StateSchema.Builder().block(SCALE, 1).block(WEIGHTS, form.classes());
    likelihood.declare(schema);
    return schema;
  }

  @Override
  public void initialize(LearnerState state, String key) {
    super.initialize(state, key);
    state.block(SCALE_BLOCK)[0] = 1;
  }

  @Override
  public String unfit(Rows rows, int row) {
    return likelihood.unfit(rows, row);
  }

  @Override
  protected int outputs() {
    return classes;
  }

  @Override
  protected int answer(
      Rows rows, int row, double[] x, LearnerState state, double[] out, Workspace workspace) {
    double[] weights = state.block(WEIGHTS_BLOCK);
    double total = 0;
    for (int k = 0; k < classes; k++) {
      total += weights[k];
    }
    double scale = state.block(SCALE_BLOCK)[0];
    double top = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < classes; k++) {
      out[k] =
          weights[k] > 0
              ? Elementary.log(weights[k] / total)
                  + likelihood.log(rows, row, x, k, weights[k], scale, state)
              : Double.NEGATIVE_INFINITY;
      top = Math.max(top, out[k]);
    }
    if (top > Double.NEGATIVE_INFINITY) {
      softmax(out, top);
    } else {
      for (int k = 0; k < classes; k++) {
        out[k] = total > 0 ? weights[k] / total : 1.0 / classes;
      }
    }
    if (classes == 2) {
      out[0] = out[1];
      return 1;
    }
    return classes;
  }

  private void softmax(double[] out, double top) {
    double sum = 0;
    for (int k = 0; k < classes; k++) {
      out[k] = Elementary.exp(out[k] - top);
      sum += out[k];
    }
    for (int k = 0; k < classes; k++) {
      out[k] /= sum;
    }
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
    double w = rows.weight(row);
    if (w == 0) {
      return true;
    }
    int y = (int) rows.label(row);
    double scale = state.block(SCALE_BLOCK)[0] / forgetting;
    double scaled = w * scale;
    double[] weights = state.block(WEIGHTS_BLOCK);
    double weight = weights[y] + scaled;
    if (!(weight / scale <= largest)
        || !likelihood.take(rows, row, x, y, scaled, weight, scale, state)) {
      return false;
    }
    weights[y] = weight;
    if (scale > LARGEST_SCALE) {
      divide(weights, scale);
      likelihood.divide(state, scale);
      scale = 1;
    }
    state.block(SCALE_BLOCK)[0] = scale;
    return true;
  }

  static void divide(double[] sums, double by) {
    for (int i = 0; i < sums.length; i++) {
      sums[i] /= by;
    }
  }

  @Override
  protected void write(LearnerState state, ModelWriter out) {
    double scale = state.block(SCALE_BLOCK)[0];
    double[] weights = state.block(WEIGHTS_BLOCK).clone();
    divide(weights, scale);
    out.exact(WEIGHTS, new int[] {classes}, weights);
    likelihood.write(state, scale, out);
  }

  @Override
  protected void requireTensors(PublishedModel from) {
    from.finiteTensor(WEIGHTS, classes);
    likelihood.requireTensors(from);
  }

  @Override
  protected void restore(LearnerState state, PublishedModel from) {
    state.block(SCALE_BLOCK)[0] = 1;
    copy(from.tensor(WEIGHTS, classes), state.block(WEIGHTS_BLOCK));
    likelihood.restore(state, from);
  }

  static void copy(double[] from, double[] to) {
    System.arraycopy(from, 0, to, 0, to.length);
  }
}
