package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.state.LearnerState;
import io.millrace.operators.journal.Score;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.StageFailure;
import io.millrace.schemas.Code;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;

/** The learner operator of a `dictionary` job: codes, metrics, controls, bad signals. */
class DictionaryOperatorTest {
  private static final DictionaryOptions LEARNER =
      Signals.learner("online", Map.of(), Map.of("lambda", 0.1));

  private final Signals signals = new Signals();

  private static Runner runner(
      LearnerFactory learner, UnaryOperator<LearnerOptions.Builder> options) throws Exception {
    LearnerOptions built = options.apply(Signals.options()).build();
    return new Runner(() -> Shells.learner(built, learner), HashMapStateBackend::new, 1);
  }

  private static Runner runner(UnaryOperator<LearnerOptions.Builder> options) throws Exception {
    return runner(backend -> new DictionaryLearner(LEARNER), options);
  }

  private static Runner coding() throws Exception {
    return runner(b -> b.results(Results.CODES).metricsEvery(Signals.BATCH));
  }

  private List<double[]> signals(int n) {
    List<double[]> all = new ArrayList<>();
    for (int i = 0; i < n; i++) {
      all.add(signals.next());
    }
    return all;
  }

  private static Stream stream(List<double[]> all) {
    Stream s = new Stream();
    all.forEach(x -> s.signal("a", "", 1, 1, x));
    return s;
  }

  /** What the learner itself makes of the same signals, mini-batch by mini-batch. */
  private static final class Replay {
    final DictionaryLearner learner = new DictionaryLearner(LEARNER);
    final LearnerState state = new LearnerState(learner.schema());
    final Workspace workspace = new Workspace();
    final List<double[]> codes = new ArrayList<>();
    final List<Double> objectives = new ArrayList<>();

    Replay(List<double[]> all) {
      learner.initialize(state, "a");
      Rows batch = learner.newRows();
      for (double[] x : all) {
        batch.beginRow();
        Arrays.stream(x).forEach(v -> batch.add((float) v));
        batch.endRow(Double.NaN, 1);
        Outcome out = new Outcome();
        learner.predict(batch, batch.count() - 1, state, out, workspace);
        codes.add(Arrays.copyOf(out.raw, out.rawCount));
        objectives.add(out.loss);
        if (batch.count() == Signals.BATCH) {
          learner.learn(batch, state, "a", workspace);
          batch.clear();
        }
      }
    }
  }

  @Test
  void publishesTheCodeOfEverySignalUnderTheDictionaryBeforeIt() throws Exception {
    List<double[]> all = signals(30);
    Replay expected = new Replay(all);
    try (Runner r = coding().feed(stream(all))) {
      assertThat(r.codes).hasSize(30);
      for (int i = 0; i < 30; i++) {
        Code c = r.codes.get(i);
        assertThat(dense(c)).containsExactly(expected.codes.get(i));
        assertThat(c.getObjective()).isEqualTo(expected.objectives.get(i));
        assertThat(c.getModelSteps()).isEqualTo(i / Signals.BATCH);
        assertThat(c.getIndices()).isSorted().doesNotHaveDuplicates();
      }
      for (int b = 0; b < expected.state.schema().size(); b++) {
        assertThat(r.state("a").learner.block(b)).isEqualTo(expected.state.block(b));
      }
    }
  }

  /** Codes are of use together with their dictionary, so they name one that readers have. */
  @Test
  void everyCodeIsDecodedByTheSnapshotThatItNames() throws Exception {
    List<double[]> all = signals(60);
    SnapshotOptions often =
        new SnapshotOptions("dictionary", 16, null, false, 1, DType.F64, 1 << 19, 1, "test-build");
    try (Runner r = runner(b -> b.results(Results.CODES).snapshots(often)).feed(stream(all))) {
      assertThat(r.models).hasSize(3);
      assertThat(r.codes.get(0).getVersion()).isZero();
      assertThat(r.codes.get(59).getVersion()).isEqualTo(3);
      for (int i = 16; i < 60; i++) {
        Code c = r.codes.get(i);
        ModelSnapshot m = r.models.get((int) c.getVersion() - 1);
        assertThat(m.getIncarnation()).isEqualTo(c.getIncarnation());
        assertThat(m.getCounters()).containsEntry("steps", c.getModelSteps());
        double[] d = published(m).tensor("dictionary", Signals.M, Signals.M);
        double[] a = dense(c);
        double squares = 0;
        double l1 = 0;
        for (int p = 0; p < Signals.M; p++) {
          double x = c.getOffset();
          for (int j = 0; j < Signals.M; j++) {
            x += c.getScale() * a[j] * d[j * Signals.M + p];
          }
          double error = ((float) all.get(i)[p] - x) / c.getScale();
          squares += error * error;
          l1 += Math.abs(a[p]);
        }
        assertThat(0.5 * squares + 0.1 * l1).isCloseTo(c.getObjective(), within(1e-9));
      }
    }
  }

