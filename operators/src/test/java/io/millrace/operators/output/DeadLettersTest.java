package io.millrace.operators.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.operators.ingress.Address;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.state.OutRecordSerializer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DeadLettersTest {
  private static final int MAX_BYTES = 900 * 1024;
  private static final Address ADDRESS = new Address("events", 3, 10_442, -1);

  private final DeadLetters letters = new DeadLetters("learn", MAX_BYTES);

  private static byte[] filled(int length, int with) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) with);
    return bytes;
  }

  /** A record key of any length and content went whole into the letter's own, and its partition. */
  @ParameterizedTest
  @CsvSource({
    "70000, 120, 4",
    "300000, 120, 700000",
    "33000, 0xE4, -1",
    "1024, 0, 10",
    "1025, 0, 10",
    "10000000, 0, 10000000"
  })
  void aLetterFitsIntoARecordWhateverTheKeyOfTheEvents(int length, String with, int value)
      throws DecodeException, IOException {
    byte[] recordKey = filled(length, Integer.decode(with));
    Evidence evidence =
        new Evidence(ADDRESS, 5, recordKey, "", value < 0 ? null : filled(value, 'v'));
    OutRecord letter = letters.of(evidence, Reason.NOT_SINGLE_OBJECT, "x".repeat(5000));

    DataOutputSerializer out = new DataOutputSerializer(64);
    new OutRecordSerializer().serialize(letter, out);
    OutRecord read =
        new OutRecordSerializer().deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
    assertThat(read.value).isEqualTo(letter.value);
    assertThat(read.key).isEqualTo(length <= 1024 ? recordKey : null);
    assertThat(read.value.length + (read.key == null ? 0 : read.key.length))
        .isLessThanOrEqualTo(MAX_BYTES);
    DeadLetter decoded = SingleObject.standard().decode(DeadLetter.class, read.value);
    assertThat(decoded.getOffset()).isEqualTo(10_442);
    byte[] shown = decoded.getRecordKey().array();
    assertThat(Arrays.copyOf(recordKey, shown.length)).isEqualTo(shown);
    if (shown.length < length || value > 0 && value > decoded.getValue().remaining()) {
      assertThat(decoded.getMessage()).endsWith("the whole is at events-3@10442");
    }
  }

  @Test
  void aShortKeyIsTheLettersOwnAndShownWhole() throws DecodeException {
    byte[] recordKey = "größe".getBytes(StandardCharsets.UTF_8);
    OutRecord letter =
        letters.of(new Evidence(ADDRESS, 5, recordKey, "größe", filled(3, 1)), Reason.EMPTY, "m");
    assertThat(letter.key).isEqualTo(recordKey);
    assertThat(letter.place()).isEqualTo(OutRecord.of(recordKey, null).place());
    DeadLetter decoded = SingleObject.standard().decode(DeadLetter.class, letter.value);
    assertThat(decoded.getRecordKey()).isEqualTo(ByteBuffer.wrap(recordKey));
    assertThat(decoded.getModelKey()).isEqualTo("größe");
    assertThat(decoded.getMessage()).isEqualTo("m");
  }

  /** All letters of 200,000 records without a key were on one partition. */
  @Test
  void lettersOfNobodyAreSpread() {
    Set<Integer> partitions = new HashSet<>();
    for (int i = 0; i < 64; i++) {
      Evidence evidence = new Evidence(new Address("events", 0, i, -1), 5, null, "", filled(1, 1));
      partitions.add(letters.of(evidence, Reason.EMPTY, "m").partition(8));
    }
    assertThat(partitions).hasSize(8);
  }

  @Test
  void tooLittleRoomForAnyLetterIsRefused() {
    assertThatThrownBy(() -> new DeadLetters("learn", 100))
        .hasMessage("dead letters of 100 bytes; must be at least 16384");
  }
}
