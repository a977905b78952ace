package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.spec.Hyper;
import io.millrace.core.spec.Range;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.ControlEcho;
import io.millrace.schemas.ControlOutcome;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Orders: for one key and for all, in their place, taken back, echoed, and never in the way. */
class OrdersOperatorTest {
  private static final LearnerOptions OPTIONS =
      LearnerOptions.builder(Stream.TOPICS, Stream.INPUT).build();

  private static Supplier<KeyedShell> shell(LearnerFactory learner) {
    return () -> Shells.learner(OPTIONS, learner);
  }

  private static Runner runner() throws Exception {
    return new Runner(shell(backend -> new TestLearner()), HashMapStateBackend::new, 1);
  }

  private static Stream keys(int n) {
    Stream s = new Stream();
    for (int i = 0; i < n; i++) {
      s.example("k" + i, "", 1, 1.0, 1, 2);
    }
    return s;
  }

  @Test
  void whatWasSetCanBeTakenBack() throws Exception {
    Stream s = keys(2).set("k0", "momentum", 0.1).set("*", "learning-rate", 0.5);
    s.control("k0", ControlCommand.UNSET, "momentum", 0, "", 0);
    s.control("k0", ControlCommand.UNSET, "test-momentum.momentum", 0, "", 0);
    try (Runner r = runner().feed(s)) {
      assertThat(r.state("k0").journal.overrides).isEqualTo(Map.of("learning-rate", 0.5));
      r.feed(new Stream().control("*", ControlCommand.UNSET, "learning-rate", 0, "", 0));
      assertThat(r.state("k0").journal.overrides).isNull();
      assertThat(r.state("k1").journal.overrides).isNull();
      r.feed(new Stream().example("new", "", 2, 1.0, 1, 1));
      assertThat(r.state("new").journal.overrides).isNull();
      r.feed(new Stream().control("k0", ControlCommand.UNSET, "rate", 0, "", 0));
      assertThat(r.reasons()).containsExactly(Reason.UNKNOWN_HYPERPARAMETER);
    }
  }

