package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.client.Score;
import io.millrace.jobs.JobConfig;
import io.millrace.tests.integration.Stack;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The README's Java, against a real broker and a running job. */
class ReadmeITCase {
  @Test
  void eventsOfTheReadmeBecomeTheModelOfTheReadme(@TempDir Path dir) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    try (Stack stack = Stack.start(dir, 1, 1)) {
      JobConfig config =
          stack.config(
              "millrace",
              "millrace.examples",
              1,
              """
              model: {loss: logistic, classes: [DOWN, UP]}
              features: {kind: dense, dimension: 3}
              snapshots: {every-examples: 2}
              """);
      JobID job = stack.submit(config);
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      snippets(stack.broker().bootstrapServers());
      stack.cluster().cancelJob(job).get();
    } finally {
      System.setOut(console);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .isEqualToIgnoringNewLines("UP by version 1");
  }

  private static void snippets(String bootstrapServers) throws Exception {
    KafkaAccess kafka = KafkaAccess.to(bootstrapServers);
    try (EventWriter events = EventWriter.open(kafka, "my-app", EventTopics.of("millrace"), 1)) {
      events.send(Event.dense("nsw", 0.2f, 0.7f, 0.1f).label("UP"));
      events.send(Event.dense("nsw", 0.9f, 0.1f, 0.3f).label("DOWN"));
    }
    try (ModelStore models = ModelStore.follow(kafka, ModelStoreOptions.of("millrace.models"))) {
      Model model = models.awaitVersion("nsw", 1, Duration.ofMinutes(1)).orElseThrow();
      Score score = model.predict(0.2, 0.7, 0.1);
      System.out.println(score.className() + " by version " + model.version());
    }
  }
}
