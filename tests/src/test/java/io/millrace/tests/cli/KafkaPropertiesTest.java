package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.cli.Millrace;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of {@code --kafka-properties}. */
class KafkaPropertiesTest {
  @Test
  void aVariableThatIsNotSetIsNamed(@TempDir Path dir) throws Exception {
    Path properties =
        Files.writeString(
            dir.resolve("client.properties"), "ssl.key.password=${MILLRACE_NOT_SET}\n");
    StringWriter err = new StringWriter();
    int code =
        Millrace.commandLine()
            .setErr(new PrintWriter(err))
            .execute("models", "list", "--kafka-properties", properties.toString());
    assertThat(code).isEqualTo(1);
    assertThat(err.toString())
        .contains(properties.toString(), "ssl.key.password", "'MILLRACE_NOT_SET' is not set");
  }
}
