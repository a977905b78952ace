package io.millrace.operators.learner;

import io.millrace.core.ConfigException;
import io.millrace.core.spec.Hyper;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.Steering;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.LearnerMetrics;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What orders can do to a learner's keys. */
final class LearnerSteering implements Steering {
  private final Lanes lanes;
  private final LearnerPublishing publishing;
  private final LastGood lastGood;
  private final LearnerMetrics metrics;
  private final Contest contest;
  private final Watch watch;
  private final Proof proof;

  LearnerSteering(
      Lanes lanes,
      LearnerPublishing publishing,
      LastGood lastGood,
      LearnerMetrics metrics,
      Contest contest,
      Watch watch,
      Proof proof) {
    this.lanes = lanes;
    this.publishing = publishing;
    this.lastGood = lastGood;
    this.metrics = metrics;
    this.contest = contest;
    this.watch = watch;
    this.proof = proof;
  }

  @Override
  public String algorithm() {
    return lanes.base().learner().algorithm();
  }

  @Override
  public List<Hyper> hyperparameters() {
    Map<String, Hyper> all = new LinkedHashMap<>();
    for (Lane lane : lanes.all()) {
      lane.learner().hyperparameters().forEach(h -> all.putIfAbsent(h.name(), h));
    }
    return List.copyOf(all.values());
  }

  @Override
  public String fault(Map<String, Double> values) {
    String first = null;
    for (Lane lane : lanes.all()) {
      String fault = fault(lane, values);
      if (fault == null) {
        return null;
      }
      first = first == null ? fault : first;
    }
    return first;
  }

  /** What serves the key has to take them. */
  @Override
  public String fault(Key key, Map<String, Double> values) {
    return fault(lanes.serving(key), values);
  }

  private static String fault(Lane lane, Map<String, Double> values) {
    try {
      lane.variants.with(values);
      return null;
    } catch (ConfigException e) {
      return e.getMessage();
    }
  }

  @Override
  public long steps(Key key) {
    return lanes.read(key).steps();
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
    if (contest != null) {
      contest.reset(key);
    }
    if (watch != null) {
      watch.reset(key);
    }
    if (proof != null) {
      proof.reset(key);
    }
    lanes.start(key, lanes.base(), key.renew(lanes.base().model));
  }

  @Override
  public void publish(Key key) {
    publishing.publish(key);
  }

  @Override
  public List<String> candidates() {
    return contest == null ? List.of() : lanes.all().stream().map(lane -> lane.name).toList();
  }

  @Override
  public String cannotPromote(Key key, String candidate) {
    return contest.cannotPromote(key, lanes.named(candidate));
  }

  @Override
  public void promote(Key key, String candidate) {
    contest.promote(key, lanes.named(candidate), publishing);
  }

  @Override
  public String cannotPublish(Key key) {
    return proof == null ? null : proof.cannotPublish(key);
  }

  @Override
  public boolean rollsBack() {
    return contest != null || proof != null;
  }

  @Override
  public String cannotRollBack(Key key) {
    return contest != null ? contest.cannotRollBack(key) : proof.cannotRollBack(key);
  }

  @Override
  public void rollBack(Key key) {
    if (contest != null) {
      contest.rollBack(key, publishing);
    } else {
      proof.rollBack(key, publishing);
    }
  }
}
