package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Learners;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.learner.EventLearner;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.spec.Choice;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every learner of the registry promises, under every word of its choices. */
class LearnerContractTest {
  private static final int WIDTH = 5;
  private static final int EVENTS = 400;

  static List<LearnerSetup> setups() {
    List<LearnerSetup> all = new ArrayList<>();
    for (LearnerSpec spec : Learners.ALL) {
      for (InputSpec.Target target : spec.targets()) {
        LearnerSetup base =
            LearnerSetup.of(spec.id(), input(target)).withHyperparameters(small(spec));
        all.add(base);
        for (Choice c : spec.choices()) {
          c.values().stream().skip(1).forEach(w -> all.add(base.withWords(Map.of(c.name(), w))));
        }
      }
    }
    return all;
  }

  /** Numbers far above 20 are 20, so that what is rare happens often. */
  private static Map<String, Double> small(LearnerSpec spec) {
    Map<String, Double> values = new TreeMap<>();
    for (Hyper h : spec.hypers()) {
      if (h.def() > 20) {
        values.put(h.name(), Math.max(h.range().low(), 20));
      }
    }
    return values;
  }

  private static InputSpec input(InputSpec.Target target) {
    return new InputSpec(
        InputSpec.Kind.DENSE,
        WIDTH,
        1,
        target,
        target == InputSpec.Target.CLASS ? List.of("n", "y") : List.of(),
        1000);
  }

  /** An event; the same for the same number. */
  private static void load(Rows rows, int t, double scale) {
    rows.clear();
    rows.beginRow();
    double label = t * t % 7 % 2;
    for (int j = 0; j < WIDTH; j++) {
      double v = Math.abs(Math.sin(t * (j + 1.0))) + (j == 0 ? label : 0);
      rows.add(scale * (j == WIDTH - 1 ? Math.rint(v) : v));
    }
    rows.endRow(label, t % 11 == 10 ? 0 : 1);
  }

  private static LearnerState fresh(OnlineLearner learner) {
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    return state;
  }

  private static LearnerState learned(OnlineLearner learner, int from, int to, LearnerState state) {
    Rows rows = learner.newRows();
    Workspace workspace = new Workspace();
    for (int t = from; t < to; t++) {
      load(rows, t, 1);
      assertThat(learner.learn(rows, state, "k", workspace)).isEqualTo(StepOutcome.LEARNED);
    }
    return state;
  }

  private static double[] predicted(OnlineLearner learner, LearnerState state, int t) {
    Rows rows = learner.newRows();
    load(rows, t, 1);
    Outcome out = new Outcome();
    learner.predict(rows, 0, state, out, new Workspace());
    return Arrays.copyOf(out.scores, out.scoreCount);
  }

