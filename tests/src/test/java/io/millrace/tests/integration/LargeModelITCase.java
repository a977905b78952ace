package io.millrace.tests.integration;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.ModelStoreOptions;
import io.millrace.jobs.JobConfig;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.Example;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import io.millrace.tests.integration.KafkaTopic.Sent;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Models of 50 MB cross a broker that takes records of 1 MiB, and a reader sees each whole or not
 * at all, also when the job dies between two parts.
 */
class LargeModelITCase {
  private static final int DIMENSION = 6_600_000;
  private static final long MODEL_BYTES = 8L * DIMENSION;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"exactly-once", "at-least-once"})
  void arriveWholeOrNotAtAllWhenTheJobDiesBetweenParts(String delivery) throws Exception {
    try (Stack stack = Stack.start(directory, 1, 1)) {
      String name = "large";
      JobConfig config =
          stack.config(
              name,
              "large.events",
              1,
              "2s",
              Map.of("interceptor.classes", DyingProducer.class.getName()),
              "delivery: "
                  + delivery
                  + """

                  model: {loss: squared}
                  features: {kind: sparse, dimension: %d, scaling: none}
                  optimizer: {name: sgd, learning-rate: 0.5}
                  state: {form: dense}
                  snapshots: {every-examples: 0, at-end: false, dtype: f64}
                  metrics: {every-examples: 0}
                  """
                      .formatted(DIMENSION));
      KafkaTopic events = stack.topic("large.events");
      JobID job = stack.submit(config);
      Await.until("the job to run", () -> stack.status(job) == JobStatus.RUNNING);
      KafkaAccess kafka = KafkaAccess.to(stack.broker().bootstrapServers());
      try (ModelStore store = ModelStore.follow(kafka, ModelStoreOptions.of("large.models"))) {
        events.send(List.of(example("a", 0), example("b", 1), snapshot("a"), snapshot("b")));
        Model first = store.awaitVersion("a", 1, LIMIT).orElseThrow();
        assertThat(first.tensor("weights")[0]).isEqualTo(0.5);
        assertThat(store.awaitVersion("b", 1, LIMIT)).isPresent();
        int parts = stack.topic("large.models").read().size() / 2;
        assertThat(parts).isGreaterThanOrEqualTo((int) (MODEL_BYTES / (900 << 10)));
        stack.checkpoint(job);

        DyingProducer.arm("large.models", parts);
        events.send(List.of(example("a", DIMENSION - 1), snapshot("a")));
        Await.until("the death between parts", DyingProducer::died);
        List<Long> seen = new ArrayList<>();
        Await.until(
            "the second version",
            () -> {
              Optional<Model> model = store.get("a");
              model.ifPresent(m -> seen.add(m.version()));
              model.ifPresent(m -> assertThat(m.tensor("weights")).hasSize(DIMENSION));
              return model.isPresent() && model.get().version() == 2;
            });
        assertThat(seen).isSorted().containsOnly(1L, 2L);
        Model second = store.get("a").orElseThrow();
        assertThat(second.counters()).containsEntry("examples", 2L);
        assertThat(second.tensor("weights")[0]).isNotZero();
        assertThat(second.tensor("weights")[DIMENSION - 1]).isNotZero();
        stack.awaitRestored(job);
        int committed = stack.topic("large.models").read().size();
        int all = stack.topic("large.models").readUncommitted().size();
        assertThat(all).as("parts of the attempt that died").isGreaterThan(3 * parts);
        assertThat(committed).isEqualTo(delivery.equals("exactly-once") ? 3 * parts : all);
      }
      stack.cancel(job);
    }
  }

  private static Sent example(String key, int index) {
    return Sent.of(
        key,
        SingleObject.encode(
            new Example(
                key,
                "",
                Instant.ofEpochMilli(1000),
                1.0,
                1.0,
                new SparseFeatures(List.of(index), List.of(1f)))));
  }

  private static Sent snapshot(String key) {
    return Events.control(key, ControlCommand.SNAPSHOT, "", 0);
  }
}
