package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo on a real broker: nothing lost, nothing doubled, models worth having. */
class DemoITCase {
  @TempDir Path dir;

  @Test
  void everyEventIsLearnedFromOrInTheDeadLetters() throws Exception {
    JsonNode o =
        Cli.json(
            "demo",
            "--rows",
            "4000",
            "--keys",
            "2",
            "--rest-port",
            "0",
            "--work-dir",
            dir.toString(),
            "--json");
    assertThat(o.get("rows").asInt()).isEqualTo(4000);
    assertThat(o.get("eventsLearned").asLong()).isEqualTo(3600);
    assertThat(o.get("eventsDeadLettered").asLong())
        .isGreaterThanOrEqualTo(6)
        .isEqualTo(o.get("eventsProduced").asLong() - 3600);
    Set<String> reasons = new TreeSet<>();
    o.get("deadLetters").forEach(d -> reasons.add(d.get("reason").asText()));
    assertThat(reasons).hasSizeGreaterThanOrEqualTo(6).doesNotContain("UNKNOWN");

    // 1,800 rows a key: one snapshot after 1,000 and the one asked for at the end.
    assertThat(o.get("newestVersion").get("nsw-1").asLong()).isEqualTo(2);
    assertThat(o.get("newestVersion").get("nsw-2").asLong()).isEqualTo(2);
    assertThat(o.get("snapshotsPublished").asLong()).isEqualTo(4);
    assertThat(o.get("progressiveAccuracy").asDouble()).isBetween(0.8, 1.0);
    assertThat(o.get("progressiveLoss").asDouble()).isBetween(0.0, 0.5);
    assertThat(o.get("holdOutRows").asInt()).isEqualTo(400);
    assertThat(o.get("holdOutAccuracy").asDouble()).isBetween(0.6, 1.0);
    for (String stage : Set.of("produce", "learn", "score")) {
      assertThat(o.get("stages").get(stage).get("eventsPerSecond").asDouble()).isPositive();
    }
    assertThat(Files.readString(dir.resolve("electricity.yaml")))
        .contains("bootstrap-servers: " + o.get("bootstrapServers").asText());
  }
}
