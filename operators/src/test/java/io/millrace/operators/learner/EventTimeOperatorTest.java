package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.Reason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Event time has one clock: the events' own. Neither record timestamps, nor labels, nor watermarks,
 * nor one event with a wrong time end anybody's life.
 */
class EventTimeOperatorTest {
  private static final long SECOND = 1000;
  private static final long MINUTE = 60 * SECOND;
  private static final long HOUR = 60 * MINUTE;
  private static final long DAY = 24 * HOUR;
  private static final long START = 1_700_000_000_000L;
  private static final long YEAR_9987 = 253_000_000_000_000L;

  private static Supplier<KeyedShell> shell(UnaryOperator<LearnerOptions.Builder> with) {
    LearnerOptions options =
        with.apply(
                LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
                    .snapshots(
                        Shells.snapshots(10, null, false, DType.F64, PartCodec.DEFAULT_PART_BYTES)))
            .build();
    return () -> Shells.learner(options, backend -> new TestLearner());
  }

  private static Runner runner(UnaryOperator<LearnerOptions.Builder> with) throws Exception {
    return new Runner(shell(with), HashMapStateBackend::new, 1);
  }

  private static long tombstones(Runner r) {
    return r.modelRecords.stream().filter(m -> m.value == null).count();
  }

  @Test
  void anEventFarAheadOfItsRecordIsADeadLetterAndItsKeyLivesOn() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 50; i++) {
      s.at(START + i * SECOND).example("a", "", START + i * SECOND, 1.0, 1, 2);
    }
    s.example("a", "", YEAR_9987, 1.0, 1, 2);
    s.batch("a", Stream.item("", YEAR_9987, 1.0, 1, 1), Stream.item("", START, 1.0, 1, 1));
    s.label("a", "nobody", YEAR_9987, 1.0);
    try (Runner r = runner(b -> b.ttl(Duration.ofDays(7)).labels(Duration.ofHours(1), 10))) {
      r.feed(s);
      assertThat(r.reasons())
          .containsExactly(Reason.BAD_EVENT_TIME, Reason.BAD_EVENT_TIME, Reason.BAD_EVENT_TIME);
      assertThat(r.state("a").journal.learned).isEqualTo(51);
      assertThat(r.state("a").journal.version).isEqualTo(5);
      assertThat(r.state("a").journal.eventTime).isEqualTo(START + 49 * SECOND);
      assertThat(tombstones(r)).isZero();
    }
  }

  @Test
  void aFarEventNeitherExpiresWhatWaitsNorStopsSnapshots() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 10; i++) {
      s.at(START + i).example("a", "w" + i, START + i, null, 1, 2);
    }
    s.at(START + 10).example("a", "far", YEAR_9987, null, 1, 2);
    for (int i = 0; i < 10; i++) {
      long time = START + i * MINUTE;
      s.at(time).label("a", "w" + i, time, 1.0).example("a", "", time, 1.0, 1, 1);
    }
    SnapshotOptions everyMinute =
        Shells.snapshots(0, Duration.ofMinutes(1), false, DType.F64, PartCodec.DEFAULT_PART_BYTES);
    try (Runner r =
        runner(b -> b.labels(Duration.ofHours(1), 100).snapshots(everyMinute)).feed(s)) {
      assertThat(r.reasons()).containsExactly(Reason.BAD_EVENT_TIME);
      assertThat(r.state("a").journal.learned).isEqualTo(20);
      assertThat(r.models).hasSize(9);
    }
  }

  @Test
  void howFarAheadIsASetting() throws Exception {
    Stream s = new Stream().at(START).example("a", "", START + DAY, 1.0, 1, 2);
    try (Runner strict = runner(b -> b).feed(s);
        Runner free = runner(b -> b.times(new EventTimes(null))).feed(s)) {
      assertThat(strict.reasons()).containsExactly(Reason.BAD_EVENT_TIME);
      assertThat(free.reasons()).isEmpty();
    }
  }

  /** Labels bear the time of another clock where they have none of their own. */
  @Test
  void labelsMoveNoClockAndFindTheirExamples() throws Exception {
    Stream s = new Stream().at(START + 1000 * DAY);
    for (int i = 0; i < 20; i++) {
      s.example("a", "w" + i, START + i * SECOND, null, 1, 2);
    }
    for (int i = 0; i < 20; i++) {
      s.label("a", "w" + i, i % 2 == 0 ? 0 : START + 1000 * DAY, 1.0);
    }
    try (Runner r =
        runner(b -> b.ttl(Duration.ofDays(7)).labels(Duration.ofHours(1), 100)).feed(s)) {
      assertThat(r.reasons()).isEmpty();
      assertThat(r.state("a").journal.learned).isEqualTo(20);
      assertThat(r.state("a").journal.eventTime).isEqualTo(START + 19 * SECOND);
      assertThat(tombstones(r)).isZero();
    }
  }

  /** A backfill: record timestamps of today, events of three years ago. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void recordTimestampsAndWatermarksEndNoKey(boolean watermarks) throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 100; i++) {
      long record = START + 1000 * DAY + i;
      s.at(record).example("k" + i % 5, "", START + i * SECOND, 1.0, 1, 2);
      if (watermarks) {
        s.watermark(record);
      }
    }
    try (Runner r = runner(b -> b.ttl(Duration.ofDays(30))).feed(s)) {
      assertThat(tombstones(r)).isZero();
      for (int k = 0; k < 5; k++) {
        assertThat(r.state("k" + k).journal.learned).isEqualTo(20);
      }
    }
  }

  /** Ten keys of a quiet partition; then one record, and a few, of a machine with a wrong clock. */
  @Test
  void recordsOfAWrongClockEndNoKeyButTheirOwn() throws Exception {
    Stream s = new Stream().at(START);
    for (int i = 0; i < 100; i++) {
      s.at(START + i).example("k" + i % 10, "", 0, 1.0, 1, 2);
    }
    s.at(YEAR_9987);
    for (int i = 0; i < 20; i++) {
      s.example("wrong", "", 0, 1.0, 1, 2);
    }
    for (int i = 0; i < 100; i++) {
      s.at(START + 100 + i).example("k" + i % 10, "", 0, 1.0, 1, 2);
      s.watermark(YEAR_9987 - 10 * SECOND);
    }
    try (Runner r = runner(b -> b.ttl(Duration.ofDays(7))).feed(s)) {
      assertThat(tombstones(r)).isZero();
      assertThat(r.reasons()).isEmpty();
      for (int k = 0; k < 10; k++) {
        assertThat(r.state("k" + k).journal.learned).isEqualTo(20);
      }
    }
  }

  @Test
  void aKeyEndsWhenItsPartitionHasComeByMoreThanTheTimeToLive() throws Exception {
    Stream s = new Stream().at(START).example("idle", "", START, 1.0, 1, 2);
    s.control("idle", ControlCommand.SNAPSHOT).example("idle", "w", START, null, 1, 2);
    s.in(1).example("elsewhere", "", START, 1.0, 1, 2).in(0);
    s.at(START + 100 * DAY).until("busy", START + DAY).until("busy", START + 2 * DAY);
    try (Runner r =
        runner(b -> b.ttl(Duration.ofDays(7)).labels(Duration.ofHours(1), 10)).feed(s)) {
      assertThat(r.states()).containsOnlyKeys("idle", "elsewhere", "busy");
      Stream more = new Stream().at(START + 100 * DAY).until("busy", START + 8 * DAY);
      r.feed(more.until("busy", START + 8 * DAY + MINUTE));
      assertThat(r.states()).containsOnlyKeys("elsewhere", "busy");
      assertThat(r.reasons()).containsExactly(Reason.LABEL_EXPIRED);
      assertThat(tombstones(r)).isEqualTo(1);
    }
  }

  /** An event of the key that is late finds it ended, whether its memory had been freed or not. */
  @Test
  void whenTheMemoryIsFreedChangesNothing() throws Exception {
    Stream s = new Stream().at(START + DAY);
    s.example("idle", "", START, 1.0, 1, 2).control("idle", ControlCommand.SNAPSHOT);
    s.example("idle", "w", START, null, 1, 2).until("busy", START + HOUR + MINUTE);
    s.until("busy", START + HOUR + 2 * MINUTE);
    List<Object> late =
        new Stream()
            .at(START + DAY)
            .label("idle", "w", START, 1.0)
            .control("idle", ControlCommand.SNAPSHOT)
            .example("idle", "", START + MINUTE, 2.0, 1, 2)
            .control("idle", ControlCommand.SNAPSHOT)
            .items();
    List<Runner.Result> results = new ArrayList<>();
    for (boolean freed : new boolean[] {false, true}) {
      try (Runner r = runner(b -> b.ttl(Duration.ofHours(1)).labels(Duration.ofHours(9), 10))) {
        r.feedOnly(s.items());
        if (freed) {
          r.settle(10);
          assertThat(r.states()).containsOnlyKeys("busy");
        }
        r.feedOnly(late);
        assertThat(r.reasons())
            .startsWith(Reason.LABEL_EXPIRED)
            .contains(Reason.CONTROL_FOR_ABSENT_KEY);
        assertThat(r.state("idle").journal.learned).isEqualTo(1);
        assertThat(r.models).extracting(m -> m.getKey() + m.getVersion()).contains("idle1");
        results.add(r.result());
      }
    }
    assertThat(results.get(1)).isEqualTo(results.get(0));
  }

  /** It was set because memory grew: the keys there are, not those to come, are in the way. */
  @Test
  void aTimeToLiveThatIsSwitchedOnFreesTheKeysThatAreThere() throws Exception {
    Stream s = new Stream().at(START);
    for (int i = 0; i < 1000; i++) {
      s.example("idle" + i, "", START, 1.0, 1, 2);
    }
    try (Runner r = runner(b -> b).feed(s)) {
      r.restartAs(shell(b -> b.ttl(Duration.ofHours(1))));
      r.feed(new Stream().at(START + DAY).until("busy", START + DAY));
      assertThat(r.states()).containsOnlyKeys("busy");
    }
  }

  /** A shorter life counts at once for what the partitions had come to before. */
  @Test
  void aShorterTimeToLiveFreesKeysAtTheRestart() throws Exception {
    Stream s = new Stream().at(START).example("idle", "", START, 1.0, 1, 2);
    s.at(START + DAY).until("busy", START + DAY).until("busy", START + DAY);
    try (Runner r = runner(b -> b.ttl(Duration.ofDays(7))).feed(s)) {
      assertThat(r.states()).containsOnlyKeys("idle", "busy");
      r.restartAs(shell(b -> b.ttl(Duration.ofHours(1))));
      assertThat(r.states()).containsOnlyKeys("busy");
    }
  }

  @Test
  void theEndOfTheInputEndsTheKeysWhoseTimeHasCome() throws Exception {
    Stream s = new Stream().at(START).example("idle", "", START, 1.0, 1, 2);
    s.control("idle", ControlCommand.SNAPSHOT);
    s.at(START + DAY).until("busy", START + DAY).until("busy", START + DAY);
    try (Runner r = runner(b -> b.ttl(Duration.ofHours(1)))) {
      r.feedOnly(s.items());
      assertThat(tombstones(r)).isZero();
      r.end();
      assertThat(tombstones(r)).isEqualTo(1);
      assertThat(r.state("busy").journal.learned).isEqualTo(64);
    }
  }

  @Test
  void keysEndAlikeAtEveryParallelism() throws Exception {
    Stream s = new Stream().at(START + DAY);
    for (int i = 0; i < 400; i++) {
      String key = i < 100 ? "early" + i % 9 : "k" + i * i % 31;
      s.example(key, "", START + i * i * 200L, 1.0 * (i % 3), 1, i % 5);
    }
    Map<String, String> states = null;
    Map<String, List<String>> outputs = null;
    for (int parallelism = 1; parallelism <= 4; parallelism++) {
      try (Runner r =
          new Runner(
                  shell(b -> b.ttl(Duration.ofMinutes(20)).miniBatch(3)),
                  HashMapStateBackend::new,
                  parallelism)
              .feed(s)) {
        Runner.Result result = r.settle(20).result();
        assertThat(tombstones(r)).isPositive();
        if (states == null) {
          states = result.states();
          outputs = result.outputs();
        }
        assertThat(result.states()).isEqualTo(states);
        assertThat(r.outputs).isEqualTo(outputs);
      }
    }
  }
}
