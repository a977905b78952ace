package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.InputSpec;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DType;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Deltas;
import io.millrace.schemas.ModelDelta;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;

/** Models published as what has changed: the same models, in fewer bytes, through any loss. */
class DeltasOperatorTest {
  private static final int EVENTS = 160;
  private static final int FULL_EVERY = 4;
  private static final InputSpec INPUT =
      new InputSpec(
          InputSpec.Kind.SPARSE, 5000, 1, InputSpec.Target.CLASS, List.of("a", "b"), 1000);
  private static final List<Object> ITEMS = items();

  /** Ever new features, so that a key with a bound forgets; a rate that is changed, and a reset. */
  private static List<Object> items() {
    Stream s = new Stream();
    for (int i = 0; i < EVENTS; i++) {
      String key = i % 4 == 3 ? "second" : "first";
      int[] at = {i % 7, 100 + i % 13, 1000 + i * i % 3000};
      s.sparse(key, 100 + i, i * i % 7 % 2, at, Math.sin(i), 1, Math.cos(3 * i));
      if (i == 60) {
        s.set("first", "learning-rate", 0.02);
      }
      if (i == 100) {
        s.control("second", ControlCommand.RESET);
      }
    }
    return s.items();
  }

  private static Supplier<KeyedShell> shell(int fullEvery) {
    SupervisedOptions options =
        SupervisedOptions.builder(INPUT, "logistic")
            .optimizer("adam", Map.of())
            .scaling(Scaling.STANDARD)
            .form(StateForm.SPARSE)
            .maxFeatures(40)
            .build();
    LearnerOptions job =
        LearnerOptions.builder(Stream.TOPICS, INPUT)
            .ttl(Duration.ofMillis(1000))
            .snapshots(Shells.deltas(5, fullEvery, DType.F32, PartCodec.DEFAULT_PART_BYTES))
            .build();
    return () -> Shells.learner(job, 4, backend -> new SupervisedLearner(options));
  }

  private static Runner undisturbed(int fullEvery) throws Exception {
    return new Runner(shell(fullEvery), HashMapStateBackend::new, 1).feed(ITEMS);
  }

  /** Every version of a run, whole, as a reader makes them. */
  private static List<String> versions(Runner r) throws DecodeException {
    Map<String, ModelSnapshot> newest = new HashMap<>();
    List<String> versions = new ArrayList<>();
    for (OutRecord record : r.modelRecords) {
      if (record.value == null) {
        continue;
      }
      ModelSnapshot now;
      if (SingleObject.standard().decode(record.value) instanceof ModelDelta delta) {
        now = Deltas.apply(newest.get(delta.getKey()), delta);
      } else {
        now = SnapshotCodec.decode(record.value);
      }
      newest.put(now.getKey(), now);
      versions.add(HexFormat.of().formatHex(SnapshotCodec.encode(now)));
    }
    return versions;
  }

  private static long bytes(Runner r) {
    return r.modelRecords.stream().mapToLong(m -> m.value == null ? 0 : m.value.length).sum();
  }

  @Test
  void theModelsAreThoseOfAJobThatPublishesThemWhole() throws Exception {
    try (Runner whole = undisturbed(1);
        Runner deltas = undisturbed(FULL_EVERY)) {
      assertThat(versions(whole)).hasSize(32).isEqualTo(versions(deltas));
      assertThat(bytes(deltas)).isLessThan(2 * bytes(whole) / 3);
      boolean forgets = false;
      for (OutRecord record : deltas.modelRecords) {
        forgets |=
            record.value != null
                && SingleObject.standard().decode(record.value) instanceof ModelDelta delta
                && delta.getChanges().stream()
                    .anyMatch(c -> c.getGone() != null && c.getGone().hasRemaining());
      }
      assertThat(forgets).as("features are forgotten between two whole models").isTrue();
    }
  }

  /**
   * Of four versions one is whole, under the key of the model; the next three stand behind the
   * parts of that one's slot, and are taken back when the next is there.
   */
  @Test
  void aChainHasRecordKeysOfItsOwnAndIsTakenBack() throws Exception {
    try (Runner r = undisturbed(FULL_EVERY)) {
      List<String> keys = new ArrayList<>();
      for (OutRecord record : r.modelRecords) {
        String key = new String(record.key, StandardCharsets.UTF_8);
        if (key.startsWith("first")) {
          keys.add(key + (record.value == null ? " -" : ""));
        }
      }
      List<String> expected = new ArrayList<>();
      for (int chain = 0; chain < 6; chain++) {
        expected.add("first");
        for (int i = 0; i < FULL_EVERY - 1 && chain > 0; i++) {
          expected.add("first/" + chain % 2 + "/" + i + " -");
        }
        for (int i = 0; i < FULL_EVERY - 1; i++) {
          expected.add("first/" + (chain + 1) % 2 + "/" + i);
        }
      }
      assertThat(keys).isEqualTo(expected);
    }
  }

  private static Runner.Result disturbed(Supplier<StateBackend> backend, int step)
      throws Exception {
    try (Runner r = new Runner(shell(FULL_EVERY), backend, 1)) {
      for (int at = 0; at < ITEMS.size(); at += step) {
        r.feed(ITEMS.subList(at, Math.min(at + step, ITEMS.size())));
        r.restart(1 + at / step % 2);
      }
      return r.result();
    }
  }

  @Test
  void aJobThatIsRestoredPublishesTheSameDeltas() throws Exception {
    try (Runner r = undisturbed(FULL_EVERY)) {
      Runner.Result alone = r.result();
      assertThat(disturbed(HashMapStateBackend::new, 11)).isEqualTo(alone);
      assertThat(disturbed(EmbeddedRocksDBStateBackend::new, 60)).isEqualTo(alone);
    }
  }

  /** A job is restored with the setting, and without it, in the middle of a chain. */
  @Test
  void theSettingMayChange() throws Exception {
    try (Runner whole = undisturbed(1);
        Runner r = new Runner(shell(1), HashMapStateBackend::new, 1)) {
      r.feed(ITEMS.subList(0, 50));
      r.restartAs(shell(FULL_EVERY));
      r.feed(ITEMS.subList(50, 90));
      r.restartAs(shell(1));
      r.feed(ITEMS.subList(90, ITEMS.size()));
      assertThat(versions(r)).isEqualTo(versions(whole));
      assertThat(r.modelRecords).hasSizeGreaterThan(whole.modelRecords.size());
      assertThat(r.state("first").journal.deltas).isZero();
    }
  }

  /** A key that ends leaves nothing of its chain in the topic. */
  @Test
  void aKeyThatEndsTakesItsDeltasBack() throws Exception {
    Stream s = new Stream();
    for (int i = 0; i < 30; i++) {
      s.sparse("a", i, i % 2, new int[] {i, 100}, 1, 1);
    }
    for (int i = 0; i < 5; i++) {
      s.sparse("a", 10_000 + i, 1, new int[] {i, 100}, 1, 1);
    }
    try (Runner r = new Runner(shell(100), HashMapStateBackend::new, 1)) {
      r.feed(s);
      Map<String, Boolean> there = new HashMap<>();
      r.modelRecords.forEach(
          m -> there.put(new String(m.key, StandardCharsets.UTF_8), m.value != null));
      assertThat(there.remove("a")).as("its new model is there").isTrue();
      assertThat(there).isNotEmpty().doesNotContainValue(true);
    }
  }
}
