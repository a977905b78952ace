package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.specific.SpecificRecordBase;
import org.junit.jupiter.api.Test;

/**
 * Writes the golden records of the newest stored version: {@code <Record>.bin}, a whole single
 * object, and {@code <Record>.json}, the same in Avro's JSON encoding. Its name keeps it out of the
 * build; {@code ./mvnw test -pl schemas -Dtest=GoldenRecords} runs it, once per version.
 */
class GoldenRecords {
  @Test
  void areWrittenOnce() throws IOException {
    int version = StoredSchemas.load().versions().size();
    Path dir = Path.of("src/test/resources/golden/v" + version);
    assertThat(dir)
        .as("golden records of a released version are never written again")
        .doesNotExist();
    Files.createDirectories(dir);
    for (RecordKind kind : RecordKind.values()) {
      SpecificRecordBase record = Samples.of(kind);
      byte[] bytes = SingleObject.encode(record);
      Files.write(dir.resolve(kind.schema().getName() + ".bin"), bytes);
      Files.write(
          dir.resolve(kind.schema().getName() + ".json"),
          (AvroJson.decode(kind.schema(), bytes) + "\n").getBytes(StandardCharsets.UTF_8));
    }
  }
}