  @Test
  void aSignalOutsideOfTheMethodsDomainIsADeadLetter() throws Exception {
    DictionaryOptions counts = Signals.learner("nmf-kl", Map.of(), Map.of());
    Stream s = new Stream();
    for (int i = 0; i < 9; i++) {
      double[] x = signals.next();
      Arrays.setAll(x, p -> Math.abs(x[p]));
      x[2] = i == 4 ? -0.5 : x[2];
      s.signal("a", "", 1, 1, x);
    }
    try (Runner r =
        runner(backend -> new DictionaryLearner(counts), b -> b.results(Results.CODES)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.OUT_OF_DOMAIN);
      assertThat(r.deadLetters.get(0).getOffset()).isEqualTo(4);
      assertThat(r.deadLetters.get(0).getMessage())
          .contains("features[2] = -0.5; must be at least 0");
      assertThat(r.codes).hasSize(8);
      assertThat(r.state("a").journal.learned).isEqualTo(8);
    }
  }

  @Test
  void withoutCodesASignalIsCodedOnceAndItsObjectiveIsBookedWithTheBatch() throws Exception {
    List<double[]> all = signals(40);
    Replay expected = new Replay(all);
    AtomicInteger predicted = new AtomicInteger();
    try (Runner r =
        runner(backend -> new Counting(predicted), b -> b.metricsEvery(20)).feed(stream(all))) {
      assertThat(predicted).hasValue(0);
      assertThat(r.codes).isEmpty();
      assertThat(r.metrics).hasSize(2);
      Score total = r.state("a").journal.total;
      assertThat(total.scored).as("all but the first batch, which only brings atoms").isEqualTo(36);
      Map<String, Double> values = r.metrics.get(1).getValues();
      assertThat(values).doesNotContainKey("accuracy");
      assertThat(values.get("loss")).isEqualTo(total.lossSum / total.scored);
      assertThat(values.get("windowLoss"))
          .isCloseTo(
              expected.objectives.subList(20, 40).stream().mapToDouble(v -> v).average().orElse(0),
              within(1e-12));
    }
  }

  @Test
  void figuresOfTheDictionaryAreInMetricsAndSnapshots() throws Exception {
    Stream s = stream(signals(24)).control("a", ControlCommand.SNAPSHOT);
    try (Runner r = coding().feed(s)) {
      for (Map<String, Double> values :
          List.of(r.metrics.get(5).getValues(), r.models.get(0).getMetrics())) {
        assertThat(values)
            .containsKeys("loss", "nonZeros", "unusedAtoms", "replacedAtoms", "largestMove");
        assertThat(values.get("nonZeros")).isBetween(1.0, (double) Signals.M);
        assertThat(values.get("largestMove")).isPositive();
      }
    }
  }

