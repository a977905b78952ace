package io.millrace.jobs;

import io.millrace.operators.output.OutRecord;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.admin.Admin;

/**
 * Makes the connector's writers of transactions so that they leave nothing behind. With pooled
 * names of transactions such a writer asks the broker which are open, by an admin client of its
 * own, and never closes it (flink-connector-kafka 5.0.0): a thread and a connection for each sink,
 * subtask and restart, until the task manager has no thread left. A writer that fails or is
 * interrupted as it opens leaves one as well, and {@link KafkaSink} hands none of these out; so it
 * is made here as it is there, by reflection, since nothing of it is public.
 */
final class WriterOpening {
  private static final String WRITER =
      "org.apache.flink.connector.kafka.sink.ExactlyOnceKafkaWriter";

  private WriterOpening() {}

  /**
   * A writer that is ready.
   *
   * @param state of the writers that went before; empty in a first run
   * @throws IOException as the connector fails
   */
  static StatefulSinkWriter<OutRecord, KafkaWriterState> open(
      KafkaSink<OutRecord> sink, WriterInitContext context, Collection<KafkaWriterState> state)
      throws IOException {
    Writer writer = new Writer(construct(sink, context, state));
    try {
      writer.initialize();
    } catch (Throwable e) {
      writer.closeAdminClient(); // all else it has closed itself
      throw e;
    }
    return writer;
  }

  /** What the connector does before it initializes a writer. */
  @SuppressWarnings("unchecked")
  private static PrecommittingStatefulSinkWriter<OutRecord, KafkaWriterState, KafkaCommittable>
      construct(
          KafkaSink<OutRecord> sink, WriterInitContext context, Collection<KafkaWriterState> state)
          throws IOException {
    try {
      Class<?> type = Class.forName(WRITER, true, KafkaSink.class.getClassLoader());
      Constructor<?> constructor = type.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      Object naming = field(sink, "transactionNamingStrategy");
      return (PrecommittingStatefulSinkWriter<OutRecord, KafkaWriterState, KafkaCommittable>)
          constructor.newInstance(
              field(sink, "deliveryGuarantee"),
              field(sink, "kafkaProducerConfig"),
              field(sink, "transactionalIdPrefix"),
              context,
              field(sink, "recordSerializer"),
              context.asSerializationSchemaInitializationContext(),
              field(naming, "abortImpl"),
              field(naming, "impl"),
              state);
    } catch (ReflectiveOperationException e) {
      throw failure(e);
    }
  }

  private static Object field(Object owner, String name) throws ReflectiveOperationException {
    Field field = owner.getClass().getDeclaredField(name);
    field.setAccessible(true);
    return field.get(owner);
  }

  /** What the connector has thrown; where nothing was called, it is another connector. */
  private static IOException failure(ReflectiveOperationException e) throws IOException {
    if (e instanceof InvocationTargetException) {
      ExceptionUtils.rethrowIOException(e.getCause());
    }
    throw new IllegalStateException(
        "flink-connector-kafka: not the version that this job was built with; ship the job's own",
        e);
  }

  /** A writer of the connector. Flink declares that its end may be interrupted. */
  @SuppressWarnings("try")
  private record Writer(
      PrecommittingStatefulSinkWriter<OutRecord, KafkaWriterState, KafkaCommittable> kafka)
      implements PrecommittingStatefulSinkWriter<OutRecord, KafkaWriterState, KafkaCommittable> {

    @Override
    public void write(OutRecord record, Context context) throws IOException, InterruptedException {
      kafka.write(record, context);
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
      kafka.flush(endOfInput);
    }

    @Override
    public void writeWatermark(Watermark watermark) throws IOException, InterruptedException {
      kafka.writeWatermark(watermark);
    }

    @Override
    public List<KafkaWriterState> snapshotState(long checkpoint) throws IOException {
      return kafka.snapshotState(checkpoint);
    }

    @Override
    public Collection<KafkaCommittable> prepareCommit() throws IOException, InterruptedException {
      return kafka.prepareCommit();
    }

    @Override
    public void close() throws Exception {
      try {
        kafka.close();
      } finally {
        closeAdminClient();
      }
    }

    void initialize() throws IOException {
      try {
        Method initialize = kafka.getClass().getMethod("initialize");
        initialize.setAccessible(true);
        initialize.invoke(kafka);
      } catch (ReflectiveOperationException e) {
        throw failure(e);
      }
    }

    void closeAdminClient() throws IOException {
      try {
        Admin admin = (Admin) field(kafka, "adminClient");
        if (admin != null) {
          admin.close(Duration.ZERO);
        }
      } catch (ReflectiveOperationException e) {
        throw failure(e);
      }
    }
  }
}
