package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.decision.PublishGate;
import io.millrace.core.decision.Verdict;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.Baseline;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.metrics.LearnerMetrics;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.output.Outputs;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.GateDecision;
import io.millrace.schemas.GateVerdict;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Holds publishing back until a key's model has proven itself, and goes back to the last good
 * version when the model turns bad: a {@link PublishGate} over what the model, a baseline and the
 * last good version make of every judged event.
 *
 * <p>A key keeps, beside the gate's blocks, two models: the last good one, which predicts every
 * event in the shadow of the model that learns, and the version on trial, which becomes the good
 * one where nothing happens. Whoever reads the key's newest snapshot while publishing is held reads
 * the last good version.
 *
 * <p>Events are judged before they are learned from, in the order of their labels; what the gate
 * says follows before the event that told is learned from.
 */
final class Proof {
  /** In a snapshot's configuration: the version whose model it publishes anew. */
  static final String RESTORED = "restored-version";

  /** What the model is compared with, in decisions. */
  private static final Map<PublishGate.Against, String> AGAINST =
      Map.of(PublishGate.Against.BASELINE, "baseline", PublishGate.Against.GOOD, "good");

  private static final int NEWEST = 0; // notes: the version that this has seen published last
  private static final int NOTES = 1;

  private final PublishGate gate;
  private final Baseline baseline;
  private final int part;
  private final int trial;
  private final int own;
  private final Lane good;
  private final Lanes lanes;
  private final LastGood lastGood;
  private final Outputs outputs;
  private final LearnerMetrics metrics;
  private final Workspace workspace;
  private final PublishGate.Finding finding = new PublishGate.Finding();

  /**
   * A proof.
   *
   * @param part place of its blocks in the handler's list; the good model's and the one on trial
   *     follow
   */
  Proof(
      PublishOptions options,
      Baseline baseline,
      int part,
      Lanes lanes,
      LastGood lastGood,
      Outputs outputs,
      LearnerMetrics metrics,
      Workspace workspace) {
    this.gate = options.gate();
    this.baseline = baseline;
    this.part = part;
    this.trial = part + 2;
    this.own = gate.schema().size();
    this.good = new Lane(1, "good", part + 1, -1, lanes.base().learner());
    this.lanes = lanes;
    this.lastGood = lastGood;
    this.outputs = outputs;
    this.metrics = metrics;
    this.workspace = workspace;
  }

  /** The parts of a key. */
  static List<BlockSpec> blocks(
      PublishOptions options, Baseline baseline, OnlineLearner learner, String backend) {
    StateSchema gate = options.gate().schema();
    StateSchema.Builder all = new StateSchema.Builder();
    for (int i = 0; i < gate.size(); i++) {
      all.block(gate.name(i), gate.length(i));
    }
    SortedMap<String, String> meaning = new TreeMap<>();
    meaning.put("gate.test", options.test());
    meaning.put("gate.bound", Double.toString(options.bound()));
    options
        .gate()
        .hypotheses()
        .forEach((name, value) -> meaning.put("gate." + name, Double.toString(value)));
    all.block("baseline", baseline.length()).block("newest", NOTES);
    return List.of(
        new BlockSpec("proof", "proof", all.build(), meaning),
        Lane.blocks("good", learner, backend),
        Lane.blocks("trial", learner, backend));
  }

  private LearnerState open(Key key) {
    LearnerState s = key.write(part);
    long newest = key.journal().version;
    if (s.block(own + 1)[NEWEST] != newest) { // published by a job that asked for no proof
      s = key.renew(part);
      s.block(own + 1)[NEWEST] = newest;
    }
    return s;
  }

  /** Lets the last good version predict a row that the model has predicted. */
  void predict(Rows rows, int row, Key key) {
    Outcome o = good.outcome;
    o.rawCount = 0;
    o.loss = Double.NaN;
    if (gate.good(open(key)) > 0) {
      good.learner().predict(rows, row, key.read(good.model), o, workspace);
    }
  }

  /**
   * What both have made of the row at hand, to wait with it for its label.
   *
   * @param served what the model has made
   */
  double[] made(Key key, Outcome served) {
    Lane serving = lanes.serving(key);
    serving.take(served);
    return Shadows.write(List.of(serving, good));
  }

  /** Reads what the last good version has made of an event whose label has come. */
  void recall(double[] made, double label) {
    Outcome o = good.outcome;
    o.rawCount = 0;
    o.loss = Double.NaN;
    if (Shadows.read(made, good) && o.rawCount > 0) {
      good.learner().judge(o, label);
    }
  }

  /**
   * Takes a judged prediction.
   *
   * @param label target, or class index
   * @param drift whether a detector has found one at this event: the model is held
   */
  void judged(
      Key key,
      OnlineLearner learner,
      Outcome outcome,
      double label,
      boolean drift,
      LearnerPublishing publishing) {
    LearnerState s = open(key);
    double[] known = s.block(own);
    double simple = baseline.wrong(known, 0, label);
    baseline.take(known, 0, label);
    if (drift) {
      hold(key, s, publishing);
      return;
    }
    double model = baseline.wrong(learner, outcome, label);
    Outcome o = good.outcome;
    double before = o.rawCount > 0 ? baseline.wrong(good.learner(), o, label) : Double.NaN;
    gate.take(s, gate.gain(simple, model), gate.gain(before, model), finding);
    switch (finding.change()) {
      case PASSED -> pass(key, s, publishing);
      case CONFIRMED -> confirm(key, s);
      case BROKEN -> {
        GateVerdict verdict = GateVerdict.valueOf(finding.verdict().name());
        goBack(key, s, decision(key, s, verdict), publishing);
      }
      default -> {
        // Nothing changes.
      }
    }
  }