  @Test
  void aSnapshotIsEnoughToCodeWith() throws Exception {
    List<double[]> all = signals(24);
    Replay expected = new Replay(all);
    try (Runner r =
        runner(b -> b.snapshots(exact())).feed(stream(all).control("a", ControlCommand.SNAPSHOT))) {
      ModelSnapshot m = r.models.get(0);
      assertThat(m.getJob()).isEqualTo("dictionary");
      assertThat(m.getConfig())
          .containsEntry("dictionary.method", "online")
          .containsEntry("dictionary.atoms", "6")
          .containsEntry("dictionary.lambda", "0.1")
          .containsEntry("dictionary.scaling", "unit-norm")
          .containsEntry("dictionary.schedule", "power");
      assertThat(m.getTensors())
          .extracting(Tensor::getName)
          .containsExactly("dictionary", "usage", "round");
      DictionaryLearner reader = DictionaryLearner.forCoding(m.getConfig());
      LearnerState state = new LearnerState(reader.schema());
      reader.warmStart(state, published(m));
      Rows rows = reader.newRows();
      rows.beginRow();
      Arrays.stream(signals.next()).forEach(rows::add);
      rows.endRow(Double.NaN, 1);
      Outcome a = new Outcome();
      Outcome b = new Outcome();
      reader.predict(rows, 0, state, a, new Workspace());
      expected.learner.predict(rows, 0, expected.state, b, new Workspace());
      assertThat(a.loss).isCloseTo(b.loss, within(1e-9));
    }
  }

  @Test
  void aFrozenDictionaryStillCodesAndIsScored() throws Exception {
    Stream s = stream(signals(24)).control("a", ControlCommand.PAUSE);
    try (Runner r = coding().feed(s)) {
      LearnerState frozen = r.state("a").learner.copy();
      long scored = r.state("a").journal.total.scored;
      r.feed(stream(signals(12)));
      assertThat(r.codes).hasSize(36);
      assertThat(r.state("a").learner.block(0)).isEqualTo(frozen.block(0));
      assertThat(r.state("a").journal.total.scored).isEqualTo(scored + 12);
      assertThat(r.state("a").journal.skipped).isEqualTo(12);
      r.feed(new Stream().control("a", ControlCommand.RESUME)).feed(stream(signals(4)));
      assertThat(r.state("a").learner.block(0)).isNotEqualTo(frozen.block(0));
    }
    AtomicInteger predicted = new AtomicInteger();
    try (Runner r = runner(backend -> new Counting(predicted), b -> b).feed(s)) {
      r.feed(stream(signals(12)));
      assertThat(predicted).as("codes nobody reads, for the objective's sake").hasValue(12);
    }
  }

  @Test
  void lambdaMayBeSetForOneKeyOrAll() throws Exception {
    List<double[]> all = signals(24);
    Stream s = stream(all).set("a", "lambda", 100);
    double[] probe = signals.next();
    try (Runner r = coding().feed(s).feed(new Stream().signal("a", "", 1, 1, probe))) {
      assertThat(r.codes.get(24).getValues()).isEmpty();
      r.feed(new Stream().set("*", "online.lambda", 1e-3).signal("a", "", 1, 1, probe));
      assertThat(r.codes.get(25).getValues()).isNotEmpty();
      r.feed(new Stream().set("a", "lambda", -1).set("a", "lamda", 1));
      assertThat(r.reasons())
          .containsExactly(Reason.BAD_HYPERPARAMETER, Reason.UNKNOWN_HYPERPARAMETER);
      r.feed(new Stream().control("a", ControlCommand.SNAPSHOT));
      assertThat(r.models.get(0).getConfig()).containsEntry("dictionary.lambda", "0.001");
    }
  }

  @Test
  void aResetBeginsTheDictionaryAnew() throws Exception {
    List<double[]> later = signals(16);
    Stream s = stream(signals(24)).control("a", ControlCommand.RESET);
    later.forEach(x -> s.signal("a", "", 1, 1, x));
    try (Runner r = coding().feed(s)) {
      Replay expected = new Replay(later);
      assertThat(r.state("a").learner.block(0)).isEqualTo(expected.state.block(0));
      assertThat(r.state("a").journal.learned).isEqualTo(40);
    }
  }

