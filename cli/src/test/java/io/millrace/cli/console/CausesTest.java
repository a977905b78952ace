package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.state.StateException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import org.junit.jupiter.api.Test;

class CausesTest {
  @Test
  void aMissingFileIsSaidToBeMissing() {
    assertThat(Causes.of(new UncheckedIOException(new NoSuchFileException("/x/y"))))
        .isEqualTo("'/x/y': no such file or folder");
  }

  @Test
  void ourOwnMessagesAreTheSentence() {
    Throwable t =
        new RuntimeException("task failed", new StateException("state is of another model"));
    assertThat(Causes.of(new Exception("job failed", t))).isEqualTo("state is of another model");
  }

  @Test
  void namesOfPackagesAndOfGeneralClassesAreLeftOut() {
    assertThat(Causes.of(new RuntimeException("a", new IOException("disk full"))))
        .isEqualTo("disk full");
    assertThat(Causes.of(new OutOfMemoryError("Java heap space")))
        .isEqualTo("OutOfMemoryError: Java heap space");
    assertThat(Causes.of(new Exception("org.apache.kafka.common.errors.TimeoutException: late")))
        .isEqualTo("TimeoutException: late");
    assertThat(Causes.of(new IllegalStateException())).isEqualTo("IllegalStateException");
  }
}
