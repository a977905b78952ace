package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.metrics.Validation;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.Tensor;
import java.util.List;
import java.util.Map;

/** What is published of a learner's keys: models, and how well they do. */
final class LearnerPublishing {
  /** In a snapshot's configuration: which candidate it is, where it is not the configured one. */
  private static final String CANDIDATE = "candidate";

  private final Lanes lanes;
  private final SnapshotPublisher snapshots;
  private final LastGood lastGood;
  private final Validation validation;
  private final LearnerMetrics metrics;
  private final Workspace workspace;
  private final PublishedCopy copy;
  private final Contest contest;
  private final Watch watch;
  private final Proof proof;

  /**
   * Publishing.
   *
   * @param copy takes what is published; null: nobody needs it
   * @param contest of the candidates; null: there are none
   * @param watch has figures of its own; null: nothing is watched
   * @param proof of what may be published; null: everything may
   */
  LearnerPublishing(
      Lanes lanes,
      SnapshotPublisher snapshots,
      LastGood lastGood,
      Validation validation,
      LearnerMetrics metrics,
      Workspace workspace,
      PublishedCopy copy,
      Contest contest,
      Watch watch,
      Proof proof) {
    this.lanes = lanes;
    this.snapshots = snapshots;
    this.lastGood = lastGood;
    this.validation = validation;
    this.metrics = metrics;
    this.workspace = workspace;
    this.copy = copy;
    this.contest = contest;
    this.watch = watch;
    this.proof = proof;
  }

  /** Takes a judged prediction into the sums. */
  void score(Journal j, Outcome outcome) {
    if (validation.score(j, outcome.loss, outcome.correct)) {
      metrics.judged(outcome);
    }
  }

  /** Takes the rows of a step into the sums, if the learner has scored them. */
  void scoreStep(Key key, OnlineLearner learner, int rows) {
    if (!learner.scoresSteps()) {
      return;
    }
    double loss = learner.stepLoss(lanes.read(key));
    if (validation.scoreStep(key.journal(), loss, rows)) {
      metrics.scored(loss, rows);
    }
  }

  /** Publishes a metric record if it is time. */
  void afterPrediction(Key key) {
    if (validation.isDue(key.journal())) {
      validation.publish(key.journal(), key.name(), source(key, lanes.serving(key).model, 0));
    }
  }

  /** Publishes a snapshot if it is time. */
  void afterStep(Key key) {
    if (snapshots.isDue(key.journal())) {
      publish(key);
    }
  }

  /** Publishes what has been learned since the last snapshot, if the end of the input is to. */
  void atEnd(Key key) {
    if (snapshots.isDueAtEnd(key.journal())) {
      publish(key);
    }
  }

  /**
   * Publishes a snapshot now, unless the model is held back. A model that cannot be published is
   * put back to one that was.
   */
  void publish(Key key) {
    if (proof == null) {
      publish(key, lanes.serving(key).model, 0);
    } else if (!proof.mayPublish(key)) {
      snapshots.passOver(key.journal());
      metrics.snapshotsWithheld.inc();
    } else if (publish(key, lanes.serving(key).model, 0)) {
      proof.onTrial(key);
    }
  }

  /**
   * Publishes a model of the learner that serves, whatever is held back.
   *
   * @param model part of the key that holds it
   * @param restores version whose model it is; 0: it is the one that learns
   * @return whether it was; else a number of it is not finite, and the one that learns is put back
   */
  boolean publish(Key key, int model, long restores) {
    List<Tensor> published =
        snapshots.publish(
            key.journal(), key.name(), source(key, model, restores), () -> lastGood.published(key));
    if (published.isEmpty()) {
      metrics.snapshotsWithheld.inc();
      metrics.restores.inc();
      lastGood.putBack(key);
      return false;
    }
    lastGood.keep(key, published);
    if (copy != null) {
      copy.take(key);
    }
    if (proof != null) {
      proof.note(key);
    }
    return true;
  }

  private SnapshotPublisher.Source source(Key key, int model, long restores) {
    Lane lane = lanes.serving(key);
    OnlineLearner learner = lanes.learner(key);
    LearnerState state = key.read(model);
    return new SnapshotPublisher.Source() {
      @Override
      public String algorithm() {
        return learner.algorithm();
      }

      @Override
      public int stateVersion() {
        return learner.stateVersion();
      }

      @Override
      public Map<String, Double> hyperparameters() {
        return learner.values();
      }

      @Override
      public void write(ModelWriter out) {
        learner.publish(state, out, workspace);
        if (lane != lanes.base()) {
          out.config(CANDIDATE, lane.name);
        }
        if (restores > 0) {
          out.config(Proof.RESTORED, Long.toString(restores));
        }
      }

      @Override
      public void describe(Map<String, Long> counters, Map<String, Double> values) {
        counters.put("steps", state.steps());
        counters.put("stateBytes", state.bytes());
        learner.figures(state, values::put);
        if (contest != null) {
          contest.describe(key, counters, values);
        }
        if (watch != null) {
          watch.report(key, values::put);
        }
        if (proof != null) {
          proof.describe(key, counters);
        }
      }
    };
  }
}
