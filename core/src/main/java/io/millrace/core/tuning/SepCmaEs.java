package io.millrace.core.tuning;

import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.core.spec.Source;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.core.state.StateSchema.Type;
import java.util.Arrays;
import java.util.List;

/**
 * CMA-ES with a diagonal covariance. Ros, Hansen, "A Simple Modification in CMA-ES Achieving Linear
 * Time and Space Complexity", PPSN 2008; constants of Hansen, "The CMA Evolution Strategy: A
 * Tutorial", arXiv:1604.00772, Table 1, with c1 and cmu times (d + 2) / 3.
 *
 * <pre>
 * x_k = m + sigma sqrt(c) z_k,  y_k = (x_k - m) / sigma,  y_w = sum_i w_i y_(i)  over the best mu
 * m  &lt;- m + sigma y_w
 * ps &lt;- (1 - cs) ps + sqrt(cs (2 - cs) mueff) y_w / sqrt(c)
 * pc &lt;- (1 - cc) pc + h sqrt(cc (2 - cc) mueff) y_w,   h = 1 unless ps is long
 * c  &lt;- (1 - c1 - cmu) c + c1 (pc^2 + (1 - h) cc (2 - cc) c) + cmu sum_i w_i y_(i)^2
 * sigma &lt;- sigma exp(cs / damps (||ps|| / E||N(0, I)|| - 1))
 * </pre>
 *
 * <p>Deviations from the paper: points are brought back into the box entry by entry, and count as
 * if they had been drawn there. Trials of a generation may run side by side; the next generation
 * waits for all of them. Memory (4 + lambda) d.
 */
public final class SepCmaEs extends AbstractTuner {
  static final Hyper SIGMA =
      new Hyper("sigma", 0.3, Range.positive(), "step size at the start, in widths of the box");
  static final Hyper POPULATION =
      Hyper.structural(
          "population", 0, Range.integers(0, 10_000), "lambda; 0: 4 + floor(3 ln d), at least 4");

  public static final TunerSpec SPEC =
      new TunerSpec(
          "sep-cma-es",
          1,
          new Source(
              "Ros, Hansen, A Simple Modification in CMA-ES Achieving Linear Time and Space"
                  + " Complexity, PPSN 2008; Hansen, The CMA Evolution Strategy: A Tutorial,"
                  + " arXiv:1604.00772",
              Source.Confidence.MEMORY),
          false,
          List.of(SIGMA, POPULATION),
          SepCmaEs::new);

  private static final String MEAN = "m";
  private static final String VARIANCE = "c";
  private static final String STEP_PATH = "ps";
  private static final String VARIANCE_PATH = "pc";
  private static final String POINTS = "points";
  private static final String LOSSES = "losses";
  private static final String STEP = "sigma";
  private static final String PLACE = "place";

  /** Slots of {@link #PLACE}. */
  private static final int GENERATION = 0;

  private static final int HANDED = 1;
  private static final int REPORTED = 2;
  private static final int SLOTS = 3;

  /** Where every point of a generation lies in a corner, a variance would become zero. */
  private static final double LEAST_VARIANCE = 1e-20;

  private final double startSigma;
  private final int lambda;
  private final double[] weights;
  private final double mueff;
  private final double cs;
  private final double damps;
  private final double cc;
  private final double c1;
  private final double cmu;
  private final double chi;
  private final StateSchema schema;

  private SepCmaEs(TunerSettings settings) {
    super(SPEC, settings);
    double d = dimension();
    startSigma = settings.values().get(SIGMA);
    int given = (int) settings.values().get(POPULATION);
    lambda = Math.max(4, given == 0 ? 4 + (int) (3 * StrictMath.log(d)) : given);
    weights = weights(lambda);
    double squares = 0;
    for (double w : weights) {
      squares += w * w;
    }
    mueff = 1 / squares;
    cs = (mueff + 2) / (d + mueff + 5);
    damps = 1 + 2 * Math.max(0, Math.sqrt((mueff - 1) / (d + 1)) - 1) + cs;
    cc = (4 + mueff / d) / (d + 4 + 2 * mueff / d);
    double separable = (d + 2) / 3;
    c1 = Math.min(1, separable * 2 / ((d + 1.3) * (d + 1.3) + mueff));
    cmu = Math.min(1 - c1, separable * 2 * (mueff - 2 + 1 / mueff) / ((d + 2) * (d + 2) + mueff));
    chi = Math.sqrt(d) * (1 - 1 / (4 * d) + 1 / (21 * d * d));
    schema =
        blocks()
            .block(MEAN, dimension())
            .block(VARIANCE, dimension())
            .block(STEP_PATH, dimension())
            .block(VARIANCE_PATH, dimension())
            .block(POINTS, (long) lambda * dimension())
            .block(LOSSES, lambda)
            .block(STEP, 1)
            .block(PLACE, Type.LONGS, SLOTS)
            .build();
  }

