package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.schemas.Control;
import io.millrace.schemas.ControlCommand;
import io.millrace.schemas.DenseDoubles;
import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.Label;
import io.millrace.schemas.NamedFeatures;
import io.millrace.schemas.Partitioner;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseDoubles;
import io.millrace.schemas.SparseFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.specific.SpecificRecordBase;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.internals.BuiltInPartitioner;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

class EventWriterTest {
  private static final EventTopics TOPICS = EventTopics.apart("t");

  private final MockProducer<byte[], byte[]> producer = producer(true);

  @Test
  void aDenseEventIsAnExample() throws Exception {
    byte[] b = Event.dense("ctr", 1.5f, -2f).id("i").eventTime(5).weight(2).label("UP").encode();
    assertThat(decode(b))
        .isEqualTo(
            new Example(
                "ctr",
                "i",
                Instant.ofEpochMilli(5),
                2.0,
                "UP",
                new DenseFeatures(List.of(1.5f, -2f))));
  }

  @Test
  void sparseAndNamedEventsAreExamples() throws Exception {
    byte[] sparse =
        Event.sparse("ctr", new int[] {3, 70_000}, new float[] {1, 2}).label(0.5).encode();
    Example e = (Example) decode(sparse);
    assertThat(e.getFeatures()).isEqualTo(new SparseFeatures(List.of(3, 70_000), List.of(1f, 2f)));
    assertThat(e.getLabel()).isEqualTo(0.5);
    assertThat(e.getWeight()).isEqualTo(1);
    byte[] named = Event.named("ctr", Map.of("age", 3.0), Map.of("city", "Köln")).encode();
    assertThat(((Example) decode(named)).getFeatures())
        .isEqualTo(new NamedFeatures(Map.of("age", 3.0), Map.of("city", "Köln")));
    assertThat(((Example) decode(named)).getLabel()).isNull();
    byte[] empty = Event.named("ctr", Map.of(), Map.of()).encode();
    assertThat(((Example) decode(empty)).getFeatures())
        .isEqualTo(new NamedFeatures(Map.of(), Map.of()));
  }

  @Test
  void everyRecordIsKeyedByItsModel() throws Exception {
    Label label = new Label("b", "i", Instant.EPOCH, 1.0, null);
    Control control = new Control("*", ControlCommand.SNAPSHOT, "", 0.0, Instant.EPOCH, "", 0L, 0);
    try (EventWriter writer = new EventWriter(producer, TOPICS, 1)) {
      writer.send(Event.dense("a", 1));
      writer.send(label);
      writer.send(control);
    }
    List<ProducerRecord<byte[], byte[]>> sent = producer.history();
    assertThat(sent).extracting(r -> text(r.key())).containsExactly("a", "b", "*");
    assertThat(sent)
        .extracting(ProducerRecord::topic)
        .containsExactly("t.examples", "t.labels", "t.control");
    assertThat(decode(sent.get(1).value())).isEqualTo(label);
    assertThat(decode(sent.get(2).value())).isEqualTo(control);
    assertThat(producer.closed()).isTrue();
  }

  /** So that it has its place in the sequence of every key. */
  @Test
  void anOrderForAllKeysIsWrittenToEveryPartitionOfTheExamples() throws Exception {
    MockProducer<byte[], byte[]> three =
        new MockProducer<>(
            cluster("t", 3), true, null, new ByteArraySerializer(), new ByteArraySerializer());
    Control all = new Control("*", ControlCommand.PAUSE, "", 0.0, Instant.EPOCH, "me", 4L, 0);
    Control one = new Control("a", ControlCommand.PAUSE, "", 0.0, Instant.EPOCH, "me", 5L, 0);
    try (EventWriter writer = new EventWriter(three, EventTopics.single("t"), 10)) {
      writer.send(Event.dense("a", 1));
      writer.send(all);
      writer.send(one);
      writer.flush();
      assertThat(writer.counts()).isEqualTo(new EventWriter.Counts(3, 5, 5));
    }
    List<ProducerRecord<byte[], byte[]>> sent = three.history();
    assertThat(decode(sent.get(0).value())).as("before the order").isInstanceOf(ExampleBatch.class);
    all.setCopies(3);
    for (int p = 0; p < 3; p++) {
      assertThat(sent.get(1 + p).partition()).isEqualTo(p);
      assertThat(text(sent.get(1 + p).key())).isEqualTo("*");
      assertThat(decode(sent.get(1 + p).value())).isEqualTo(all);
    }
    assertThat(sent.get(4).partition()).isNull();
    assertThat(decode(sent.get(4).value())).isEqualTo(one);
  }

