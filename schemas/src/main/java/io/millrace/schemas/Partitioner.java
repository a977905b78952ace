package io.millrace.schemas;

import java.nio.charset.StandardCharsets;

/**
 * The partition of a model key: murmur2 of its UTF-8 bytes, positive, modulo the partitions. The
 * same as Kafka's default for that record key, so a model's parts lie where the model's events and
 * small snapshots do.
 */
public final class Partitioner {
  private static final int SEED = 0x9747b28c;
  private static final int M = 0x5bd1e995;
  private static final int R = 24;

  private Partitioner() {}

  /**
   * The partition of a model key.
   *
   * @param partitions at least 1
   */
  public static int partition(String modelKey, int partitions) {
    return partition(modelKey.getBytes(StandardCharsets.UTF_8), partitions);
  }

  /**
   * The partition of a model key in UTF-8.
   *
   * @param partitions at least 1
   */
  public static int partition(byte[] modelKey, int partitions) {
    return hash(modelKey) % partitions;
  }

  /**
   * Hash of a model key in UTF-8, at least 0: its partition is the rest of a division by their
   * number.
   */
  public static int hash(byte[] modelKey) {
    return murmur2(modelKey) & 0x7fffffff;
  }

  /** MurmurHash2, 32 bits, Austin Appleby, with Kafka's seed. */
  static int murmur2(byte[] b) {
    int length = b.length;
    int h = SEED ^ length;
    int whole = length & ~3;
    for (int i = 0; i < whole; i += 4) {
      int k =
          (b[i] & 0xff)
              | (b[i + 1] & 0xff) << 8
              | (b[i + 2] & 0xff) << 16
              | (b[i + 3] & 0xff) << 24;
      k *= M;
      k ^= k >>> R;
      k *= M;
      h *= M;
      h ^= k;
    }
    int tail = length - whole;
    if (tail > 0) {
      for (int i = tail - 1; i >= 0; i--) {
        h ^= (b[whole + i] & 0xff) << (8 * i);
      }
      h *= M;
    }
    h ^= h >>> 13;
    h *= M;
    h ^= h >>> 15;
    return h;
  }
}
