package io.millrace.bench.samples;

import io.millrace.schemas.DenseFeatures;
import io.millrace.schemas.Example;
import io.millrace.schemas.ExampleBatch;
import io.millrace.schemas.ExampleItem;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseFeatures;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Encoded records of a benchmark: a pool that is sent round and round. Every record of the pool is
 * of another draw; keys come in a random order, each equally often.
 */
public final class Events {
  private final byte[][] keys;
  private final byte[][] values;

  /**
   * Encodes the pool.
   *
   * @param keys different keys
   * @param recordsPerKey of the pool
   * @param batch examples per record; 1: Example, else ExampleBatch
   */
  public Events(Shape shape, int keys, int recordsPerKey, int batch, long seed) {
    int records = keys * recordsPerKey;
    this.keys = new byte[records][];
    this.values = new byte[records][];
    Samples samples = new Samples(shape, records * batch, seed);
    int[] order = new int[records];
    SplittableRandom random = new SplittableRandom(seed + 1);
    for (int i = 0; i < records; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    for (int i = 0; i < records; i++) {
      String key = "model-" + order[i] % keys;
      this.keys[i] = key.getBytes(StandardCharsets.UTF_8);
      this.values[i] = batch == 1 ? example(samples, key, i) : batch(samples, key, i, batch);
    }
  }

  /** Bytes of the value of a record that carries one example of this shape. */
  public static int bytesPerExample(Shape shape) {
    return new Events(shape, 1, 1, 1, 1).value(0).length;
  }

  /** Records in the pool. */
  public int size() {
    return values.length;
  }

  /** Key of record {@code i}. */
  public byte[] key(int i) {
    return keys[i];
  }

  /** Value of record {@code i}. */
  public byte[] value(int i) {
    return values[i];
  }

  private static byte[] example(Samples samples, String key, int i) {
    return SingleObject.encode(
        Example.newBuilder()
            .setKey(key)
            .setEventTime(time(i))
            .setLabel((double) samples.label(i))
            .setFeatures(features(samples, i))
            .build());
  }

  private static byte[] batch(Samples samples, String key, int record, int size) {
    List<ExampleItem> items = new ArrayList<>(size);
    for (int i = record * size; i < (record + 1) * size; i++) {
      items.add(
          ExampleItem.newBuilder()
              .setEventTime(time(i))
              .setLabel((double) samples.label(i))
              .setFeatures(features(samples, i))
              .build());
    }
    return SingleObject.encode(ExampleBatch.newBuilder().setKey(key).setItems(items).build());
  }

  private static Instant time(int i) {
    return Instant.ofEpochMilli(1_700_000_000_000L + i);
  }

  private static Object features(Samples samples, int i) {
    int k = samples.shape().perExample();
    List<Float> values = new ArrayList<>(k);
    List<Integer> indices = new ArrayList<>(k);
    for (int j = 0; j < k; j++) {
      values.add(samples.value(i, j));
      if (!samples.shape().dense()) {
        indices.add(samples.index(i, j));
      }
    }
    return samples.shape().dense()
        ? new DenseFeatures(values)
        : new SparseFeatures(indices, values);
  }
}