  @Test
  void badSignalsBecomeDeadLettersAndChangeNothing() throws Exception {
    List<double[]> all = signals(24);
    double[] notANumber = signals.next();
    notANumber[3] = Double.NaN;
    Stream s = new Stream();
    for (int i = 0; i < 24; i++) {
      if (i == 9) {
        s.signal("a", "", 1, 1, notANumber).signal("a", "", 1, 1, Arrays.copyOf(notANumber, 3));
        s.signal("a", "", 1, -1, all.get(0));
      }
      s.signal("a", "", 1, 1, all.get(i));
    }
    try (Runner r = coding().feed(s)) {
      assertThat(r.reasons())
          .containsExactlyInAnyOrder(
              Reason.NOT_FINITE, Reason.DIMENSION_MISMATCH, Reason.BAD_WEIGHT);
      Replay expected = new Replay(all);
      for (int b = 0; b < expected.state.schema().size(); b++) {
        assertThat(r.state("a").learner.block(b)).isEqualTo(expected.state.block(b));
      }
    }
  }

  @Test
  void aSignalTooHeavyToLearnFromIsToBlame() throws Exception {
    List<double[]> all = signals(12);
    Stream s = new Stream();
    for (int i = 0; i < 12; i++) {
      s.signal(
          "a", "", 1, i == 5 ? 1e308 : 1, i == 5 ? new double[] {9, 9, 9, 9, 9, 9} : all.get(i));
    }
    DictionaryOptions unscaled = LEARNER.withScaling(SignalScaling.NONE);
    try (Runner r = runner(backend -> new DictionaryLearner(unscaled), b -> b).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.NOT_FINITE_GRADIENT);
      assertThat(r.deadLetters.get(0).getOffset()).isEqualTo(5);
      assertThat(r.state("a").journal.learned).isEqualTo(11);
      assertThat(r.state("a").journal.rollbacks).isEqualTo(1);
    }
  }

  @Test
  void startsFromAPublishedDictionaryThatFits() throws Exception {
    Replay taught = new Replay(signals(40));
    Map<String, String> config = new LinkedHashMap<>();
    Map<String, PublishedModel.Tensor> tensors = new LinkedHashMap<>();
    taught.learner.publish(
        taught.state,
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            config.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            tensors.put(name, new PublishedModel.Tensor(shape, data.clone()));
          }
        },
        new Workspace());
    WarmStart from = key -> new WarmStart.Start(new PublishedModel(config, tensors), "teacher@7");
    try (Runner r = runner(b -> b.results(Results.CODES).warmStart(from))) {
      r.feed(stream(signals(1)));
      assertThat(r.codes.get(0).getValues()).as("coded from the first signal on").isNotEmpty();
      assertThat(r.state("a").journal.parent).isEqualTo("teacher@7");
    }
    DictionaryOptions other =
        DictionaryOptions.of(Signals.M, Signals.M + 1).withScaling(SignalScaling.UNIT_NORM);
    try (Runner r = runner(backend -> new DictionaryLearner(other), b -> b.warmStart(from))) {
      assertThatThrownBy(() -> r.feed(stream(signals(1))))
          .isInstanceOf(StageFailure.class)
          .hasMessageContaining("dictionary.atoms is 6");
    }
  }

  /** Counts the signals that are coded one by one. */
  private static final class Counting extends ForwardingLearner {
    private final AtomicInteger predicted;

    Counting(AtomicInteger predicted) {
      super(new DictionaryLearner(LEARNER));
      this.predicted = predicted;
    }

    @Override
    public void predict(Rows rows, int row, LearnerState state, Outcome out, Workspace w) {
      predicted.incrementAndGet();
      super.predict(rows, row, state, out, w);
    }

    @Override
    public OnlineLearner with(Map<String, Double> changed) {
      throw new UnsupportedOperationException("not asked for here");
    }
  }

  private static SnapshotOptions exact() {
    return new SnapshotOptions(
        "dictionary", 0, null, false, 1, DType.F64, 1 << 19, 1, "test-build");
  }

  private static double[] dense(Code c) {
    double[] a = new double[c.getLength()];
    for (int i = 0; i < c.getIndices().size(); i++) {
      a[c.getIndices().get(i)] = c.getValues().get(i);
    }
    return a;
  }

  private static PublishedModel published(ModelSnapshot m) throws Exception {
    Map<String, PublishedModel.Tensor> tensors = new LinkedHashMap<>();
    for (Tensor t : m.getTensors()) {
      tensors.put(t.getName(), new PublishedModel.Tensor(Tensors.shape(t), Tensors.doubles(t)));
    }
    return new PublishedModel(m.getConfig(), tensors);
  }
}
