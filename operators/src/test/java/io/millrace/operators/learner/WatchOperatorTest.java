package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.monitor.DriftWatch.Happening;
import io.millrace.core.monitor.Monitor;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.core.monitor.Reaction;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.Metric;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.WatchEvent;
import io.millrace.schemas.WatchEventKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is watched of a key's model is state, and what a detector says is published. */
class WatchOperatorTest {
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;
  private static final InputSpec INPUT =
      new InputSpec(InputSpec.Kind.DENSE, 2, 1, InputSpec.Target.CLASS, List.of("n", "y"), 1000);
  private static final int EVENTS = 420;

  /** The concept turns round here, and the first feature moves. */
  private static final int CHANGE = 220;

  private static MonitorOptions everything(String reaction, double window) {
    return new MonitorOptions(
        List.of("faded", "recent", "calibration", "recent-calibration", "auc"),
        Map.of("fading", 0.98, "window", window),
        Map.of("coverage", 0.8, "window", 40.0),
        "page-hinkley",
        Map.of("lambda", 4.0, "tau", 20.0, "feature-reference", 100.0, "feature-window", 100.0),
        Map.of("reaction", reaction),
        List.of(0),
        7);
  }

  private static SupervisedLearner learner() {
    return new SupervisedLearner(
        SupervisedOptions.builder(INPUT, "logistic")
            .scaling(Scaling.NONE)
            .optimizer("sgd", Map.of("learning-rate", 0.1))
            .build());
  }

  private static double x(int i, int feature) {
    return (float) (Math.sin(3 * i + feature) + (feature == 0 && i >= CHANGE ? 3 : 0));
  }

  private static double label(int i) {
    boolean up = x(i, 1) > 0.2 * Math.cos(7 * i);
    return up == i < CHANGE ? 1 : 0;
  }

  /** Labels come with, after and before their examples. */
  private static List<Object> items() {
    Stream s = new Stream();
    for (int i = 0; i < EVENTS; i++) {
      String key = i % 5 == 4 ? "b" : "a";
      boolean early = i % 11 == 3;
      boolean late = i % 7 == 5 && !early;
      String id = early || late ? "e" + i : "";
      if (early) {
        s.label(key, id, 1000 + i, label(i));
      }
      s.example(key, id, 1000 + i, early || late ? null : label(i), x(i, 0), x(i, 1));
      if (i > 2 && (i - 2) % 7 == 5 && (i - 2) % 11 != 3) {
        s.label((i - 2) % 5 == 4 ? "b" : "a", "e" + (i - 2), 1000 + i, label(i - 2));
      }
      if (i == 300) {
        s.control("b", ControlCommand.RESET);
      }
    }
    return s.items();
  }

