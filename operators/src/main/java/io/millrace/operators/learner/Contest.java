package io.millrace.operators.learner;

import io.millrace.core.compute.Workspace;
import io.millrace.core.decision.Gains;
import io.millrace.core.decision.PromotionGate;
import io.millrace.core.decision.Verdict;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Blame;
import io.millrace.core.learn.Outcome;
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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The candidates of a key beside the learner that serves it. Each predicts every example before it
 * is learned from, and learns from every mini-batch that the serving learner has learned from; what
 * its loss is less than that of the serving one goes to a {@link PromotionGate}, which lets it take
 * the place, or ends it. The state of one that has ended is freed.
 *
 * <p>A key keeps, beside each candidate's own blocks: the head of the gate's block, and of each
 * lane its {@code standing}, which is the gate's part of it and a few notes. They are kept apart by
 * name, so the list of candidates may be another one after a restart: a new one begins when its key
 * is next touched, one that is gone is not compared any more. Who serves, and who served before
 * while the champion is on probation, says the key's journal.
 *
 * <p>A candidate that refuses rows learns the others of the mini-batch. They are not dead letters:
 * the serving learner has learned from them.
 */
final class Contest {
  private static final int GATE = 0; // blocks of a standing
  private static final int NOTES = 1;

  // Notes of a lane.
  private static final int STATUS = 0;
  private static final int SCORED = 1;
  private static final int LOSS_SUM = 2;
  private static final int REFUSED = 3;
  private static final int NOTE_COUNT = 4;

  // Values of STATUS; 0: the lane has not been seen yet.
  private static final double LIVE = 1;
  private static final double STOPPED = 2;

  private final PromotionGate gate;
  private final double bound;
  private final long rung;
  private final Lanes lanes;
  private final int head;
  private final LastGood lastGood;
  private final Outputs outputs;
  private final LearnerMetrics metrics;
  private final Workspace workspace;

  /** Those that predict the event at hand, the serving one first. */
  private final List<Lane> live = new ArrayList<>();

  /** Whether anything is compared at the event at hand. */
  private boolean on;

  /** By lane, whether it was compared at the event at hand. */
  private final boolean[] compared;

  /** The gate's block, put together. */
  private final double[] b;

  Contest(
      CandidateOptions options,
      Lanes lanes,
      int head,
      LastGood lastGood,
      Outputs outputs,
      LearnerMetrics metrics,
      Workspace workspace) {
    this.gate = options.gate();
    this.bound = options.bound();
    this.rung = options.rung();
    this.compared = new boolean[lanes.all().size()];
    this.lanes = lanes;
    this.head = head;
    this.lastGood = lastGood;
    this.outputs = outputs;
    this.metrics = metrics;
    this.workspace = workspace;
    this.b = new double[gate.length()];
  }

  /** The part of a key with the head of the gate's block. */
  static BlockSpec head(CandidateOptions options) {
    StateSchema schema =
        new StateSchema.Builder().block("head", options.gate().headLength()).build();
    return new BlockSpec("contest", "contest", schema, meaning(options));
  }

  /** The part of a key with what is kept about a lane. */
  static BlockSpec standing(CandidateOptions options, String name) {
    StateSchema schema =
        new StateSchema.Builder()
            .block("gate", PromotionGate.candidateLength())
            .block("notes", NOTE_COUNT)
            .build();
    return new BlockSpec("standing." + name, "contest", schema, meaning(options));
  }

  /** Evidence that was gathered under other settings is none. */
  private static SortedMap<String, String> meaning(CandidateOptions options) {
    SortedMap<String, String> meaning = new TreeMap<>();
    meaning.put("gate.test", options.test());
    meaning.put("gate.bound", Double.toString(options.bound()));
    options
        .gate()
        .hypotheses()
        .forEach((name, value) -> meaning.put("gate." + name, Double.toString(value)));
    return meaning;
  }

  /** Turns to a key that has begun: candidates that it has not seen begin. */
  void open(Key key) {
    Lane serving = lanes.serving(key);
    on = former(key) != null;
    live.clear();
    live.add(serving);
    boolean fresh = false;
    for (Lane lane : lanes.all()) {
      LearnerState standing = key.read(lane.standing);
      double status = standing.block(NOTES)[STATUS];
      fresh |= status == 0;
      if (status == LIVE && lane != serving) {
        live.add(lane);
      }
      on |= status == LIVE && gate.isRunning(standing.block(GATE));
    }
    if (fresh) {
      enter(key, serving);
    }
  }