  @Test
  void everyOrderHasItsEcho() throws Exception {
    Stream s = keys(1).example("k0", "", 2, 1.0, 1, 2);
    s.control("k0", ControlCommand.SET, "momentum", 0.1, "tuner", 1);
    s.control("k0", ControlCommand.SET, "momentum", 0.1, "tuner", 1);
    s.control("k0", ControlCommand.SET, "momentum", 7, "tuner", 2);
    s.control("nobody", ControlCommand.PAUSE, "", 0, "tuner", 3);
    s.control("*", ControlCommand.SET, "learning-rate", 0.5, "tuner", 4);
    s.control("*", ControlCommand.SET, "learning-rate", -1, "tuner", 5);
    try (Runner r = runner().feed(s)) {
      assertThat(r.echoes)
          .extracting(
              ControlEcho::getKey,
              ControlEcho::getSequence,
              ControlEcho::getOutcome,
              ControlEcho::getReason,
              ControlEcho::getSteps,
              ControlEcho::getControlEpoch)
          .containsExactly(
              tuple("k0", 1L, ControlOutcome.TAKEN, "", 2L, 1L),
              tuple("k0", 1L, ControlOutcome.REPEATED, "", 2L, 1L),
              tuple("k0", 2L, ControlOutcome.REFUSED, "BAD_HYPERPARAMETER", 2L, 1L),
              tuple("nobody", 3L, ControlOutcome.REFUSED, "CONTROL_FOR_ABSENT_KEY", -1L, 0L),
              tuple("*", 4L, ControlOutcome.TAKEN, "", -1L, 0L),
              tuple("*", 5L, ControlOutcome.REFUSED, "BAD_HYPERPARAMETER", -1L, 0L));
      ControlEcho refused = r.echoes.get(2);
      assertThat(refused.getOrigin()).isEqualTo("tuner");
      assertThat(refused.getJob()).isEqualTo("test");
      assertThat(refused.getMessage()).isEqualTo("momentum = 7.0; must lie in [0, 1)");
      assertThat(refused.getIncarnation()).isEqualTo(Shells.INCARNATION);
      assertThat(refused.getEventTime().toEpochMilli())
          .as("the record's timestamp")
          .isEqualTo(1000);
    }
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  /**
   * A copy of an order for all keys stands in each partition; what a key does depends on the copy
   * of its own partition alone, wherever the others fall.
   */
  @Test
  void aCopiedOrderHasItsPlaceInTheSequenceOfItsPartition() throws Exception {
    List<List<Object>> interleavings = new ArrayList<>();
    for (int late = 0; late <= 2; late++) {
      Stream s = new Stream();
      s.in(0).example("a", "", 1, 1.0, 1, 2).in(1).example("b", "", 1, 2.0, 1, 2);
      s.in(0).copy(2, ControlCommand.SET, "learning-rate", 0.5);
      s.in(1);
      for (int i = 0; i < late; i++) {
        s.example("b", "", 2, 2.0, 1, 2);
      }
      s.in(0).example("a", "", 2, 1.0, 1, 2);
      s.in(1);
      for (int i = late; i < 2; i++) {
        s.example("b", "", 2, 2.0, 1, 2);
      }
      s.copy(2, ControlCommand.SET, "learning-rate", 0.5).example("b", "", 3, 2.0, 1, 2);
      s.in(0).control("a", ControlCommand.SNAPSHOT).in(1).control("b", ControlCommand.SNAPSHOT);
      interleavings.add(s.items());
    }
    List<List<Object>> tensors = new ArrayList<>();
    for (List<Object> items : interleavings) {
      try (Runner r = runner().feed(items)) {
        List<Object> all = new ArrayList<>();
        for (String key : List.of("a", "b")) {
          ModelSnapshot m =
              r.models.stream().filter(s -> s.getKey().equals(key)).findFirst().orElseThrow();
          all.add(m.getTensors());
          assertThat(m.getProvenance().getControlEpoch()).as(key).isEqualTo(2);
        }
        tensors.add(all);
        assertThat(r.echoes)
            .filteredOn(e -> e.getKey().equals("*"))
            .as("one echo, by partition 0")
            .hasSize(1);
      }
    }
    assertThat(tensors).containsOnly(tensors.get(0));
    assertThat(tensors.get(0).get(0)).isNotEqualTo(tensors.get(0).get(1));
  }

  @Test
  void aKeyOfAPartitionThatWasAddedFollowsOneOfTheCopies() throws Exception {
    Stream s = new Stream();
    s.in(0).copy(2, ControlCommand.PAUSE, "", 0).in(1).copy(2, ControlCommand.PAUSE, "", 0);
    s.in(5).example("late", "", 1, 1.0, 1, 2);
    try (Runner r = runner().feed(s)) {
      assertThat(r.state("late").journal.paused).isTrue();
      assertThat(r.state("late").journal.controlEpoch).isEqualTo(1);
    }
  }

  /** It took seconds in one call, with no event and no barrier meanwhile. */
  @Test
  void anOrderForManyKeysLetsEventsAndBarriersPass() throws Exception {
    int n = 20_000;
    try (Runner r = runner().feed(keys(n))) {
      Stream order = new Stream().control("*", ControlCommand.SNAPSHOT);
      r.feedOnly(order.items());
      assertThat(r.models).as("before any slice").isEmpty();
      r.feedOnly(new Stream().example("k7", "", 2, 1.0, 1, 2).items());
      assertThat(r.models).as("a key follows before its next event").hasSize(1);
      assertThat(r.models.get(0).getCounters()).containsEntry("examples", 1L);
      r.advance(10);
      int slice = r.models.size();
      assertThat(slice).isBetween(2, 300);
      r.restart(2);
      assertThat(r.models.size()).as("a barrier between two slices").isEqualTo(slice);
      r.settle(n / 100);
      assertThat(r.models.size()).isEqualTo(n);
      assertThat(r.models).extracting(ModelSnapshot::getKey).doesNotHaveDuplicates();
      assertThat(r.models)
          .allMatch(m -> m.getCounters().get("examples") == 1 && m.getVersion() == 1);
    }
  }

  @Test
  void whatAllKeysHaveFollowedIsForgottenButForWhatStands() throws Exception {
    try (Runner r = runner().feed(keys(5))) {
      for (int i = 0; i < 300; i++) {
        String origin = "origin-" + i;
        r.feed(
            new Stream()
                .control("*", ControlCommand.SET, "learning-rate", 0.1 + i, origin, 1)
                .control("*", ControlCommand.SNAPSHOT, "", 0, origin, 2));
        r.settle(5);
      }
      long bytes = r.checkpointBytes();
      assertThat(bytes).as("600 orders of 300 senders").isLessThan(200_000);
      r.feed(new Stream().example("new", "", 2, 1.0, 1, 1));
      assertThat(r.state("new").journal.overrides).isEqualTo(Map.of("learning-rate", 299.1));
      assertThat(r.state("new").journal.controlEpoch).isEqualTo(600);
    }
  }

  /** A momentum that an order has set lies outside what the restarted job allows. */
  private static final class Narrow extends io.millrace.core.learn.ForwardingLearner {
    Narrow(OnlineLearner learner) {
      super(learner);
    }

    @Override
    public List<Hyper> hyperparameters() {
      return List.of(
          super.hyperparameters().get(0),
          new Hyper("momentum", 0.5, Range.halfOpen(0, 0.75), "kept of the last step"));
    }

    @Override
    public OnlineLearner with(Map<String, Double> changed) {
      return new Narrow(learner.with(changed));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"k0", "*"})
  void whatTheConfigurationNoLongerAllowsIsDroppedAndSaidSo(String target) throws Exception {
    List<LearnerFactory> current = new ArrayList<>(List.of(backend -> new TestLearner()));
    Supplier<KeyedShell> shell = () -> Shells.learner(OPTIONS, current.get(0));
    try (Runner r = new Runner(shell, HashMapStateBackend::new, 1)) {
      r.feed(keys(1)).feed(new Stream().set(target, "momentum", 0.9));
      r.feed(new Stream().set(target, "learning-rate", 0.2)).settle(5);
      OperatorSubtaskState state = r.checkpoint();
      current.set(0, backend -> new Narrow(new TestLearner()));
      r.restore(state);
      r.echoes.clear();
      r.feed(new Stream().example("k0", "", 2, 1.0, 1, 2));
      assertThat(r.state("k0").journal.overrides).isEqualTo(Map.of("learning-rate", 0.2));
      assertThat(r.state("k0").journal.learned).isEqualTo(2);
      assertThat(r.echoes)
          .filteredOn(e -> e.getKey().equals("k0"))
          .extracting(ControlEcho::getOutcome, ControlEcho::getName, ControlEcho::getMessage)
          .containsExactly(
              tuple(ControlOutcome.DROPPED, "momentum", "momentum = 0.9; must lie in [0, 0.75)"));
      r.feed(new Stream().set("*", "learning-rate", 0.3)).settle(5);
      assertThat(r.reasons()).as("later orders for all keys are not refused for it").isEmpty();
      assertThat(r.state("k0").journal.overrides).isEqualTo(Map.of("learning-rate", 0.3));
    }
  }

  /** Who never comes back is forgotten; before, the origins of orders for all keys never were. */
  @Test
  void aSenderThatStartsAgainUnderAnotherNameIsHeard() throws Exception {
    Stream s = keys(1);
    for (int run = 0; run < 400; run++) {
      s.control("*", ControlCommand.SET, "learning-rate", 1 + run, "tuner/" + run, 1);
    }
    try (Runner r = runner().feed(s)) {
      assertThat(r.state("k0").journal.overrides).isEqualTo(Map.of("learning-rate", 400.0));
      assertThat(r.checkpointBytes()).isLessThan(200_000);
    }
  }

  @Test
  void anOrderWrittenOnceIsForTheKeysOfAllPartitions() throws Exception {
    Stream s = new Stream();
    for (int p = 0; p < 4; p++) {
      s.in(p).example("k" + p, "", 1, 1.0, 1, 2);
    }
    s.in(2).set("*", "learning-rate", 0.5);
    try (Runner r = runner().feed(s)) {
      for (int p = 0; p < 4; p++) {
        assertThat(r.state("k" + p).journal.overrides).isEqualTo(Map.of("learning-rate", 0.5));
      }
      assertThat(((RoutedEvent) s.items().get(4)).forAllKeys()).isTrue();
    }
  }
}