  private static double[] weights(int lambda) {
    double[] w = new double[lambda / 2];
    double sum = 0;
    for (int i = 0; i < w.length; i++) {
      w[i] = StrictMath.log(lambda / 2.0 + 0.5) - StrictMath.log(i + 1.0);
      sum += w[i];
    }
    for (int i = 0; i < w.length; i++) {
      w[i] /= sum;
    }
    return w;
  }

  @Override
  public StateSchema schema() {
    return schema;
  }

  @Override
  public void initialize(LearnerState state) {
    Arrays.fill(state.block(MEAN), 0.5);
    Arrays.fill(state.block(VARIANCE), 1);
    Arrays.fill(state.block(LOSSES), Double.NaN);
    state.block(STEP)[0] = startSigma;
  }

  @Override
  public boolean next(LearnerState state, Draws draws, Trial out, Workspace workspace) {
    long[] place = state.longs(PLACE);
    if (place[HANDED] == lambda) {
      return false;
    }
    double[] m = state.block(MEAN);
    double[] c = state.block(VARIANCE);
    double sigma = state.block(STEP)[0];
    double[] x = out.set((int) state.steps(), 0, 1).point();
    Draws z = draws.fork(Purpose.PERTURBATION);
    for (int i = 0; i < x.length; i++) {
      x[i] = clamp(m[i] + sigma * Math.sqrt(c[i]) * z.normal(i));
    }
    System.arraycopy(x, 0, state.block(POINTS), (int) place[HANDED] * x.length, x.length);
    place[HANDED]++;
    count(state);
    return true;
  }

  @Override
  public boolean report(
      LearnerState state, Trial trial, double loss, double[] constraints, Workspace workspace) {
    long[] place = state.longs(PLACE);
    long member = trial.config() - place[GENERATION] * lambda;
    double[] losses = state.block(LOSSES);
    if (member < 0 || member >= place[HANDED] || !Double.isNaN(losses[(int) member])) {
      return false;
    }
    losses[(int) member] = counted(loss);
    Incumbent.offer(state, trial, loss);
    place[REPORTED]++;
    if (place[REPORTED] == lambda) {
      update(state, workspace);
      place[GENERATION]++;
      place[HANDED] = 0;
      place[REPORTED] = 0;
      Arrays.fill(losses, Double.NaN);
    }
    return true;
  }

  private void update(LearnerState state, Workspace workspace) {
    int d = dimension();
    double[] points = state.block(POINTS);
    double[] m = state.block(MEAN);
    double[] c = state.block(VARIANCE);
    double[] ps = state.block(STEP_PATH);
    double[] pc = state.block(VARIANCE_PATH);
    double[] step = state.block(STEP);
    double sigma = step[0];
    int[] order = order(state, workspace);
    if (Double.isInfinite(state.block(LOSSES)[order[0]])) {
      // Nothing is known of any of them.
      return;
    }
    double square = 0;
    double[] yw = workspace.array("sep-cma-es.yw", d);
    for (int i = 0; i < d; i++) {
      yw[i] = 0;
      for (int k = 0; k < weights.length; k++) {
        yw[i] += weights[k] * ((points[order[k] * d + i] - m[i]) / sigma);
      }
      ps[i] = (1 - cs) * ps[i] + Math.sqrt(cs * (2 - cs) * mueff) * yw[i] / Math.sqrt(c[i]);
      square += ps[i] * ps[i];
    }
    double length = Math.sqrt(square);
    double generations = state.longs(PLACE)[GENERATION] + 1.0;
    double unbiased = Math.sqrt(1 - StrictMath.pow(1 - cs, 2 * generations));
    double h = length / unbiased / chi < 1.4 + 2 / (d + 1.0) ? 1 : 0;
    for (int i = 0; i < d; i++) {
      pc[i] = (1 - cc) * pc[i] + h * Math.sqrt(cc * (2 - cc) * mueff) * yw[i];
      double spread = 0;
      for (int k = 0; k < weights.length; k++) {
        double y = (points[order[k] * d + i] - m[i]) / sigma;
        spread += weights[k] * y * y;
      }
      double next =
          (1 - c1 - cmu) * c[i]
              + c1 * (pc[i] * pc[i] + (1 - h) * cc * (2 - cc) * c[i])
              + cmu * spread;
      c[i] = Math.max(LEAST_VARIANCE, next);
      m[i] += sigma * yw[i];
    }
    step[0] = sigma * StrictMath.exp(cs / damps * (length / chi - 1));
  }

  /** Members by loss, the lower number first among equals. */
  private int[] order(LearnerState state, Workspace workspace) {
    double[] losses = state.block(LOSSES);
    int[] order = workspace.object("sep-cma-es.order", Order.class, Order::new).of(lambda);
    for (int i = 0; i < lambda; i++) {
      int at = i;
      while (at > 0 && losses[order[at - 1]] > losses[i]) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = i;
    }
    return order;
  }

  /** Room for an order of any length. */
  private static final class Order {
    private int[] members = {};

    int[] of(int length) {
      if (members.length < length) {
        members = new int[length];
      }
      return members;
    }
  }

  @Override
  public boolean continues(LearnerState state, int config) {
    return false;
  }
}