  private static Cluster cluster(String topic, int partitions) {
    Node node = new Node(0, "localhost", 1);
    List<PartitionInfo> all = new ArrayList<>();
    for (int p = 0; p < partitions; p++) {
      all.add(new PartitionInfo(topic, p, node, new Node[] {node}, new Node[] {node}));
    }
    return new Cluster("c", List.of(node), all, Set.of(), Set.of());
  }

  @Test
  void examplesAreGatheredByKeyAndOrderWithinAKeyIsKept() throws Exception {
    EventWriter writer = new EventWriter(producer, EventTopics.single("t"), 3);
    for (int i = 0; i < 4; i++) {
      writer.send(Event.dense("a", i).label(i));
      writer.send(Event.dense("b", i));
    }
    assertThat(items(0, "a")).hasSize(3);
    assertThat(items(1, "b")).hasSize(3);
    writer.send(new Label("a", "i", Instant.EPOCH, 1.0, null));
    assertThat(items(2, "a")).hasSize(1);
    assertThat(decode(producer.history().get(3).value())).isInstanceOf(Label.class);
    writer.flush();
    assertThat(items(4, "b")).hasSize(1);
    assertThat(writer.counts()).isEqualTo(new EventWriter.Counts(9, 5, 5));
    ExampleItem item = items(0, "a").get(2);
    assertThat(item.getLabel()).isEqualTo(2.0);
    assertThat(item.getFeatures()).isEqualTo(new DenseFeatures(List.of(2f)));
    writer.close();
  }

  @Test
  void aBatchStaysWithinARecord() throws Exception {
    EventWriter writer = new EventWriter(producer, TOPICS, 1000);
    for (int i = 0; i < 10; i++) {
      writer.send(Event.dense("a", new float[30_000]));
    }
    writer.close();
    assertThat(producer.history()).hasSize(3); // of 4, 4 and 2
    assertThat(producer.history()).allMatch(r -> r.value().length < 1 << 20);
  }

  /** A small one and a large one, each within a record, are more than Kafka takes together. */
  @Test
  void aBatchIsSentBeforeItWouldGrowTooLarge() throws Exception {
    EventWriter writer = new EventWriter(producer, TOPICS, 1000);
    writer.send(Event.dense("a", new float[420_000 / 4]));
    writer.send(Event.dense("a", new float[770_000 / 4]));
    writer.send(Event.dense("a", 1));
    writer.close();
    assertThat(producer.history()).hasSize(3).allMatch(r -> r.value().length < 1 << 20);
    assertThat(items(0, "a")).hasSize(1);
    assertThat(items(2, "a").get(0).getFeatures()).isEqualTo(new DenseFeatures(List.of(1f)));
  }

  @Test
  void batchesOfManyKeysTogetherStayWithinTheirBytes() {
    EventWriter writer = new EventWriter(producer, TOPICS, 1000);
    int bytes = 400_000;
    int keys = (int) (EventWriter.MAX_WAITING_BYTES / bytes) + 10;
    for (int k = 0; k < keys; k++) {
      writer.send(Event.dense("k" + k, new float[bytes / 4]));
    }
    assertThat(producer.history().size()).isBetween(9, 11);
    writer.close();
  }

