package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.state.BlockWriter;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.learner.HeldExample;
import io.millrace.operators.learner.IdWindow;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.learner.KeyStateCodec;
import io.millrace.operators.learner.PendingExample;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;

/**
 * State of a key through Flink's serializer, and bytes of earlier builds.
 *
 * <p>The resources {@code key-state-N.hex} (what the serializer writes for {@link #sample}) and
 * {@code key-state-serializer-N.hex} (what its snapshot writes) were made by {@link #hexOf} of the
 * build in which format N was new. They are never made again: a new format adds a pair.
 */
class KeyStateSerializerTest {
  private static final StateSchema SCHEMA =
      new StateSchema.Builder().block("theta", 3).block("m", 2).block("empty", 0).build();

  private static KeyStateSerializer serializer() {
    return new KeyStateSerializer("adam", 2, SCHEMA);
  }

  /** A state with something in every field. */
  private static KeyState sample() {
    KeyState s = new KeyState();
    s.algorithm = "adam";
    s.stateVersion = 2;
    s.learner =
        LearnerState.of(
            SCHEMA,
            List.of(new double[] {1, -0.0, Double.MIN_VALUE}, new double[] {3, 4}, new double[0]));
    s.learner.setSteps(21);
    s.version = 5;
    s.predicted = 101;
    s.learned = 84;
    s.deadLetters = 6;
    s.rollbacks = 2;
    s.skipped = 3;
    s.abandoned = 1;
    s.total.scored = 90;
    s.total.judged = 80;
    s.total.correct = 70;
    s.total.lossSum = 12.5;
    s.window.scored = 9;
    s.window.judged = 8;
    s.window.correct = 7;
    s.window.lossSum = 0.1;
    s.predictedAtMetric = 95;
    s.eventTime = 1_700_000_000_123L;
    s.learnedTime = 1_700_000_000_100L;
    s.learnedAtSnapshot = 80;
    s.timeAtSnapshot = 1_700_000_000_000L;
    s.parts[0] = 4;
    s.parts[1] = 3;
    s.controlEpoch = 11;
    s.paused = true;
    s.timerAt = 1_700_000_003_600L;
    s.parent = "größe@9";
    s.overrides = new TreeMap<>(Map.of("learning-rate", 0.01, "beta1", 0.8));
    s.origins = new LinkedHashMap<>(Map.of("tuner", 7L));
    int events = s.topic("events");
    int labels = s.topic("labels");
    s.covers(events, 3, 10_442);
    s.covers(labels, 0, 17);
    HeldExample e = held(events);
    s.held = new ArrayList<>(List.of(e, e.labelled(2.5, Double.NaN, labels, 1, 18)));
    s.pending = new LinkedHashMap<>();
    s.pending.put("id-1", new PendingExample(held(events), new double[] {0.5, -2}));
    s.recent = new IdWindow(3);
    List.of("a", "b", "c", "d").forEach(s.recent::seen);
    return s;
  }

  private static HeldExample held(int topic) {
    return new HeldExample(
        topic,
        3,
        10_440,
        5,
        1_700_000_000_050L,
        "k".getBytes(StandardCharsets.UTF_8),
        new byte[] {(byte) 0xc3, 1, 2, 3},
        1_700_000_000_040L,
        Double.NaN,
        Double.NaN,
        -1,
        -1,
        -1);
  }

