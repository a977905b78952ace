package io.millrace.core.supervised;

import static io.millrace.core.supervised.Learners.WIDTH;
import static io.millrace.core.supervised.Learners.addHugeRow;
import static io.millrace.core.supervised.Learners.assertSameBits;
import static io.millrace.core.supervised.Learners.batch;
import static io.millrace.core.supervised.Learners.fresh;
import static io.millrace.core.supervised.Learners.input;
import static io.millrace.core.supervised.Learners.publish;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.ComputeBackend;
import io.millrace.core.compute.ForwardingKernels;
import io.millrace.core.compute.Kernels;
import io.millrace.core.compute.Matrix;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.learn.PublishedModel;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.Loss;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Multi-layer perceptrons and factorization machines under every optimizer that they can serve. */
class ModelKindsTest {
  private static final double RATE = 1e-4;
  private static final ModelOptions MLP = ModelOptions.mlp("tanh", 5, 3);
  private static final ModelOptions FM = ModelOptions.fm(3);

  private static SupervisedOptions options(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer, double rate) {
    return SupervisedOptions.of(
            input(kind, Losses.spec(loss)), loss, optimizer, Map.of("learning-rate", rate))
        .withModel(model);
  }

  private static SupervisedLearner learner(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    return new SupervisedLearner(
        options(model, kind, loss, optimizer, RATE).withScaling(Scaling.STANDARD));
  }

  static Stream<Arguments> everyCombination() {
    List<Arguments> all = new ArrayList<>();
    for (ModelOptions model : List.of(MLP, FM)) {
      String loss = model == MLP ? "softmax" : "logistic";
      for (InputSpec.Kind kind : List.of(InputSpec.Kind.DENSE, InputSpec.Kind.SPARSE)) {
        for (OptimizerSpec optimizer : Optimizers.ALL) {
          try {
            learner(model, kind, loss, optimizer.id());
          } catch (ConfigException e) {
            assertThat(e).hasMessageContaining("needs");
            continue;
          }
          all.add(Arguments.of(model, kind, loss, optimizer.id()));
        }
      }
    }
    return all.stream();
  }