  private static void assertSame(LearnerState a, LearnerState b) {
    assertThat(a.steps()).isEqualTo(b.steps());
    for (int i = 0; i < a.schema().size(); i++) {
      String name = a.schema().name(i);
      switch (a.schema().type(i)) {
        case DOUBLES -> assertThat(a.block(name)).as(name).isEqualTo(b.block(name));
        case FLOATS -> assertThat(a.floats(name)).as(name).isEqualTo(b.floats(name));
        case LONGS -> assertThat(a.longs(name)).as(name).isEqualTo(b.longs(name));
        case BYTES -> assertThat(a.bytes(name)).as(name).isEqualTo(b.bytes(name));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void learningInOneCallEqualsPredictingAndLearning(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState one = fresh(learner);
    LearnerState two = fresh(learner);
    Workspace workspace = new Workspace();
    Outcome out = new Outcome();
    Rows rows = learner.newRows();
    for (int t = 0; t < EVENTS; t++) {
      double[] before = predicted(learner, two, t);
      learned(learner, t, t + 1, two);
      load(rows, t, 1);
      learner.learnOne(rows, one, "k", out, workspace);
      assertThat(Arrays.copyOf(out.scores, out.scoreCount)).isEqualTo(before);
    }
    assertSame(one, two);
    assertThat(one.steps()).isEqualTo(EVENTS - EVENTS / 11);
  }

  /** Another object, another workspace and a copied state go on as if nothing had happened. */
  @ParameterizedTest
  @MethodSource("setups")
  void nothingIsKeptBesideTheState(LearnerSetup setup) {
    LearnerState whole = learned(Learners.make(setup), 0, EVENTS, fresh(Learners.make(setup)));
    LearnerState parts = fresh(Learners.make(setup));
    for (int t = 0; t < EVENTS; t += 7) {
      parts = learned(Learners.make(setup), t, Math.min(EVENTS, t + 7), parts.copy());
    }
    assertSame(parts, whole);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void predictingChangesNothing(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState state = learned(learner, 0, EVENTS, fresh(learner));
    LearnerState before = state.copy();
    double[] first = predicted(learner, state, 7);
    assertThat(predicted(learner, state, 7)).isEqualTo(first);
    assertSame(state, before);
  }

  @ParameterizedTest
  @MethodSource("setups")
  void aPublishedModelPredictsAsTheStateAndIsGoneOnFrom(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState state = learned(learner, 0, EVENTS, fresh(learner));
    PublishedModel model = PublishedModel.of(learner, state, new Workspace());
    EventLearner reader = EventLearner.forScoring(Learners.spec(setup.kind()), model.config());
    LearnerState read = reader.read(model, 1 << 24);
    LearnerState warm = fresh(learner);
    learner.warmStart(warm, model);
    PublishedModel first = PublishedModel.of(learner, fresh(learner), new Workspace());
    assertThat(bytes(model)).isLessThanOrEqualTo(bytes(first) + learner.publishedGrowth());
    assertThat(state.bytes()).isLessThanOrEqualTo(learner.mostBytes());
    for (int t = 0; t < 40; t++) {
      double[] expected = predicted(learner, state, t);
      assertThat(predicted(reader, read, t)).containsExactly(expected, within(1e-9));
      assertThat(predicted(learner, warm, t)).containsExactly(expected, within(1e-9));
    }
    learned(learner, EVENTS, EVENTS + 50, warm);
    assertThatThrownBy(() -> reader.read(model, 8)).isInstanceOf(StateException.class);
    assertThatThrownBy(
            () -> reader.read(new PublishedModel(model.config(), Map.of()), Long.MAX_VALUE))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("tensor");
  }

  /** Of the tensors with their names and shapes, as a job keeps them. */
  private static long bytes(PublishedModel model) {
    return model.tensors().entrySet().stream()
        .mapToLong(
            t ->
                4
                    + t.getKey().length()
                    + 4L * t.getValue().shape().length
                    + 8L * t.getValue().data().length)
        .sum();
  }

  @ParameterizedTest
  @MethodSource("setups")
  void aModelOfAnotherMeaningIsRefused(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState state = learned(learner, 0, 30, fresh(learner));
    PublishedModel model = PublishedModel.of(learner, state, new Workspace());
    Map<String, String> other = new TreeMap<>(model.config());
    other.put("features.dimension", "6");
    assertThatThrownBy(
            () -> learner.warmStart(fresh(learner), new PublishedModel(other, model.tensors())))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("features.dimension is 6 in the model, 5 here");
  }

  /** Values so large that they overflow are refused without a trace, or do no harm. */
  @ParameterizedTest
  @MethodSource("setups")
  void aWildRowIsRefusedWholeOrTaken(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState state = learned(learner, 0, 100, fresh(learner));
    LearnerState before = state.copy();
    Rows rows = learner.newRows();
    load(rows, 3, Double.MAX_VALUE / 4);
    StepOutcome outcome = learner.learn(rows, state, "k", new Workspace());
    if (outcome.kind() != StepOutcome.Kind.LEARNED) {
      assertSame(state, before);
    }
    learned(learner, 100, 150, state);
    for (double v : predicted(learner, state, 5)) {
      assertThat(v).isFinite();
    }
  }

  @ParameterizedTest
  @MethodSource("setups")
  void onlyWhatIsNoPartOfTheStateMayChange(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState state = learned(learner, 0, 100, fresh(learner));
    for (Hyper h : learner.hyperparameters()) {
      double def = learner.values().get(h.name());
      double other = def == 0.5 ? 0.25 : h.range().integer() ? def + 1 : def == 0 ? 0.5 : def / 2;
      if (!h.range().contains(other) || h.list()) {
        continue;
      }
      if (h.structural()) {
        assertThatThrownBy(() -> learner.with(Map.of(h.name(), other)))
            .as(h.name())
            .isInstanceOf(ConfigException.class)
            .hasMessageContaining("part of its state");
      } else {
        OnlineLearner changed = learner.with(Map.of(h.name(), other));
        assertThat(changed.values()).containsEntry(h.name(), other);
        assertThat(changed.schema()).isEqualTo(learner.schema());
        assertThat(changed.meaning()).isEqualTo(learner.meaning());
        learned(changed, 100, 120, state.copy());
      }
    }
    assertThatThrownBy(() -> learner.with(Map.of("no-such", 1.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no-such");
  }

  @ParameterizedTest
  @MethodSource("setups")
  void judgingLaterEqualsJudgingAtOnce(LearnerSetup setup) {
    OnlineLearner learner = Learners.make(setup);
    LearnerState state = learned(learner, 0, 100, fresh(learner));
    Rows rows = learner.newRows();
    load(rows, 101, 1);
    Outcome at = new Outcome();
    learner.predict(rows, 0, state, at, new Workspace());
    Outcome later = new Outcome();
    later.raw = Arrays.copyOf(at.raw, at.rawCount);
    later.rawCount = at.rawCount;
    learner.judge(later, rows.label(0));
    assertThat(Double.doubleToLongBits(later.loss)).isEqualTo(Double.doubleToLongBits(at.loss));
    assertThat(later.correct).isEqualTo(at.correct);
    boolean judged = setup.input().target() != InputSpec.Target.NONE;
    assertThat(Double.isFinite(at.loss)).isEqualTo(judged);
  }
}
