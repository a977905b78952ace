package io.millrace.tests.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Assembly;
import io.millrace.client.AssemblyLimits;
import io.millrace.client.SnapshotAssembler;
import io.millrace.core.learn.ModelWriter;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.publish.SnapshotPublisher;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.flink.metrics.SimpleCounter;
import org.junit.jupiter.api.Test;

/**
 * Chains of deltas as a job writes them, read from a topic of which records are gone: whatever is
 * missing, a reader shows a version as it was published or waits; and if nothing is missing but
 * what compaction may take, it has the newest.
 */
class DeltaChainsTest {
  private static final int FEATURES = 400;
  private static final String KEY = "k/0"; // the record keys of its parts are k/0/0/0, k/0/1/0, ...

  /** A topic with one partition, in which one model is published. */
  private static final class Topic {
    final Journal journal = new Journal();
    final List<OutRecord> records = new ArrayList<>();

    /** Every version as a job without deltas would write it. */
    final Map<Long, byte[]> whole = new HashMap<>();

    /** After each record the version that a reader shows who has been there from the start. */
    final List<Long> newest = new ArrayList<>();

    private final Reader live = new Reader();

    private final Random random;
    private final SnapshotPublisher publisher;
    private final SnapshotPublisher plain;
    private final Map<Integer, Double> weights = new TreeMap<>();
    private List<Tensor> last = List.of();

    Topic(long seed, int fullEvery, int partBytes) {
      random = new Random(seed);
      publisher =
          new SnapshotPublisher(
              options(fullEvery, partBytes),
              "scalar",
              (channel, r) -> records.add(r),
              new SimpleCounter());
      plain =
          new SnapshotPublisher(
              options(1, PartCodec.MAX_PART_BYTES),
              "scalar",
              (channel, r) -> whole.put(journal.version, r.value),
              new SimpleCounter());
      journal.incarnation = 1;
      journal.eventTime = 1;
      for (int i = 0; i < 60; i++) {
        weights.put(random.nextInt(FEATURES), random.nextGaussian());
      }
    }

    private static SnapshotOptions options(int fullEvery, int partBytes) {
      return new SnapshotOptions(
          "learn", 1, null, false, fullEvery, DType.F32, partBytes, 1, "test");
    }

    /** Learns a little, or now and then a lot, forgets a little, and publishes. */
    void publish() {
      int changes = random.nextInt(6) == 0 ? 200 : 1 + random.nextInt(4);
      for (int i = 0; i < changes; i++) {
        weights.put(random.nextInt(FEATURES), random.nextGaussian());
      }
      weights.keySet().removeIf(k -> random.nextInt(20) == 0);
      journal.learned++;
      journal.controlEpoch += random.nextInt(5) == 0 ? 1 : 0;
      Journal other = journal.copy();
      other.evenParts = 0;
      other.oddParts = 0;
      other.deltas = 0;
      last = publisher.publish(journal, KEY, new Weights(), () -> last);
      plain.publish(other, KEY, new Weights());
      for (OutRecord r : records.subList(newest.size(), records.size())) {
        live.take(r);
        newest.add(live.version);
      }
      assertThat(live.version).isEqualTo(journal.version);
    }

    private final class Weights implements SnapshotPublisher.Source {
      @Override
      public String algorithm() {
        return "sgd";
      }

      @Override
      public int stateVersion() {
        return 1;
      }

      @Override
      public Map<String, Double> hyperparameters() {
        return Map.of("learning-rate", 0.1);
      }

      @Override
      public void write(ModelWriter out) {
        int[] rows = weights.keySet().stream().mapToInt(Integer::intValue).toArray();
        double[] data = weights.values().stream().mapToDouble(Double::doubleValue).toArray();
        out.config("model.kind", "linear");
        out.rows("weights", new int[] {FEATURES, 1}, rows, data);
        out.tensor("bias", new int[] {1}, new double[] {journal.learned});
      }

      @Override
      public void describe(Map<String, Long> counters, Map<String, Double> values) {
        counters.put("steps", journal.learned);
      }
    }
  }

  /** A reader of one partition. */
  private static final class Reader {
    private final SnapshotAssembler assembler = new SnapshotAssembler(AssemblyLimits.DEFAULT);

    /** What it shows; null: nothing. */
    byte[] shown;

    long version;

    void take(OutRecord r) {
      Assembly a = assembler.offer(0, r.key, r.value);
      assertThat(a.kind()).as(a.message()).isNotEqualTo(Assembly.Kind.CORRUPT);
      if (a.kind() == Assembly.Kind.COMPLETE) {
        ModelSnapshot s = a.snapshot();
        assertThat(s.getVersion()).isGreaterThan(version);
        version = s.getVersion();
        shown = SnapshotCodec.encode(s);
      } else if (a.kind() == Assembly.Kind.REMOVED) {
        version = 0;
        shown = null;
      }
    }
  }

