package io.millrace.jobs;

import io.millrace.operators.ingress.PartitionClock;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A split with its clock, in checkpoints and from the search for partitions to a reader.
 *
 * <pre>
 * 4  version of what Kafka's connector writes of a split
 * 4  length of it
 *    those bytes
 * 8  events that have moved the clock
 * 8  least time of the unfinished block
 * 8  time told of last
 * </pre>
 *
 * <p>Numbers are big-endian.
 *
 * @param kafka the connector's own
 */
record SplitSerializer(SimpleVersionedSerializer<KafkaPartitionSplit> kafka)
    implements SimpleVersionedSerializer<KafkaPartitionSplit> {
  private static final int VERSION = 1;

  /** Of the connector's bytes alone, as they were written before partitions had clocks. */
  private static final int WITHOUT_CLOCK = 0;

  private static final int AROUND_BYTES = 2 * Integer.BYTES + 3 * Long.BYTES;

  @Override
  public int getVersion() {
    return VERSION;
  }

  @Override
  public byte[] serialize(KafkaPartitionSplit split) throws IOException {
    byte[] own = kafka.serialize(split);
    PartitionClock.State clock = ClockedSplit.clock(split);
    return ByteBuffer.allocate(AROUND_BYTES + own.length)
        .putInt(kafka.getVersion())
        .putInt(own.length)
        .put(own)
        .putLong(clock.events())
        .putLong(clock.least())
        .putLong(clock.told())
        .array();
  }

  @Override
  public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
    if (version == WITHOUT_CLOCK) {
      return kafka.deserialize(version, bytes);
    }
    if (version != VERSION) {
      throw new IOException(
          "a split was written by format "
              + version
              + "; this build reads 0 to "
              + VERSION
              + "; upgrade the job or restore an older savepoint");
    }
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      int connector = in.getInt();
      byte[] own = new byte[Math.min(Math.max(in.getInt(), 0), bytes.length)];
      in.get(own);
      PartitionClock.State clock =
          new PartitionClock.State(in.getLong(), in.getLong(), in.getLong());
      return new ClockedSplit(kafka.deserialize(connector, own), clock);
    } catch (BufferUnderflowException e) {
      throw new IOException("a split of " + bytes.length + " bytes is cut off", e);
    }
  }
}
