package io.millrace.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/**
 * Writes the golden records of the newest stored version: {@code <Record>.bin}, a whole single
 * object, and {@code <Record>.json}, the same in Avro's JSON encoding. Those that are there stay as
 * they are. Its name keeps it out of the build; {@code ./mvnw test -pl schemas
 * -Dtest=GoldenRecords} runs it, once per version or new record.
 */
class GoldenRecords {
  @Test
  void areWrittenOnce() throws IOException {
    int version = StoredSchemas.load().versions().size();
    Path dir = Path.of("src/test/resources/golden/v" + version);
    Files.createDirectories(dir);
    int written = 0;
    for (RecordKind kind : RecordKind.values()) {
      if (Files.exists(dir.resolve(kind.schema().getName() + ".bin"))) {
        continue;
      }
      written++;
      byte[] bytes = SingleObject.encode(Samples.of(kind));
      Files.write(dir.resolve(kind.schema().getName() + ".bin"), bytes);
      Files.write(
          dir.resolve(kind.schema().getName() + ".json"),
          (AvroJson.decode(kind.schema(), bytes) + "\n").getBytes(StandardCharsets.UTF_8));
    }
    assertThat(written)
        .as("golden records of a released version are never written again")
        .isPositive();
  }
}
