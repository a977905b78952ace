package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class KafkaOptionsTest {
  @TempDir Path dir;

  @Command
  static final class Client {
    @Mixin final KafkaOptions kafka = new KafkaOptions();
  }

  private Map<String, Object> settings(byte[] properties) throws IOException {
    Path file = Files.write(dir.resolve("client.properties"), properties);
    Client client = new Client();
    new CommandLine(client).parseArgs("-b", "h:9092", "--kafka-properties", file.toString());
    return client.kafka.settings("c");
  }

  /** A lost first line could switch TLS off. */
  @Test
  void aByteOrderMarkIsNoPartOfTheFirstProperty() throws IOException {
    byte[] text = "\uFEFFsecurity.protocol=SSL\nx=1\n".getBytes(StandardCharsets.UTF_8);
    assertThat(settings(text)).containsEntry("security.protocol", "SSL").containsEntry("x", "1");
  }

  @Test
  void whatIsNoPropertiesFileIsSaid() {
    assertThatThrownBy(() -> settings("a=C:\\users\n".getBytes(StandardCharsets.UTF_8)))
        .isInstanceOf(CommandFailed.class)
        .hasMessageContaining("a backslash is written twice");
    assertThatThrownBy(() -> settings(new byte[] {'a', '=', (byte) 0xfc}))
        .hasMessageContaining("its bytes are not UTF-8");
  }
}
