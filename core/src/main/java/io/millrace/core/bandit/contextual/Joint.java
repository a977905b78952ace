package io.millrace.core.bandit.contextual;

import io.millrace.core.ConfigException;
import io.millrace.core.bandit.Blocks;
import io.millrace.core.bandit.CostRange;
import io.millrace.core.bandit.IndexPolicy;
import io.millrace.core.bandit.PolicyHypers;
import io.millrace.core.bandit.PolicyRequest;
import io.millrace.core.bandit.PolicySettings;
import io.millrace.core.bandit.PolicySpec;
import io.millrace.core.bandit.linear.RidgeModels;
import io.millrace.core.compute.Elementary;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import java.util.List;
import java.util.Set;

/**
 * One linear model of the logarithm of the cost over parameter and context together, played as
 * LinUCB plays (Li, Chu, Langford, Schapire, arXiv:1003.0146).
 *
 * <pre>
 * x_ij = T_i(w) T_j(c),  i &lt; po, j &lt; pc       w, c: the arm's value and the context in [-1, 1]
 * index_a = x_a . theta - kappa sqrt(x_a' A^-1 x_a),   theta = A^-1 b;   the least is played
 * of the arm played:  A &lt;- A + x x',   b &lt;- b + ln(cost) x            A = ridge I at first
 * </pre>
 *
 * <p>T are Chebyshev polynomials. Neighbouring arms share what is learned, which a polynomial per
 * arm does not, and a new arm is known at once. It plays the best arm nearly always, so that a log
 * of its decisions says little of other policies: {@code epsilon} is 0.02 by default. Scores are
 * minus the indexes. Until its cost comes, 2 numbers are kept of a decision: w and c.
 *
 * <p>Deviations from the paper: the logarithm, the features, and the share of uniform decisions.
 * Memory {@code 2 k^2 + k + 1} numbers beside the common ones, k = po pc. As c is the same for all
 * arms, A^-1 is contracted with its polynomials once, {@code 4 k^2} flops, and an arm costs {@code
 * 2 po^2}; {@code 5 k^2} flops per cost. Immutable.
 */
public final class Joint extends IndexPolicy {
  private static final Range TERMS = Range.integers(1, 16);

  static final Hyper VALUE_TERMS =
      Hyper.structural("value-terms", 6, TERMS, "po, polynomials of the arm's value");

  static final Hyper CONTEXT_TERMS =
      Hyper.structural("context-terms", 6, TERMS, "pc, polynomials of the context");

  static final Hyper VALUE_LOW =
      Hyper.structural(
          "value-low", 0, PolicyHypers.FINITE, "lower end of the values that arms stand for");

  static final Hyper VALUE_HIGH =
      Hyper.structural("value-high", 1, PolicyHypers.FINITE, "upper end of these values");

  static final Hyper VALUE_LOG =
      Hyper.structural(
          "value-log", 0, Range.flag(), "1: the logarithms of the values count, as of rates");

  static final Hyper RIDGE =
      Hyper.structural("ridge", 0.01, Range.positive(), "A at the start is this times I");

  static final Hyper KAPPA =
      new Hyper("kappa", 0.1, Range.nonNegative(), "width of the confidence bounds");

  public static final PolicySpec SPEC =
      new PolicySpec(
          "joint",
          1,
          new Source(
              "Li, Chu, Langford, Schapire, A Contextual-Bandit Approach to Personalized News"
                  + " Article Recommendation, arXiv:1003.0146, on the logarithm of the cost",
              Source.Confidence.DERIVED),
          PolicySpec.Input.NUMBER,
          Set.of(PolicySpec.Trait.ORDER_FREE),
          List.of(
              KAPPA,
              VALUE_LOW,
              VALUE_HIGH,
              VALUE_LOG,
              VALUE_TERMS,
              PolicyHypers.CONTEXT_LOW,
              PolicyHypers.CONTEXT_HIGH,
              CONTEXT_TERMS,
              RIDGE,
              PolicyHypers.EPSILON.withDefault(0.02)),
          Joint::new);

  private final int po;
  private final int pc;
  private final double kappa;
  private final boolean log;
  private final Interval value;
  private final Interval context;
  private final RidgeModels models;

