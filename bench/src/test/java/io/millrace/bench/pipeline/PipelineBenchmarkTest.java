package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PipelineBenchmarkTest {
  @TempDir private Path workDir;

  @Test
  void refusesAPipelineOfNothing() {
    PipelineBenchmark benchmark = new PipelineBenchmark();
    Map<String, Long> settings = new HashMap<>(benchmark.settings());
    settings.put("parallelism", 0L);
    assertThatThrownBy(() -> benchmark.run(new Benchmark.Run(new Output(), workDir, settings)))
        .isInstanceOf(CommandFailed.class)
        .hasMessage("--set parallelism=0; must be at least 1");
  }
}
