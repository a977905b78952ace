package io.millrace.operators.tune;

import io.millrace.core.bandit.Policy;
import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.InForce;
import io.millrace.operators.handler.Key;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.publish.SnapshotPublisher;
import java.util.Arrays;
import java.util.Map;

/** What is published of tuners: snapshots, and records of how they do. */
final class TunerPublishing {
  private final InForce<Policy> policies;
  private final Tuner tuner;
  private final Apprentice apprentice;
  private final OffPolicyFigures figures;
  private final SnapshotPublisher snapshots;
  private final boolean whenBestChanges;
  private final Validation validation;
  private final Workspace workspace;

  /**
   * Publishing.
   *
   * @param apprentice null: the policy decides
   * @param figures null: none are kept
   * @param whenBestChanges whether a snapshot is due then, too
   */
  TunerPublishing(
      InForce<Policy> policies,
      Tuner tuner,
      Apprentice apprentice,
      OffPolicyFigures figures,
      SnapshotPublisher snapshots,
      boolean whenBestChanges,
      Validation validation,
      Workspace workspace) {
    this.policies = policies;
    this.tuner = tuner;
    this.apprentice = apprentice;
    this.figures = figures;
    this.snapshots = snapshots;
    this.whenBestChanges = whenBestChanges;
    this.validation = validation;
    this.workspace = workspace;
  }

  /** Takes the cost of an arm into the sums. */
  void score(Key key, double cost) {
    validation.score(key.journal(), cost, -1);
  }

  /** Publishes a metric record if it is time. */
  void afterDecision(Key key) {
    if (validation.isDue(key.journal())) {
      validation.publish(key.journal(), key.name(), source(key));
    }
  }

  /**
   * Publishes a snapshot if it is time: after feedback, or a change of arms, of the tuner at hand.
   */
  void afterChange(Key key) {
    boolean another = whenBestChanges && tuner.bestIs(best(key.read(TunerHandler.POLICY)));
    if (another || snapshots.isDue(key.journal())) {
      publish(key);
    }
  }

  /** The eligible arm of the least mean cost, as `tune list` has it; -1: none has had a cost. */
  private int best(LearnerState state) {
    Policy policy = policies.base();
    int best = -1;
    for (int a = 0; a < tuner.roster().count(); a++) {
      if (tuner.roster().isEligible(a)
          && policy.pulls(state, a) > 0
          && (best < 0 || policy.meanCost(state, a) < policy.meanCost(state, best))) {
        best = a;
      }
    }
    return best;
  }

  /** Publishes what has been learned since the last snapshot, if the end of the input is to. */
  void atEnd(Key key) {
    if (snapshots.isDueAtEnd(key.journal())) {
      publish(key);
    }
  }

  /** Publishes a snapshot now. */
  void publish(Key key) {
    snapshots.publish(key.journal(), key.name(), source(key));
  }

  /** Names settings as the job's YAML does; a mean of nothing is 0, since readers take numbers. */
  private static ModelWriter named(ModelWriter out) {
    return new ModelWriter() {
      @Override
      public void config(String name, String value) {
        out.config(name.equals("policy") ? "policy.name" : "policy." + name, value);
      }

      @Override
      public void tensor(String name, int[] shape, double[] data) {
        exact(name, shape, data); // costs may be of any size
      }

      @Override
      public void exact(String name, int[] shape, double[] data) {
        double[] numbers = new double[data.length];
        for (int i = 0; i < data.length; i++) {
          numbers[i] = Double.isNaN(data[i]) ? 0 : data[i];
        }
        out.exact(name, shape, numbers);
      }
    };
  }

  private SnapshotPublisher.Source source(Key key) {
    Policy policy = policies.of(key);
    LearnerState state = key.read(TunerHandler.POLICY);
    tuner.at(key);
    return new SnapshotPublisher.Source() {
      @Override
      public String algorithm() {
        return policy.spec().id();
      }

      @Override
      public int stateVersion() {
        return policy.spec().stateVersion();
      }

      @Override
      public Map<String, Double> hyperparameters() {
        return policy.values();
      }

      @Override
      public void write(ModelWriter out) {
        int arms = tuner.roster().count();
        double[] eligible = new double[arms];
        for (int a = 0; a < arms; a++) {
          out.config("arms." + a, tuner.name(a));
          eligible[a] = tuner.roster().isEligible(a) ? 1 : 0;
        }
        policy.publish(state, arms, named(out), workspace);
        int[] shape = {arms};
        out.exact("eligible", shape, eligible);
        if (tuner.valued()) {
          out.exact("value", shape, tuner.values(arms));
        }
        if (tuner.round() > 0) {
          out.exact("probability", shape, Arrays.copyOf(tuner.probabilities(), arms));
        }
        if (figures != null) {
          figures.write(key, arms, out);
        }
      }

      @Override
      public void describe(Map<String, Long> counters, Map<String, Double> values) {
        counters.put("decisions", tuner.round());
        counters.put("pending", tuner.pending());
        counters.put("censored", tuner.censored());
        counters.put("foreign", tuner.foreign());
        counters.put("steps", state.steps());
        policy.figures(state, values::put);
        if (apprentice != null) {
          apprentice.describe(key, values);
        }
        if (figures != null) {
          figures.describe(key, values);
        }
      }
    };
  }
}