  private static byte[] bytes(TypeSerializer<KeyState> serializer, KeyState s) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(s, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] bytes(TypeSerializerSnapshot<KeyState> snapshot) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    snapshot.writeSnapshot(out);
    return out.getCopyOfBuffer();
  }

  private static KeyStateSerializerSnapshot read(int version, byte[] bytes) throws IOException {
    KeyStateSerializerSnapshot snapshot = new KeyStateSerializerSnapshot();
    snapshot.readSnapshot(
        version, new DataInputDeserializer(bytes), KeyStateSerializerTest.class.getClassLoader());
    return snapshot;
  }

  private static byte[] stored(String name) throws IOException {
    try (var in = KeyStateSerializerTest.class.getResourceAsStream("/state/" + name)) {
      return HexFormat.of()
          .parseHex(new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip());
    }
  }

  private static String hexOf(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void readsBackWhatItWroteBitForBit() throws IOException {
    byte[] written = bytes(serializer(), sample());
    KeyState read = serializer().deserialize(new DataInputDeserializer(written));
    assertThat(hexOf(bytes(serializer(), read))).isEqualTo(hexOf(written));
    assertThat(read.pending.get("id-1").raw()).containsExactly(0.5, -2);
    assertThat(read.held.get(1).label()).isEqualTo(2.5);
    assertThat(read.held.get(1).labelOffset()).isEqualTo(18);
    assertThat(read.held.get(0).labelTopic()).isEqualTo(-1);
    assertThat(read.overrides).isEqualTo(sample().overrides);
    assertThat(read.recent.seen("b")).isTrue();
    assertThat(read.recent.seen("a")).isFalse();
  }

  @Test
  void readsTheBytesOfFormatOne() throws IOException {
    KeyStateSerializerSnapshot description = read(1, stored("key-state-serializer-1.hex"));
    KeyState s =
        description
            .restoreSerializer()
            .deserialize(new DataInputDeserializer(stored("key-state-1.hex")));
    assertThat(s.learner.schema()).isEqualTo(SCHEMA);
    assertThat(hexOf(bytes(serializer(), s))).isEqualTo(hexOf(bytes(serializer(), sample())));
    assertThat(
            serializer()
                .snapshotConfiguration()
                .resolveSchemaCompatibility(description)
                .isCompatibleAsIs())
        .isTrue();
  }

  @Test
  void thisBuildWritesFormatOne() throws IOException {
    assertThat(KeyStateCodec.FORMAT).isEqualTo(1);
    assertThat(hexOf(bytes(serializer(), sample()))).isEqualTo(hexOf(stored("key-state-1.hex")));
    assertThat(hexOf(bytes(serializer().snapshotConfiguration())))
        .isEqualTo(hexOf(stored("key-state-serializer-1.hex")));
  }

  @Test
  void aCopySharesNothingThatChanges() throws IOException {
    KeyState s = sample();
    String before = hexOf(bytes(serializer(), s));
    KeyState c = serializer().copy(s);
    assertThat(hexOf(bytes(serializer(), c))).isEqualTo(before);
    c.learner.block("theta")[0] = 99;
    c.learner.setSteps(1);
    c.total.lossSum = 99;
    c.window.scored = 99;
    c.parts[0] = 99;
    c.overrides.put("x", 1.0);
    c.origins.put("x", 1L);
    c.held.remove(0);
    c.pending.remove("id-1");
    c.recent.seen("new");
    c.covers(0, 3, 99_999);
    c.covers(0, 4, 1);
    c.topic("another");
    assertThat(hexOf(bytes(serializer(), s))).isEqualTo(before);
  }

  @Test
  void copiesBetweenViewsWithoutDecoding() throws IOException {
    byte[] written = bytes(serializer(), sample());
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer().copy(new DataInputDeserializer(written), out);
    assertThat(out.getCopyOfBuffer()).isEqualTo(written);
  }

  @Test
  void travelsToTaskManagersAndDuplicates() throws Exception {
    KeyStateSerializer clone = InstantiationUtil.clone(serializer());
    assertThat(clone).isEqualTo(serializer()).hasSameHashCodeAs(serializer());
    assertThat(clone.duplicate()).isEqualTo(clone).isNotSameAs(clone);
    assertThat(hexOf(bytes(clone, sample()))).isEqualTo(hexOf(bytes(serializer(), sample())));
  }

  @Test
  void refusesTheStateOfAnotherAlgorithm() {
    assertThatThrownBy(() -> resolve(new KeyStateSerializer("sgd", 2, SCHEMA)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("savepoint holds state of 'sgd', the job runs 'adam'");
  }

  @Test
  void refusesANewerVersionAndOtherBlocks() {
    assertThatThrownBy(() -> resolve(new KeyStateSerializer("adam", 3, SCHEMA)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("in version 3; this build reads versions up to 2");
    StateSchema wider = new StateSchema.Builder().block("theta", 4).block("m", 3).build();
    assertThatThrownBy(() -> resolve(new KeyStateSerializer("adam", 2, wider)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("theta 4")
        .hasMessageContaining("theta 3");
  }

  @Test
  void takesAnOlderVersionAsItIsForTheLearnerToUpgrade() throws IOException {
    StateSchema old = new StateSchema.Builder().block("theta", 3).block("velocity", 2).build();
    KeyStateSerializer oldSerializer = new KeyStateSerializer("adam", 1, old);
    assertThat(resolve(oldSerializer)).isTrue();
    KeyState s = sample();
    s.stateVersion = 1;
    s.learner = LearnerState.of(old, List.of(new double[3], new double[] {7, 8}));
    KeyState read = serializer().deserialize(new DataInputDeserializer(bytes(oldSerializer, s)));
    assertThat(read.stateVersion).isEqualTo(1);
    assertThat(read.learner.block("velocity")).containsExactly(7, 8);
  }

  private static boolean resolve(KeyStateSerializer old) {
    return serializer()
        .snapshotConfiguration()
        .resolveSchemaCompatibility(old.snapshotConfiguration())
        .isCompatibleAsIs();
  }

  @Test
  void refusesFormatsOfTheFutureNamingFoundAndSupported() {
    assertThatThrownBy(() -> read(2, new byte[0]))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("format 2; this build reads 1");
    BlockWriter future = new BlockWriter().begin(9);
    int length = future.finish();
    assertThatThrownBy(() -> new KeyStateCodec(SCHEMA).decode(future.array(), 0, length))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("format 9; this build reads 1 to 1");
  }

  @Test
  void refusesDamagedBytes() {
    byte[] b = new KeyStateCodec(SCHEMA).toBytes(sample());
    b[b.length / 2] ^= 4;
    assertThatThrownBy(() -> new KeyStateCodec(SCHEMA).decode(b, 0, b.length))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("checksum");
  }
}