  private Joint(PolicySettings settings) {
    super(
        settings,
        CostRange.POSITIVE,
        RidgeModels.shared(new Blocks(settings.shape()), (long) terms(settings)));
    po = (int) settings.values().get(VALUE_TERMS);
    pc = (int) settings.values().get(CONTEXT_TERMS);
    kappa = settings.values().get(KAPPA);
    log = settings.values().flag(VALUE_LOG);
    value = values(settings, log);
    context = Interval.context(settings);
    models = new RidgeModels(po * pc, settings.values().get(RIDGE));
  }

  private static double terms(PolicySettings settings) {
    return settings.values().get(VALUE_TERMS) * settings.values().get(CONTEXT_TERMS);
  }

  private static Interval values(PolicySettings settings, boolean log) {
    Interval values = Interval.of(settings, VALUE_LOW, VALUE_HIGH);
    if (!log) {
      return values;
    }
    if (!(values.low() > 0)) {
      throw new ConfigException(
          "joint.value-low = " + values.low() + "; must be above 0 because value-log is 1");
    }
    return new Interval(Elementary.log(values.low()), Elementary.log(values.high()));
  }

  @Override
  public void initialize(LearnerState state, int arms) {
    super.initialize(state, arms);
    models.initialize(state, 0);
  }

  @Override
  protected String unfitInput(PolicyRequest request) {
    String fault = request.unfitValues();
    for (int i = 0; fault == null && log && i < request.count(); i++) {
      double v = request.values()[request.eligible()[i]];
      if (!(v > 0)) {
        fault =
            "value "
                + v
                + " of arm "
                + request.eligible()[i]
                + "; must be above 0 because value-log is 1";
      }
    }
    return fault;
  }

  private double place(PolicyRequest request, int arm) {
    double v = request.values()[arm];
    return value.centred(log ? Elementary.log(v) : v);
  }

  @Override
  protected void rank(
      PolicyRequest request, LearnerState state, double[] index, Workspace workspace) {
    double[] ofContext = workspace.array("joint.context", pc);
    double[] ofValue = workspace.array("joint.value", po);
    double[] matrix = workspace.array("joint.matrix", po * po);
    double[] theta = workspace.array("joint.theta", po);
    Chebyshev.fill(context.centred(request.context()[0]), pc, ofContext, 0);
    models.contract(state, po, ofContext, matrix, theta, workspace);
    for (int n = 0; n < request.count(); n++) {
      int a = request.eligible()[n];
      Chebyshev.fill(place(request, a), po, ofValue, 0);
      double mean = 0;
      double variance = 0;
      for (int i = 0; i < po; i++) {
        mean += ofValue[i] * theta[i];
        double row = 0;
        for (int j = 0; j < po; j++) {
          row += matrix[i * po + j] * ofValue[j];
        }
        variance += ofValue[i] * row;
      }
      index[a] = kappa * Math.sqrt(Math.max(0, variance)) - mean;
    }
  }

  @Override
  public int pendingLength() {
    return 2;
  }

  /** Keeps value and context, both in [-1, 1]. */
  @Override
  public void remember(
      PolicyRequest request, int arm, LearnerState state, double[] pending, Workspace workspace) {
    pending[0] = place(request, arm);
    pending[1] = context.centred(request.context()[0]);
  }

  @Override
  protected boolean update(
      LearnerState state,
      int arm,
      double probability,
      double[] pending,
      double cost,
      Workspace workspace) {
    double[] ofContext = workspace.array("joint.context", pc);
    double[] ofValue = workspace.array("joint.value", po);
    double[] x = workspace.array("joint.x", po * pc);
    Chebyshev.fill(pending[0], po, ofValue, 0);
    Chebyshev.fill(pending[1], pc, ofContext, 0);
    for (int i = 0; i < po; i++) {
      for (int j = 0; j < pc; j++) {
        x[i * pc + j] = ofValue[i] * ofContext[j];
      }
    }
    return models.take(state, 0, x, Elementary.log(cost), workspace);
  }

  /** Also the matrix A as {@code gram} [k x k] and the vector b as {@code moment} [k]. */
  @Override
  public void publish(LearnerState state, int arms, ModelWriter out, Workspace workspace) {
    super.publish(state, arms, out, workspace);
    models.publish(state, out);
  }
}
