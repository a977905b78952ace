package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordClassesTest {
  /** What Avro reads its trusted classes from; this JVM must be as a stranger's. */
  @ParameterizedTest
  @ValueSource(
      strings = {"org.apache.avro.SERIALIZABLE_PACKAGES", "org.apache.avro.SERIALIZABLE_CLASSES"})
  void noPropertyOfTheJvmHelpsTheseTests(String property) {
    assertThat(System.getProperty(property)).isNull();
  }

  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void everyKindIsReadAsItsClass(RecordKind kind) throws Exception {
    byte[] bytes = SingleObject.encode(Samples.of(kind));
    assertThat(SingleObject.standard().decode(bytes)).isExactlyInstanceOf(kind.type());
  }

  @Test
  void whatARecordIsMadeOfIsKnownToo() {
    Schema tensor =
        RecordKind.MODEL_SNAPSHOT.schema().getField("tensors").schema().getElementType();
    assertThat(RecordClasses.ALL.getClass(tensor)).isEqualTo(Tensor.class);
    assertThat(RecordClasses.ALL.getClass(tensor.getField("dtype").schema()))
        .isEqualTo(DType.class);
  }

  @Test
  void aNameFromOutsideIsNotLookedUp() {
    Schema foreign = SchemaBuilder.record("java.lang.ProcessBuilder").fields().endRecord();
    assertThat(RecordClasses.ALL.getClass(foreign)).isNull();
  }

  @Test
  void whatIsNoClassOfOursIsAsAvroHasIt() {
    Schema numbers = Schema.createArray(Schema.create(Schema.Type.FLOAT));
    assertThat(RecordClasses.ALL.getClass(numbers)).isEqualTo(List.class);
    assertThat(RecordClasses.ALL.getClass(Schema.createMap(numbers))).isEqualTo(Map.class);
  }
}