  /** Lets the lanes that are new to the key begin. */
  private void enter(Key key, Lane serving) {
    gather(key);
    for (Lane lane : lanes.all()) {
      if (key.read(lane.standing).block(NOTES)[STATUS] == 0) {
        key.write(lane.standing).block(NOTES)[STATUS] = LIVE;
        if (lane != serving) {
          lastGood.begin(key, lane, key.renew(lane.model));
          gate.start(b, lane.number);
          live.add(lane);
          on = true;
        }
      }
    }
    scatter(key);
  }

  /** The lane that served before, while a probation runs; null: none runs. */
  private Lane former(Key key) {
    Journal j = key.journal();
    if (j.former == null) {
      return null;
    }
    Lane former = lanes.named(j.former);
    if (former == null) { // no longer configured, so there is nothing to go back to
      j.former = null;
    }
    return former;
  }

  private boolean isLive(Key key, Lane lane) {
    return key.read(lane.standing).block(NOTES)[STATUS] == LIVE;
  }

  /** Puts the gate's block together. */
  private void gather(Key key) {
    System.arraycopy(key.read(head).block(0), 0, b, 0, gate.headLength());
    for (Lane lane : lanes.all()) {
      double[] part = key.read(lane.standing).block(GATE);
      System.arraycopy(part, 0, b, gate.place(lane.number), part.length);
    }
    Lane former = former(key);
    gate.appoint(b, lanes.serving(key).number, former == null ? -1 : former.number);
  }

  /** Takes it apart. */
  private void scatter(Key key) {
    System.arraycopy(b, 0, key.write(head).block(0), 0, gate.headLength());
    for (Lane lane : lanes.all()) {
      if (isLive(key, lane)) {
        double[] part = key.write(lane.standing).block(GATE);
        System.arraycopy(b, gate.place(lane.number), part, 0, part.length);
      }
    }
  }

  /**
   * Lets the candidates predict a row that the serving learner has predicted.
   *
   * @param served what that made of it; copied
   */
  void predict(Rows rows, int row, Key key, Outcome served) {
    live.get(0).take(served);
    for (int i = 1; i < live.size(); i++) {
      Lane lane = live.get(i);
      lane.learner().predict(rows, row, key.read(lane.model), lane.outcome, workspace);
    }
  }

  /** What all of them have made of the row at hand, to wait with it for its label. */
  double[] made() {
    return Shadows.write(live);
  }

  /** Judges what they have made of an event whose label has come. */
  void judge(double[] made, double label) {
    for (Lane lane : live) {
      if (Shadows.read(made, lane)) {
        lane.learner().judge(lane.outcome, label);
      } else {
        lane.outcome.loss = Double.NaN;
      }
    }
  }

  /** Lets the candidates learn from rows that the serving learner has learned from. */
  void learn(Key key, Rows rows) {
    Lane serving = lanes.serving(key);
    for (Lane lane : lanes.all()) {
      if (lane != serving && isLive(key, lane)) {
        learn(key, lane, rows);
      }
    }
  }

  private void learn(Key key, Lane lane, Rows rows) {
    int refused =
        Blame.learnWithout(lane.learner(), rows, key.write(lane.model), key.name(), workspace);
    if (refused > 0) {
      key.write(lane.standing).block(NOTES)[REFUSED] += refused;
    }
  }

