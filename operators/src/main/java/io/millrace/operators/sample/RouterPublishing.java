package io.millrace.operators.sample;

import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.posterior.PosteriorForm;
import io.millrace.core.sample.posterior.Reliability;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.KeyBytes;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.operators.sample.RouterState.At;
import io.millrace.operators.sample.RouterState.Count;
import io.millrace.operators.sample.RouterState.Of;
import io.millrace.schemas.ChainStatus;
import io.millrace.schemas.ClientStatus;
import io.millrace.schemas.FederationStatus;
import io.millrace.schemas.SingleObject;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is published of a posterior: snapshots, and how it comes along. */
final class RouterPublishing {
  private static final Logger LOG = LoggerFactory.getLogger(RouterPublishing.class);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int VERSION = 1;

  private final SampleOptions options;
  private final RouterState state;
  private final Agreement agreement;
  private final SnapshotPublisher snapshots;
  private final StageContext stage;
  private final KeyBytes keys = new KeyBytes();
  private boolean changed;

  RouterPublishing(
      SampleOptions options, RouterState state, Agreement agreement, StageContext stage) {
    this.options = options;
    this.state = state;
    this.agreement = agreement;
    this.stage = stage;
    this.snapshots =
        new SnapshotPublisher(
            options.snapshots(), stage.backend(), stage, stage.metrics().snapshots);
  }

  /** Something has changed in the event at hand that people may want to know. */
  void changed() {
    changed = true;
  }

  /** A chain has moved. */
  void afterVisit(Key key) {
    if (snapshots.isDue(key.journal()) && draws() > 1) {
      snapshots.publish(key.journal(), key.name(), new Posterior(key.journal()));
    }
  }

  private long draws() {
    long draws = 0;
    for (int c = 0; c < options.chains().count(); c++) {
      draws += state.statistics().draws(state.statistics(c));
    }
    return draws;
  }

  private List<LearnerState> statistics() {
    List<LearnerState> all = new ArrayList<>();
    for (int c = 0; c < options.chains().count(); c++) {
      all.add(state.statistics(c));
    }
    return all;
  }