  private static LearnerOptions options(MonitorOptions monitor, int miniBatch) {
    return LearnerOptions.builder(Stream.TOPICS, INPUT)
        .miniBatch(miniBatch)
        .labels(Duration.ofMillis(40), 5)
        .snapshots(
            Shells.snapshots(
                50, Duration.ofSeconds(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
        .metricsEvery(20)
        .results(Results.PREDICTIONS)
        .monitor(monitor)
        .build();
  }

  private static Runner runner(
      MonitorOptions monitor, int miniBatch, Supplier<StateBackend> backend, int parallelism)
      throws Exception {
    return new Runner(
        () -> Shells.learner(options(monitor, miniBatch), 3, b -> learner()), backend, parallelism);
  }

  private static List<WatchEvent> events(Runner r) {
    return r.metrics.stream().map(Metric::getEvent).filter(e -> e != null).toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "reset", "boost", "swap"})
  void goesOnBitEqualAndTellsWhatHappens(String reaction) throws Exception {
    List<Object> items = items();
    int miniBatch = reaction.equals("boost") ? 3 : 1;
    MonitorOptions monitor = everything(reaction, 60);
    Runner.Result expected;
    try (Runner r = runner(monitor, miniBatch, HASHMAP, 1).feed(items)) {
      assertThat(r.reasons()).isEmpty();
      assertThat(events(r))
          .extracting(WatchEvent::getKind)
          .contains(
              WatchEventKind.WARNING_BEGAN, WatchEventKind.DRIFT, WatchEventKind.FEATURE_DRIFT);
      WatchEvent drift =
          events(r).stream()
              .filter(e -> e.getKind() == WatchEventKind.DRIFT)
              .findFirst()
              .orElseThrow();
      assertThat(drift.getReaction()).isEqualTo(reaction);
      assertThat(drift.getStatistic()).isGreaterThan(drift.getThreshold());
      assertThat(drift.getSinceDrift()).isPositive();
      assertThat(r.predictions)
          .hasSize(EVENTS)
          .allSatisfy(p -> assertThat(p.getClassSet()).isNotNull())
          .anySatisfy(p -> assertThat(p.getClassSet()).hasSize(1));
      assertThat(r.models.get(r.models.size() - 1).getMetrics())
          .containsKeys(
              "fadedAccuracy",
              "fadedNoChangeAccuracy",
              "fadedRecall.y",
              "recentKappa",
              "recentRocAuc",
              "fadedEce",
              "intervalCoverage",
              "driftDrifts",
              "feature.0.psi");
      expected = r.result();
    }
    for (int at = 70; at < items.size(); at += 127) {
      try (Runner r = runner(monitor, miniBatch, at % 2 == 0 ? HASHMAP : ROCKSDB, 1)) {
        r.feed(items.subList(0, at)).restart(1 + at % 2);
        r.feed(items.subList(at, items.size()));
        assertThat(r.result()).as("restored at %s", at).isEqualTo(expected);
      }
    }
  }

  /** What {@code millrace evaluate} does, by the same classes, gives the figures of the job. */
  @Test
  void figuresAreThoseOfTheMonitorOverTheSamePredictions() throws Exception {
    MonitorOptions options = everything("none", 60);
    SupervisedLearner learner = learner();
    Monitor monitor = options.build(INPUT, learner.probabilities());
    Workspace workspace = new Workspace();
    Monitor.Scratch scratch = monitor.newScratch(workspace);
    LearnerState model = new LearnerState(learner.schema());
    learner.initialize(model, "a");
    LearnerState watched = new LearnerState(monitor.schema());
    Outcome outcome = new Outcome();
    Stream s = new Stream();
    for (int i = 0; i < 200; i++) {
      s.example("a", "", 1000 + i, label(i), x(i, 0), x(i, 1));
      Rows row = learner.newRows();
      row.beginRow();
      row.add(x(i, 0));
      row.add(x(i, 1));
      row.endRow(label(i), 1);
      learner.predict(row, 0, model, outcome, workspace);
      monitor.take(watched, learner, outcome, label(i), "a", scratch);
      monitor.features(watched, row, 0, (f, v, limit) -> {}, scratch);
      learner.learn(row, model, "a", workspace);
    }
    Map<String, Double> figures = new TreeMap<>();
    monitor.report(watched, figures::put, scratch);
    assertThat(figures).hasSizeGreaterThan(40);
    try (Runner r = runner(options, 1, HASHMAP, 1).feed(s)) {
      List<Metric> records = new ArrayList<>(r.metrics);
      records.removeIf(m -> m.getEvent() != null);
      assertThat(records.get(records.size() - 1).getValues()).containsAllEntriesOf(figures);
    }
  }

  /** What is swapped in has learned since the warning, and nothing else; evaluate does the same. */
  @Test
  void aModelInTheBackgroundIsOneThatBeganAtTheWarning() throws Exception {
    MonitorOptions options =
        new MonitorOptions(
            List.of(),
            Map.of(),
            Map.of(),
            "page-hinkley",
            Map.of("lambda", 4.0, "calm", 12.0),
            Map.of("reaction", "swap"),
            List.of(),
            7);
    SupervisedLearner learner = learner();
    Monitor monitor = options.build(INPUT, learner.probabilities());
    Workspace workspace = new Workspace();
    Monitor.Scratch scratch = monitor.newScratch(workspace);
    LearnerState model = new LearnerState(learner.schema());
    learner.initialize(model, "a");
    LearnerState background = null;
    LearnerState watched = new LearnerState(monitor.schema());
    Outcome outcome = new Outcome();
    Stream s = new Stream();
    List<String> reactions = new ArrayList<>();
    for (int i = 0; i < EVENTS; i++) {
      double label = i % 60 < 8 ? 1 - label(i) : label(i); // some of it passes
      s.example("a", "", 1000 + i, label, x(i, 0), x(i, 1));
      Rows row = learner.newRows();
      row.beginRow();
      row.add(x(i, 0));
      row.add(x(i, 1));
      row.endRow(label, 1);
      learner.predict(row, 0, model, outcome, workspace);
      Happening happening = monitor.take(watched, learner, outcome, label, "a", scratch);
      Reaction.Action action = monitor.react(watched, happening);
      if (action == Reaction.Action.SWAP) {
        model = background;
      } else if (action == Reaction.Action.RESET || action == Reaction.Action.BEGIN) {
        LearnerState fresh = new LearnerState(learner.schema());
        learner.initialize(fresh, "a");
        model = action == Reaction.Action.RESET ? fresh : model;
        background = action == Reaction.Action.BEGIN ? fresh : background;
      }
      if (action != Reaction.Action.NOTHING) {
        reactions.add(action.word());
      }
      learner.learn(row, model, "a", workspace);
      if (monitor.hasBackground(watched)) {
        learner.learn(row, background, "a", workspace);
      }
    }
    assertThat(reactions).contains("begin", "swap", "give-up");
    try (Runner r = runner(options, 1, HASHMAP, 1).feed(s)) {
      assertThat(events(r))
          .extracting(WatchEvent::getReaction)
          .filteredOn(word -> !word.equals("none"))
          .isEqualTo(reactions);
      assertThat(events(r)).extracting(WatchEvent::getKind).contains(WatchEventKind.CALM);
      assertThat(r.state("a").learner.block("theta")).isEqualTo(model.block("theta"));
      assertThat(r.state("a").learner.steps()).isEqualTo(model.steps());
    }
  }

  @Test
  void otherSettingsBeginTheMetricsAnewAndLeaveTheModel() throws Exception {
    List<Object> items = items();
    int half = CHANGE / 2;
    try (Runner plain = runner(MonitorOptions.NONE, 1, HASHMAP, 1).feed(items);
        Runner r = runner(everything("none", 60), 1, HASHMAP, 1)) {
      r.feed(items.subList(0, half));
      r.restartAs(() -> Shells.learner(options(everything("none", 30), 1), 3, b -> learner()));
      r.feed(items.subList(half, items.size()));
      assertThat(r.state("a").learner.block("theta"))
          .isEqualTo(plain.state("a").learner.block("theta"));
      Map<String, Double> last = r.models.get(r.models.size() - 1).getMetrics();
      assertThat(last).containsKey("recentAccuracy");
    }
  }

  @Test
  void numbersHaveIntervalsThatHoldWhatTheySay() throws Exception {
    InputSpec numbers =
        new InputSpec(InputSpec.Kind.DENSE, 2, 1, InputSpec.Target.REAL, List.of(), 1000);
    MonitorOptions monitor =
        new MonitorOptions(
            List.of("faded", "recent"),
            Map.of(),
            Map.of("coverage", 0.8, "window", 50.0),
            "",
            Map.of(),
            Map.of(),
            List.of(),
            7);
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, numbers)
            .metricsEvery(100)
            .results(Results.PREDICTIONS)
            .monitor(monitor)
            .build();
    Stream s = new Stream();
    for (int i = 0; i < 400; i++) {
      s.example("a", "", 1000 + i, x(i, 0) + Math.sin(11 * i), x(i, 0), x(i, 1));
    }
    SupervisedOptions squared =
        SupervisedOptions.builder(numbers, "squared")
            .optimizer("sgd", Map.of("learning-rate", 0.05))
            .build();
    try (Runner r =
        new Runner(
            () -> Shells.learner(options, 1, b -> new SupervisedLearner(squared)), HASHMAP, 1)) {
      r.feed(s);
      assertThat(r.predictions.get(0).getInterval().getUpper()).isInfinite();
      assertThat(r.predictions).allSatisfy(p -> assertThat(p.getClassSet()).isNull());
      long within =
          r.predictions.stream()
              .filter(
                  p ->
                      p.getInterval().getLower() <= p.getLabel()
                          && p.getLabel() <= p.getInterval().getUpper())
              .count();
      Map<String, Double> last = r.metrics.get(r.metrics.size() - 1).getValues();
      assertThat(last.get("intervalCoverage")).isEqualTo(within / 400.0);
      assertThat(within / 400.0).isCloseTo(0.8, within(0.05));
      assertThat(last).containsKeys("fadedMae", "fadedSkillNoChange", "recentR2");
    }
  }
}
