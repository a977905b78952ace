package io.millrace.jobs;

import io.millrace.operators.output.OutRecord;
import java.io.IOException;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.StatefulSinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.SupportsWriterState;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.connector.kafka.sink.KafkaCommittable;
import org.apache.flink.connector.kafka.sink.KafkaSink;
import org.apache.flink.connector.kafka.sink.KafkaWriterState;
import org.apache.flink.connector.kafka.sink.TwoPhaseCommittingStatefulSink.PrecommittingStatefulSinkWriter;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.streaming.api.connector.sink2.CommittableMessage;
import org.apache.flink.streaming.api.connector.sink2.SupportsPostCommitTopology;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.lineage.LineageVertex;
import org.apache.flink.streaming.api.lineage.LineageVertexProvider;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;

/**
 * Flink's Kafka sink, whose writers close all they open. With pooled names of transactions a writer
 * of the connector asks the broker which are open, by an admin client of its own, and leaves its
 * thread and its connection behind (flink-connector-kafka 5.0.0): one for each sink, subtask and
 * restart, until the task manager has no thread left. A writer that fails as it opens is out of
 * reach, so the broker must have answered before one is made.
 *
 * @param admin settings of the client that asks; empty where there are no transactions
 */
record RecordSink(KafkaSink<OutRecord> kafka, Map<String, Object> admin)
    implements Sink<OutRecord>,
        SupportsWriterState<OutRecord, KafkaWriterState>,
        SupportsCommitter<KafkaCommittable>,
        SupportsPostCommitTopology<KafkaCommittable>,
        LineageVertexProvider {

  @Override
  public SinkWriter<OutRecord> createWriter(WriterInitContext context) throws IOException {
    awaitBroker();
    return new Writer(kafka.createWriter(context));
  }

  @Override
  public StatefulSinkWriter<OutRecord, KafkaWriterState> restoreWriter(
      WriterInitContext context, Collection<KafkaWriterState> state) throws IOException {
    awaitBroker();
    return new Writer(kafka.restoreWriter(context, state));
  }

  private void awaitBroker() throws IOException {
    if (admin.isEmpty()) {
      return;
    }
    try (Admin client = Admin.create(admin)) {
      client.describeCluster().nodes().get();
    } catch (ExecutionException e) {
      Object servers = admin.get(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG);
      throw new IOException(KafkaReply.explain(servers.toString(), admin, e), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the broker was asked", e);
    }
  }

  @Override
  public Committer<KafkaCommittable> createCommitter(CommitterInitContext context) {
    return kafka.createCommitter(context);
  }

  @Override
  public SimpleVersionedSerializer<KafkaCommittable> getCommittableSerializer() {
    return kafka.getCommittableSerializer();
  }

  @Override
  public SimpleVersionedSerializer<KafkaWriterState> getWriterStateSerializer() {
    return kafka.getWriterStateSerializer();
  }

  @Override
  public void addPostCommitTopology(DataStream<CommittableMessage<KafkaCommittable>> committables) {
    kafka.addPostCommitTopology(committables);
  }

  @Override
  public LineageVertex getLineageVertex() {
    return kafka.getLineageVertex();
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
        Admin admin = adminClient(kafka);
        if (admin != null) {
          admin.close(Duration.ZERO);
        }
      }
    }
  }

  /** The admin client that a writer holds; null if it has opened none, or is of no such kind. */
  private static Admin adminClient(Object writer) throws ReflectiveOperationException {
    for (Field field : writer.getClass().getDeclaredFields()) {
      if (Admin.class.isAssignableFrom(field.getType())) {
        field.setAccessible(true);
        return (Admin) field.get(writer);
      }
    }
    return null;
  }
}