  @Test
  void doublesAreNeverRounded() throws Exception {
    double clock = 1_700_000_015_595.0;
    assertThat(features(Event.dense("a", new double[] {1, 0.5, -3})))
        .as("four bytes are enough")
        .isEqualTo(new DenseFeatures(List.of(1f, 0.5f, -3f)));
    assertThat(features(Event.dense("a", new double[] {1, clock})))
        .isEqualTo(new DenseDoubles(List.of(1.0, clock)));
    assertThat(features(Event.dense("a", new double[] {1e39})))
        .isEqualTo(new DenseDoubles(List.of(1e39)));
    assertThat(features(Event.sparse("a", new int[] {3}, new double[] {0.1})))
        .isEqualTo(new SparseDoubles(List.of(3), List.of(0.1)));
    assertThat(features(Event.sparse("a", new int[] {3}, new double[] {2})))
        .isEqualTo(new SparseFeatures(List.of(3), List.of(2f)));
  }

  private static Object features(Event event) throws Exception {
    return ((Example) decode(event.encode())).getFeatures();
  }

  @Test
  void aFailedWriteIsThrownByTheNextCall() {
    MockProducer<byte[], byte[]> failing = producer(false);
    EventWriter writer = new EventWriter(failing, TOPICS, 1);
    writer.send(Event.dense("a", 1));
    writer.send(Event.dense("a", 2));
    failing.errorNext(new IllegalStateException("disk full"));
    failing.errorNext(new IllegalStateException("disk full"));
    assertThatThrownBy(() -> writer.send(Event.dense("a", 3)))
        .isInstanceOfSatisfying(
            EventWriteException.class, e -> assertThat(e.records()).isEqualTo(2))
        .hasMessageContaining("t.examples")
        .hasMessageContaining("disk full");
    writer.send(Event.dense("a", 3));
    failing.completeNext();
    writer.close();
  }

  @Test
  void closeThrowsWhatWasNotWrittenAndClosesAllTheSame() {
    MockProducer<byte[], byte[]> failing = producer(false);
    EventWriter writer = new EventWriter(failing, TOPICS, 1);
    writer.send(Event.dense("a", 1));
    failing.errorNext(new IllegalStateException("gone"));
    assertThatThrownBy(writer::close).isInstanceOf(EventWriteException.class);
    assertThat(failing.closed()).isTrue();
  }

  @Test
  void secretsAreNotPrinted() {
    KafkaAccess kafka = new KafkaAccess("h:9092", Map.of("sasl.jaas.config", "password=hunter2"));
    assertThat(kafka.toString()).contains("h:9092", "sasl.jaas.config").doesNotContain("hunter2");
  }

  @Test
  void propertiesThatWouldBreakDeliveryAreRefusedTogether() {
    KafkaAccess kafka =
        new KafkaAccess("h:9092", Map.of("acks", "1", "enable.idempotence", "false"));
    assertThatThrownBy(() -> kafka.producer("c"))
        .isInstanceOfSatisfying(ConfigException.class, e -> assertThat(e.faults()).hasSize(2))
        .hasMessageContaining("acks = 1; must be all");
  }

  @Property
  void partsGoWhereKafkaPutsTheKey(
      @ForAll String key, @ForAll @IntRange(min = 1, max = 1000) int partitions) {
    byte[] b = key.getBytes(StandardCharsets.UTF_8);
    assertThat(Partitioner.partition(key, partitions))
        .isEqualTo(BuiltInPartitioner.partitionForKey(b, partitions));
  }

  private List<ExampleItem> items(int record, String key) throws Exception {
    ExampleBatch batch = (ExampleBatch) decode(producer.history().get(record).value());
    assertThat(batch.getKey()).isEqualTo(key);
    return batch.getItems();
  }

  private static MockProducer<byte[], byte[]> producer(boolean autoComplete) {
    return new MockProducer<>(
        autoComplete, null, new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static SpecificRecordBase decode(byte[] b) throws Exception {
    return SingleObject.standard().decode(b);
  }

  private static String text(byte[] b) {
    return new String(b, StandardCharsets.UTF_8);
  }
}
