package io.millrace.operators.publish;

/**
 * A record for Kafka, already encoded.
 *
 * <p>Immutable by convention: nobody writes into the byte arrays.
 */
public final class OutRecord {
  /** Record key; null: it has none. */
  public final byte[] key;

  /** Record value; null: a tombstone. */
  public final byte[] value;

  /** The record belongs on the partition of this text, not of its key. */
  public final String partitionKey;

  /** A record; the arrays are kept. */
  public OutRecord(byte[] key, byte[] value, String partitionKey) {
    this.key = key;
    this.value = value;
    this.partitionKey = partitionKey;
  }
}