  private double rhat() {
    List<LearnerState> chains = statistics();
    double most = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < options.model().size(); i++) {
      most = Math.max(most, state.statistics().splitRhat(chains, i));
    }
    return most;
  }

  /** Of the chain and parameter of which it is least. */
  private double ess() {
    double least = Double.POSITIVE_INFINITY;
    for (LearnerState chain : statistics()) {
      for (int i = 0; i < options.model().size(); i++) {
        least = Math.min(least, state.statistics().effectiveSampleSize(chain, i));
      }
    }
    return least;
  }

  private long diverged() {
    long sum = 0;
    for (int c = 0; c < options.chains().count(); c++) {
      sum += state.get(c, At.DIVERGED);
    }
    return sum;
  }

  /**
   * Says how the posterior comes along, if something has changed in the event at hand or it is
   * time.
   */
  void status(Key key) {
    long now = state.get(Count.CLOCK);
    boolean due =
        now > 0
            && (changed
                || now - state.get(Count.STATUS_AT) >= options.patience().status().toMillis());
    changed = false;
    if (!due) {
      return;
    }
    state.set(Count.STATUS_AT, now);
    String waiting = waiting();
    if (!waiting.isEmpty()) {
      LOG.info("posterior '{}' waits: {}", key.name(), waiting);
    }
    keys.of(key.name());
    stage.emit(
        Channel.METRICS,
        keys.record(SingleObject.encode(status(key.journal(), key.name(), waiting))));
  }

  private FederationStatus status(Journal j, String key, String waiting) {
    List<ClientStatus> clients = new ArrayList<>();
    List<String> names = state.names();
    for (int c = 0; c < names.size(); c++) {
      clients.add(
          new ClientStatus(
              names.get(c),
              state.get(c, Of.OFFERED),
              state.isIn(c) ? state.get(c, Of.ROWS) : 0L,
              state.isIn(c) ? state.shares()[c] : 0,
              state.get(c, Of.VISITS),
              Instant.ofEpochMilli(state.get(c, Of.MISSING_SINCE))));
    }
    List<ChainStatus> chains = new ArrayList<>();
    for (int c = 0; c < options.chains().count(); c++) {
      int target = (int) state.get(c, At.TARGET);
      chains.add(
          new ChainStatus(
              options.chains().name(c),
              state.get(c, At.ROUND),
              target == RouterState.NOBODY ? "" : names.get(target),
              (int) state.get(c, At.ATTEMPT),
              Instant.ofEpochMilli(state.get(c, At.SENT_AT)),
              state.get(c, At.STEP),
              state.stepSize(c),
              state.get(c, At.DIVERGED),
              state.statistics().draws(state.statistics(c))));
    }
    return new FederationStatus(
        key,
        j.incarnation,
        Instant.ofEpochMilli(state.get(Count.CLOCK)),
        state.get(Count.EPOCH),
        waiting,
        clients,
        chains,
        rhat(),
        ess());
  }

  /** What is waited for; empty: nothing is. */
  private String waiting() {
    String fault = state.fault();
    if (!fault.isEmpty()) {
      return "an epoch cannot be agreed on: " + fault;
    }
    List<String> names = state.names();
    List<String> missing = new ArrayList<>();
    if (state.get(Count.EPOCH) == 0 && !agreement.isUnderWay()) {
      int there = 0;
      for (int c = 0; c < names.size(); c++) {
        if (state.is(c, Of.OFFERED)) {
          there++;
        } else {
          missing.add(since(names.get(c), state.get(Count.SINCE)));
        }
      }
      return there + " of " + options.clients().awaited() + " clients" + list(missing);
    }
    if (agreement.isUnderWay()) {
      int asked = 0;
      for (int c = 0; c < names.size(); c++) {
        asked += agreement.isAsked(c) ? 1 : 0;
        if (agreement.isAwaited(c)) {
          missing.add(since(names.get(c), state.get(c, Of.SENT_AT)));
        }
      }
      return "epoch "
          + state.get(Count.AGREEING)
          + ": "
          + (asked - missing.size())
          + " of "
          + asked
          + " clients have answered stage "
          + state.get(Count.STAGE)
          + list(missing);
    }
    int all = 0;
    for (int c = 0; c < names.size(); c++) {
      all += state.isIn(c) ? 1 : 0;
      if (state.isIn(c) && !state.isPresent(c)) {
        missing.add(since(names.get(c), state.get(c, Of.MISSING_SINCE)));
      }
    }
    return missing.isEmpty()
        ? ""
        : (all - missing.size()) + " of " + all + " clients" + list(missing);
  }

  private static String since(String name, long time) {
    return time == 0 ? name : name + " since " + CLOCK.format(Instant.ofEpochMilli(time));
  }

  private static String list(List<String> missing) {
    return missing.isEmpty() ? "" : ", missing " + String.join(", ", missing);
  }

  /** The posterior at hand as a snapshot has it. */
  private final class Posterior implements SnapshotPublisher.Source {
    private final Journal journal;

    Posterior(Journal journal) {
      this.journal = journal;
    }

    @Override
    public String algorithm() {
      return options.sampler().diffusion();
    }

    @Override
    public int stateVersion() {
      return VERSION;
    }

    @Override
    public Map<String, Double> hyperparameters() {
      SampleOptions.Chains c = options.chains();
      Map<String, Double> values = new TreeMap<>();
      values.put("step-size", c.stepSize());
      values.put("local-steps", (double) c.localSteps());
      values.put("temperature", c.temperature());
      values.put("thin", (double) c.thin());
      values.put("prior.precision", options.precision());
      options.sampler().estimatorValues().forEach((n, v) -> values.put("estimator." + n, v));
      options.sampler().diffusionValues().forEach((n, v) -> values.put("diffusion." + n, v));
      return values;
    }

    @Override
    public void write(ModelWriter out) {
      options.model().write(out);
      List<LearnerState> kept = new ArrayList<>();
      for (int c = 0; c < options.chains().count(); c++) {
        kept.add(state.kept(c));
      }
      PosteriorForm.writeDraws(state.statistics(), statistics(), state.kept(), kept, out);
      PosteriorForm.writeReliability(Reliability.of(rhat(), ess(), diverged(), state.noise()), out);
      double[] laplace = state.laplace();
      if (laplace[0] > 0) {
        out.exact(PosteriorForm.LAPLACE_VARIANCE, new int[] {laplace.length}, laplace.clone());
      }
      List<String> names = new ArrayList<>();
      int in = 0;
      long[] visits = new long[state.clients()];
      boolean[] imputed = new boolean[state.clients()];
      for (int c = 0; c < state.clients(); c++) {
        if (state.isIn(c)) {
          names.add(state.names().get(c));
          visits[in] = state.get(c, Of.VISITS);
          imputed[in++] = !state.isPresent(c);
        }
      }
      PosteriorForm.writeClients(names, Arrays.copyOf(visits, in), Arrays.copyOf(imputed, in), out);
    }

    @Override
    public void describe(Map<String, Long> counters, Map<String, Double> values) {
      counters.put("epoch", state.get(Count.EPOCH));
      counters.put(PosteriorForm.ANCHOR_ROUNDS, state.get(Count.ROUNDS));
      counters.put("chains", (long) options.chains().count());
      counters.put("draws", draws());
      counters.put("diverged", diverged());
      counters.put("visits", journal.learned);
      if (Double.isFinite(rhat())) {
        values.put("rhat", rhat());
      }
      if (Double.isFinite(ess())) {
        values.put("ess", ess());
      }
      if (Double.isFinite(state.noise())) {
        values.put(PosteriorForm.NOISE_RATIO, state.noise());
      }
      values.put(PosteriorForm.STEP_CURVATURE, options.chains().stepSize() * curvature());
    }

    /** Greatest eigenvalue of the precision of prior times surrogates. */
    private double curvature() {
      int d = options.model().size();
      NaturalGaussian all = agreement.product(false).times(options.prior().natural(d), 1);
      if (all.shape() != NaturalGaussian.Shape.FULL) {
        double most = 0;
        for (double l : all.lambda()) {
          most = Math.max(most, l);
        }
        return most;
      }
      Kernels kernels = stage.workspace().kernels(ScalarBackend.INSTANCE);
      double[] values = new double[d];
      kernels.eigenSymmetric(d, all.lambda().clone(), values, new double[d * d]);
      return values[d - 1];
    }
  }
}
