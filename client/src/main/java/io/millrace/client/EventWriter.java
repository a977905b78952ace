package io.millrace.client;

import io.millrace.core.ConfigException;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.Control;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.Label;
import io.millrace.schemas.ModelKeys;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * Writes events to a job's topics: idempotent, acknowledged by all replicas, the record key being
 * the model key so that one key's events keep their order.
 *
 * <p>With a batch size above 1, {@link #send(Event)} gathers a key's examples into ExampleBatch
 * records; a batch goes out when it is full, before it would grow beyond {@value #BATCH_BYTES}
 * bytes, before a label or control event of its key, and at {@link #flush}. A failed write is
 * thrown as {@link EventWriteException} by the next call, which then sends nothing itself.
 * Thread-safe.
 */
public final class EventWriter implements AutoCloseable {
  /** Largest body of a batch: leaves room under the default record limit of 1 MiB. */
  static final int BATCH_BYTES = 512 << 10;

  /** Most examples waiting in batches, over all keys. */
  static final int MAX_WAITING = 100_000;

  /** Most bytes of examples waiting in batches, over all keys. */
  static final long MAX_WAITING_BYTES = 64L << 20;

  private static final long BATCH = SingleObject.fingerprint(RecordKind.EXAMPLE_BATCH);

  private final Producer<byte[], byte[]> producer;
  private final EventTopics topics;
  private final int batchSize;
  private final Map<String, Batch> batches = new LinkedHashMap<>();
  private final AvroSink sink = new AvroSink();
  private final AvroSink item = new AvroSink();
  private int waiting;
  private long waitingBytes;
  private long events;
  private long records;
  private final WriteFailures failures = new WriteFailures();

  /** A key's examples on their way into one record. */
  private static final class Batch {
    final AvroSink items = new AvroSink();
    int count;
  }

  /**
   * What was written so far.
   *
   * @param events examples, labels and control events taken
   * @param records records handed to Kafka
   * @param acknowledged records that Kafka has confirmed
   */
  public record Counts(long events, long records, long acknowledged) {}

  /**
   * A writer over a producer of the caller's; {@link #close} closes it.
   *
   * @param batchSize examples per record, 1: Example records
   */
  public EventWriter(Producer<byte[], byte[]> producer, EventTopics topics, int batchSize) {
    requireAllowed(batchSize);
    this.producer = producer;
    this.topics = topics;
    this.batchSize = batchSize;
  }

  /**
   * Connects.
   *
   * @param clientId names this writer in the broker's logs
   */
  public static EventWriter open(
      KafkaAccess kafka, String clientId, EventTopics topics, int batchSize) {
    requireAllowed(batchSize);
    return new EventWriter(kafka.producer(clientId), topics, batchSize);
  }

  private static void requireAllowed(int batchSize) {
    if (batchSize < 1 || batchSize > MAX_WAITING) {
      throw new ConfigException(
          "batch size = " + batchSize + "; must lie in [1, " + MAX_WAITING + "]");
    }
  }

  /** Sends an example, or puts it into its key's batch. */
  public synchronized void send(Event event) {
    failures.surface();
    events++;
    if (batchSize == 1) {
      emit(topics.examples(), event.key(), event.encode());
      return;
    }
    event.writeItem(item.clear());
    Batch batch = batches.get(event.key());
    if (batch != null && batch.items.size() + item.size() > BATCH_BYTES) {
      emitBatch(event.key()); // with this one it could be more than Kafka takes
    }
    batch = batches.computeIfAbsent(event.key(), k -> new Batch());
    batch.items.append(item.array(), 0, item.size());
    batch.count++;
    waiting++;
    waitingBytes += item.size();
    if (batch.count == batchSize || batch.items.size() >= BATCH_BYTES) {
      emitBatch(event.key());
    }
    while (waiting > MAX_WAITING || waitingBytes > MAX_WAITING_BYTES) {
      emitBatch(batches.keySet().iterator().next()); // the key that has waited longest
    }
  }

  /** Sends an example as it is. */
  public synchronized void send(Example example) {
    failures.surface();
    events++;
    emitBatch(example.getKey());
    emit(topics.examples(), example.getKey(), SingleObject.encode(example));
  }

  /** Sends a batch as it is. */
  public synchronized void send(ExampleBatch batch) {
    failures.surface();
    events += batch.getItems().size();
    emitBatch(batch.getKey());
    emit(topics.examples(), batch.getKey(), SingleObject.encode(batch));
  }

  /** Sends the label of an example sent before. */
  public synchronized void send(Label label) {
    failures.surface();
    events++;
    emitBatch(label.getKey());
    emit(topics.labels(), label.getKey(), SingleObject.encode(label));
  }

  /**
   * Sends an order to the job, for one key or for {@code *}. Among the examples an order for every
   * key is written once to each partition, so that it has its place in the sequence of every key.
   */
  public synchronized void send(Control control) {
    failures.surface();
    events++;
    if (!ModelKeys.ALL.equals(control.getKey())) {
      emitBatch(control.getKey());
      emit(topics.control(), control.getKey(), SingleObject.encode(control));
      return;
    }
    emitBatches();
    if (!topics.ordersAmongExamples()) {
      emit(topics.control(), control.getKey(), SingleObject.encode(control));
      return;
    }
    int partitions = producer.partitionsFor(topics.control()).size();
    // Field by field: a builder's deep copy looks classes up by name, which Avro must be allowed.
    Control copy =
        new Control(
            control.getKey(),
            control.getCommand(),
            control.getName(),
            control.getValue(),
            control.getEventTime(),
            control.getOrigin(),
            control.getSequence(),
            partitions);
    byte[] value = SingleObject.encode(copy);
    for (int p = 0; p < partitions; p++) {
      emit(topics.control(), p, ModelKeys.ALL.getBytes(StandardCharsets.UTF_8), value);
    }
  }

  /**
   * Sends bytes as they are, e.g. those of a dead letter.
   *
   * @param partition null: where the record key says
   * @param recordKey may be null
   */
  public synchronized void sendRaw(
      String topic, Integer partition, byte[] recordKey, byte[] value) {
    failures.surface();
    events++;
    emitBatches();
    emit(topic, partition, recordKey, value);
  }

  /** Sends what waits in batches and returns when Kafka has taken everything. */
  public void flush() {
    synchronized (this) {
      emitBatches();
    }
    producer.flush();
    failures.surface();
  }

  /** Events and records so far. */
  public synchronized Counts counts() {
    return new Counts(events, records, failures.acknowledged());
  }

  /** Flushes, closes the producer, throws what was not written. */
  @Override
  public void close() {
    try {
      flush();
    } finally {
      producer.close(Duration.ofSeconds(30));
    }
  }

  private void emitBatches() {
    while (!batches.isEmpty()) {
      emitBatch(batches.keySet().iterator().next());
    }
  }

  private void emitBatch(String key) {
    Batch batch = batches.remove(key);
    if (batch == null) {
      return;
    }
    waiting -= batch.count;
    waitingBytes -= batch.items.size();
    sink.clear().header(BATCH).writeString(key).writeLong(batch.count);
    sink.append(batch.items.array(), 0, batch.items.size()).writeLong(0);
    emit(topics.examples(), key, sink.toByteArray());
  }

  private void emit(String topic, String key, byte[] value) {
    emit(topic, null, key.getBytes(StandardCharsets.UTF_8), value);
  }

  private void emit(String topic, Integer partition, byte[] key, byte[] value) {
    records++;
    producer.send(
        new ProducerRecord<>(topic, partition, key, value), (meta, e) -> failures.done(topic, e));
  }
}
