package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ForwardingLearner;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learn.StepOutcome;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Models that diverge are stopped, kept from readers, and heal. */
class DivergenceOperatorTest {
  private static LearnerOptions options() {
    return LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
        .snapshots(Shells.snapshots(20, null, true, DType.F32, PartCodec.DEFAULT_PART_BYTES))
        .build();
  }

  private static LearnerFactory sgd(double rate, Scaling scaling) {
    SupervisedOptions options =
        SupervisedOptions.of(Stream.INPUT, "squared", "sgd", Map.of("learning-rate", rate))
            .withScaling(scaling);
    return backend -> new SupervisedLearner(options);
  }

  private static Runner runner(LearnerFactory learner) throws Exception {
    return new Runner(() -> Shells.learner(options(), 1, learner), HashMapStateBackend::new, 1);
  }

  private static void add(Stream s, int from, int to, double scale) {
    Random random = new Random(from);
    for (int t = from; t < to; t++) {
      double x0 = random.nextGaussian();
      double x1 = random.nextGaussian();
      double y = x0 - 0.5 * x1 + 0.1 * random.nextGaussian();
      s.example("a", "", t, y, scale * x0, scale * x1);
    }
  }

  private static void assertFinite(List<ModelSnapshot> models) {
    for (ModelSnapshot m : models) {
      assertThat(m.getTensors()).allMatch(Tensors::finite);
    }
  }

  @ParameterizedTest
  @CsvSource({"0.1, 10", "0.01, 100", "0.5, 2"})
  void aModelWhoseRateIsTooHighHealsWhenAnOrderLowersIt(double rate, double scale)
      throws Exception {
    Stream s = new Stream();
    add(s, 0, 500, scale);
    int diverging = s.items().size();
    s.set("*", "learning-rate", 0.05 / (scale * scale));
    add(s, 500, 1500, scale);
    try (Runner r = runner(sgd(rate, Scaling.NONE))) {
      r.feed(s.items().subList(0, diverging));
      assertThat(r.reasons()).contains(Reason.DIVERGED);
      int letters = r.deadLetters.size();
      r.feed(s.items().subList(diverging, s.items().size())).settle(3);
      assertThat(r.deadLetters.size() - letters).as("after the order").isLessThan(20);
      assertFinite(r.models);
      ModelSnapshot last = r.models.get(r.models.size() - 1);
      double[] w = Tensors.doubles(last.getTensors().get(0));
      assertThat(w[0] * scale).isBetween(0.9, 1.1);
      assertThat(w[1] * scale).isBetween(-0.6, -0.4);
    }
  }

  /** An order raises the rate of a good model beyond reason, and the next one takes it back. */
  @Test
  void aGoodModelOutlivesARateBeyondReason() throws Exception {
    Stream s = new Stream();
    add(s, 0, 200, 1);
    s.set("a", "learning-rate", 1e6);
    add(s, 200, 300, 1);
    s.set("a", "learning-rate", 0.05).control("a", ControlCommand.SNAPSHOT);
    add(s, 300, 320, 1);
    try (Runner r = runner(sgd(0.05, Scaling.STANDARD)).feed(s)) {
      assertFinite(r.models);
      assertThat(r.reasons()).hasSizeGreaterThan(80).containsOnly(Reason.DIVERGED);
      double[] w = Tensors.doubles(r.models.get(r.models.size() - 1).getTensors().get(0));
      assertThat(w[0]).isBetween(0.7, 1.3);
      assertThat(r.state("a").journal.learned).isGreaterThanOrEqualTo(220);
    }
  }

  /** A learner that takes nothing any more once a flag stands in its state, as a bad slot does. */
  private static final class Poisoned extends ForwardingLearner {
    private Poisoned(OnlineLearner learner) {
      super(learner);
    }

    @Override
    public StepOutcome learn(Rows batch, LearnerState state, String key, Workspace workspace) {
      if (state.block("m")[0] == 77) {
        return new StepOutcome(StepOutcome.Kind.DIVERGED, -1);
      }
      StepOutcome outcome = super.learn(batch, state, key, workspace);
      if (batch.label(0) == 99) {
        state.block("m")[0] = 77;
      }
      return outcome;
    }

    @Override
    public OnlineLearner with(Map<String, Double> changed) {
      return new Poisoned(learner.with(changed));
    }
  }