  private void pass(Key key, LearnerState s, LearnerPublishing publishing) {
    GateDecision decision = decision(key, s, GateVerdict.PASSED);
    Lane serving = lanes.serving(key);
    if (publishing.publish(key, serving.model, 0)) {
      gate.pass(s, key.journal().version);
      key.replace(good.model, key.read(serving.model).copy());
      key.drop(trial);
      metrics.modelsPassed.inc();
      emit(key, decision);
    } else {
      gate.hold(s, gate.good(s));
    }
  }

  private void confirm(Key key, LearnerState s) {
    GateDecision decision = decision(key, s, GateVerdict.CONFIRMED);
    long version = gate.trial(s);
    gate.confirm(s);
    key.replace(good.model, key.read(trial));
    key.drop(trial);
    decision.setVersion(version);
    emitAs(decision);
  }

  /** A drift: what was proven was proven of another stream. */
  private void hold(Key key, LearnerState s, LearnerPublishing publishing) {
    GateDecision decision = gate.isOpen(s) ? said(key, GateVerdict.HELD) : null;
    gate.hold(s, backToGood(key, s, publishing));
    if (decision != null) {
      metrics.modelsHeld.inc();
      emit(key, decision);
    }
  }

  /** The model goes back to the last good version, and so do its readers. */
  private void goBack(
      Key key, LearnerState s, GateDecision decision, LearnerPublishing publishing) {
    Journal j = key.journal();
    key.replace(lanes.serving(key).model, key.read(good.model).copy());
    lastGood.forget(key);
    j.refused = 0;
    j.restores++;
    gate.hold(s, backToGood(key, s, publishing));
    metrics.restores.inc();
    metrics.modelsRolledBack.inc();
    emit(key, decision);
  }

  /** Has readers read the last good version; its number from now on, 0: there is none. */
  private long backToGood(Key key, LearnerState s, LearnerPublishing publishing) {
    long last = gate.good(s);
    Journal j = key.journal();
    boolean newer = last > 0 && j.version > last;
    return newer && publishing.publish(key, good.model, last) ? j.version : last;
  }

  /** Whether the model that learns may be published. */
  boolean mayPublish(Key key) {
    return gate.isOpen(open(key));
  }

  /** Why it may not; null: it may. */
  String cannotPublish(Key key) {
    return mayPublish(key)
        ? null
        : "the model of '"
            + key.name()
            + "' is held back until it is proven (gate.publishing); readers have "
            + (gate.good(key.read(part)) > 0
                ? "the last good version, " + gate.good(key.read(part))
                : "none that was proven");
  }

  /** Notes which version readers have now. */
  void note(Key key) {
    key.write(part).block(own + 1)[NEWEST] = key.journal().version;
  }

  /** The version that has been published is one of the model that learns, which may be. */
  void onTrial(Key key) {
    if (gate.published(key.write(part), key.journal().version)) {
      key.replace(trial, key.read(lanes.serving(key).model).copy());
    }
  }

  /** Why a key cannot go back to its last good version; null: it can. */
  String cannotRollBack(Key key) {
    return gate.good(open(key)) > 0
        ? null
        : "no version of '" + key.name() + "' was proven good; there is nothing to go back to";
  }

  /** Goes back to the last good version because somebody wants it to. */
  void rollBack(Key key, LearnerPublishing publishing) {
    GateDecision decision = said(key, GateVerdict.ROLLBACK_ORDERED);
    decision.setOrdered(true);
    goBack(key, open(key), decision, publishing);
  }

  /** Everything begins anew. */
  void reset(Key key) {
    key.renew(part).block(own + 1)[NEWEST] = key.journal().version;
    key.drop(good.model);
    key.drop(trial);
  }

  /** A decision that rests on no test. */
  private GateDecision said(Key key, GateVerdict verdict) {
    Journal j = key.journal();
    String name = lanes.serving(key).name;
    return new GateDecision(
        key.name(),
        j.incarnation,
        Instant.ofEpochMilli(j.eventTime),
        name,
        verdict,
        false,
        name,
        "",
        0L,
        0L,
        0.0,
        0.0,
        0.0,
        Double.NaN,
        Double.NaN,
        j.version,
        SnapshotPublisher.inputs(j));
  }

  private GateDecision decision(Key key, LearnerState s, GateVerdict verdict) {
    GateDecision d = said(key, verdict);
    d.setFormer(AGAINST.get(finding.against()));
    d.setIndex(finding.index());
    d.setEvents(gate.events(s, finding));
    d.setEvidence(gate.evidence(s, finding));
    d.setThreshold(gate.threshold(finding));
    d.setGain(gate.meanGain(s, finding));
    if (finding.verdict() == Verdict.PROMOTED) {
      d.setGainLower(gate.lowerGain(s, finding));
      d.setGainUpper(gate.upperGain(s, finding));
    }
    return d;
  }

  private void emit(Key key, GateDecision decision) {
    decision.setVersion(key.journal().version);
    emitAs(decision);
  }

  private void emitAs(GateDecision decision) {
    byte[] key = decision.getKey().getBytes(StandardCharsets.UTF_8);
    outputs.emit(Channel.METRICS, OutRecord.of(key, SingleObject.encode(decision)));
  }

  /** Adds what readers have. */
  void describe(Key key, Map<String, Long> counters) {
    LearnerState s = key.read(part);
    counters.put("goodVersion", gate.good(s));
    counters.put("heldBack", gate.isOpen(s) ? 0L : 1L);
  }
}
