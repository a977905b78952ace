package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.HyperValues;
import io.millrace.core.spec.Range;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Least squares with momentum, and a limit beyond which a parameter counts as diverged. Dense rows
 * of {@value #WIDTH}; the last parameter is the bias.
 */
final class TestLearner implements OnlineLearner {
  static final int WIDTH = 2;
  static final double LIMIT = 1e6;
  private static final Hyper RATE =
      new Hyper("learning-rate", 0.05, Range.positive(), "length of a step");
  private static final Hyper MOMENTUM =
      new Hyper("momentum", 0.5, Range.halfOpen(0, 1), "kept of the last step");
  private static final List<Hyper> HYPERS = List.of(RATE, MOMENTUM);
  private static final StateSchema SCHEMA =
      new StateSchema.Builder().block("theta", WIDTH + 1).block("m", WIDTH + 1).build();
  private static final StateSchema SCHEMA_1 =
      new StateSchema.Builder().block("theta", WIDTH + 1).block("velocity", WIDTH + 1).build();

  private final String algorithm;
  private final int version;
  private final HyperValues values;

  TestLearner() {
    this("test-momentum", 2, Map.of());
  }

  TestLearner(String algorithm, int version, Map<String, Double> values) {
    this.algorithm = algorithm;
    this.version = version;
    this.values = HyperValues.of(algorithm, HYPERS, values);
  }

  @Override
  public String algorithm() {
    return algorithm;
  }

  @Override
  public int stateVersion() {
    return version;
  }

  @Override
  public StateSchema schema() {
    return version == 1 ? SCHEMA_1 : SCHEMA;
  }

  @Override
  public SortedMap<String, String> meaning() {
    return new TreeMap<>(Map.of("model.kind", "test"));
  }

  @Override
  public void initialize(LearnerState state, String key) {
    state.block("theta")[WIDTH] = 0.25;
  }

  /** Version 1 called the slot "velocity". */
  @Override
  public LearnerState upgrade(int from, LearnerState old) {
    if (from != 1) {
      throw new StateException(algorithm + " state version " + from + "; this build reads 1 and 2");
    }
    LearnerState s = LearnerState.of(SCHEMA, old.block("theta"), old.block("velocity"));
    s.setSteps(old.steps());
    return s;
  }

  @Override
  public Rows newRows() {
    return new Rows(true);
  }

  private static double output(Rows rows, int row, double[] theta) {
    double sum = theta[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      sum += theta[i] * rows.value()[rows.start(row) + i];
    }
    return sum;
  }

  @Override
  public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace workspace) {
    out.raw[0] = output(rows, row, state.block("theta"));
    out.rawCount = 1;
    out.scores[0] = out.raw[0];
    out.scoreCount = 1;
    judge(out, rows.label(row));
  }

  @Override
  public void judge(Outcome prediction, double label) {
    double d = prediction.raw[0] - label;
    prediction.loss = 0.5 * d * d;
    prediction.correct = Double.isNaN(label) ? -1 : Math.abs(d) < 0.5 ? 1 : 0;
  }

  @Override
  public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
    double[] theta = state.block("theta");
    double[] m = state.block(1);
    double[] g = new double[WIDTH + 1];
    for (int row = 0; row < batch.count(); row++) {
      double d = batch.weight(row) * (output(batch, row, theta) - batch.label(row));
      for (int i = 0; i < WIDTH; i++) {
        double v = d * batch.value()[batch.start(row) + i];
        if (!Double.isFinite(v)) {
          return new StepOutcome(StepOutcome.Kind.NOT_FINITE_GRADIENT, row);
        }
        g[i] += v / batch.count();
      }
      g[WIDTH] += d / batch.count();
    }
    double[] newTheta = theta.clone();
    double[] newM = m.clone();
    for (int i = 0; i <= WIDTH; i++) {
      newM[i] = values.get(MOMENTUM) * m[i] + g[i];
      newTheta[i] -= values.get(RATE) * newM[i];
      if (!(Math.abs(newTheta[i]) <= LIMIT)) {
        return new StepOutcome(StepOutcome.Kind.DIVERGED, -1);
      }
    }
    System.arraycopy(newTheta, 0, theta, 0, theta.length);
    System.arraycopy(newM, 0, m, 0, m.length);
    state.setSteps(state.steps() + 1);
    return StepOutcome.LEARNED;
  }

  @Override
  public List<Hyper> hyperparameters() {
    return HYPERS;
  }

  @Override
  public Map<String, Double> values() {
    return values.asMap();
  }

  @Override
  public OnlineLearner with(Map<String, Double> changed) {
    return new TestLearner(algorithm, version, changed);
  }

  @Override
  public void publish(LearnerState state, ModelWriter out, Workspace workspace) {
    out.config("model.kind", "test");
    out.tensor("theta", new int[] {WIDTH + 1}, state.block("theta"));
  }

  @Override
  public void warmStart(LearnerState state, PublishedModel from) {
    double[] theta = from.tensors().get("theta").data();
    if (theta.length != WIDTH + 1) {
      throw new StateException("theta has " + theta.length + " elements, expected " + (WIDTH + 1));
    }
    System.arraycopy(theta, 0, state.block("theta"), 0, theta.length);
  }

  /** What the learner makes of these rows, mini-batch by mini-batch, without any operator. */
  static double[] learned(Map<String, Double> hypers, double[][]... miniBatches) {
    TestLearner learner = new TestLearner("test-momentum", 2, hypers);
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "a");
    for (double[][] rows : miniBatches) {
      Rows batch = learner.newRows();
      for (double[] row : rows) {
        batch.beginRow();
        batch.add((float) row[1]);
        batch.add((float) row[2]);
        batch.endRow(row[0], 1);
      }
      learner.learn(batch, state, "a", new Workspace());
    }
    return state.block("theta");
  }
}