  @ParameterizedTest
  @CsvSource({"hashmap", "rocksdb"})
  void aModelThatRefusesEverythingIsPutBackToWhatWasPublished(String backend) throws Exception {
    Stream s = new Stream();
    add(s, 0, 25, 1); // a snapshot at 20
    s.example("a", "", 25, 99.0, 0, 0);
    add(s, 26, 50, 1);
    LearnerFactory learner = b -> new Poisoned(new TestLearner());
    Runner.Result expected = null;
    for (int at = s.items().size(); at >= 20; at--) {
      try (Runner r =
          new Runner(
              () -> Shells.learner(options(), 1, learner),
              () ->
                  backend.equals("rocksdb")
                      ? new EmbeddedRocksDBStateBackend()
                      : new HashMapStateBackend(),
              1)) {
        r.feed(s.items().subList(0, at)).restart(1).feed(s.items().subList(at, s.items().size()));
        if (expected == null) {
          assertThat(r.reasons()).containsExactly(Reason.DIVERGED, Reason.DIVERGED);
          assertThat(r.state("a").journal.restores).isEqualTo(1);
          assertThat(r.state("a").journal.refused).isZero();
          assertThat(r.state("a").journal.learned).isEqualTo(48);
          assertThat(r.models.get(r.models.size() - 1).getCounters()).containsEntry("restores", 1L);
          expected = r.result();
        } else {
          assertThat(r.states()).as("restored at %s", at).isEqualTo(expected.states());
          assertThat(r.outputs).as("restored at %s", at).isEqualTo(expected.outputs());
        }
      }
    }
  }

  /** Where nothing was published the model begins anew. */
  @Test
  void withoutASnapshotItBeginsAnew() throws Exception {
    Stream s = new Stream().example("a", "", 1, 99.0, 1, 1);
    add(s, 2, 8, 1);
    try (Runner r = runner(b -> new Poisoned(new TestLearner())).feed(s)) {
      assertThat(r.reasons()).hasSize(2);
      assertThat(r.state("a").journal.restores).isEqualTo(1);
      assertThat(r.state("a").learner.steps()).isEqualTo(4);
    }
  }

  /** A burst of rows that no model takes costs the model nothing. */
  @Test
  void wildRowsInLargeNumbersLeaveTheModelAlone() throws Exception {
    Stream good = new Stream();
    add(good, 0, 30, 1);
    Stream s = new Stream();
    add(s, 0, 30, 1);
    for (int t = 0; t < 30; t++) {
      s.example("a", "", 30 + t, 1e300, 1e30, 1e30);
    }
    try (Runner r = runner(sgd(0.05, Scaling.NONE)).feed(s);
        Runner undisturbed = runner(sgd(0.05, Scaling.NONE)).feed(good)) {
      assertThat(r.reasons()).hasSize(30);
      assertThat(r.state("a").journal.restores).isZero();
      assertThat(r.state("a").learner.block(0)).isEqualTo(undisturbed.state("a").learner.block(0));
    }
  }

  /** Parameters within the range of doubles are not within that of what is published. */
  @Test
  void whatIsNotFiniteWhenPublishedIsNotPublished() throws Exception {
    LearnerFactory learner =
        b ->
            new ForwardingLearner(new TestLearner()) {
              @Override
              public StepOutcome learn(
                  Rows batch, LearnerState state, String key, Workspace workspace) {
                StepOutcome outcome = super.learn(batch, state, key, workspace);
                if (batch.label(0) == 99) {
                  state.block("theta")[0] = 1e200;
                }
                return outcome;
              }

              @Override
              public OnlineLearner with(Map<String, Double> changed) {
                return this;
              }
            };
    Stream s = new Stream();
    add(s, 0, 20, 1);
    s.example("a", "", 25, 99.0, 0, 0).control("a", ControlCommand.SNAPSHOT);
    s.control("a", ControlCommand.SNAPSHOT);
    try (Runner r = runner(learner).feed(s)) {
      assertThat(r.models).hasSize(2);
      assertFinite(r.models);
      assertThat(r.models.get(1).getTensors()).isEqualTo(r.models.get(0).getTensors());
      assertThat(r.models.get(1).getVersion()).isEqualTo(2);
      assertThat(r.state("a").journal.restores).isEqualTo(1);
    }
  }

  @Test
  void statisticsArePublishedInDoublesWhateverTheType() throws Exception {
    Stream s = new Stream();
    for (int t = 0; t < 20; t++) {
      s.example("a", "", t, 0.5, 5_500_000 + t % 3, t);
    }
    try (Runner r = runner(sgd(0.01, Scaling.STANDARD)).feed(s)) {
      assertThat(r.models).isNotEmpty();
      for (var t : r.models.get(0).getTensors()) {
        assertThat(t.getDtype())
            .as(t.getName())
            .isEqualTo(t.getName().startsWith("scaler.") ? DType.F64 : DType.F32);
      }
    }
  }
}
