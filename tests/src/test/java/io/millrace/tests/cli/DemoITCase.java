package io.millrace.tests.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

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

  @Test
  void theDictionaryGetsBetterAndIsDrawn() throws Exception {
    JsonNode o =
        Cli.json(
            "demo",
            "--job",
            "dictionary",
            "--rows",
            "4200",
            "--keys",
            "2",
            "--rest-port",
            "0",
            "--work-dir",
            dir.toString(),
            "--json");
    // 2,100 signals a key: eight mini-batches of 256, 52 wait for the ninth to fill.
    assertThat(o.get("eventsLearned").asLong()).isEqualTo(4096);
    assertThat(o.get("eventsUnfinished").asLong()).isEqualTo(104);
    assertThat(o.get("eventsDeadLettered").asLong())
        .isGreaterThanOrEqualTo(6)
        .isEqualTo(o.get("eventsProduced").asLong() - 4200);
    assertThat(o.get("codes").asLong()).isEqualTo(4200);
    assertThat(o.get("newestVersion").get("patches-1").asLong()).isEqualTo(3);
    assertThat(o.get("holdOutObjective")).hasSize(6);
    assertThat(o.get("objectiveFell").asBoolean()).isTrue();
    JsonNode last = o.get("holdOutObjective").get(5);
    assertThat(last.get("signals").asLong()).isEqualTo(2048);
    assertThat(last.get("objective").asDouble()).isBetween(0.28, 0.315);
    assertThat(o.get("reconstructionError").asDouble()).isBetween(0.3, 0.6);
    assertThat(o.get("attribution").asText()).contains("CC BY 2.0");
    for (String image : Set.of("atomsImage", "patchesImage")) {
      BufferedImage drawn = ImageIO.read(Path.of(o.get(image).asText()).toFile());
      assertThat(drawn.getWidth()).isGreaterThan(8 * 8);
      assertThat(colours(drawn)).hasSizeGreaterThan(50);
    }
  }

  @Test
  void systemsAreSolvedWithFewerIterationsAndTheirCostIsDrawn() throws Exception {
    JsonNode o =
        Cli.json(
            "demo",
            "--job",
            "tune",
            "--rows",
            "400",
            "--keys",
            "2",
            "--rest-port",
            "0",
            "--work-dir",
            dir.toString(),
            "--json");
    assertThat(o.get("systems").asInt()).isEqualTo(400);
    assertThat(o.get("eventsLearned").asLong()).isEqualTo(400);
    assertThat(o.get("eventsProduced").asLong()).isEqualTo(409);
    Set<String> reasons = new TreeSet<>();
    o.get("deadLetters").forEach(d -> reasons.add(d.get("reason").asText()));
    assertThat(reasons)
        .hasSize(9)
        .contains("DIMENSION_MISMATCH", "UNKNOWN_ARM", "NOT_FINITE", "DUPLICATE_EVENT");
    // 200 systems a tuner: after the first cost, when another omega is the best, and at the end.
    assertThat(o.get("newestVersion").get("sor-1").asLong()).isGreaterThan(2);
    long tuned = o.get("iterations").asLong();
    assertThat(tuned)
        .isGreaterThan(o.get("iterationsBestOfEach").asLong())
        .isLessThan(o.get("iterationsBestFixed").asLong());
    assertThat(o.get("iterationsOmega1").asLong())
        .isGreaterThan(o.get("iterationsBestFixed").asLong());
    Document plot =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(Path.of(o.get("plot").asText()).toFile());
    assertThat(plot.getElementsByTagName("polyline").getLength()).isEqualTo(3);
    assertThat(plot.getDocumentElement().getTextContent())
        .contains("tuned", "omega = 1", "best fixed omega in hindsight, 1.");
  }

  private static Set<Integer> colours(BufferedImage image) {
    Set<Integer> all = new TreeSet<>();
    for (int x = 0; x < image.getWidth(); x++) {
      for (int y = 0; y < image.getHeight(); y++) {
        all.add(image.getRGB(x, y));
      }
    }
    return all;
  }
}
