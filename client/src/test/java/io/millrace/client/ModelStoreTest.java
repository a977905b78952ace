package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.schemas.ModelRecord;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.PartCodec;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.Test;

class ModelStoreTest {
  private static final String TOPIC = "millrace.models";
  private static final Duration NOW = Duration.ofMillis(10);
  private static final Duration LONG = Duration.ofSeconds(20);

  private final MockConsumer<byte[], byte[]> consumer = new MockConsumer<>("earliest");
  private final Map<Integer, Long> ends = new HashMap<>();
  private final ModelStoreOptions options =
      ModelStoreOptions.of(TOPIC)
          .withClock(Clock.fixed(Snapshots.TIME.plusSeconds(60), ZoneOffset.UTC));

  @Test
  void keepsTheNewestModelOfEveryKey() {
    partitions(2);
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.poll(NOW);
      publish(0, Snapshots.of("a", 1, 3));
      publish(1, Snapshots.of("b", 7, 3));
      publish(0, Snapshots.of("a", 2, 3));
      publish(0, Snapshots.of("a", 1, 3));
      consumer.updateEndOffsets(
          Map.of(new TopicPartition(TOPIC, 0), 10L, new TopicPartition(TOPIC, 1), 1L));
      assertThat(store.poll(NOW)).isEqualTo(3);
      assertThat(store.keys()).containsExactly("a", "b");
      Model a = store.get("a").orElseThrow();
      assertThat(a.version()).isEqualTo(2);
      assertThat(a.tensor("weights")).containsExactly(2, 2, 2);
      assertThat(a.shape("weights")).containsExactly(3);
      assertThat(store.get("c")).isEmpty();
      StoreStatus status = store.status();
      assertThat(status.counts().models()).isEqualTo(3);
      assertThat(status.counts().skipped()).isEqualTo(1);
      assertThat(status.newestEventTime()).isEqualTo(Snapshots.TIME.plusMillis(7));
      assertThat(status.age()).isEqualTo(Duration.ofMillis(59_993));
      assertThat(status.lag()).isEqualTo(7);
      assertThat(status.failure()).isNull();
    }
    assertThat(consumer.closed()).isTrue();
  }

  @Test
  void saysWhenAJobHasBeenStartedWithoutItsState() {
    partitions(1);
    List<String> told = new ArrayList<>();
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.addListener(
          new ModelListener() {
            @Override
            public void onModel(Model model) {
              told.add("model " + model.incarnation() + "/" + model.version());
            }

            @Override
            public void onNewRun(Model before, Model model) {
              told.add("new run after " + before.version() + " of " + before.incarnation());
            }
          });
      store.poll(NOW);
      publish(0, Snapshots.of("a", 1, 8, 3));
      publish(0, Snapshots.of("a", 2, 1, 3));
      publish(0, Snapshots.of("a", 1, 9, 3));
      publish(0, Snapshots.of("a", 2, 2, 3));
      store.poll(NOW);
      assertThat(told)
          .containsExactly("model 1/8", "new run after 8 of 1", "model 2/1", "model 2/2");
      assertThat(store.get("a").orElseThrow().incarnation()).isEqualTo(2);
      StoreStatus.Counts counts = store.status().counts();
      assertThat(counts.newRuns()).isEqualTo(1);
      assertThat(counts.ofEarlierRuns()).isEqualTo(1);
      assertThat(counts.models()).isEqualTo(3);
    }
  }

  @Test
  void waitsForATopicThatIsNotThereYetAndForNewPartitions() throws Exception {
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.poll(NOW);
      assertThat(store.awaitCaughtUp(NOW)).isFalse();
      partitions(1);
      assertThat(store.awaitCaughtUp(LONG)).isTrue();
    }
  }

  @Test
  void catchesUpWithWhatWasThere() throws Exception {
    partitions(1);
    consumer.updateEndOffsets(Map.of(new TopicPartition(TOPIC, 0), 3L));
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.poll(NOW);
      publish(0, Snapshots.of("a", 1, 1));
      publish(0, Snapshots.of("a", 2, 1));
      store.poll(NOW);
      assertThat(store.status().caughtUp()).isFalse();
      publish(0, Snapshots.of("a", 3, 1));
      assertThat(store.awaitCaughtUp(LONG)).isTrue();
      assertThat(store.get("a").orElseThrow().version()).isEqualTo(3);
    }
  }

  @Test
  void aModelInPartsAppearsWholeOrNotAtAll() {
    partitions(1);
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.poll(NOW);
      List<ModelRecord> parts = PartCodec.records(Snapshots.of("a", 2, 1000), 500);
      for (ModelRecord part : parts.subList(1, parts.size())) {
        add(0, part.key(), part.value());
      }
      store.poll(NOW);
      assertThat(store.get("a")).isEmpty();
      assertThat(store.status().counts().pending()).isEqualTo(1);
      add(0, parts.get(0).key(), parts.get(0).value());
      store.poll(NOW);
      assertThat(store.get("a").orElseThrow().tensor("weights")).containsOnly(2);
      assertThat(store.status().counts().pending()).isZero();
    }
  }

  @Test
  void countsWhatItCannotUseAndGoesOn() {
    partitions(1);
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.poll(NOW);
      add(0, utf8("a"), new byte[] {1, 2, 3});
      add(0, null, new byte[0]);
      publish(0, Snapshots.of("a", 1, 1));
      store.poll(NOW);
      assertThat(store.status().counts().corrupt()).isEqualTo(2);
      assertThat(store.get("a")).isPresent();
    }
  }

  @Test
  void followsOnlyTheKeysThatAreWanted() {
    partitions(1);
    try (ModelStore store = ModelStore.manual(consumer, options.withKeys("a"::equals))) {
      store.poll(NOW);
      publish(0, Snapshots.of("b", 1, 1));
      publish(0, Snapshots.of("a", 1, 1));
      PartCodec.records(Snapshots.of("c", 1, 1000), 500).forEach(r -> add(0, r.key(), r.value()));
      store.poll(NOW);
      assertThat(store.keys()).containsExactly("a");
      assertThat(store.status().counts().pending()).isZero();
    }
  }

  @Test
  void tellsListenersAndOutlivesTheirFaults() {
    partitions(1);
    List<String> heard = new ArrayList<>();
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      store.addListener(
          m -> {
            throw new IllegalStateException("a listener's fault");
          });
      store.addListener(
          new ModelListener() {
            @Override
            public void onModel(Model model) {
              heard.add(model.key() + "@" + model.version());
            }

            @Override
            public void onRemoved(String key) {
              heard.add("-" + key);
            }
          });
      store.poll(NOW);
      publish(0, Snapshots.of("a", 1, 1));
      add(0, utf8("a"), null);
      store.poll(NOW);
      assertThat(heard).containsExactly("a@1", "-a");
      assertThat(store.get("a")).isEmpty();
    }
  }

  @Test
  void readsWithItsOwnThreadUntilClosed() throws Exception {
    partitions(1);
    CountDownLatch seen = new CountDownLatch(1);
    ModelStore store = ModelStore.follow(consumer, options);
    store.addListener(m -> seen.countDown());
    assertThat(store.awaitCaughtUp(LONG)).isTrue();
    consumer.schedulePollTask(() -> publish(0, Snapshots.of("a", 4, 1)));
    Optional<Model> model = store.awaitVersion("a", 4, LONG);
    assertThat(model).isPresent();
    assertThat(seen.await(20, TimeUnit.SECONDS)).isTrue();
    assertThatThrownBy(() -> store.poll(NOW)).isInstanceOf(IllegalStateException.class);
    store.close();
    assertThat(consumer.closed()).isTrue();
    assertThat(store.status().failure()).isNull();
    assertThat(store.get("a")).as("models stay").isPresent();
  }

  @Test
  void aTopicThatMayNotBeReadIsReported() {
    partitions(1);
    consumer.setPollException(new TopicAuthorizationException(TOPIC));
    try (ModelStore store = ModelStore.follow(consumer, options)) {
      assertThatThrownBy(() -> store.awaitVersion("a", 1, LONG))
          .isInstanceOf(ModelStoreException.class)
          .hasMessageContaining(TOPIC);
      assertThat(store.status().failure()).isInstanceOf(TopicAuthorizationException.class);
    }
  }

  @Test
  void answersWhileAnotherThreadWaits() throws Exception {
    partitions(1);
    consumer.updateEndOffsets(Map.of(new TopicPartition(TOPIC, 0), 1L));
    try (ModelStore store = ModelStore.manual(consumer, options)) {
      List<StoreStatus> answers = new ArrayList<>();
      consumer.schedulePollTask(
          () -> { // the thread that waits is reading now
            answers.add(
                CompletableFuture.supplyAsync(store::status)
                    .orTimeout(20, TimeUnit.SECONDS)
                    .join());
            publish(0, Snapshots.of("a", 1, 1));
          });
      assertThat(store.awaitCaughtUp(LONG)).isTrue();
      assertThat(answers).hasSize(1);
      assertThat(answers.get(0).caughtUp()).isFalse();
    }
  }

  @Test
  void anErrorOfTheReadingThreadIsReported() {
    partitions(1);
    consumer.updateEndOffsets(Map.of(new TopicPartition(TOPIC, 0), 1L));
    consumer.schedulePollTask(
        () -> {
          throw new OutOfMemoryError("made up");
        });
    try (ModelStore store = ModelStore.follow(consumer, options)) {
      assertThatThrownBy(() -> store.awaitCaughtUp(LONG))
          .isInstanceOf(ModelStoreException.class)
          .hasMessageContaining("made up");
      assertThat(store.status().failure()).isInstanceOf(OutOfMemoryError.class);
    }
  }

  private void partitions(int n) {
    List<PartitionInfo> infos = new ArrayList<>();
    Map<TopicPartition, Long> zeros = new HashMap<>();
    for (int i = 0; i < n; i++) {
      infos.add(new PartitionInfo(TOPIC, i, Node.noNode(), new Node[0], new Node[0]));
      zeros.put(new TopicPartition(TOPIC, i), 0L);
      ends.put(i, 0L);
    }
    consumer.updateBeginningOffsets(zeros);
    consumer.updateEndOffsets(zeros);
    consumer.updatePartitions(TOPIC, infos);
  }

  private void publish(int partition, ModelSnapshot s) {
    ModelRecord r = PartCodec.records(s, PartCodec.DEFAULT_PART_BYTES).get(0);
    add(partition, r.key(), r.value());
  }

  private void add(int partition, byte[] key, byte[] value) {
    long offset = ends.merge(partition, 1L, Long::sum) - 1;
    consumer.addRecord(new ConsumerRecord<>(TOPIC, partition, offset, key, value));
  }

  private static byte[] utf8(String s) {
    return s.getBytes(StandardCharsets.UTF_8);
  }
}
