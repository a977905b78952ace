package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.KeyHandler;
import io.millrace.operators.handler.ListStage;
import io.millrace.operators.handler.MapStorage;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.DType;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SingleObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A handler is a function of events and kept parts: it runs on maps as it does in the shell. */
class LearnerHandlerTest {
  private static final LearnerOptions OPTIONS =
      LearnerOptions.builder(Stream.TOPICS, Stream.INPUT)
          .labels(Duration.ofMillis(50), 4)
          .dedupeWindow(8)
          .snapshots(Shells.snapshots(5, null, true, DType.F64, 1 << 20))
          .build();

  private static Stream stream() {
    Stream s = new Stream();
    for (int i = 0; i < 200; i++) {
      String key = "k" + i % 7;
      if (i % 3 == 0) {
        s.example(key, "id" + i, i, null, i % 5, 1);
        s.label(key, "id" + (i - 21), i, i % 2);
      } else {
        s.example(key, "id" + i % 40, i, i % 4 * 0.5, 1, i % 3);
      }
    }
    return s;
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void needsNoFlinkToRun(boolean live) throws Exception {
    ListStage stage = new ListStage("learn", Shells.INCARNATION, Stream.TOPICS);
    KeyHandler handler =
        Shells.stage(OPTIONS, backend -> new TestLearner()).handler().create(stage);
    MapStorage storage = new MapStorage(live);
    Key key =
        new Key(
            storage,
            handler.blocks(),
            j -> {
              j.incarnation = stage.incarnation();
              j.home = 0;
            });
    List<Object> items = stream().items();
    for (Object item : items) {
      RoutedEvent e = (RoutedEvent) item;
      storage.at(e.key);
      key.open(e.key);
      handler.handle(e, key);
      key.close();
    }
    Map<String, String> states = new TreeMap<>();
    for (int i = 0; i < 7; i++) {
      storage.at("k" + i);
      key.open("k" + i);
      states.put(key.name(), new Kept(key, storage).toString());
    }
    try (Runner shell =
        new Runner(
            () -> Shells.learner(OPTIONS, backend -> new TestLearner()),
            HashMapStateBackend::new,
            1)) {
      shell.feed(items);
      assertThat(stage.emitted.stream().map(ListStage.Emitted::record).map(r -> decode(r.value)))
          .filteredOn(r -> r instanceof ModelSnapshot)
          .isEqualTo(shell.models)
          .hasSizeGreaterThan(20);
      assertThat(shell.deadLetters).isNotEmpty();
      assertThat(states).isEqualTo(shell.states());
    }
  }

  /** On disk, an event rewrote the whole key: model, mini-batch and every waiting example. */
  @Test
  void anEventWritesTheBlocksItChangesAndNoOthers() {
    ListStage stage = new ListStage("learn", Shells.INCARNATION, Stream.TOPICS);
    KeyHandler handler =
        Shells.stage(OPTIONS, backend -> new TestLearner()).handler().create(stage);
    MapStorage storage = new MapStorage(false);
    Key key = new Key(storage, handler.blocks(), j -> j.incarnation = stage.incarnation());
    Stream s = new Stream().example("a", "first", 1, 1.0, 1, 1);
    for (int i = 0; i < 3; i++) {
      s.example("a", "id" + i, 2, null, 1, 1);
    }
    s.label("a", "id1", 3, 1);
    int[] blocksWritten = new int[5];
    int[] waitingWritten = new int[5];
    storage.at("a");
    for (int i = 0; i < 5; i++) {
      int blocks = storage.blocksWritten;
      int waiting = storage.waitingWritten;
      key.open("a");
      handler.handle((RoutedEvent) s.items().get(i), key);
      key.close();
      blocksWritten[i] = storage.blocksWritten - blocks;
      waitingWritten[i] = storage.waitingWritten - waiting;
    }
    assertThat(blocksWritten).containsExactly(1, 0, 0, 0, 1);
    assertThat(waitingWritten).containsExactly(0, 1, 1, 1, 1);
  }

  private static Object decode(byte[] value) {
    try {
      return SingleObject.standard().decode(value);
    } catch (DecodeException e) {
      throw new AssertionError(e);
    }
  }
}
