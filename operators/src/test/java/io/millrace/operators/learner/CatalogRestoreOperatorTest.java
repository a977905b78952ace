package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The learner of the `learn` job, with every optimizer of the catalogue: lost again and again in
 * the middle of mini-batches and restored from its snapshot, it ends with the bytes of one that was
 * left alone, in every published model, prediction, metric and state. What an optimizer kept
 * outside its slots is lost with the operator, so that it would show; {@link
 * #stateBesideTheSlotsIsNoticed} is such an optimizer.
 */
class CatalogRestoreOperatorTest {
  private static final int MINI_BATCH = 3;
  private static final int EVENTS = 180;
  private static final InputSpec INPUT =
      new InputSpec(
          InputSpec.Kind.DENSE,
          TestLearner.WIDTH,
          1,
          InputSpec.Target.CLASS,
          List.of("a", "b", "c"),
          1000);

  /** After how many events the operator is lost: both keys have an unfinished mini-batch then. */
  private static final List<Integer> LOSSES =
      IntStream.range(0, EVENTS)
          .filter(n -> first(n) % MINI_BATCH != 0 && (n - first(n)) % MINI_BATCH != 0)
          .filter(n -> n % 5 == 0)
          .boxed()
          .toList();

  private static final List<Object> ITEMS = items();

  /** Events of the first key among the first {@code n}. */
  private static int first(int n) {
    return n - n / 4;
  }

  private static List<Object> items() {
    Stream s = new Stream();
    for (int i = 0; i < EVENTS; i++) {
      double label = i * i % 7 % 3;
      String key = i % 4 == 3 ? "second" : "first";
      s.example(key, "", 100 + i, label, Math.sin(i) + label, Math.cos(3 * i) - label);
    }
    return s.items();
  }

  static List<OptimizerSpec> all() {
    return Optimizers.ALL;
  }

  /** RocksDB takes its time to open. */
  static List<OptimizerSpec> some() {
    return IntStream.range(0, all().size()).filter(i -> i % 16 == 0).mapToObj(all()::get).toList();
  }

  private static LearnerFactory learner(String optimizer) {
    return learner(optimizer, ModelOptions.linear());
  }

  private static LearnerFactory learner(String optimizer, ModelOptions model) {
    SupervisedOptions options =
        SupervisedOptions.of(INPUT, "softmax", optimizer, Map.of())
            .withModel(model)
            .withScaling(Scaling.STANDARD);
    return backend -> new SupervisedLearner(options);
  }

  private static Runner runner(LearnerFactory learner, Supplier<StateBackend> backend)
      throws Exception {
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, INPUT)
            .miniBatch(MINI_BATCH)
            .snapshots(
                Shells.snapshots(
                    8, Duration.ofMillis(60), false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
            .metricsEvery(5)
            .results(Results.PREDICTIONS)
            .build();
    return new Runner(() -> Shells.learner(options, 4, learner), backend, 1);
  }

  private static Runner.Result undisturbed(LearnerFactory learner) throws Exception {
    try (Runner r = runner(learner, HashMapStateBackend::new).feed(ITEMS)) {
      assertThat(r.state("first").journal.learned).isEqualTo(EVENTS * 3 / 4);
      assertThat(r.state("first").journal.rollbacks).isZero();
      assertThat(r.models.size()).isGreaterThan(EVENTS / 10);
      assertThat(r.predictions).hasSize(EVENTS);
      assertThat(r.metrics).isNotEmpty();
      assertThat(r.deadLetters).isEmpty();
      return r.result();
    }
  }

  private static Runner.Result disturbed(
      LearnerFactory learner, Supplier<StateBackend> backend, List<Integer> losses)
      throws Exception {
    try (Runner r = runner(learner, backend)) {
      int at = 0;
      for (int next : losses) {
        r.feed(ITEMS.subList(at, next));
        at = next;
        assertThat(r.state("first").journal.held).isPositive();
        assertThat(r.state("second").journal.held).isPositive();
        r.restart(1 + at % 2);
      }
      return r.feed(ITEMS.subList(at, EVENTS)).result();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void everyOptimizerGoesOnBitEqualFromTheMiddleOfAMiniBatch(OptimizerSpec spec) throws Exception {
    assertThat(LOSSES).hasSizeGreaterThan(10);
    LearnerFactory learner = learner(spec.id());
    assertThat(disturbed(learner, HashMapStateBackend::new, LOSSES))
        .isEqualTo(undisturbed(learner));
  }

  /** Parameters in several matrices. */
  @ParameterizedTest
  @MethodSource("all")
  void everyOptimizerOfAPerceptronDoesSo(OptimizerSpec spec) throws Exception {
    LearnerFactory learner = learner(spec.id(), ModelOptions.mlp("tanh", 4));
    List<Integer> losses = List.of(LOSSES.get(2), LOSSES.get(LOSSES.size() - 2));
    assertThat(disturbed(learner, HashMapStateBackend::new, losses))
        .isEqualTo(undisturbed(learner));
  }

  @ParameterizedTest
  @MethodSource("some")
  void someDoSoOnRocksDb(OptimizerSpec spec) throws Exception {
    LearnerFactory learner = learner(spec.id());
    List<Integer> losses = List.of(LOSSES.get(1), LOSSES.get(LOSSES.size() / 2));
    assertThat(disturbed(learner, EmbeddedRocksDBStateBackend::new, losses))
        .isEqualTo(undisturbed(learner));
  }

  /** A momentum that is remembered outside the slots: by the object, or in scratch space. */
  private static final class Forgetful extends ForwardingLearner {
    private final boolean inScratch;
    private double[] remembered = new double[0];

    Forgetful(OnlineLearner learner, boolean inScratch) {
      super(learner);
      this.inScratch = inScratch;
    }

    @Override
    public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
      double[] theta = state.block("theta");
      double[] before = theta.clone();
      StepOutcome outcome = super.learn(batch, state, key, workspace);
      if (remembered.length == 0) {
        remembered = new double[theta.length];
      }
      double[] last = inScratch ? workspace.array("last-move", theta.length) : remembered;
      for (int i = 0; i < theta.length; i++) {
        theta[i] += 0.5 * last[i];
        last[i] = theta[i] - before[i];
      }
      return outcome;
    }

    @Override
    public OnlineLearner with(Map<String, Double> values) {
      return new Forgetful(learner.with(values), inScratch);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void stateBesideTheSlotsIsNoticed(boolean inScratch) throws Exception {
    LearnerFactory sgd = learner("sgd");
    LearnerFactory forgetful = backend -> new Forgetful(sgd.create(backend), inScratch);
    Runner.Result expected = undisturbed(forgetful);
    assertThat(undisturbed(forgetful)).isEqualTo(expected);
    for (int loss : LOSSES.subList(0, 4)) {
      Runner.Result result = disturbed(forgetful, HashMapStateBackend::new, List.of(loss));
      assertThat(result.states()).as("lost after %d events", loss).isNotEqualTo(expected.states());
    }
  }
}
