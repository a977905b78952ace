package io.millrace.core.supervised;

import static io.millrace.core.supervised.Learners.WIDTH;
import static io.millrace.core.supervised.Learners.addHugeRow;
import static io.millrace.core.supervised.Learners.assertSameBits;
import static io.millrace.core.supervised.Learners.batch;
import static io.millrace.core.supervised.Learners.fresh;
import static io.millrace.core.supervised.Learners.input;
import static io.millrace.core.supervised.Learners.marked;
import static io.millrace.core.supervised.Learners.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class SupervisedLearnerTest {
  /** Small enough for every optimizer and loss. */
  private static final double RATE = 1e-4;

  private static SupervisedLearner learner(
      InputSpec.Kind kind, String loss, String optimizer, Scaling scaling) {
    return learner(kind, loss, optimizer, scaling, RATE);
  }

  private static SupervisedLearner learner(
      InputSpec.Kind kind, String loss, String optimizer, Scaling scaling, double rate) {
    return new SupervisedLearner(
        SupervisedOptions.of(
                input(kind, Losses.spec(loss)), loss, optimizer, Map.of("learning-rate", rate))
            .withScaling(scaling));
  }

  static Stream<Arguments> everyCombination() {
    List<Arguments> all = new ArrayList<>();
    for (LossSpec loss : Losses.ALL) {
      for (OptimizerSpec optimizer : Optimizers.ALL) {
        for (InputSpec.Kind kind : List.of(InputSpec.Kind.DENSE, InputSpec.Kind.SPARSE)) {
          try {
            learner(kind, loss.id(), optimizer.id(), Scaling.NONE);
          } catch (ConfigException e) {
            assertThat(e).hasMessageContaining("needs"); // the loss has no curvature
            continue;
          }
          all.add(Arguments.of(loss.id(), optimizer.id(), kind));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void stoppedCopiedAndContinuedGivesTheSameBits(
      String loss, String optimizer, InputSpec.Kind kind) {
    SupervisedLearner learner = learner(kind, loss, optimizer, Scaling.STANDARD);
    SupervisedLearner restarted = learner(kind, loss, optimizer, Scaling.STANDARD);
    boolean dense = kind == InputSpec.Kind.DENSE;
    // The guard refuses one of these steps.
    int refused = !dense && loss.equals("poisson") && optimizer.equals("adahessian") ? 1 : 0;
    Learners.assertContinues(learner, restarted, dense, Losses.spec(loss), refused);
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void sparseStepsOfExactOptimizersEqualDenseOnes(
      String loss, String optimizer, InputSpec.Kind kind) {
    boolean exact =
        Optimizers.configure(optimizer, Map.of()).optimizer().sparse() == SparseSupport.EXACT;
    if (kind == InputSpec.Kind.DENSE || !exact) {
      assertThat(Optimizers.spec(optimizer)).isNotNull();
      return; // nothing is claimed
    }
    SupervisedLearner sparse = learner(InputSpec.Kind.SPARSE, loss, optimizer, Scaling.NONE);
    SupervisedLearner dense = learner(InputSpec.Kind.DENSE, loss, optimizer, Scaling.NONE);
    LearnerState a = fresh(sparse);
    LearnerState b = fresh(dense);
    Random random = new Random(4);
    Workspace one = new Workspace();
    Workspace two = new Workspace();
    Outcome p = new Outcome();
    Outcome q = new Outcome();
    for (int t = 0; t < 40; t++) {
      Rows rows = batch(false, Losses.spec(loss), 1 + t % 3, random);
      Rows full = new Rows(true);
      for (int r = 0; r < rows.count(); r++) {
        double[] x = new double[WIDTH];
        for (int c = rows.start(r); c < rows.end(r); c++) {
          x[rows.index()[c]] += rows.value()[c];
        }
        full.beginRow();
        for (double v : x) {
          full.add(v);
        }
        full.endRow(rows.label(r), rows.weight(r));
      }
      sparse.predict(rows, 0, a, p, one);
      dense.predict(full, 0, b, q, two);
      assertThat(p.loss).isCloseTo(q.loss, within(1e-9 * (1 + Math.abs(q.loss))));
      sparse.learn(rows, a, "k", one);
      dense.learn(full, b, "k", two);
    }
    for (int i = 0; i < a.schema().size(); i++) {
      for (int j = 0; j < a.schema().length(i); j++) {
        double expected = b.block(i)[j];
        assertThat(a.block(i)[j]).isCloseTo(expected, within(1e-9 * (1 + Math.abs(expected))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void learnsOneRowAsIfPredictedThenLearned(String loss, String optimizer, InputSpec.Kind kind) {
    for (Scaling scaling : Scaling.values()) {
      Learners.assertLearnsOneAsPredictedThenLearned(
          learner(kind, loss, optimizer, scaling), kind == InputSpec.Kind.DENSE, Losses.spec(loss));
    }
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void learnsWithoutAllocating(String loss, String optimizer, InputSpec.Kind kind) {
    // So slow that even the unsettled scale of the first rows does not make e^s overflow.
    SupervisedLearner learner =
        learner(kind, loss, optimizer, Scaling.STANDARD).with(Map.of("learning-rate", 1e-6));
    Learners.assertAllocatesNothing(learner, kind == InputSpec.Kind.DENSE, Losses.spec(loss));
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void lossFallsOnWhatCanBeLearned(String loss, String optimizer, InputSpec.Kind kind) {
    // What a rate means differs between rules: a length, a factor, a cap.
    double fallen = Double.NEGATIVE_INFINITY;
    double own = Optimizers.spec(optimizer).defaultLearningRate() / 20;
    for (double rate : new double[] {RATE, own, 1, 0.1 * RATE}) {
      fallen = fallen > 0 ? fallen : fallOfTheLoss(loss, optimizer, kind, rate);
    }
    assertThat(fallen).isPositive();
  }

  /** How much less is lost on the last examples than untrained; no number where a step failed. */
  private static double fallOfTheLoss(
      String loss, String optimizer, InputSpec.Kind kind, double rate) {
    SupervisedLearner learner = learner(kind, loss, optimizer, Scaling.NONE, rate);
    LearnerState state = fresh(learner);
    LossSpec spec = Losses.spec(loss);
    Random random = new Random(8);
    Workspace workspace = new Workspace();
    Outcome out = new Outcome();
    LearnerState untrained = fresh(learner);
    double fallen = 0;
    for (int t = 0; t < 3000; t++) {
      Rows b = batch(kind == InputSpec.Kind.DENSE, spec, 1, random);
      double first = 0;
      for (int c = 0; c < b.end(0); c++) {
        first += (b.dense() ? c : b.index()[c]) == 2 ? b.value()[c] : 0;
      }
      double y =
          switch (spec.target()) {
            case CLASS -> first > 0 ? 1 : 0;
            case NON_NEGATIVE -> 4;
            default -> first + 2;
          };
      b.setLabel(0, y, 1);
      learner.predict(b, 0, state, out, workspace);
      if (t >= 2700) {
        fallen -= out.loss;
        learner.predict(b, 0, untrained, out, workspace);
        fallen += out.loss;
      }
      if (learner.learn(b, state, "k", workspace) != StepOutcome.LEARNED) {
        return Double.NaN;
      }
    }
    return fallen;
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void divergenceNamesTheRowAndLeavesEverythingAsItWas(
      String loss, String optimizer, InputSpec.Kind kind) {
    SupervisedLearner learner = learner(kind, loss, optimizer, Scaling.STANDARD);
    LearnerState state = fresh(learner);
    LossSpec spec = Losses.spec(loss);
    boolean dense = kind == InputSpec.Kind.DENSE;
    Workspace workspace = new Workspace();
    Random random = new Random(9);
    for (int t = 0; t < 5; t++) {
      learner.learn(batch(dense, spec, 2, random), state, "k", workspace);
    }
    LearnerState before = state.copy();
    Rows bad = batch(dense, spec, 2, random);
    addHugeRow(bad);
    StepOutcome outcome = learner.learn(bad, state, "k", workspace);
    assertThat(outcome).isEqualTo(new StepOutcome(StepOutcome.Kind.NOT_FINITE_GRADIENT, 2));
    assertSameBits(state, before);
    assertThat(learner.learn(batch(dense, spec, 2, random), state, "k", workspace))
        .isEqualTo(StepOutcome.LEARNED);
  }

  @Test
  void namesTheRowWhoseLossOverflowsWithoutScaling() {
    SupervisedLearner learner = learner(InputSpec.Kind.DENSE, "squared", "sgd", Scaling.NONE);
    LearnerState state = fresh(learner);
    Rows rows = new Rows(true);
    for (double y : new double[] {1, 1e200}) {
      rows.beginRow();
      for (int j = 0; j < WIDTH; j++) {
        rows.add(1);
      }
      rows.endRow(y, 1);
    }
    assertThat(learner.learn(rows, state, "k", new Workspace()))
        .isEqualTo(new StepOutcome(StepOutcome.Kind.NOT_FINITE_GRADIENT, 1));
    assertSameBits(state, fresh(learner));
  }

  /** Momentum of 0 is the same rule, but one that asks for gradients and writes back copies. */
  @ParameterizedTest
  @EnumSource(
      value = InputSpec.Kind.class,
      names = {"DENSE", "SPARSE"})
  void aDescentInPlaceHasTheBitsOfAnyOtherStep(InputSpec.Kind kind) {
    Set<StepOutcome.Kind> seen = EnumSet.noneOf(StepOutcome.Kind.class);
    for (LossSpec loss : Losses.ALL) {
      for (int t = 0; t < 400; t++) {
        Random random = new Random(t);
        double rate = t % 2 == 0 ? RATE : Math.pow(10, 250 * random.nextDouble());
        SupervisedLearner inPlace = learner(kind, loss.id(), "sgd", Scaling.NONE, rate);
        SupervisedLearner general =
            learner(kind, loss.id(), "momentum", Scaling.NONE, rate).with(Map.of("momentum", 0.0));
        LearnerState a = fresh(inPlace);
        LearnerState b = fresh(general);
        Workspace workspace = new Workspace();
        for (int r = 0; r < 6; r++) {
          Rows row = batch(kind == InputSpec.Kind.DENSE, loss, 1, random);
          if (r == t / 2 % 6) {
            spoil(row, loss.target(), random);
          }
          StepOutcome expected = general.learn(row, b, "k", workspace);
          Rows marked = marked(row);
          StepOutcome found =
              t % 5 == 0
                  ? inPlace.learn(marked, a, "k", workspace)
                  : inPlace.learnOne(marked, a, "k", new Outcome(), workspace);
          assertThat(found).isEqualTo(expected);
          assertThat(a.steps()).isEqualTo(b.steps());
          assertThat(Learners.bits(a.block("theta"), WIDTH))
              .isEqualTo(Learners.bits(b.block("theta"), WIDTH));
          seen.add(found.kind());
        }
      }
    }
    // A model runs away in more steps than these, and no row is unfit for it.
    assertThat(seen)
        .isEqualTo(
            EnumSet.complementOf(EnumSet.of(StepOutcome.Kind.RAN_AWAY, StepOutcome.Kind.UNFIT)));
  }

  /**
   * Values, label and weight of any size up to what overflows here or there; often so large that a
   * squared loss is finite whose derivative's square is not, which no step is refused for.
   */
  private static void spoil(Rows row, InputSpec.Target target, Random random) {
    double size = random.nextInt(4) == 0 ? 1.6e154 : Math.pow(10, 308 * random.nextDouble());
    if (random.nextBoolean()) {
      Arrays.fill(row.value(), 0, row.end(0), size);
    }
    boolean any = target != InputSpec.Target.CLASS && random.nextBoolean();
    row.setLabel(0, any ? size : row.label(0), Math.pow(10, -300 * random.nextDouble()));
  }

  @Test
  void aStepTooLongIsDivergenceOfTheWholeBatch() {
    SupervisedLearner learner =
        learner(InputSpec.Kind.DENSE, "squared", "sgd", Scaling.NONE)
            .with(Map.of("learning-rate", 1e200));
    LearnerState state = fresh(learner);
    Rows rows = new Rows(true);
    rows.beginRow();
    for (int j = 0; j < WIDTH; j++) {
      rows.add(1e50);
    }
    rows.endRow(1e100, 1);
    assertThat(learner.learn(rows, state, "k", new Workspace()))
        .isEqualTo(new StepOutcome(StepOutcome.Kind.DIVERGED, -1));
    assertSameBits(state, fresh(learner));
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void aPublishedModelScoresTheSame(String loss, String optimizer, InputSpec.Kind kind) {
    for (Scaling scaling : Scaling.values()) {
      SupervisedLearner learner = learner(kind, loss, optimizer, scaling);
      LearnerState state = fresh(learner);
      LossSpec spec = Losses.spec(loss);
      boolean dense = kind == InputSpec.Kind.DENSE;
      Workspace workspace = new Workspace();
      Random random = new Random(10);
      for (int t = 0; t < 30; t++) {
        learner.learn(batch(dense, spec, 2, random), state, "k", workspace);
      }
      PublishedModel model = publish(learner, state, workspace);
      SupervisedLearner scorer = SupervisedLearner.forScoring(model.config());
      LearnerState copy = fresh(scorer);
      scorer.warmStart(copy, model);
      LearnerState again = fresh(learner);
      learner.warmStart(again, model);
      Rows rows = batch(dense, spec, 20, random);
      Outcome expected = new Outcome();
      Outcome found = new Outcome();
      for (int r = 0; r < rows.count(); r++) {
        learner.predict(rows, r, state, expected, workspace);
        scorer.predict(rows, r, copy, found, new Workspace());
        assertThat(found.raw[0])
            .isCloseTo(expected.raw[0], within(1e-9 * (1 + Math.abs(expected.raw[0]))));
        assertThat(found.correct).isEqualTo(expected.correct);
        learner.predict(rows, r, again, found, workspace);
        assertThat(found.raw[0])
            .isCloseTo(expected.raw[0], within(1e-9 * (1 + Math.abs(expected.raw[0]))));
      }
    }
  }

  @Test
  void refusesAModelThatMeansSomethingElse() {
    SupervisedLearner learner = learner(InputSpec.Kind.DENSE, "logistic", "sgd", Scaling.STANDARD);
    PublishedModel model = publish(learner, fresh(learner), new Workspace());
    SupervisedLearner other = learner(InputSpec.Kind.DENSE, "hinge", "sgd", Scaling.NONE);
    assertThatThrownBy(() -> other.warmStart(fresh(other), model))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("model.loss is logistic in the model, hinge here")
        .hasMessageContaining("features.scaling is standard in the model, none here");
    Map<String, String> config = new HashMap<>(model.config());
    config.remove("features.kind");
    assertThatThrownBy(() -> SupervisedLearner.forScoring(config))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("features.kind");
    PublishedModel bare = new PublishedModel(model.config(), Map.of());
    assertThatThrownBy(() -> learner.warmStart(fresh(learner), bare))
        .hasMessageContaining("'weights'");
  }

  @Test
  void judgesALabelThatComesLaterAsIfItHadBeenThere() {
    SupervisedLearner learner = learner(InputSpec.Kind.SPARSE, "softmax", "adam", Scaling.NONE);
    LearnerState state = fresh(learner);
    Random random = new Random(11);
    Workspace workspace = new Workspace();
    for (int t = 0; t < 9; t++) {
      learner.learn(batch(false, Losses.spec("softmax"), 2, random), state, "k", workspace);
    }
    Rows rows = batch(false, Losses.spec("softmax"), 1, random);
    double y = rows.label(0);
    Outcome now = new Outcome();
    learner.predict(rows, 0, state, now, workspace);
    rows.setLabel(0, Double.NaN, 1);
    Outcome later = new Outcome();
    learner.predict(rows, 0, state, later, workspace);
    assertThat(later.loss).isNaN();
    assertThat(later.correct).isEqualTo(-1);
    learner.judge(later, y);
    assertThat(later.loss).isEqualTo(now.loss);
    assertThat(later.correct).isEqualTo(now.correct);
  }

  @Test
  void aBatchOfEqualRowsIsOneOfThem() {
    SupervisedLearner learner = learner(InputSpec.Kind.SPARSE, "logistic", "sgd", Scaling.NONE);
    Rows one = batch(false, Losses.spec("logistic"), 1, new Random(12));
    Rows four = new Rows(false);
    for (int i = 0; i < 4; i++) {
      four.addRow(one, 0);
    }
    LearnerState a = fresh(learner);
    LearnerState b = fresh(learner);
    Workspace workspace = new Workspace();
    for (int t = 0; t < 5; t++) {
      learner.learn(one, a, "k", workspace);
      learner.learn(four, b, "k", workspace);
    }
    for (int j = 0; j < a.block("theta").length; j++) {
      assertThat(b.block("theta")[j]).isCloseTo(a.block("theta")[j], within(1e-15));
    }
  }

  @Test
  void hyperparametersChangeUnderTheSameState() {
    SupervisedLearner learner = learner(InputSpec.Kind.DENSE, "logistic", "adam", Scaling.NONE);
    SupervisedLearner changed = learner.with(Map.of("beta1", 0.5));
    assertThat(changed.schema()).isSameAs(learner.schema());
    assertThat(changed.values()).containsEntry("beta1", 0.5).containsEntry("learning-rate", RATE);
    assertThat(learner.values()).containsEntry("beta1", 0.9);
    assertThat(learner.hyperparameters()).anyMatch(h -> h.name().equals("learning-rate"));
    assertThatThrownBy(() -> learner.with(Map.of("beta1", 1.5)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("beta1 = 1.5");
    assertThatThrownBy(() -> learner.with(Map.of("b1", 0.5)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no hyperparameter 'b1'");
  }

  @Test
  void listsAllFaultsAtOnce() {
    SupervisedOptions options =
        SupervisedOptions.builder(input(InputSpec.Kind.DENSE, Losses.spec("softmax")), "logistic")
            .lossParameter(2)
            .optimizer("adamm", Map.of())
            .schedule("sometimes", Map.of())
            .build();
    assertThatThrownBy(() -> new SupervisedLearner(options))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.faults()).hasSize(4))
        .hasMessageContaining("model.classes = [a, b, c]")
        .hasMessageContaining("model.loss-parameter = 2.0")
        .hasMessageContaining("adamm")
        .hasMessageContaining("sometimes");
  }

  @Test
  void refusesStateOfAnotherVersion() {
    SupervisedLearner learner = learner(InputSpec.Kind.DENSE, "squared", "sgd", Scaling.NONE);
    int newer = learner.stateVersion() + 1;
    assertThatThrownBy(() -> learner.upgrade(newer, fresh(learner)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("version " + newer)
        .hasMessageContaining("reads " + learner.stateVersion());
    LearnerState same = fresh(learner);
    assertThat(learner.upgrade(learner.stateVersion(), same)).isSameAs(same);
  }
}
