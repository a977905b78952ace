package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.LearnerMetrics;
import java.util.List;
import java.util.Map;

/** What orders can do to a learner's keys. */
final class LearnerSteering implements Steering {
  private final Variants learners;
  private final LearnerPublishing publishing;
  private final LastGood lastGood;
  private final LearnerMetrics metrics;
  private final LastGood.Start start;

  LearnerSteering(
      Variants learners,
      LearnerPublishing publishing,
      LastGood lastGood,
      LearnerMetrics metrics,
      LastGood.Start start) {
    this.learners = learners;
    this.publishing = publishing;
    this.lastGood = lastGood;
    this.metrics = metrics;
    this.start = start;
  }

  @Override
  public String algorithm() {
    return learners.base().algorithm();
  }

  @Override
  public List<Hyper> hyperparameters() {
    return learners.base().hyperparameters();
  }

  @Override
  public String fault(Map<String, Double> values) {
    try {
      learners.with(values);
      return null;
    } catch (ConfigException e) {
      return e.getMessage();
    }
  }

  @Override
  public long steps(Key key) {
    return key.read(LearnerHandler.MODEL).steps();
  }

  /**
   * The model, the unfinished mini-batch and progressive validation, which judges the model, begin
   * anew; versions, counters, hyperparameters, waiting examples and remembered ids stay.
   */
  @Override
  public void reset(Key key) {
    Journal j = key.journal();
    metrics.abandon(j, j.held);
    key.releaseHeld();
    j.total.clear();
    j.window.clear();
    j.refused = 0;
    lastGood.forget(key);
    start.of(key.renew(LearnerHandler.MODEL), key);
  }

  @Override
  public void publish(Key key) {
    publishing.publish(key);
  }
}
