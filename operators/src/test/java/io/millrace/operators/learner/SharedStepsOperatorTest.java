package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.compute.cuda.Emulator;
import io.millrace.core.compute.Backends;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.shell.ComputeOptions;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.Prediction;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Perceptrons of many keys whose steps share launches on an emulated device: every state, every
 * record and the order of all records are those of a job that takes each step when it is due, on
 * the processor.
 */
class SharedStepsOperatorTest {
  private static Emulator device;
  private static final Supplier<StateBackend> HASHMAP = HashMapStateBackend::new;
  private static final Supplier<StateBackend> ROCKSDB = EmbeddedRocksDBStateBackend::new;
  private static final Duration LONG = Duration.ofHours(1);

  /** Of a learner and a stream. */
  private record Job(LearnerOptions options, SupervisedOptions learner, List<Object> items) {
    Supplier<KeyedShell> on(ComputeOptions compute, int bundle) {
      LearnerFactory factory = b -> new SupervisedLearner(learner.withBackend(b));
      return () ->
          new KeyedShell(
              Shells.stageOptions(options, bundle, compute), Shells.stage(options, factory));
    }
  }

  /** A run: its result, and records in order over all keys. */
  private record Run(Runner.Result result, List<String> order) {}

  @BeforeEach
  void asNew() throws Exception {
    device = Emulator.load();
  }

  @AfterEach
  void anotherTestFindsItAsNew() {
    device.emuReset();
  }

  private static ComputeOptions together(int keys) {
    return new ComputeOptions("cuda", keys, LONG, Long.MAX_VALUE);
  }

  /** The stream of all that can happen to a key, numbers as labels. */
  private static Job everything(String optimizer) {
    SupervisedOptions learner =
        SupervisedOptions.builder(Stream.INPUT, "squared")
            .model(ModelOptions.mlp("relu", 5, 3))
            .scaling(Scaling.STANDARD)
            .optimizer(optimizer, Map.of())
            .build();
    return new Job(RecoveryOperatorTest.options(), learner, RecoveryOperatorTest.stream().items());
  }

