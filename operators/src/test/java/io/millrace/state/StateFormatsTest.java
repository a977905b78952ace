package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.state.CoordinateTable;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.ingress.Address;
import io.millrace.operators.journal.GroupOrders;
import io.millrace.operators.journal.GroupOrders.Scope;
import io.millrace.operators.journal.Journal;
import io.millrace.operators.journal.KeptEvent;
import io.millrace.operators.journal.WaitingEvent;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.OutRecord;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.SingleObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that is in savepoints, through its serializer, and bytes of earlier builds.
 *
 * <p>The resource {@code state/NAME-N.hex} holds what the serializer of NAME writes for its sample
 * and, in a second line, its versioned snapshot. It was made by the build in which format N was new
 * and is never made again: a new format adds a file.
 */
class StateFormatsTest {
  private static final StateSchema SCHEMA =
      new StateSchema.Builder()
          .block("theta", 3)
          .block("m", 2)
          .block("empty", 0)
          .block("narrow", StateSchema.Type.FLOATS, 2)
          .block("counts", StateSchema.Type.LONGS, 1)
          .block("random", StateSchema.Type.BYTES, 0)
          .build();

  private static final StateSchema WITH_TABLE =
      new StateSchema.Builder().block("theta", 1).table("features", 2).build();

  private static final TreeMap<String, String> MEANING =
      new TreeMap<>(Map.of("model.classes", "[DOWN, UP]", "model.loss", "logistic"));

  /** What is written, by a serializer. */
  record Case<T>(String name, TypeSerializer<T> serializer, T sample) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case<?>> cases() {
    return Stream.of(
        new Case<>("key", new KeySerializer(), "größe"),
        new Case<>("journal", new JournalSerializer(), journal()),
        new Case<>("journal-deltas", new JournalSerializer(), inAChain()),
        new Case<>("blocks", blocksSerializer(SCHEMA), blocks()),
        new Case<>("blocks-table", blocksSerializer(WITH_TABLE), table()),
        new Case<>("kept-event", new KeptEventSerializer(), kept()),
        new Case<>(
            "kept-event-labelled",
            new KeptEventSerializer(),
            kept().labelled(2.5, Double.NaN, 1, 0, 18)),
        new Case<>(
            "waiting-event",
            new WaitingEventSerializer(),
            new WaitingEvent(77, kept(), new double[] {0.5, -2})),
        new Case<>("group-orders", new GroupOrdersSerializer(), orders()),
        new Case<>(
            "out-record",
            new OutRecordSerializer(),
            OutRecord.in(utf8("größe"), new byte[] {1, 2, 3}, 5)),
        new Case<>("tombstone", new OutRecordSerializer(), OutRecord.of(utf8("k#0"), null)));
  }

