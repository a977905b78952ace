package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SchemaEvolutionTest {
  private static final List<Map<RecordKind, Schema>> VERSIONS = StoredSchemas.load().versions();

  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void everyStoredVersionAndTheCurrentOneReadEachOther(RecordKind kind) {
    List<Schema> all = new ArrayList<>(List.of(kind.schema()));
    VERSIONS.stream().map(v -> v.get(kind)).filter(s -> s != null).forEach(all::add);
    for (Schema reader : all) {
      for (Schema writer : all) {
        SchemaCompatibility.SchemaPairCompatibility verdict =
            SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        assertThat(verdict.getType())
            .as(kind + ": " + verdict.getDescription())
            .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
      }
    }
  }

  @Test
  void theNewestStoredVersionIsTheCurrentSchema() throws IOException {
    Schema.Parser parser = new Schema.Parser();
    int version = VERSIONS.size();
    for (RecordKind kind : RecordKind.values()) {
      String name = kind.schema().getName();
      Schema source = parser.parse(Path.of("src/main/avro/" + name + ".avsc").toFile());
      Schema stored = VERSIONS.get(version - 1).get(kind);
      assertThat(source.equals(stored))
          .as(
              "src/main/avro/%s.avsc differs from src/main/resources/avro/v%d/%s.avsc. A released"
                  + " schema is never changed: copy all of src/main/avro to"
                  + " src/main/resources/avro/v%d, run GoldenRecords, add the fingerprints to"
                  + " docs/wire-format.md",
              name, version, name, version + 1)
          .isTrue();
      assertThat(SchemaNormalization.parsingFingerprint64(stored))
          .isEqualTo(SingleObject.fingerprint(kind));
    }
  }

  @ParameterizedTest
  @EnumSource(RecordKind.class)
  void goldenRecordsOfEveryVersionAreReadInBothDirections(RecordKind kind) throws Exception {
    for (int version = 1; version <= VERSIONS.size(); version++) {
      Schema stored = VERSIONS.get(version - 1).get(kind);
      if (stored == null) {
        continue;
      }
      String path = "/golden/v" + version + "/" + stored.getName();
      byte[] bytes = resource(path + ".bin");
      String json = new String(resource(path + ".json"), StandardCharsets.UTF_8).trim();

      assertThat(AvroJson.decode(stored, bytes)).as(path).isEqualTo(json);
      SpecificRecordBase current = SingleObject.standard().decode(bytes);
      assertThat(RecordKind.of(current.getSchema())).isEqualTo(kind);
      byte[] rewritten = SingleObject.encode(current);
      assertThat(AvroJson.decode(kind.schema(), stored, rewritten)).as(path).isEqualTo(json);
    }
  }

  @Test
  void everyEnumCanGrow() {
    for (RecordKind kind : RecordKind.values()) {
      List<Schema> enums = new ArrayList<>();
      collectEnums(kind.schema(), enums);
      for (Schema e : enums) {
        assertThat(e.getEnumDefault()).as(e.getFullName()).isEqualTo("UNKNOWN");
        assertThat(e.getEnumSymbols().get(0)).as(e.getFullName()).isEqualTo("UNKNOWN");
      }
    }
  }

  /** A later build writes a field and an enum symbol this one does not know, and the reverse. */
  @Test
  void aFieldWithDefaultAndANewSymbolAreReadByOldAndNewReaders() throws Exception {
    int symbols = ControlCommand.values().length;
    String last = "\"" + ControlCommand.values()[symbols - 1] + "\"";
    Schema evolved =
        evolve(
            RecordKind.CONTROL,
            last + "]",
            last + ",\"EXPLAIN\"]",
            "{\"name\":\"sequence\"",
            "{\"name\":\"note\",\"type\":\"string\",\"default\":\"none\"},{\"name\":\"sequence\"");
    WriterSchema writer =
        new WriterSchema(
            RecordKind.CONTROL,
            false,
            2,
            SchemaNormalization.parsingFingerprint64(evolved),
            evolved);
    SingleObject codec = new SingleObject(id -> id == writer.fingerprint() ? writer : null);

    AvroSink sink = new AvroSink().header(writer.fingerprint()).writeString("ctr");
    sink.writeInt(symbols).writeString("n").writeDouble(1).writeLong(5).writeString("o");
    sink.writeString("a note").writeLong(9).writeInt(0);
    Control old = codec.decode(Control.class, sink.toByteArray());
    assertThat(old.getCommand()).isEqualTo(ControlCommand.UNKNOWN);
    assertThat(old.getSequence()).isEqualTo(9);

    byte[] current = SingleObject.encode(Samples.of(RecordKind.CONTROL));
    assertThat(AvroJson.decode(RecordKind.CONTROL.schema(), evolved, current))
        .contains("\"command\":\"SET\"", "\"note\":\"none\"");
  }

  @Test
  void aChangeThatBreaksReadersIsNoticed() {
    Schema broken =
        evolve(
            RecordKind.LABEL,
            "{\"name\":\"id\"",
            "{\"name\":\"extra\",\"type\":\"string\"},{\"name\":\"id\"");
    assertThat(
            SchemaCompatibility.checkReaderWriterCompatibility(broken, RecordKind.LABEL.schema())
                .getType())
        .isEqualTo(SchemaCompatibilityType.INCOMPATIBLE);
  }

  @Test
  void anUnknownFingerprintIsNamed() {
    byte[] b = SingleObject.encode(Samples.of(RecordKind.LABEL));
    b[2] ^= 1;
    assertThatThrownBy(() -> SingleObject.standard().decode(b))
        .isInstanceOf(DecodeException.class)
        .hasMessageContaining("fingerprint");
  }

  private static Schema evolve(RecordKind kind, String... replacements) {
    String json = kind.schema().toString();
    for (int i = 0; i < replacements.length; i += 2) {
      assertThat(json).contains(replacements[i]);
      json = json.replace(replacements[i], replacements[i + 1]);
    }
    return new Schema.Parser().parse(json);
  }

  private static void collectEnums(Schema schema, List<Schema> out) {
    switch (schema.getType()) {
      case ENUM -> out.add(schema);
      case RECORD -> schema.getFields().forEach(f -> collectEnums(f.schema(), out));
      case UNION -> schema.getTypes().forEach(s -> collectEnums(s, out));
      case ARRAY -> collectEnums(schema.getElementType(), out);
      case MAP -> collectEnums(schema.getValueType(), out);
      default -> {}
    }
  }

  private static byte[] resource(String path) throws IOException {
    try (InputStream in = SchemaEvolutionTest.class.getResourceAsStream(path)) {
      assertThat(in).as(path + " is missing; GoldenRecords writes it").isNotNull();
      return in.readAllBytes();
    }
  }
}
