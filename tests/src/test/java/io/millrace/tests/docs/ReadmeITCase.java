package io.millrace.tests.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.client.SparseCode;
import io.millrace.tests.integration.Stack;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The README's Java that is no whole program, against a real broker and a running job;
 * scripts/readme runs the program.
 */
class ReadmeITCase {
  /** Code of the README. */
  private interface Snippets {
    void run(String bootstrapServers) throws Exception;
  }

  @Test
  void signalsBecomeTheDictionaryOfTheReadme(@TempDir Path dir) throws Exception {
    String yaml =
        """
        job: dictionary
        features: {kind: dense, dimension: 3}
        dictionary: {atoms: 4, lambda: 0.01}
        mini-batch: 8
        snapshots: {every-examples: 8}
        """;
    assertThat(printed(dir, yaml, ReadmeITCase::dictionary)).matches("[1-4] of 4 atoms for 3");
  }

  /** What snippets print while a job runs. */
  private static String printed(Path dir, String yaml, Snippets snippets) throws Exception {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    PrintStream console = System.out;
    try (Stack stack = Stack.start(dir, 1, 1)) {
      JobID job = stack.submit(stack.config("millrace", "millrace.examples", 1, yaml));
      System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
      snippets.run(stack.broker().bootstrapServers());
      stack.cluster().cancelJob(job).get();
    } finally {
      System.setOut(console);
    }
    return printed.toString(StandardCharsets.UTF_8).strip();
  }

  private static void dictionary(String bootstrapServers) throws Exception {
    KafkaAccess kafka = KafkaAccess.to(bootstrapServers);
    try (EventWriter events = EventWriter.open(kafka, "my-app", EventTopics.of("millrace"), 1)) {
      for (int i = 0; i < 8; i++) {
        events.send(Event.dense("patches", i, 8 - i, i % 3));
      }
    }
    try (ModelStore models = ModelStore.follow(kafka, ModelStoreOptions.of("millrace.models"))) {
      Model dictionary = models.awaitVersion("patches", 1, Duration.ofMinutes(1)).orElseThrow();
      SparseCode code = dictionary.encode(0.2, 0.7, 0.1);
      double[] signal = dictionary.reconstruct(code);
      System.out.println(code.nonZeros() + " of " + code.length() + " atoms for " + signal.length);
    }
  }
}