  static BlocksSerializer blocksSerializer(StateSchema schema) {
    return new BlocksSerializer("adam", 2, schema, MEANING);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static LearnerState blocks() {
    LearnerState s =
        LearnerState.of(
            SCHEMA,
            new double[] {1, -0.0, Double.MIN_VALUE},
            new double[] {3, 4},
            new double[0],
            new float[] {0.5f, Float.MAX_VALUE},
            new long[] {-3},
            new byte[] {9, 8, 7});
    s.setVersion(2);
    s.setSteps(21);
    return s;
  }

  private static LearnerState table() {
    double[] records = {1, -0.0, Double.POSITIVE_INFINITY, Double.MIN_VALUE, 3, 4};
    CoordinateTable table = CoordinateTable.of(2, new int[] {262143, 0, 77}, records);
    LearnerState s = LearnerState.of(WITH_TABLE, new double[] {0.5}, table);
    s.setVersion(2);
    s.setSteps(21);
    return s;
  }

  /** The same in a chain of deltas; numbers that a key without one does not write. */
  private static Journal inAChain() {
    Journal j = journal();
    j.slot = 0;
    j.deltas = 2;
    j.described = -7_000_000_000_000L;
    return j;
  }

  /** A journal with something in every field but those of a chain of deltas. */
  private static Journal journal() {
    Journal j = new Journal();
    j.incarnation = 1_700_000_000_001L;
    j.version = 5;
    j.evenParts = 4;
    j.oddParts = 3;
    j.slot = 1;
    j.learnedAtSnapshot = 80;
    j.timeAtSnapshot = 1_700_000_000_000L;
    j.parent = "größe@9";
    j.champion = "slow";
    j.former = "base";
    j.eventTime = 1_700_000_000_123L;
    j.timerAt = 1_700_000_003_600L;
    j.controlEpoch = 11;
    j.ordersSeen = 12;
    j.home = 3;
    j.paused = true;
    j.overrides = new TreeMap<>(Map.of("learning-rate", 0.01, "beta1", 0.8));
    j.predicted = 101;
    j.predictedAtMetric = 95;
    j.learned = 84;
    j.learnedTime = 1_700_000_000_100L;
    j.deadLetters = 6;
    j.rollbacks = 2;
    j.refused = 2;
    j.restores = 1;
    j.skipped = 3;
    j.abandoned = 1;
    j.total.add(90, 0.5);
    j.total.judge(1);
    j.window.add(9, 0.1);
    j.window.judge(0);
    j.held = 1;
    j.waiting.count = 2;
    j.waiting.first = 75;
    j.waiting.next = 78;
    j.waiting.oldest = 1_700_000_000_050L;
    j.waiting.bytes = 320;
    j.early.count = 1;
    j.early.first = 4;
    j.early.next = 6;
    j.early.oldest = 1_700_000_000_060L;
    j.early.bytes = 190;
    j.heldBytes = 142;
    j.recentWindow = 100;
    j.recentCount = 131;
    j.origins().isNews("tuner", 7);
    j.covers(j.topic("events"), 3, 10_442);
    j.covers(j.topic("labels"), 0, 17);
    return j;
  }

  private static KeptEvent kept() {
    return new KeptEvent(
        0, 3, 10_440, 5, 1_700_000_000_050L, utf8("k"), new byte[] {(byte) 0xc3, 1, 2, 3}, 17);
  }

  private static GroupOrders orders() {
    Control set =
        new Control(
            "*", ControlCommand.SET, "learning-rate", 0.5, Instant.ofEpochMilli(5), "tuner", 3L, 2);
    Control pause = new Control("*", ControlCommand.PAUSE, "", 0.0, Instant.EPOCH, "", 0L, 0);
    return GroupOrders.NONE
        .with(new Scope(1, 2), set, evidence(set, utf8("*")))
        .with(Scope.ALL, pause, evidence(pause, null));
  }

  private static Evidence evidence(Control control, byte[] recordKey) {
    return new Evidence(
        new Address("events", 1, 20, -1), 1000, recordKey, "*", SingleObject.encode(control));
  }

  private static <T> byte[] bytes(TypeSerializer<T> serializer, T value) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    serializer.serialize(value, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] snapshot(TypeSerializer<?> serializer) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(64);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, serializer.snapshotConfiguration());
    return out.getCopyOfBuffer();
  }

  private static <T> TypeSerializerSnapshot<T> read(byte[] bytes) throws IOException {
    return TypeSerializerSnapshot.readVersionedSnapshot(
        new DataInputDeserializer(bytes), StateFormatsTest.class.getClassLoader());
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  /** Sample and snapshot of a format, as the build wrote them that introduced it. */
  private static String[] stored(String name, int format) throws IOException {
    try (var in =
        StateFormatsTest.class.getResourceAsStream("/state/" + name + "-" + format + ".hex")) {
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).strip().split("\n");
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  <T> void thisBuildWritesFormatOne(Case<T> c) throws IOException {
    assertThat(new String[] {hex(bytes(c.serializer, c.sample)), hex(snapshot(c.serializer))})
        .isEqualTo(stored(c.name, 1));
  }

  @ParameterizedTest
  @MethodSource("cases")
  <T> void readsTheBytesOfFormatOne(Case<T> c) throws IOException {
    String[] stored = stored(c.name, 1);
    TypeSerializerSnapshot<T> then = read(HexFormat.of().parseHex(stored[1]));
    byte[] written = HexFormat.of().parseHex(stored[0]);
    T value = then.restoreSerializer().deserialize(new DataInputDeserializer(written));
    assertThat(hex(bytes(c.serializer, value))).isEqualTo(stored[0]);
    assertThat(
            c.serializer
                .snapshotConfiguration()
                .resolveSchemaCompatibility(then)
                .isCompatibleAsIs())
        .isTrue();
  }

  @ParameterizedTest
  @MethodSource("cases")
  <T> void copiesAreEqualBetweenViewsAndBetweenObjects(Case<T> c) throws IOException {
    byte[] written = bytes(c.serializer, c.sample);
    DataOutputSerializer out = new DataOutputSerializer(64);
    c.serializer.copy(new DataInputDeserializer(written), out);
    assertThat(hex(out.getCopyOfBuffer())).isEqualTo(hex(written));
    assertThat(hex(bytes(c.serializer, c.serializer.copy(c.sample)))).isEqualTo(hex(written));
    assertThat(c.serializer.isImmutableType()).isEqualTo(c.serializer.copy(c.sample) == c.sample);
  }

  @ParameterizedTest
  @MethodSource("cases")
  <T> void duplicatesWriteTheSame(Case<T> c) throws IOException {
    TypeSerializer<T> duplicate = c.serializer.duplicate();
    assertThat(duplicate).isEqualTo(c.serializer).hasSameHashCodeAs(c.serializer);
    assertThat(bytes(duplicate, c.sample)).isEqualTo(bytes(c.serializer, c.sample));
  }

  /** Types travel to the task managers by Java serialization. */
  @Test
  void typesTravel() throws Exception {
    assertThat(InstantiationUtil.clone(KeySerializer.TYPE)).isEqualTo(KeySerializer.TYPE);
    assertThat(InstantiationUtil.clone(OutRecordSerializer.TYPE))
        .isEqualTo(OutRecordSerializer.TYPE);
    assertThat(InstantiationUtil.clone(RoutedEventSerializer.TYPE))
        .isEqualTo(RoutedEventSerializer.TYPE);
  }

  @ParameterizedTest
  @MethodSource("cases")
  <T> void refusesFormatsOfTheFutureNamingFoundAndSupported(Case<T> c) throws IOException {
    if (!(c.serializer instanceof StateSerializer)) {
      return; // written by one of Flink's own
    }
    TypeSerializerSnapshot<T> snapshot = c.serializer.snapshotConfiguration();
    assertThatThrownBy(
            () ->
                snapshot.readSnapshot(
                    2, new DataInputDeserializer(new byte[0]), getClass().getClassLoader()))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("format 2; this build reads 1");
  }

  /** Damage is found by a checksum, or by the shape of what is read; it never is taken for data. */
  @ParameterizedTest
  @MethodSource("cases")
  <T> void refusesBytesThatEndEarly(Case<T> c) throws IOException {
    byte[] written = bytes(c.serializer, c.sample);
    for (int length = 0; length < written.length; length++) {
      DataInputDeserializer in = new DataInputDeserializer(written, 0, length);
      assertThatThrownBy(() -> c.serializer.deserialize(in)).as("%s bytes", length).isNotNull();
    }
  }

  @Test
  void refusesDamagedNumbers() throws IOException {
    for (Case<?> c : cases().filter(c -> c.name.matches("journal|blocks.*")).toList()) {
      refusesDamage(c);
    }
  }

  private static <T> void refusesDamage(Case<T> c) throws IOException {
    byte[] written = bytes(c.serializer, c.sample);
    for (int i = 4; i < written.length; i++) {
      byte[] damaged = written.clone();
      damaged[i] ^= 4;
      assertThatThrownBy(() -> c.serializer.deserialize(new DataInputDeserializer(damaged)))
          .as("%s, byte %s", c, i)
          .isInstanceOf(StateException.class);
    }
  }

  @Test
  void aCopyOfAJournalSharesNothingThatChanges() throws IOException {
    Journal j = journal();
    JournalSerializer serializer = new JournalSerializer();
    String before = hex(bytes(serializer, j));
    Journal c = serializer.copy(j);
    c.total.add(1, 99);
    c.window.judge(1);
    c.overrides.put("x", 1.0);
    c.origins().isNews("x", 1);
    c.covers(0, 3, 99_999);
    c.covers(0, 4, 1);
    c.topic("another");
    assertThat(hex(bytes(serializer, j))).isEqualTo(before);
  }

  @Test
  void aCopyOfBlocksSharesNothingThatChanges() throws IOException {
    LearnerState s = blocks();
    BlocksSerializer serializer = blocksSerializer(SCHEMA);
    String before = hex(bytes(serializer, s));
    LearnerState c = serializer.copy(s);
    c.block("theta")[0] = 99;
    c.floats("narrow")[0] = 99;
    c.longs("counts")[0] = 99;
    c.bytes("random")[0] = 99;
    c.setSteps(1);
    assertThat(hex(bytes(serializer, s))).isEqualTo(before);
  }

  private static boolean resolve(BlocksSerializer old) {
    return blocksSerializer(SCHEMA)
        .snapshotConfiguration()
        .resolveSchemaCompatibility(old.snapshotConfiguration())
        .isCompatibleAsIs();
  }

  @Test
  void refusesTheStateOfAnotherAlgorithm() {
    assertThatThrownBy(() -> resolve(new BlocksSerializer("sgd", 2, SCHEMA, MEANING)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("savepoint holds state of 'sgd', the job runs 'adam'");
  }

  @Test
  void refusesANewerVersionAndOtherBlocks() {
    assertThatThrownBy(() -> resolve(new BlocksSerializer("adam", 3, SCHEMA, MEANING)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("in version 3; this build reads versions up to 2");
    StateSchema wider = new StateSchema.Builder().block("theta", 4).block("m", 3).build();
    assertThatThrownBy(() -> resolve(blocksSerializer(wider)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("theta 4")
        .hasMessageContaining("theta 3");
  }

  @Test
  void takesAnotherFormOfTheSameNumbersAsItIs() throws IOException {
    BlocksSerializer both =
        new BlocksSerializer("adam", 2, WITH_TABLE, MEANING, List.of(SCHEMA, WITH_TABLE), false);
    assertThat(
            both.snapshotConfiguration()
                .resolveSchemaCompatibility(blocksSerializer(SCHEMA).snapshotConfiguration())
                .isCompatibleAsIs())
        .isTrue();
    LearnerState read =
        both.deserialize(new DataInputDeserializer(bytes(blocksSerializer(SCHEMA), blocks())));
    assertThat(read.schema()).isEqualTo(SCHEMA);
    assertThatThrownBy(() -> resolve(blocksSerializer(WITH_TABLE)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("features 2 doubles for each coordinate");
  }

  @Test
  void refusesAnotherMeaningNamingBoth() {
    TreeMap<String, String> other = new TreeMap<>(MEANING);
    other.put("model.classes", "[UP, DOWN]");
    other.remove("model.loss");
    other.put("features.seed", "4");
    assertThatThrownBy(() -> resolve(new BlocksSerializer("adam", 2, SCHEMA, other)))
        .isInstanceOf(StateException.class)
        .hasMessage(
            "savepoint holds state of 'adam' that means something else:"
                + " features.seed is '4' in the savepoint, absent here;"
                + " model.classes is '[UP, DOWN]' in the savepoint, '[DOWN, UP]' here;"
                + " model.loss is absent in the savepoint, 'logistic' here;"
                + " configure these as they were, or start without the savepoint");
    // An older version has its own blocks, and is upgraded; its meaning stands all the same.
    assertThatThrownBy(() -> resolve(new BlocksSerializer("adam", 1, SCHEMA, other)))
        .isInstanceOf(StateException.class);
  }

  @Test
  void takesAnOlderVersionAsItIsForTheLearnerToUpgrade() throws IOException {
    StateSchema old = new StateSchema.Builder().block("theta", 3).block("velocity", 2).build();
    BlocksSerializer then = new BlocksSerializer("adam", 1, old, MEANING);
    assertThat(resolve(then)).isTrue();
    LearnerState s = LearnerState.of(old, new double[3], new double[] {7, 8});
    s.setVersion(1);
    LearnerState read =
        blocksSerializer(SCHEMA).deserialize(new DataInputDeserializer(bytes(then, s)));
    assertThat(read.version()).isEqualTo(1);
    assertThat(read.block("velocity")).containsExactly(7, 8);
  }
}
