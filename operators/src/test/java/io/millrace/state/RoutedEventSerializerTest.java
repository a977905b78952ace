package io.millrace.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.Reason;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.flink.api.common.serialization.SerializerConfigImpl;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class RoutedEventSerializerTest {
  private final TypeSerializer<RoutedEvent> serializer = new RoutedEventSerializer();

  @Property(tries = 500)
  void readsWhatItWrote(@ForAll("events") RoutedEvent a, @ForAll("events") RoutedEvent b)
      throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(a, out);
    serializer.serialize(b, out);
    DataInputDeserializer in = new DataInputDeserializer(out.getCopyOfBuffer());
    TypeSerializer<RoutedEvent> other = serializer.duplicate();
    RoutedEvent first = other.deserialize(in);
    RoutedEvent second = other.deserialize(first, in);
    assertThat(first).usingRecursiveComparison().isEqualTo(a);
    assertThat(second).usingRecursiveComparison().isEqualTo(b);
    assertThat(in.available()).isZero();
  }

  @Property(tries = 100)
  void copiesBytesUnchanged(@ForAll("events") RoutedEvent event) throws IOException {
    byte[] written = bytes(event);
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.copy(new DataInputDeserializer(written), out);
    assertThat(out.getCopyOfBuffer()).isEqualTo(written);
    assertThat(serializer.copy(event)).isSameAs(event);
  }

  @Provide
  Arbitrary<RoutedEvent> events() {
    Arbitrary<String> text =
        Arbitraries.oneOf(
            Arbitraries.strings().ascii().ofMaxLength(40),
            Arbitraries.strings().withCharRange('\u0000', '\ud7ff').ofMaxLength(40));
    Arbitrary<byte[]> bytes =
        Arbitraries.bytes().array(byte[].class).ofMaxSize(300).injectNull(0.2);
    Arbitrary<byte[]> keys =
        Arbitraries.oneOf(
            bytes, text.map(s -> s.getBytes(StandardCharsets.UTF_8)), Arbitraries.just(null));
    Arbitrary<RoutedEvent> usable =
        Combinators.combine(
                Arbitraries.integers().between(RoutedEvent.ORDER, RoutedEvent.TIME),
                Arbitraries.integers().between(0, 300),
                Arbitraries.integers(),
                Arbitraries.longs(),
                Arbitraries.longs(),
                keys,
                text,
                bytes)
            .as(
                (kind, topic, partition, offset, timestamp, recordKey, key, value) ->
                    new RoutedEvent(
                        kind,
                        topic,
                        partition,
                        offset,
                        timestamp,
                        key.length() % 2 == 0 ? key.getBytes(StandardCharsets.UTF_8) : recordKey,
                        key,
                        topic % 3 == 0 ? key + "2" : null,
                        value,
                        null,
                        null));
    Arbitrary<RoutedEvent> unusable =
        Combinators.combine(keys, text, bytes, Arbitraries.of(Reason.class), Arbitraries.longs())
            .as(
                (recordKey, message, value, reason, offset) ->
                    new RoutedEvent(
                        RoutedEvent.UNUSABLE,
                        1,
                        0,
                        offset,
                        -1,
                        recordKey,
                        "",
                        null,
                        value,
                        reason,
                        message));
    return Arbitraries.oneOf(usable, unusable);
  }

  /** The layout of version 1: channel state of an unaligned checkpoint holds such bytes. */
  @Test
  void layoutIsFrozen() throws IOException {
    RoutedEvent example =
        new RoutedEvent(
            EventKind.EXAMPLE.code(),
            2,
            300,
            7,
            1000,
            utf8("ctr"),
            "ctr",
            "chain",
            utf8("xyz"),
            null,
            null);
    assertThat(HexFormat.of().formatHex(bytes(example)))
        .isEqualTo(
            "0a"
                + "02"
                + "02"
                + "ac02"
                + "0000000000000007"
                + "00000000000003e8"
                + "03637472"
                + "05636861696e"
                + "0378797a");
    RoutedEvent bad =
        new RoutedEvent(
            RoutedEvent.UNUSABLE, 0, 1, 2, -1, utf8("k"), "", null, null, Reason.EMPTY, "m");
    assertThat(HexFormat.of().formatHex(bytes(bad)))
        .isEqualTo(
            "04"
                + "00"
                + "00"
                + "01"
                + "0000000000000002"
                + "ffffffffffffffff"
                + "00"
                + "016b"
                + "01"
                + "016d");
  }

  @Test
  void snapshotRestoresAndRefusesWhatIsNewer() throws IOException {
    TypeSerializerSnapshot<RoutedEvent> snapshot = serializer.snapshotConfiguration();
    DataOutputSerializer out = new DataOutputSerializer(16);
    TypeSerializerSnapshot.writeVersionedSnapshot(out, snapshot);
    TypeSerializerSnapshot<RoutedEvent> read =
        TypeSerializerSnapshot.readVersionedSnapshot(
            new DataInputDeserializer(out.getCopyOfBuffer()), getClass().getClassLoader());
    assertThat(read.restoreSerializer()).isEqualTo(serializer);
    assertThat(snapshot.resolveSchemaCompatibility(read).isCompatibleAsIs()).isTrue();
    assertThatThrownBy(
            () ->
                snapshot.readSnapshot(
                    2, new DataInputDeserializer(new byte[0]), getClass().getClassLoader()))
        .hasMessageContaining("format 2; this build reads 1");
  }

  @Test
  void damagedStreamIsAnIoException() {
    byte[] endless = new byte[64];
    Arrays.fill(endless, (byte) 0xff);
    assertThatThrownBy(() -> serializer.deserialize(new DataInputDeserializer(endless)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("damaged");
  }

  @Test
  void typeInfoGivesTheSerializer() {
    assertThat(RoutedEventSerializer.TYPE.createSerializer(new SerializerConfigImpl()))
        .isEqualTo(serializer);
    assertThat(RoutedEventSerializer.TYPE.getTypeClass()).isEqualTo(RoutedEvent.class);
  }

  private byte[] bytes(RoutedEvent event) throws IOException {
    DataOutputSerializer out = new DataOutputSerializer(16);
    serializer.serialize(event, out);
    return out.getCopyOfBuffer();
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