  /**
   * Compares what the lanes have made of the labelled event at hand, once it has been learned from
   * or waits in a mini-batch. Where the champion changes, the new one is published.
   */
  void settle(Key key, LearnerPublishing publishing) {
    if (!on) {
      return;
    }
    for (Lane lane : live) {
      if (Double.isFinite(lane.outcome.loss)) {
        double[] notes = key.write(lane.standing).block(NOTES);
        notes[SCORED]++;
        notes[LOSS_SUM] += lane.outcome.loss;
      }
    }
    gather(key);
    Lane serving = lanes.serving(key);
    Lane former = former(key);
    GateDecision change = null;
    List<GateDecision> ends = null;
    Arrays.fill(compared, false);
    for (Lane lane : lanes.all()) {
      Lane against = lane == serving ? former : serving;
      if (against == null || !isLive(key, lane)) {
        continue;
      }
      double gain = Gains.cut(against.outcome.loss, lane.outcome.loss, bound);
      if (Double.isNaN(gain)) {
        continue;
      }
      long index = gate.index(b, lane.number);
      compared[lane.number] = true;
      Verdict verdict = gate.observe(b, lane.number, gain);
      if (!verdict.ends()) {
        continue;
      }
      GateDecision decision = decision(key, lane, against, verdict, index);
      if (verdict.changesChampion()) {
        change = decision;
        break;
      }
      ends = ends == null ? new ArrayList<>() : ends;
      ends.add(decision);
      if (verdict == Verdict.CONFIRMED) {
        former = null;
      }
    }
    if (change == null && endsRung(key)) {
      ends = ends == null ? new ArrayList<>() : ends;
      halve(key, serving, ends);
    }
    scatter(key);
    if (ends != null) {
      for (GateDecision end : ends) {
        end(key, end);
      }
    }
    if (change != null) {
      change(key, change, publishing);
    }
  }

  /** Whether the challengers have been compared at as many events as a rung has. */
  private boolean endsRung(Key key) {
    if (rung == 0) {
      return false;
    }
    Lane youngest = null;
    int running = 0;
    for (Lane lane : lanes.all()) {
      if (isLive(key, lane) && gate.running(b, lane.number)) {
        running++;
        boolean younger =
            youngest == null || gate.count(b, lane.number) < gate.count(b, youngest.number);
        youngest = younger ? lane : youngest;
      }
    }
    if (running < 2 || !compared[youngest.number]) {
      return false;
    }
    long events = (long) gate.count(b, youngest.number);
    return events > 0 && events % rung == 0 && Long.bitCount(events / rung) == 1;
  }

  /** Ends the worse half of the challengers, by their mean gain; of equals the later ones. */
  private void halve(Key key, Lane serving, List<GateDecision> ends) {
    List<Lane> running = new ArrayList<>();
    for (Lane lane : lanes.all()) {
      if (isLive(key, lane) && gate.running(b, lane.number)) {
        running.add(lane);
      }
    }
    running.sort(Comparator.comparingDouble(lane -> -gate.meanGain(b, lane.number)));
    for (Lane lane : running.subList(running.size() / 2, running.size())) {
      long index = gate.index(b, lane.number);
      GateDecision end = decision(key, lane, serving, Verdict.WITHDRAWN, index);
      gate.withdraw(b, lane.number);
      ends.add(end);
    }
  }

  /** A candidate has ended, or the new champion has passed its probation. */
  private void end(Key key, GateDecision decision) {
    Journal j = key.journal();
    if (decision.getVerdict() == GateVerdict.CONFIRMED) {
      Lane former = lanes.named(j.former);
      if (!gate.running(b, former.number)) {
        stop(key, former);
      }
      j.former = null;
    } else {
      stop(key, lanes.named(decision.getCandidate()));
    }
    emit(decision, j);
  }

  private void stop(Key key, Lane lane) {
    key.drop(lane.model);
    key.write(lane.standing).block(NOTES)[STATUS] = STOPPED;
    metrics.candidatesStopped.inc();
  }

  /** Another lane serves from now on, and is published. */
  private void change(Key key, GateDecision decision, LearnerPublishing publishing) {
    Journal j = key.journal();
    Lane before = lanes.serving(key);
    Lane after;
    if (decision.getVerdict() == GateVerdict.PROMOTED) {
      after = lanes.named(decision.getCandidate());
      j.former = before.name;
      metrics.candidatesPromoted.inc();
    } else {
      after = lanes.named(j.former);
      j.former = null;
      stop(key, before);
      metrics.championsRolledBack.inc();
    }
    j.champion = after == lanes.base() ? null : after.name;
    j.overrides = null; // they were set for the learner that served
    j.inForce = null;
    j.refused = 0;
    lastGood.forget(key);
    publishing.publish(key);
    decision.setChampion(after.name);
    emit(decision, j);
  }

