package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.FeatureHasher;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.WriterSchema;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.Test;

/** The numbers in docs/wire-format.md are what the code does. */
class WireFormatPageTest {
  private static final Path PAGE = Path.of("../docs/wire-format.md");

  @Test
  void theTableOfFingerprintsIsCompleteAndRight() throws IOException {
    Set<String> listed = new HashSet<>();
    for (Matcher row : rows("\\| (\\w+) \\| (\\d+) \\| `([0-9a-f]{16})` \\| `([0-9a-f ]+)` \\|")) {
      long fingerprint = HexFormat.fromHexDigitsToLong(row.group(3));
      WriterSchema writer = SingleObject.standard().writer(fingerprint);
      assertThat(writer).as(row.group()).isNotNull();
      assertThat(writer.kind().schema().getName()).isEqualTo(row.group(1));
      assertThat(row.group(4))
          .isEqualTo(
              HexFormat.ofDelimiter(" ")
                  .formatHex(new AvroSink().header(fingerprint).toByteArray()));
      listed.add(row.group(3));
    }
    for (RecordKind kind : RecordKind.values()) {
      String fingerprint = HexFormat.of().toHexDigits(SingleObject.fingerprint(kind));
      assertThat(listed).as("%s has fingerprint %s", kind, fingerprint).contains(fingerprint);
    }
  }

  @Test
  void theKnownAnswersOfThePartitionerAreRight() throws IOException {
    List<Matcher> rows = rows("\\| `(.+)` \\| (\\d+) \\| (\\d+) \\| (\\d+) \\|");
    assertThat(rows).hasSize(4);
    for (Matcher row : rows) {
      byte[] key = row.group(1).getBytes(StandardCharsets.UTF_8);
      assertThat(Utils.murmur2(key) & 0x7fffffff).isEqualTo(Integer.parseInt(row.group(2)));
      assertThat(Partitioner.partition(key, 6)).isEqualTo(Integer.parseInt(row.group(3)));
      assertThat(Partitioner.partition(key, 12)).isEqualTo(Integer.parseInt(row.group(4)));
    }
  }

  @Test
  void theKnownAnswersOfTheFeatureHashAreRight() throws IOException {
    List<Matcher> rows = rows("\\| `(.+)` \\| `([0-9a-f]{8})` \\| (\\d+) \\|");
    assertThat(rows).hasSize(4);
    for (Matcher row : rows) {
      byte[] text = row.group(1).getBytes(StandardCharsets.UTF_8);
      int hash = FeatureHasher.murmur3(text, 0, text.length, 0);
      assertThat(HexFormat.of().toHexDigits(hash)).isEqualTo(row.group(2));
      assertThat(hash & (1 << 18) - 1).isEqualTo(Integer.parseInt(row.group(3)));
    }
  }

  private static List<Matcher> rows(String pattern) throws IOException {
    Pattern p = Pattern.compile(pattern);
    List<Matcher> out = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      Matcher m = p.matcher(line);
      if (m.matches()) {
        out.add(m);
      }
    }
    return out;
  }
}
