package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.apache.avro.message.BinaryMessageEncoder;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SingleObjectTest {
  private static final SingleObject CODEC = SingleObject.standard();

  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void readsWhatItWrites(RecordKind kind) throws Exception {
    SpecificRecordBase record = Samples.of(kind);
    byte[] bytes = SingleObject.encode(record);
    assertThat(CODEC.decode(bytes)).isEqualTo(record);
    assertThat(CODEC.decode(kind.type(), bytes)).isEqualTo(record);
    WriterSchema writer = CODEC.writerOf(bytes);
    assertThat(writer.kind()).isEqualTo(kind);
    assertThat(writer.current()).isTrue();
    assertThat(writer.version()).isEqualTo(StoredSchemas.load().versions().size());
  }

  @Test
  void theHeaderIsAvrosOwn() throws Exception {
    Label label = (Label) Samples.of(RecordKind.LABEL);
    byte[] theirs =
        new BinaryMessageEncoder<Label>(label.getSpecificData(), Label.getClassSchema())
            .encode(label)
            .array();
    byte[] ours = SingleObject.encode(label);
    assertThat(Arrays.copyOf(theirs, ours.length)).isEqualTo(ours);
    assertThat(ours[0]).isEqualTo((byte) 0xC3);
    assertThat(ours[1]).isEqualTo((byte) 0x01);
  }

  @Test
  void equalRecordsGiveEqualBytesWhateverTheOrderOfTheirMaps() {
    Map<String, Double> forth = new LinkedHashMap<>(Map.of("b", 1.0));
    forth.put("a", 2.0);
    Map<String, Double> sorted = new TreeMap<>(forth);
    Metric one = new Metric("k", 1L, Instant.EPOCH, Map.of(), forth, null);
    Metric two = new Metric("k", 1L, Instant.EPOCH, Map.of(), sorted, null);
    assertThat(SingleObject.encode(one)).isEqualTo(SingleObject.encode(two));
  }

  @Test
  void everyFaultHasItsReason() {
    byte[] good = SingleObject.encode(Samples.of(RecordKind.EXAMPLE));
    assertThat(reason(null)).isEqualTo(Reason.EMPTY);
    assertThat(reason(new byte[0])).isEqualTo(Reason.EMPTY);
    assertThat(reason(new byte[] {(byte) 0xC3})).isEqualTo(Reason.NOT_SINGLE_OBJECT);
    assertThat(reason("{\"key\": \"ctr\"}".getBytes())).isEqualTo(Reason.NOT_SINGLE_OBJECT);
    byte[] foreign = good.clone();
    foreign[5] ^= 1;
    assertThat(reason(foreign)).isEqualTo(Reason.UNKNOWN_SCHEMA);
    assertThat(reason(Arrays.copyOf(good, good.length + 1))).isEqualTo(Reason.TRAILING_BYTES);
    for (int length = SingleObject.HEADER_BYTES; length < good.length; length++) {
      assertThat(reason(Arrays.copyOf(good, length))).isEqualTo(Reason.MALFORMED);
    }
    assertThatThrownBy(() -> CODEC.decode(Label.class, good))
        .isInstanceOfSatisfying(
            DecodeException.class, e -> assertThat(e.reason()).isEqualTo(Reason.WRONG_TYPE));
  }

  @Test
  void theMessageNamesTheField() {
    byte[] good = SingleObject.encode(Samples.of(RecordKind.EXAMPLE));
    assertThatThrownBy(() -> CODEC.decode(Arrays.copyOf(good, good.length - 3)))
        .hasMessageContaining("Example.features.values");
  }

  @Test
  void aLengthThatIsNotThereIsNotAllocated() {
    AvroSink key = new AvroSink().header(SingleObject.fingerprint(RecordKind.EXAMPLE));
    assertThat(reason(key.writeLong(Integer.MAX_VALUE - 8).toByteArray()))
        .isEqualTo(Reason.MALFORMED);
    AvroSink items = new AvroSink().header(SingleObject.fingerprint(RecordKind.EXAMPLE_BATCH));
    assertThat(reason(items.writeString("k").writeLong(1L << 30).toByteArray()))
        .isEqualTo(Reason.MALFORMED);
    AvroSink blocks = new AvroSink().header(SingleObject.fingerprint(RecordKind.EXAMPLE_BATCH));
    assertThat(reason(blocks.writeString("k").writeLong(Long.MIN_VALUE).writeLong(0).toByteArray()))
        .isEqualTo(Reason.MALFORMED);
  }

  @Test
  void stringsThatAreNotUtf8AreRefused() {
    AvroSink sink = new AvroSink().header(SingleObject.fingerprint(RecordKind.LABEL));
    sink.writeBytes(new byte[] {(byte) 0xC0, (byte) 0x80}, 0, 2);
    sink.writeString("id").writeLong(0).writeInt(0).writeDouble(1).writeInt(0);
    assertThat(reason(sink.toByteArray())).isEqualTo(Reason.MALFORMED);
  }

  @Test
  void severalAndSizedBlocksAreRead() throws Exception {
    AvroSink sink = new AvroSink().header(SingleObject.fingerprint(RecordKind.EXAMPLE));
    sink.writeString("k").writeString("").writeLong(0).writeDouble(1).writeInt(0).writeInt(0);
    sink.writeLong(1).writeFloat(1f);
    sink.writeLong(-2).writeLong(8).writeFloat(2f).writeFloat(3f).writeLong(0);
    Example e = CODEC.decode(Example.class, sink.toByteArray());
    assertThat(((DenseFeatures) e.getFeatures()).getValues()).isEqualTo(List.of(1f, 2f, 3f));
  }

  @Property
  void arbitraryBytesBehindAKnownHeaderNeverDoAnythingElseThanFail(
      @ForAll @IntRange(max = 8) int kind, @ForAll @Size(max = 200) byte[] body) {
    AvroSink sink = new AvroSink().header(SingleObject.fingerprint(RecordKind.values()[kind]));
    total(sink.append(body, 0, body.length).toByteArray());
  }

  @Property
  void aFlippedBitNeverDoesAnythingElseThanFailOrDecode(
      @ForAll @IntRange(max = 8) int kind, @ForAll @IntRange(max = 4000) int bit) {
    byte[] b = SingleObject.encode(Samples.of(RecordKind.values()[kind]));
    b[bit / 8 % b.length] ^= (byte) (1 << bit % 8);
    total(b);
  }

  /** Three million positions of three bytes each are two hundred megabytes of objects. */
  @Test
  void aRecordThatWouldTakeFarMoreMemoryThanItHasBytesIsNotRead() throws Exception {
    InputPosition one = new InputPosition("", 0, 0L);
    ModelSnapshot s = Samples.snapshot("k", 1, new double[4]);
    s.setInputs(Collections.nCopies(BodyCheck.MOST_STRUCTURE / 3 + 1, one));
    byte[] many = SingleObject.encode(s);
    assertThatThrownBy(() -> CODEC.decode(many))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("ModelSnapshot has")
        .hasMessageContaining("at most " + BodyCheck.MOST_STRUCTURE);
    s.setInputs(List.of(one));
    double[] weights = new double[BodyCheck.MOST_STRUCTURE / Float.BYTES + 1];
    s.setTensors(List.of(Tensors.of("weights", new int[] {weights.length}, weights, DType.F32)));
    assertThat(CODEC.decode(SingleObject.encode(s))).isEqualTo(s);
  }

  private static void total(byte[] b) {
    try {
      SpecificRecordBase record = CODEC.decode(b);
      assertThat(record).isNotNull();
    } catch (DecodeException e) {
      assertThat(e.reason()).isNotEqualTo(Reason.UNKNOWN);
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static Reason reason(byte[] b) {
    return catchThrowableOfType(DecodeException.class, () -> CODEC.decode(b)).reason();
  }
}