  /** Many keys in turn, three classes. */
  private static Job manyKeys(int keys, int events) {
    InputSpec input =
        new InputSpec(
            InputSpec.Kind.DENSE, 2, 1, InputSpec.Target.CLASS, List.of("a", "b", "c"), 1000);
    SupervisedOptions learner =
        SupervisedOptions.builder(input, "softmax")
            .model(ModelOptions.mlp("relu", 7))
            .optimizer("adam", Map.of())
            .build();
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, input)
            .miniBatch(3)
            .snapshots(Shells.every(6))
            .metricsEvery(4)
            .results(Results.PREDICTIONS)
            .build();
    Stream s = new Stream();
    Random random = new Random(11);
    for (int i = 0; i < events; i++) {
      double x0 = random.nextGaussian();
      double x1 = random.nextGaussian();
      double label = x0 > 0 ? x1 > 0 ? 0 : 1 : 2;
      s.example("k" + random.nextInt(keys), "", 100 + i, label, x0, x1);
    }
    return new Job(options, learner, s.items());
  }

  private static Run run(Job job, ComputeOptions compute, Supplier<StateBackend> state, int bundle)
      throws Exception {
    try (Runner r = new Runner(job.on(compute, bundle), state, 1)) {
      r.feedOnly(job.items());
      return result(r);
    }
  }

  private static Run result(Runner r) throws Exception {
    Runner.Result result = r.result();
    List<String> order = new ArrayList<>();
    for (OutRecord m : r.modelRecords) {
      order.add(Arrays.hashCode(m.value) + " of " + Arrays.toString(m.key));
    }
    for (Prediction p : r.predictions) {
      order.add(p.toString());
    }
    r.metrics.forEach(m -> order.add(m.toString()));
    r.deadLetters.forEach(d -> order.add(d.toString()));
    return new Run(result, order);
  }

  private static Run plain(Job job) throws Exception {
    return run(job, ComputeOptions.of("scalar"), HASHMAP, 1);
  }

  private static void same(Run found, Run expected) {
    assertThat(found.result().states()).isEqualTo(expected.result().states());
    assertThat(found.order()).isEqualTo(expected.order());
    assertThat(found.result().outputs()).isEqualTo(expected.result().outputs());
  }

  private static long figure(String name) {
    return Backends.select("cuda").backend().figures().get(name).getAsLong();
  }

  /** What runs before this test held is freed when nobody has it any more. */
  private static void untilNothingIsHeld() {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (figure("bytesHeld") > 0) {
      assertThat(System.nanoTime()).as("bytes are held").isLessThan(deadline);
      System.gc();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "sgd, 2, 1",
    "rmsprop, 3, 1",
    "adam, 64, 1",
    "adam, 4, 3",
    "sgd, 2, 64",
    "storm, 64, 1"
  })
  void howManyKeysShareALaunchChangesNoBit(String optimizer, int keys, int bundle)
      throws Exception {
    Job job = everything(optimizer);
    Run expected = plain(job);
    long before = figure("batches");
    same(run(job, together(keys), HASHMAP, bundle), expected);
    assertThat(figure("batches")).as("launches for many keys").isGreaterThan(before);
    same(run(job, together(keys), ROCKSDB, bundle), expected);
  }

  @Test
  void manyKeysAreTakenTogether() throws Exception {
    Job job = manyKeys(20, 400);
    Run expected = plain(job);
    long batches = figure("batches");
    long keys = figure("batchKeys");
    same(run(job, together(8), HASHMAP, 1), expected);
    assertThat(figure("batchKeys") - keys)
        .as("keys of %d launches", figure("batches") - batches)
        .isGreaterThan(2 * (figure("batches") - batches));
    assertThat(figure("batchesInFlight")).isZero();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 4})
  void whenAStepIsTakenChangesNoBit(int millis) throws Exception {
    Job job = manyKeys(6, 120);
    Run expected = plain(job);
    Duration wait = Duration.ofMillis(Math.max(1, millis));
    try (Runner r =
        new Runner(job.on(new ComputeOptions("cuda", 64, wait, 1 << 20), 1), HASHMAP, 1)) {
      for (Object item : job.items()) {
        r.feedOnly(List.of(item));
        r.advance(millis);
      }
      same(result(r), expected);
    }
  }

  /**
   * Killed at any position, it goes on from the state of a checkpoint, with the device or without.
   */
  @Test
  void restoredAtEveryPositionItGoesOnBitEqual() throws Exception {
    Job job = everything("adam");
    Run expected = plain(job);
    String[] next = {"cuda", "scalar", "simd"};
    for (int at = 0; at <= job.items().size(); at++) {
      ComputeOptions second = new ComputeOptions(next[at % next.length], 5, LONG, Long.MAX_VALUE);
      AtomicReference<Supplier<KeyedShell>> now = new AtomicReference<>(job.on(together(7), 1));
      try (Runner r = new Runner(() -> now.get().get(), at % 2 == 0 ? HASHMAP : ROCKSDB, 1)) {
        r.feedOnly(job.items().subList(0, at));
        now.set(job.on(second, 1 + at % 3));
        r.restart(1);
        r.feedOnly(job.items().subList(at, job.items().size()));
        assertThat(r.result()).as("restored at %d", at).isEqualTo(expected.result());
      }
    }
  }

  /** What is done between the last checkpoint and the end of a task is done again. */
  @Test
  void whatWasPutOffWhenATaskDiedIsDoneAgain() throws Exception {
    Job job = manyKeys(9, 150);
    Run expected = plain(job);
    try (Runner r = new Runner(job.on(together(64), 1), HASHMAP, 1)) {
      r.feedOnly(job.items().subList(0, 70));
      OperatorSubtaskState kept = r.checkpoint();
      r.feedOnly(job.items().subList(70, 90));
      r.restore(kept);
      r.feedOnly(job.items().subList(70, 150));
      assertThat(r.states()).isEqualTo(expected.result().states());
    }
  }

  @Test
  void aDeviceThatIsLostInMidStreamChangesNoBit() throws Exception {
    Job job = manyKeys(9, 200);
    Run expected = plain(job);
    for (int after : new int[] {0, 1, 5}) {
      device.emuReset();
      device.emuLoseAfter(after);
      long before = figure("fallbacks");
      same(run(job, together(4), HASHMAP, 1), expected);
      assertThat(figure("fallbacks")).isEqualTo(before + 1);
    }
  }

  @Test
  void whereMemoryIsShortFewerKeysShareALaunch() throws Exception {
    Job job = manyKeys(9, 200);
    Run expected = plain(job);
    untilNothingIsHeld();
    long before = figure("fallbacks");
    long batches = figure("batches");
    long keys = figure("batchKeys");
    same(run(job, new ComputeOptions("cuda", 64, LONG, 2_000), HASHMAP, 1), expected);
    assertThat(figure("batches")).isGreaterThan(batches);
    assertThat(figure("batchKeys") - keys)
        .as("room for one key")
        .isEqualTo(figure("batches") - batches);
    assertThat(figure("bytesHeld")).isBetween(1L, 2_000L);
    assertThat(figure("fallbacks")).as("the processor has stepped in").isEqualTo(before);
    same(run(job, new ComputeOptions("cuda", 64, LONG, 100), HASHMAP, 1), expected);
    assertThat(figure("fallbacks")).isEqualTo(before + 1);
    device.emuSetBudget(1_000L);
    same(run(job, together(64), HASHMAP, 1), expected);
    assertThat(figure("fallbacks")).isEqualTo(before + 2);
  }
}