  @Test
  void mostOptimizersServe() {
    Map<ModelOptions, Integer> served = new HashMap<>();
    everyCombination().forEach(a -> served.merge((ModelOptions) a.get()[0], 1, Integer::sum));
    int both = 2 * Optimizers.ALL.size();
    assertThat(served.get(MLP)).isGreaterThanOrEqualTo(both - 2);
    assertThat(served.get(FM)).isGreaterThanOrEqualTo(both - 10);
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void learnsOneRowAsIfPredictedThenLearned(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    Learners.assertLearnsOneAsPredictedThenLearned(
        learner(model, kind, loss, optimizer), kind == InputSpec.Kind.DENSE, Losses.spec(loss));
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void stoppedCopiedAndContinuedGivesTheSameBits(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    Learners.assertContinues(
        learner(model, kind, loss, optimizer),
        learner(model, kind, loss, optimizer),
        kind == InputSpec.Kind.DENSE,
        Losses.spec(loss));
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void learnsWithoutAllocating(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    Learners.assertAllocatesNothing(
        learner(model, kind, loss, optimizer).with(Map.of("learning-rate", 1e-6)),
        kind == InputSpec.Kind.DENSE,
        Losses.spec(loss));
  }

  /** The sign of a product: no linear model can tell. */
  @ParameterizedTest
  @MethodSource("everyCombination")
  void learnsWhatALinearModelCannot(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    double best = 0;
    double own = Optimizers.spec(optimizer).defaultLearningRate();
    for (double factor : new double[] {1, 10, 0.1, 0.01, 100, 0.001}) {
      for (int batch : new int[] {10, 1}) {
        best =
            best >= 0.8
                ? best
                : accuracyOnProducts(model, kind, loss, optimizer, factor * own, batch);
      }
    }
    assertThat(best).isGreaterThan(0.8);
  }

  private static double accuracyOnProducts(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer, double rate, int n) {
    ModelOptions small =
        model == FM
            ? new ModelOptions("fm", List.of(), "", 3, 30)
            : new ModelOptions("mlp", List.of(8), "tanh", 0, 2);
    SupervisedLearner learner = new SupervisedLearner(options(small, kind, loss, optimizer, rate));
    LearnerState state = fresh(learner);
    Random random = new Random(5);
    Workspace workspace = new Workspace();
    Outcome out = new Outcome();
    int correct = 0;
    int judged = 0;
    int steps = 8_000 / n;
    for (int t = 0; t < steps; t++) {
      Rows rows = new Rows(kind == InputSpec.Kind.DENSE);
      for (int r = 0; r < n; r++) {
        double a = random.nextBoolean() ? 1 : -1;
        double b = random.nextBoolean() ? 1 : -1;
        rows.beginRow();
        for (int j = 0; j < WIDTH; j++) {
          double x = j == 2 ? a : j == 5 ? b : 0;
          if (rows.dense()) {
            rows.add(x);
          } else if (x != 0) {
            rows.add(j, x);
          }
        }
        rows.endRow(a * b > 0 ? 1 : 0, 1);
      }
      if (t >= 0.9 * steps) {
        learner.predict(rows, 0, state, out, workspace);
        correct += out.correct;
        judged++;
      }
      if (learner.learn(rows, state, "k", workspace) != StepOutcome.LEARNED) {
        return 0;
      }
    }
    return (double) correct / judged;
  }

  @ParameterizedTest
  @MethodSource("everyCombination")
  void sparseStepsOfExactOptimizersEqualDenseOnes(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    boolean exact =
        Optimizers.configure(optimizer, Map.of()).optimizer().sparse() == SparseSupport.EXACT;
    if (kind == InputSpec.Kind.DENSE || !exact) {
      assertThat(Optimizers.spec(optimizer)).isNotNull();
      return; // nothing is claimed
    }
    SupervisedLearner sparse =
        new SupervisedLearner(options(model, InputSpec.Kind.SPARSE, loss, optimizer, RATE));
    SupervisedLearner dense =
        new SupervisedLearner(options(model, InputSpec.Kind.DENSE, loss, optimizer, RATE));
    LearnerState a = fresh(sparse);
    LearnerState b = fresh(dense);
    assertSameBits(a, b);
    Random random = new Random(4);
    Workspace one = new Workspace();
    Workspace two = new Workspace();
    for (int t = 0; t < 40; t++) {
      Rows rows = batch(false, Losses.spec(loss), 1 + t % 3, random);
      Rows full = new Rows(true);
      for (int r = 0; r < rows.count(); r++) {
        double[] x = new double[WIDTH];
        for (int c = rows.start(r); c < rows.end(r); c++) {
          x[rows.index()[c]] = rows.value()[c];
        }
        full.beginRow();
        for (double v : x) {
          full.add(v);
        }
        full.endRow(rows.label(r), rows.weight(r));
      }
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
  void divergenceNamesTheRowAndAPublishedModelScoresTheSame(
      ModelOptions model, InputSpec.Kind kind, String loss, String optimizer) {
    boolean dense = kind == InputSpec.Kind.DENSE;
    SupervisedLearner learner = learner(model, kind, loss, optimizer);
    LearnerState state = fresh(learner);
    Workspace workspace = new Workspace();
    Random random = new Random(9);
    for (int t = 0; t < 20; t++) {
      learner.learn(batch(dense, Losses.spec(loss), 2, random), state, "k", workspace);
    }
    LearnerState before = state.copy();
    Rows bad = batch(dense, Losses.spec(loss), 2, random);
    addHugeRow(bad);
    assertThat(learner.learn(bad, state, "k", workspace))
        .isEqualTo(new StepOutcome(StepOutcome.Kind.NOT_FINITE_GRADIENT, 2));
    assertSameBits(state, before);
    PublishedModel published = publish(learner, state, workspace);
    SupervisedLearner scorer = SupervisedLearner.forScoring(published.config());
    LearnerState copy = new LearnerState(scorer.schema());
    scorer.warmStart(copy, published);
    Rows rows = batch(dense, Losses.spec(loss), 10, random);
    Outcome expected = new Outcome();
    Outcome found = new Outcome();
    for (int r = 0; r < rows.count(); r++) {
      learner.predict(rows, r, state, expected, workspace);
      scorer.predict(rows, r, copy, found, new Workspace());
      assertThat(found.raw[0])
          .isCloseTo(expected.raw[0], within(1e-9 * (1 + Math.abs(expected.raw[0]))));
      assertThat(found.correct).isEqualTo(expected.correct);
    }
  }

  @Test
  void startValuesAreOfThePapersSpreadAndOfTheKey() {
    SupervisedLearner he =
        new SupervisedLearner(
            options(ModelOptions.mlp("relu", 400), InputSpec.Kind.DENSE, "softmax", "sgd", 1));
    LearnerState state = fresh(he);
    double[] theta = state.block("theta");
    int first = WIDTH * 400;
    double squares = 0;
    for (int i = 0; i < first; i++) {
      squares += theta[i] * theta[i];
    }
    // 4800 normals: the mean of their squares is within 6 standard deviations of the variance.
    assertThat(squares / first)
        .isCloseTo(2.0 / WIDTH, within(6 * Math.sqrt(2.0 / first) * 2 / WIDTH));
    for (int i = first; i < first + 400; i++) {
      assertThat(theta[i]).isZero();
    }
    double bound = Math.sqrt(6.0 / (400 + 3));
    double largest = 0;
    for (int i = first + 400; i < theta.length - 3; i++) {
      largest = Math.max(largest, Math.abs(theta[i]));
    }
    assertThat(largest).isBetween(0.95 * bound, bound);
    LearnerState other = new LearnerState(he.schema());
    he.initialize(other, "another key");
    assertThat(other.block("theta")).isNotEqualTo(theta);
    assertSameBits(fresh(he), state);
  }

  static Stream<Arguments> everyLoss() {
    return Losses.ALL.stream()
        .flatMap(loss -> Stream.of(MLP, FM).map(model -> Arguments.of(model, loss.id())));
  }

  @ParameterizedTest
  @MethodSource("everyLoss")
  void everyLossFallsOnRowsSeenAgain(ModelOptions model, String loss) {
    SupervisedLearner learner =
        new SupervisedLearner(options(model, InputSpec.Kind.SPARSE, loss, "adam", 0.01));
    LearnerState state = fresh(learner);
    Rows rows = batch(false, Losses.spec(loss), 6, new Random(8));
    Workspace workspace = new Workspace();
    double before = reported(learner, rows, state, workspace);
    for (int t = 0; t < 300; t++) {
      assertThat(learner.learn(rows, state, "k", workspace)).isEqualTo(StepOutcome.LEARNED);
    }
    assertThat(reported(learner, rows, state, workspace)).isLessThan(0.7 * before);
  }

  private static double reported(
      SupervisedLearner learner, Rows rows, LearnerState state, Workspace workspace) {
    Outcome out = new Outcome();
    double sum = 0;
    for (int r = 0; r < rows.count(); r++) {
      learner.predict(rows, r, state, out, workspace);
      sum += out.loss;
    }
    return sum;
  }

  /** Left to itself, a step of that length makes every later prediction overflow. */
  @Test
  void parametersBeyondUseAreDivergence() {
    for (ModelOptions model : List.of(MLP, FM)) {
      SupervisedLearner learner =
          new SupervisedLearner(options(model, InputSpec.Kind.DENSE, "squared", "sgd", 1e100));
      LearnerState state = fresh(learner);
      Rows rows = batch(true, Losses.spec("squared"), 2, new Random(3));
      assertThat(learner.learn(rows, state, "k", new Workspace()))
          .isEqualTo(new StepOutcome(StepOutcome.Kind.DIVERGED, -1));
      assertSameBits(state, fresh(learner));
    }
  }

  @Test
  void productsOfModelAndOptimizerGoToTheBackend() {
    SupervisedOptions options = options(MLP, InputSpec.Kind.DENSE, "softmax", "mkor_linear", RATE);
    Loss loss = SupervisedParts.loss(options);
    Set<Integer> inner = new HashSet<>();
    SupervisedLearner learner =
        new SupervisedLearner(
            SupervisedParts.assemble(
                options,
                null,
                loss,
                Models.make(MLP, loss),
                Optimizers.configure("mkor_linear", Map.of()),
                step -> RATE,
                new Recording(inner)));
    learner.learn(
        batch(true, Losses.spec("softmax"), 2, new Random(1)),
        fresh(learner),
        "k",
        new Workspace());
    // Features by weights in the model, inputs with the bias by a factor in the optimizer.
    assertThat(inner).contains(WIDTH, WIDTH + 1);
  }

  /**
   * Remembers the inner sides of products.
   *
   * @param inner receives them
   */
  private record Recording(Set<Integer> inner) implements ComputeBackend {
    @Override
    public String id() {
      return "recording";
    }

    @Override
    public boolean reproducible() {
      return true;
    }

    @Override
    public Kernels kernels() {
      return new ForwardingKernels(ScalarBackend.INSTANCE.kernels()) {
        @Override
        public void gemm(double alpha, Matrix a, Matrix b, double beta, Matrix c) {
          inner.add(a.cols());
          super.gemm(alpha, a, b, beta, c);
        }
      };
    }
  }

  @Test
  void refusesWhatDoesNotGoTogether() {
    assertThatThrownBy(
            () ->
                learner(
                    new ModelOptions("fm", List.of(3), "relu", 0, -1),
                    InputSpec.Kind.DENSE,
                    "logistic",
                    "sgd"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.faults()).hasSize(3))
        .hasMessageContaining("model.hidden = [3]; must be absent because model.kind is fm")
        .hasMessageContaining("model.activation = relu")
        .hasMessageContaining("model.init-scale = -1.0");
    assertThatThrownBy(
            () -> learner(ModelOptions.mlp("sine", 3, 0), InputSpec.Kind.DENSE, "logistic", "sgd"))
        .hasMessageContaining("model.activation = sine; must be one of [relu, tanh, gelu]")
        .hasMessageContaining("model.hidden = [3, 0]");
    assertThatThrownBy(
            () -> learner(ModelOptions.of("tree"), InputSpec.Kind.DENSE, "logistic", "sgd"))
        .hasMessageContaining("model.kind = tree; must be one of [linear, mlp, fm]");
    assertThatThrownBy(() -> learner(FM, InputSpec.Kind.DENSE, "logistic", "mkor_linear"))
        .hasMessageContaining("model.kind 'fm' with model.loss 'logistic'")
        .hasMessageContaining("'mkor_linear' needs");
    SupervisedLearner deep =
        learner(ModelOptions.mlp("relu", 4, 1), InputSpec.Kind.DENSE, "logistic", "sgd");
    SupervisedLearner flat =
        learner(ModelOptions.mlp("relu", 4), InputSpec.Kind.DENSE, "logistic", "sgd");
    PublishedModel model = publish(deep, fresh(deep), new Workspace());
    assertThatThrownBy(() -> flat.warmStart(fresh(flat), model))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("model.hidden.1 is 1 in the model, absent here");
    Map<String, String> config = new HashMap<>(model.config());
    config.put("model.hidden.1", "0");
    assertThatThrownBy(() -> SupervisedLearner.forScoring(config))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("model.hidden");
  }
}
