package io.millrace.operators.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.Side;
import io.millrace.operators.journal.WaitingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a handler is promised of a key, whether its storage hands out originals or copies. */
class KeyTest {
  private static final StateSchema COUNTS =
      new StateSchema.Builder().block("n", StateSchema.Type.LONGS, 1).build();

  private static final BlockSpec SPEC = new BlockSpec("counts", "count", COUNTS, new TreeMap<>());

  private static Key key(MapStorage storage, BlockSpec... specs) {
    return new Key(storage, List.of(specs), journal -> journal.incarnation = 3);
  }

  private static Key open(Key key, MapStorage storage, String name) {
    storage.at(name);
    key.open(name);
    return key;
  }

  private static KeptEvent event(long time) {
    return new KeptEvent(0, 0, time, -1, time, null, new byte[] {1}, time);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsWrittenIsThereAtTheNextEventOfTheKey(boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = key(storage, SPEC);
    for (int round = 1; round <= 3; round++) {
      for (String name : List.of("a", "b")) {
        open(key, storage, name);
        Journal j = key.journal() == null ? key.begin(5) : key.journal();
        j.learned++;
        key.write(0).longs("n")[0] += 2;
        key.close();
        assertThat(storage.journal().learned).isEqualTo(round);
        assertThat(storage.journal().incarnation).as("given at birth").isEqualTo(3);
        assertThat(storage.blocks(null, 0).longs("n")).containsExactly(2 * round);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsOnlyReadIsNotWrittenBack(boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = open(key(storage, SPEC), storage, "a");
    key.begin(5);
    key.write(0).longs("n")[0] = 1;
    key.close();
    assertThat(storage.blocksWritten).isEqualTo(1);
    open(key, storage, "a").read(0);
    key.journal().learned++;
    key.close();
    assertThat(storage.blocksWritten).isEqualTo(1);
    open(key, storage, "a").write(0);
    key.close();
    assertThat(storage.blocksWritten)
        .as("a disk's is written, a heap's is there")
        .isEqualTo(live ? 1 : 2);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aKeyThatHasEndedBeginsAnewWithNothing(boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = open(key(storage, SPEC), storage, "a");
    key.begin(5);
    key.write(0).longs("n")[0] = 9;
    key.await(Side.FIRST, "id", event(5), new double[] {1});
    key.hold(event(6));
    key.rememberIds(4);
    key.remember("id");
    key.wakeAt(100);
    assertThat(storage.timers).containsExactly("100 a");
    key.end();
    key.begin(50);
    assertThat(key.write(0).longs("n")).containsExactly(0);
    key.close();
    open(key, storage, "a");
    assertThat(storage.timers).isEmpty();
    assertThat(key.waits(Side.FIRST, "id")).isFalse();
    assertThat(key.held()).isEmpty();
    key.rememberIds(4);
    assertThat(key.seen("id")).isFalse();
    assertThatThrownBy(() -> key.begin(60)).hasMessage("key 'a' has begun");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void waitingEventsEndInOrderOfArrivalByTheirOwnTime(boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = open(key(storage), storage, "a");
    Journal j = key.begin(0);
    long[] times = {10, 30, 20, 40};
    for (long time : times) {
      key.await(Side.FIRST, "t" + time, event(time), new double[] {time});
    }
    assertThat(j.waiting.count).isEqualTo(4);
    WaitingEvent taken = key.take(Side.FIRST, "t30");
    assertThat(taken.made()).containsExactly(30);
    assertThat(key.take(Side.FIRST, "t30")).isNull();
    List<String> expired = new ArrayList<>();
    key.expire(Side.FIRST, 10, (id, e) -> expired.add(id));
    assertThat(expired).isEmpty();
    key.expire(Side.FIRST, 21, (id, e) -> expired.add(id));
    assertThat(expired).containsExactly("t10", "t20");
    key.expire(Side.FIRST, Long.MAX_VALUE, (id, e) -> expired.add(id));
    assertThat(expired).containsExactly("t10", "t20", "t40");
    assertThat(j.waiting.count).isZero();
    assertThat(j.waiting.bytes).isZero();
  }

  /** One late event delays none behind it by more than its own turn. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anEventThatCameLateIsFoundWhenThoseBeforeItAre(boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = open(key(storage), storage, "a");
    key.begin(0);
    key.await(Side.FIRST, "new", event(100), new double[0]);
    key.await(Side.FIRST, "late", event(1), new double[0]);
    List<String> expired = new ArrayList<>();
    key.expire(Side.FIRST, 50, (id, e) -> expired.add(id));
    assertThat(expired).isEmpty();
    key.expire(Side.FIRST, 101, (id, e) -> expired.add(id));
    assertThat(expired).containsExactly("new", "late");
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void blocksOfAnOlderVersionAreUpgradedOnceAndThatIsKept(boolean live) {
    MapStorage storage = new MapStorage(live);
    Key key = open(key(storage, SPEC), storage, "a");
    key.begin(0);
    key.write(0).longs("n")[0] = 4;
    key.close();
    StateSchema wider =
        new StateSchema.Builder().block("n", StateSchema.Type.LONGS, 1).block("mean", 1).build();
    List<Integer> upgrades = new ArrayList<>();
    BlockSpec second =
        new BlockSpec(
            "counts",
            "count",
            2,
            wider,
            new TreeMap<>(),
            (from, old) -> {
              upgrades.add(from);
              return LearnerState.of(wider, old.longs("n").clone(), new double[] {0.5});
            });
    Key later = key(storage, second);
    for (int i = 0; i < 3; i++) {
      open(later, storage, "a");
      assertThat(later.read(0).longs("n")).containsExactly(4);
      assertThat(later.read(0).block("mean")).containsExactly(0.5);
      later.close();
    }
    assertThat(upgrades).as("even though it was only read").containsExactly(1);
    BlockSpec unknown = new BlockSpec("counts", "count", 3, wider, new TreeMap<>(), SPEC.upgrade());
    Key never = open(key(storage, unknown), storage, "a");
    assertThatThrownBy(() -> never.read(0))
        .isInstanceOf(StateException.class)
        .hasMessage("state of 'a': 'count' has had no version 2; restore another savepoint");
  }
}
