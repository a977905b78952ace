package io.millrace.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.jobs.JobConfig;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SplittableRandom;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand dictionaries of 64 atoms for signals of 64 numbers, in one task manager. */
class ManyDictionariesITCase {
  private static final int KEYS = 1000;
  private static final int SIZE = 64;
  private static final int BATCH = 64;
  private static final int SIGNALS = BATCH + 16;

  /** Dictionary, Gram matrix and the statistics A and B of every key. */
  private static final long STATE_BYTES = KEYS * 4L * SIZE * SIZE * Double.BYTES;

  @Test
  void fitInOneTaskManager(@TempDir Path directory) throws Exception {
    try (Stack stack = Stack.start(directory, 1, 1)) {
      JobConfig config =
          stack.config(
              "many",
              "many.events",
              1,
              """
              job: dictionary
              features: {dimension: 64}
              dictionary: {atoms: 64}
              mini-batch: 64
              snapshots: {every-examples: 64}
              """);
      KafkaAccess kafka = KafkaAccess.to(stack.broker().bootstrapServers());
      produce(kafka);
      long idle = usedAfterCollection();
      JobID job = stack.submit(config);
      try (ModelStore store = ModelStore.manual(kafka, ModelStoreOptions.of("many.models"))) {
        Await.until(
            "a snapshot of every dictionary",
            () -> {
              store.poll(Duration.ofMillis(100));
              return store.keys().size() == KEYS;
            });
        assertThat(store.get("key-999").orElseThrow().counters())
            .containsEntry("examples", (long) BATCH);
      }
      stack.checkpoint(job);
      long bytes = usedAfterCollection() - idle;
      stack.cancel(job);
      System.out.printf(
          "%,d dictionaries, %d x %d, with %d waiting signals each: %,d MB of heap after"
              + " collection, of which state %,d MB%n",
          KEYS, SIZE, SIZE, SIGNALS - BATCH, bytes >> 20, STATE_BYTES >> 20);
      assertThat(bytes).isBetween(STATE_BYTES, 2 * STATE_BYTES);
    }
  }

  private static void produce(KafkaAccess kafka) {
    EventTopics topics = EventTopics.single("many.events");
    SplittableRandom random = new SplittableRandom(4);
    try (EventWriter writer = EventWriter.open(kafka, "many", topics, 32)) {
      for (int k = 0; k < KEYS; k++) {
        for (int i = 0; i < SIGNALS; i++) {
          float[] x = new float[SIZE];
          for (int j = 0; j < SIZE; j++) {
            x[j] = (float) random.nextDouble(-1, 1);
          }
          writer.send(Event.dense("key-" + k, x).eventTime(1_700_000_000_000L + i));
        }
      }
    }
  }

  private static long usedAfterCollection() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
