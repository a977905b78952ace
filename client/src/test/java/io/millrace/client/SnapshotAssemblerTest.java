package io.millrace.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.schemas.Label;
import io.millrace.schemas.ModelPart;
import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SnapshotCodec;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class SnapshotAssemblerTest {
  private static final int PART = 256;

  private final SnapshotAssembler assembler = new SnapshotAssembler(AssemblyLimits.DEFAULT);

  /** A part of a version, and whether its bytes were tampered with. */
  private record Sent(String key, long version, int part, boolean bad, ModelRecord record) {}

  /**
   * Parts of several versions of two keys: lost, doubled, corrupted, shuffled. Whatever comes out
   * is a version as it was published, newer than the one before; and the newest version of which
   * every part arrived in good order (none of its parts ever bad) has come out.
   */
  @Property(tries = 300)
  void onlyWholeModelsComeOutAndNoneGoesBackwards(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 4) int versions,
      @ForAll @IntRange(max = 3) int losses,
      @ForAll @IntRange(max = 3) int corruptions) {
    Random random = new Random(seed);
    List<Sent> topic = new ArrayList<>();
    Map<String, ModelSnapshot> published = new HashMap<>();
    Map<String, Integer> parts = new HashMap<>();
    for (String key : List.of("a", "a/0")) {
      for (long v = 1; v <= versions; v++) {
        ModelSnapshot s = Snapshots.of(key, v, random.nextInt(300));
        published.put(key + "@" + v, s);
        List<ModelRecord> records = PartCodec.records(s, PART);
        parts.put(key + "@" + v, records.size());
        for (int i = 0; i < records.size(); i++) {
          topic.add(new Sent(key, v, i, false, records.get(i)));
        }
      }
    }
    for (int i = random.nextInt(4); i > 0; i--) {
      topic.add(topic.get(random.nextInt(topic.size())));
    }
    for (int i = 0; i < corruptions; i++) {
      Sent s = topic.get(random.nextInt(topic.size()));
      if (PartCodec.parsePartKey(text(s.record().key())) == null) {
        continue; // a flipped bit may make it a later version: Kafka's own checksum is for that
      }
      byte[] value = s.record().value().clone();
      value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
      topic.add(
          new Sent(s.key(), s.version(), s.part(), true, new ModelRecord(s.record().key(), value)));
    }
    Collections.shuffle(topic, random);
    for (int i = 0; i < losses && !topic.isEmpty(); i++) {
      topic.remove(topic.size() - 1);
    }

    SnapshotAssembler fresh = new SnapshotAssembler(new AssemblyLimits(1 << 20, 1 << 24, 16));
    Map<String, Long> last = new HashMap<>();
    for (Sent s : topic) {
      Assembly a = fresh.offer(0, s.record().key(), s.record().value());
      if (a.kind() == Assembly.Kind.COMPLETE) {
        ModelSnapshot out = a.snapshot();
        assertThat(out).isEqualTo(published.get(out.getKey() + "@" + out.getVersion()));
        assertThat(out.getVersion()).isGreaterThan(last.getOrDefault(out.getKey(), 0L));
        last.put(out.getKey(), out.getVersion());
      }
    }
    for (String key : List.of("a", "a/0")) {
      for (long v = versions; v > 0; v--) {
        long version = v;
        Set<Integer> good = new HashSet<>();
        boolean bad = false;
        for (Sent s : topic) {
          if (s.key().equals(key) && s.version() == version) {
            bad |= s.bad();
            good.add(s.part());
          }
        }
        if (!bad && good.size() == parts.get(key + "@" + version)) {
          assertThat(last.getOrDefault(key, 0L)).isGreaterThanOrEqualTo(version);
          break;
        }
      }
    }
  }

  @Property
  void aFlippedBitInAPartIsNeverInAModel(@ForAll long seed) {
    Random random = new Random(seed);
    ModelSnapshot s = Snapshots.of("k", 6, 400);
    List<ModelRecord> records = PartCodec.records(s, PART);
    SnapshotAssembler fresh = new SnapshotAssembler(AssemblyLimits.DEFAULT);
    int bad = random.nextInt(records.size());
    for (int i = 0; i < records.size(); i++) {
      byte[] value = records.get(i).value().clone();
      if (i == bad) {
        value[random.nextInt(value.length)] ^= (byte) (1 << random.nextInt(8));
      }
      assertThat(fresh.offer(0, records.get(i).key(), value).kind())
          .isNotEqualTo(Assembly.Kind.COMPLETE);
    }
    Assembly repaired = fresh.offer(0, records.get(bad).key(), records.get(bad).value());
    assertThat(repaired.snapshot()).isEqualTo(s);
  }

  @Property
  void arbitraryRecordsAreSurvived(@ForAll byte[] key, @ForAll byte[] value) {
    assertThat(assembler.offer(0, key, value).kind()).isEqualTo(Assembly.Kind.CORRUPT);
    assertThat(assembler.pendingBytes()).isZero();
  }

  @Test
  void versionsOfOneKeyDoNotMix() {
    List<ModelRecord> two = PartCodec.records(Snapshots.of("k", 2, 500), PART);
    List<ModelRecord> four = PartCodec.records(Snapshots.of("k", 4, 500), PART);
    assertThat(two.get(0).key()).as("the same slot").isEqualTo(four.get(0).key());
    for (int i = 0; i < two.size() - 1; i++) {
      offer(two.get(i));
      offer(four.get(i));
    }
    ModelSnapshot out = offer(four.get(four.size() - 1)).snapshot();
    assertThat(out).isEqualTo(Snapshots.of("k", 4, 500));
    assertThat(offer(two.get(two.size() - 1)).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(assembler.pendingBytes()).isZero();
    assertThat(assembler.abandoned()).isEqualTo(1);
  }

  @Test
  void aModelOf50MegabytesIsAssembled() {
    ModelSnapshot s = Snapshots.of("big", 9, 13_000_000);
    List<ModelRecord> records = PartCodec.records(s, PartCodec.DEFAULT_PART_BYTES);
    assertThat(records).hasSizeGreaterThan(50);
    Collections.shuffle(records = new ArrayList<>(records), new Random(5));
    Assembly a = null;
    for (ModelRecord r : records) {
      assertThat(r.value().length).isLessThan(1 << 20);
      a = offer(r);
    }
    assertThat(a.kind()).isEqualTo(Assembly.Kind.COMPLETE);
    assertThat(a.snapshot().getTensors().get(0).getData())
        .isEqualTo(s.getTensors().get(0).getData());
    assertThat(assembler.pendingBytes()).isZero();
  }

  @Test
  void claimsOfSizeCostNothingAndAreBounded() {
    ModelPart part =
        new ModelPart("k", 1L, 1L, 0, 1 << 20, 1L << 40, 0L, ByteBuffer.wrap(new byte[] {1}));
    assertThat(offer("k/1/0", part).kind()).isEqualTo(Assembly.Kind.OVER_LIMIT);
    part.setTotalBytes(200L << 20);
    assertThat(offer("k/1/0", part).kind()).isEqualTo(Assembly.Kind.PENDING);
    assertThat(assembler.pendingBytes()).isLessThan(1000);
    part.setParts(Integer.MAX_VALUE);
    assertThat(offer("k/1/0", part).kind()).isEqualTo(Assembly.Kind.CORRUPT);
    part.setParts(1 << 20);
    part.setTotalBytes(-1L);
    assertThat(offer("k/1/0", part).kind()).isEqualTo(Assembly.Kind.CORRUPT);
    part.setTotalBytes(1L << 30);
    part.setPart(-1);
    assertThat(offer("k/1/-1", part).kind()).isEqualTo(Assembly.Kind.CORRUPT);
  }

  @Test
  void unfinishedModelsAreHeldWithinTheLimit() {
    SnapshotAssembler small = new SnapshotAssembler(new AssemblyLimits(10_000, 20_000, 2));
    for (int key = 0; key < 100; key++) {
      List<ModelRecord> records = PartCodec.records(Snapshots.of("k" + key, 1, 2000), 1000);
      for (ModelRecord r : records.subList(1, records.size())) {
        small.offer(0, r.key(), r.value());
        assertThat(small.pendingBytes()).isLessThanOrEqualTo(20_000);
      }
    }
    assertThat(small.abandoned()).isGreaterThan(90);
    for (long version = 1; version < 50; version++) {
      ModelRecord first = PartCodec.records(Snapshots.of("one", version, 2000), 1000).get(0);
      small.offer(0, first.key(), first.value());
    }
    assertThat(small.pendingSnapshots()).isLessThanOrEqualTo(4);
  }

  @Test
  void oldAndEqualVersionsAreStale() {
    offer(small("k", 5));
    assertThat(offer(small("k", 5)).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(offer(small("k", 4)).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(offer(PartCodec.records(Snapshots.of("k", 4, 900), PART).get(0)).kind())
        .isEqualTo(Assembly.Kind.STALE);
    assertThat(offer(small("k", 6)).kind()).isEqualTo(Assembly.Kind.COMPLETE);
  }

  @Test
  void aTombstoneRemovesAModelAndItsKeyMayBeginAgain() {
    offer(small("k", 5));
    assertThat(assembler.offer(0, utf8("k"), null).kind()).isEqualTo(Assembly.Kind.REMOVED);
    assertThat(assembler.offer(0, utf8("k"), null).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(offer(small("k", 1)).kind()).isEqualTo(Assembly.Kind.COMPLETE);
  }

  @Test
  void aTombstoneOfAPartRemovesTheModelThatNeedsIt() {
    List<ModelRecord> records = PartCodec.records(Snapshots.of("k", 4, 500), PART);
    records.forEach(this::offer);
    assertThat(assembler.offer(0, utf8("k/1/0"), null).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(assembler.offer(0, utf8("k/0/999"), null).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(assembler.offer(0, records.get(1).key(), null).kind())
        .isEqualTo(Assembly.Kind.REMOVED);
  }

  @Test
  void recordsUnderAnotherKeyOrOfAnotherKindAreCorrupt() {
    byte[] value = SnapshotCodec.encode(Snapshots.of("k", 1, 3));
    assertThat(assembler.offer(0, utf8("other"), value).message()).contains("'other'", "'k'");
    assertThat(assembler.offer(0, null, value).kind()).isEqualTo(Assembly.Kind.CORRUPT);
    byte[] label = SingleObject.encode(new Label("k", "i", Instant.EPOCH, 1.0, null));
    assertThat(assembler.offer(0, utf8("k"), label).message()).contains("Label");
    ModelRecord part = PartCodec.records(Snapshots.of("k", 1, 500), PART).get(0);
    assertThat(assembler.offer(0, utf8("k/1/1"), part.value()).kind())
        .isEqualTo(Assembly.Kind.CORRUPT);
  }

  @Test
  void theModelsOfANewRunTakeThePlaceOfThoseBeforeIt() {
    offer(small("k", 8));
    Assembly anew = offer(PartCodec.records(Snapshots.of("k", 2, 1, 2), 10_000).get(0));
    assertThat(anew.kind()).isEqualTo(Assembly.Kind.COMPLETE);
    assertThat(anew.snapshot().getVersion()).isEqualTo(1);
    assertThat(offer(small("k", 9)).kind()).isEqualTo(Assembly.Kind.OF_EARLIER_RUN);
    assertThat(offer(PartCodec.records(Snapshots.of("k", 2, 1, 2), 10_000).get(0)).kind())
        .isEqualTo(Assembly.Kind.STALE);
    assertThat(offer(PartCodec.records(Snapshots.of("k", 2, 2, 2), 10_000).get(0)).kind())
        .isEqualTo(Assembly.Kind.COMPLETE);
  }

  @Test
  void inPartsTooAndInTheOrderThatCompactionLeaves() {
    List<ModelRecord> old = PartCodec.records(Snapshots.of("k", 1, 8, 500), PART);
    List<ModelRecord> anew = PartCodec.records(Snapshots.of("k", 2, 1, 500), PART);
    // Version 1 of the new run went to the other slot: version 8 of the old one is never
    // overwritten.
    assertThat(new String(old.get(0).key(), UTF_8)).isEqualTo("k/0/0");
    assertThat(new String(anew.get(0).key(), UTF_8)).isEqualTo("k/1/0");
    for (List<ModelRecord> order : List.of(concat(old, anew), concat(anew, old))) {
      SnapshotAssembler reader = new SnapshotAssembler(AssemblyLimits.DEFAULT);
      ModelSnapshot last = null;
      for (ModelRecord r : order) {
        Assembly a = reader.offer(0, r.key(), r.value());
        last = a.kind() == Assembly.Kind.COMPLETE ? a.snapshot() : last;
      }
      assertThat(last.getIncarnation()).isEqualTo(2);
      assertThat(last.getVersion()).isEqualTo(1);
      assertThat(reader.pendingSnapshots()).isZero();
    }
  }

  private static List<ModelRecord> concat(List<ModelRecord> a, List<ModelRecord> b) {
    List<ModelRecord> all = new ArrayList<>(a);
    all.addAll(b);
    return all;
  }

  /** Partitions were added between two runs: the tombstone of the first may be read last. */
  @Test
  void aTombstoneCountsOnlyAgainstWhatCameFromItsOwnPartition() {
    ModelRecord first = small("k", 3);
    ModelRecord second = PartCodec.records(Snapshots.of("k", 2, 1, 2), 10_000).get(0);
    assembler.offer(0, first.key(), first.value());
    assembler.offer(4, second.key(), second.value());
    assertThat(assembler.offer(0, utf8("k"), null).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(assembler.offer(0, utf8("k/1/0"), null).kind()).isEqualTo(Assembly.Kind.STALE);
    assertThat(assembler.offer(4, utf8("k"), null).kind()).isEqualTo(Assembly.Kind.REMOVED);
  }

  /** Each of these looked at every unfinished snapshot of every key before: minutes. */
  @Test
  void aDeltaMakesAVersionOfTheOneBeforeItAndOfNoOther() {
    List<ModelSnapshot> v = new ArrayList<>();
    for (long version = 1; version <= 6; version++) {
      v.add(Snapshots.of("k", version, 3));
    }
    ModelRecord second = Snapshots.delta(v.get(0), v.get(1), 1, 0);
    assertThat(offer(second).kind()).as("came late").isEqualTo(Assembly.Kind.WITHOUT_BASE);
    assertThat(offer(small("k", 1)).kind()).isEqualTo(Assembly.Kind.COMPLETE);
    offer(PartCodec.records(v.get(0), 10_000).get(0));
    assertThat(offer(second).kind())
        .as("another model of that version")
        .isEqualTo(Assembly.Kind.CORRUPT);
    offer(new ModelRecord(utf8("k"), null));
    offer(PartCodec.records(v.get(0), 10_000).get(0));
    assertThat(offer(second).snapshot()).isEqualTo(v.get(1));
    assertThat(offer(second).kind()).as("comes again").isEqualTo(Assembly.Kind.STALE);
    assertThat(offer(Snapshots.delta(v.get(2), v.get(3), 1, 2)).kind())
        .as("one is missing")
        .isEqualTo(Assembly.Kind.WITHOUT_BASE);
    assertThat(offer(new ModelRecord(second.key(), null)).kind())
        .as("its place is taken back, not the model")
        .isEqualTo(Assembly.Kind.STALE);
    ModelRecord astray =
        new ModelRecord(utf8("k"), Snapshots.delta(v.get(1), v.get(2), 1, 1).value());
    assertThat(offer(astray).kind()).isEqualTo(Assembly.Kind.CORRUPT);
    assertThat(offer(PartCodec.records(v.get(4), 10_000).get(0)).snapshot()).isEqualTo(v.get(4));
    ModelSnapshot other = Snapshots.of("k", 2, 6, 3);
    other.setConfig(Map.of("model.loss", "hinge"));
    assertThat(offer(Snapshots.delta(v.get(4), other, 0, 0)).kind())
        .as("of another run")
        .isEqualTo(Assembly.Kind.WITHOUT_BASE);
    other.setIncarnation(1L);
    assertThat(offer(Snapshots.delta(v.get(4), other, 0, 0)).snapshot()).isEqualTo(other);
  }

  @Test
  void aModelThatGrowsBeyondTheLimitByDeltasIsRefused() {
    SnapshotAssembler narrow = new SnapshotAssembler(new AssemblyLimits(2000, 4000, 2));
    ModelSnapshot one = Snapshots.of("k", 1, 100);
    ModelSnapshot two = Snapshots.of("k", 2, 1000);
    ModelRecord first = PartCodec.records(one, 10_000).get(0);
    assertThat(narrow.offer(0, first.key(), first.value()).snapshot()).isEqualTo(one);
    ModelRecord second = Snapshots.delta(one, two, 1, 0);
    Assembly a = narrow.offer(0, second.key(), second.value());
    assertThat(a.kind()).isEqualTo(Assembly.Kind.OVER_LIMIT);
    assertThat(a.message()).contains("4000 bytes, the limit is 2000");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void partsThatDangleCostTheModelsOfOtherKeysNothing() {
    for (int i = 0; i < 50_000; i++) {
      ModelPart part =
          new ModelPart("d" + i, 1L, 1L, 0, 2, 10L, 0L, ByteBuffer.wrap(new byte[] {1}));
      assembler.offer(0, PartCodec.partKey("d" + i, 1, 0), SingleObject.encode(part));
    }
    assertThat(assembler.pendingSnapshots()).isEqualTo(50_000);
    ModelSnapshot model = Snapshots.of("k", 1, 2);
    for (int version = 1; version <= 50_000; version++) {
      model.setVersion((long) version);
      assertThat(assembler.offer(0, utf8("k"), SingleObject.encode(model)).kind())
          .isEqualTo(Assembly.Kind.COMPLETE);
    }
    assertThat(assembler.pendingSnapshots()).isEqualTo(50_000);
  }

  private static ModelRecord small(String key, long version) {
    return PartCodec.records(Snapshots.of(key, version, 2), 10_000).get(0);
  }

  private Assembly offer(ModelRecord r) {
    return assembler.offer(0, r.key(), r.value());
  }

  private Assembly offer(String key, ModelPart part) {
    return assembler.offer(0, utf8(key), SingleObject.encode(part));
  }

  private static String text(byte[] b) {
    return new String(b, StandardCharsets.UTF_8);
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
