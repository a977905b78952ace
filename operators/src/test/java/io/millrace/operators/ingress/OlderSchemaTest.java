package io.millrace.operators.ingress;

import static io.millrace.operators.ingress.Wire.TIMES;
import static io.millrace.operators.ingress.Wire.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.Example;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.WriterSchema;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.api.Test;

/** Events written under older schemas go through Avro's resolving reader. */
class OlderSchemaTest {
  /** An Example without id, weight and time, its other fields in another order. */
  private static final Schema OLD_EXAMPLE =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Example", "namespace": "io.millrace.schemas", "fields": [
                {"name": "label", "type": ["null", "double"]},
                {"name": "features", "type": [
                  {"type": "record", "name": "DenseFeatures", "fields": [
                    {"name": "values", "type": {"type": "array", "items": "float"}}]}]},
                {"name": "key", "type": "string"}]}
              """);

  private static final Schema OLD_LABEL =
      new Schema.Parser()
          .parse(
              """
              {"type": "record", "name": "Label", "namespace": "io.millrace.schemas", "fields": [
                {"name": "id", "type": "string"},
                {"name": "key", "type": "string"},
                {"name": "label", "type": ["double", "string"]}]}
              """);

  private static final long OLD_EXAMPLE_ID = SchemaNormalization.parsingFingerprint64(OLD_EXAMPLE);
  private static final long OLD_LABEL_ID = SchemaNormalization.parsingFingerprint64(OLD_LABEL);

  private static final SingleObject SCHEMAS =
      new SingleObject(
          fingerprint -> {
            if (fingerprint == OLD_EXAMPLE_ID) {
              return new WriterSchema(RecordKind.EXAMPLE, false, 1, fingerprint, OLD_EXAMPLE);
            }
            return fingerprint == OLD_LABEL_ID
                ? new WriterSchema(RecordKind.LABEL, false, 1, fingerprint, OLD_LABEL)
                : SingleObject.standard().writer(fingerprint);
          });

  private static final InputSpec SPEC =
      new InputSpec(InputSpec.Kind.DENSE, 3, 0, InputSpec.Target.REAL, List.of(), 100);

  private final EventRouter router =
      new EventRouter(new RouterOptions(TOPICS, Wire.ALL_KINDS, 1 << 20, 256), SCHEMAS);

  private static byte[] oldExample(float... values) {
    return new AvroSink()
        .header(OLD_EXAMPLE_ID)
        .writeInt(1)
        .writeDouble(0.5)
        .writeInt(0)
        .writeFloats(values)
        .writeString("ctr")
        .toByteArray();
  }

  @Test
  void exampleIsBroughtToTheCurrentSchema() throws Exception {
    byte[] value = oldExample(7, 8, 9);
    RoutedEvent event = router.route(1, 3, 10442, 5000, null, value);
    assertThat(event.message).isNull();
    assertThat(event.kind).isEqualTo(EventKind.EXAMPLE.code());
    assertThat(event.key).isEqualTo("ctr");
    assertThat(event.value).isSameAs(value);

    ExampleReader reader = new ExampleReader(SPEC, TOPICS, 1024, TIMES, SCHEMAS);
    Rows rows = new Rows(true);
    reader.open(event);
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isNull();
    assertThat(rows.weight(0)).isEqualTo(1);
    assertThat(rows.label(0)).isEqualTo(0.5);
    assertThat(Arrays.copyOf(rows.value(), 3)).containsExactly(7, 8, 9);
    assertThat(reader.eventTime()).isEqualTo(5000);
    Example kept = SingleObject.standard().decode(Example.class, reader.itemAsExample());
    assertThat(kept.getKey()).isEqualTo("ctr");
    assertThat(reader.next(rows)).isFalse();
  }

  @Test
  void deadLetterCarriesTheOriginalBytes() throws Exception {
    byte[] value = oldExample(7, 8);
    RoutedEvent event = router.route(1, 3, 10442, 5000, null, value);
    ExampleReader reader = new ExampleReader(SPEC, TOPICS, 1024, TIMES, SCHEMAS);
    reader.open(event);
    assertThat(reader.next(new Rows(true))).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.DIMENSION_MISMATCH);
    assertThat(reader.message())
        .isEqualTo("events-3@10442: features has 2 values, model expects 3");
    byte[] letter =
        new DeadLetters("learn", 1 << 20)
            .of(
                Evidence.of(event, TOPICS, reader.itemIndex(), reader.itemAsExample()),
                reader.reason(),
                reader.message())
            .value;
    assertThat(SingleObject.standard().decode(DeadLetter.class, letter).getValue())
        .isEqualTo(ByteBuffer.wrap(value));
  }

  @Test
  void labelIsBroughtToTheCurrentSchema() {
    byte[] value =
        new AvroSink()
            .header(OLD_LABEL_ID)
            .writeString("e1")
            .writeString("ctr")
            .writeInt(0)
            .writeDouble(3)
            .toByteArray();
    RoutedEvent event = router.route(1, 3, 10442, 5000, null, value);
    assertThat(event.kind).isEqualTo(EventKind.LABEL.code());
    assertThat(event.key).isEqualTo("ctr");
    LabelReader reader = new LabelReader(SPEC, TOPICS, 1024, TIMES, SCHEMAS);
    assertThat(reader.read(event)).isTrue();
    assertThat(reader.id()).isEqualTo("e1");
    assertThat(reader.label()).isEqualTo(3);
    assertThat(reader.weight()).isNaN();
    assertThat(reader.eventTime()).isEqualTo(5000);
  }

  @Test
  void cutBytesOfAnOlderSchemaAreMalformed() {
    byte[] value = oldExample(7, 8, 9);
    for (int n = SingleObject.HEADER_BYTES; n < value.length; n++) {
      RoutedEvent event = router.route(1, 3, 10442, 5000, null, Arrays.copyOf(value, n));
      assertThat(event.kind).isEqualTo(RoutedEvent.UNUSABLE);
      assertThat(event.reason).isEqualTo(Reason.MALFORMED);
    }
  }
}
