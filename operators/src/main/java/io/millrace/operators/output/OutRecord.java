package io.millrace.operators.output;

import io.millrace.schemas.Partitioner;

/**
 * A record for Kafka, already encoded.
 *
 * <p>Where it belongs in its topic is a hash, of which the partition follows once their number is
 * known, or a partition by its number. The hash is that of Kafka's own partitioner, so a record
 * placed by a key lies where a producer of any language would have put it.
 *
 * <p>Immutable by convention: nobody writes into the byte arrays.
 */
public final class OutRecord {
  /** Record key; null: it has none. */
  public final byte[] key;

  /** Record value; null: a tombstone. */
  public final byte[] value;

  /** From 0: a hash. Below: the complement of a partition's number. */
  private final int place;

  private OutRecord(byte[] key, byte[] value, int place) {
    this.key = key;
    this.value = value;
    this.place = place;
  }

  /** A record that belongs where its key says; the arrays are kept. */
  public static OutRecord of(byte[] key, byte[] value) {
    return hashed(key, value, Partitioner.hash(key));
  }

  /**
   * A record that belongs where a hash says; the arrays are kept.
   *
   * @param hash by {@link Partitioner#hash}, at least 0
   */
  public static OutRecord hashed(byte[] key, byte[] value, int hash) {
    return placed(key, value, hash & Integer.MAX_VALUE);
  }

  /**
   * A record for one partition; the arrays are kept.
   *
   * @param partition at least 0; in a topic that has fewer partitions, the remainder of dividing by
   *     their number
   */
  public static OutRecord in(byte[] key, byte[] value, int partition) {
    return placed(key, value, ~(partition & Integer.MAX_VALUE));
  }

  /** A record at a {@link #place}; for the serializer. */
  public static OutRecord placed(byte[] key, byte[] value, int place) {
    return new OutRecord(key, value, place);
  }

  /**
   * The same record, its partition settled.
   *
   * @param partitions among which a hash chooses, at least 1
   */
  public OutRecord among(int partitions) {
    return place < 0 ? this : in(key, value, partition(partitions));
  }

  /** Where it belongs, as one number; for the serializer. */
  public int place() {
    return place;
  }

  /**
   * Its partition.
   *
   * @param partitions of the topic, at least 1
   */
  public int partition(int partitions) {
    return (place < 0 ? ~place : place) % partitions;
  }
}