  /** What there is to say of a verdict; who serves then, and as which version, comes later. */
  private GateDecision decision(Key key, Lane lane, Lane against, Verdict verdict, long index) {
    Journal j = key.journal();
    boolean guarded = verdict.isOfProbation();
    return new GateDecision(
        key.name(),
        j.incarnation,
        Instant.ofEpochMilli(j.eventTime),
        lane.name,
        verdict == Verdict.WITHDRAWN
            ? GateVerdict.DROPPED_HALVED
            : GateVerdict.valueOf(verdict.name()),
        false,
        lanes.serving(key).name,
        against.name,
        index,
        (long) gate.events(b, lane.number, verdict),
        gate.evidence(b, lane.number, verdict),
        gate.threshold(verdict, index),
        gate.gain(b, lane.number, verdict),
        guarded ? Double.NaN : gate.lowerGain(b, lane.number),
        guarded ? Double.NaN : gate.upperGain(b, lane.number),
        j.version,
        SnapshotPublisher.inputs(j));
  }

  private void emit(GateDecision decision, Journal j) {
    decision.setVersion(j.version);
    byte[] key = decision.getKey().getBytes(StandardCharsets.UTF_8);
    outputs.emit(Channel.METRICS, OutRecord.of(key, SingleObject.encode(decision)));
  }

  /** Why a lane cannot serve a key from now on, as somebody wants it to; null: it can. */
  String cannotPromote(Key key, Lane lane) {
    open(key);
    Lane former = former(key);
    if (lane == lanes.serving(key)) {
      return "candidate '" + lane.name + "' serves '" + key.name() + "' already";
    }
    if (former != null) {
      return "candidate '"
          + lanes.serving(key).name
          + "' is on probation for '"
          + key.name()
          + "'; roll back to '"
          + former.name
          + "', or wait until it is confirmed";
    }
    return isLive(key, lane)
        ? null
        : "candidate '"
            + lane.name
            + "' has ended for '"
            + key.name()
            + "', and its state is freed; a reset starts every candidate anew";
  }

  /** Lets a lane serve because somebody wants it to; it is on probation like any other. */
  void promote(Key key, Lane lane, LearnerPublishing publishing) {
    gather(key);
    long index = gate.index(b, lane.number);
    GateDecision decision = decision(key, lane, lanes.serving(key), Verdict.PROMOTED, index);
    decision.setOrdered(true);
    gate.promote(b, lane.number);
    scatter(key);
    change(key, decision, publishing);
  }

  /** Why the former champion cannot serve again; null: it can. */
  String cannotRollBack(Key key) {
    return former(key) != null
        ? null
        : "nobody has served '"
            + key.name()
            + "' before '"
            + lanes.serving(key).name
            + "', or its state is freed; one can roll back while a new champion is on probation";
  }

  /** Lets the former champion serve again because somebody wants it to. */
  void rollBack(Key key, LearnerPublishing publishing) {
    gather(key);
    Lane serving = lanes.serving(key);
    GateDecision decision =
        decision(key, serving, former(key), Verdict.ROLLBACK_HARD, gate.index(b, serving.number));
    decision.setOrdered(true);
    decision.setVerdict(GateVerdict.ROLLBACK_ORDERED);
    gate.rollBack(b);
    scatter(key);
    change(key, decision, publishing);
  }

  /** Everything begins anew: the configured learner serves, every candidate starts. */
  void reset(Key key) {
    Journal j = key.journal();
    j.champion = null;
    j.former = null;
    j.inForce = null;
    for (Lane lane : lanes.all()) {
      key.drop(lane.standing);
      key.drop(lane.model);
    }
  }

  /** Adds how each candidate does: its loss, and its mean gain over the one that serves. */
  void describe(Key key, Map<String, Long> counters, Map<String, Double> values) {
    gather(key);
    Lane serving = lanes.serving(key);
    for (Lane lane : lanes.all()) {
      if (lane == serving || !isLive(key, lane)) {
        continue;
      }
      double[] notes = key.read(lane.standing).block(NOTES);
      String name = String.format(Locale.ROOT, "candidates.%s.", lane.name);
      counters.put(name + "refused", (long) notes[REFUSED]);
      if (notes[SCORED] > 0) {
        values.put(name + "loss", notes[LOSS_SUM] / notes[SCORED]);
      }
      if (gate.running(b, lane.number)) {
        counters.put(name + "compared", (long) gate.count(b, lane.number));
        values.put(name + "gain", gate.meanGain(b, lane.number));
        values.put(name + "evidence", gate.evidence(b, lane.number, Verdict.RUNNING));
      }
    }
  }
}