  /** What compaction leaves of the first records: of each key the last, tombstones or not. */
  private static List<OutRecord> compacted(List<OutRecord> records, boolean keepTombstones) {
    Set<ByteBuffer> later = new HashSet<>();
    List<OutRecord> left = new ArrayList<>();
    for (int i = records.size() - 1; i >= 0; i--) {
      OutRecord r = records.get(i);
      if (later.add(ByteBuffer.wrap(r.key)) && (r.value != null || keepTombstones)) {
        left.add(0, r);
      }
    }
    return left;
  }

  private static void assertPublished(Topic topic, Reader reader) {
    if (reader.version > 0) {
      assertThat(reader.shown).isEqualTo(topic.whole.get(reader.version));
    }
  }

  /** Every subset of the records of two chains and a half, the model in one record or in parts. */
  @Test
  void whateverIsMissingAReaderShowsAPublishedVersionOrWaits() {
    for (int partBytes : new int[] {512, PartCodec.DEFAULT_PART_BYTES}) {
      Topic topic = new Topic(3, 3, partBytes);
      while (topic.records.size() < 9) {
        topic.publish();
      }
      int n = topic.records.size();
      assertThat(n).isLessThan(14);
      int waited = 0;
      for (int subset = 0; subset < 1 << n; subset++) {
        Reader reader = new Reader();
        for (int i = 0; i < n; i++) {
          if ((subset >> i & 1) == 1) {
            reader.take(topic.records.get(i));
            assertPublished(topic, reader);
          }
        }
        waited += reader.version < topic.journal.version ? 1 : 0;
      }
      assertThat(waited).isBetween(1, (1 << n) - 1);
    }
  }

  /** Compacted up to any record, read up to any later one: the newest there was by then. */
  @Property(tries = 6)
  void compactionNeverBreaksAChain(
      @ForAll long seed, @ForAll @IntRange(min = 2, max = 5) int fullEvery, @ForAll boolean parts) {
    Topic topic = new Topic(seed, fullEvery, parts ? 256 : PartCodec.DEFAULT_PART_BYTES);
    for (int version = 0; version < 12; version++) {
      topic.publish();
    }
    for (int clean = 0; clean <= topic.records.size(); clean++) {
      for (boolean tombstones : new boolean[] {true, false}) {
        Reader reader = new Reader();
        for (OutRecord r : compacted(topic.records.subList(0, clean), tombstones)) {
          reader.take(r);
          assertPublished(topic, reader);
        }
        if (clean > 0) {
          assertThat(reader.version).isEqualTo(topic.newest.get(clean - 1));
        }
        for (int i = clean; i < topic.records.size(); i++) {
          reader.take(topic.records.get(i));
          assertPublished(topic, reader);
          assertThat(reader.version).isEqualTo(topic.newest.get(i));
        }
      }
    }
  }

  /** Read while it is written and compacted behind the reader's back, again and again. */
  @Property(tries = 100)
  void aReaderThatIsKilledAndStartedIsAlwaysRight(@ForAll long seed) {
    Random random = new Random(seed);
    Topic topic = new Topic(seed, 4, random.nextBoolean() ? 256 : PartCodec.DEFAULT_PART_BYTES);
    List<OutRecord> log = new ArrayList<>();
    Reader reader = new Reader();
    int read = 0;
    for (int version = 0; version < 12; version++) {
      int from = topic.records.size();
      topic.publish();
      log.addAll(topic.records.subList(from, topic.records.size()));
      switch (random.nextInt(3)) {
        case 0 -> { // started anew on what compaction has left
          log = compacted(log, random.nextBoolean());
          reader = new Reader();
          read = 0;
        }
        case 1 -> {
          continue; // it is slow
        }
        default -> {
          // it follows
        }
      }
      while (read < log.size()) {
        reader.take(log.get(read++));
        assertPublished(topic, reader);
      }
      assertThat(reader.version).isEqualTo(topic.journal.version);
    }
  }

  /**
   * A slow reader comes to records behind which compaction has taken deltas that it has not seen.
   */
  @Property(tries = 100)
  void aReaderThatHasMissedADeltaWaitsForTheNextWholeModel(@ForAll long seed) {
    Random random = new Random(seed);
    Topic topic = new Topic(seed, 4, PartCodec.DEFAULT_PART_BYTES);
    for (int version = 0; version < 12; version++) {
      topic.publish();
    }
    int at = random.nextInt(topic.records.size());
    Reader reader = new Reader();
    topic.records.subList(0, at).forEach(reader::take);
    Set<OutRecord> left = new HashSet<>(compacted(topic.records, random.nextBoolean()));
    for (int i = at; i < topic.records.size(); i++) {
      if (left.contains(topic.records.get(i))) {
        reader.take(topic.records.get(i));
        assertPublished(topic, reader);
      }
    }
    assertThat(reader.version).isEqualTo(topic.journal.version);
  }
}
