package io.millrace.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class WorkDirectoryTest {
  @TempDir Path work;

  /** Something that has an output. */
  @Command(name = "any")
  static final class Any implements Runnable {
    @Mixin Output output;

    @Override
    public void run() {
      // Only its output is of use.
    }
  }

  private static Output output() {
    Any any = new Any();
    new CommandLine(any);
    return any.output;
  }

  @Test
  void twoCommandsOfOneSecondHaveADirectoryEach() throws Exception {
    Path first = WorkDirectory.fresh(work, "run-20260101-120000");
    Path second = WorkDirectory.fresh(work, "run-20260101-120000");
    assertThat(first).isDirectory();
    assertThat(second).isDirectory().isNotEqualTo(first);
  }

  @Test
  void theOldestGoUnlessTheyAreOfUse() throws Exception {
    for (int day = 10; day < 10 + WorkDirectory.KEPT + 4; day++) {
      Path dir = Files.createDirectories(work.resolve("run-202601" + day + "-120000"));
      Files.writeString(dir.resolve("millrace.log"), "log");
    }
    Path checkpoint = work.resolve("run-20260110-120000/checkpoints/ab/chk-3");
    Files.writeString(Files.createDirectories(checkpoint).resolve("_metadata"), "x");
    Path demo = Files.createDirectories(work.resolve("demo-20250101-120000"));
    Path mine = Files.createDirectories(work.resolve("run-notes"));

    WorkDirectory.prune(work, "run", output());

    assertThat(checkpoint).isDirectory();
    assertThat(work.resolve("run-20260111-120000")).doesNotExist();
    assertThat(work.resolve("run-20260113-120000")).doesNotExist();
    assertThat(work.resolve("run-20260114-120000")).isDirectory();
    assertThat(demo).isDirectory();
    assertThat(mine).isDirectory();
  }
}
