package io.millrace.bench.samples;

import io.millrace.core.features.Rows;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Examples drawn once and given to every party: features as 32-bit floats as events carry them,
 * labels of a noisy linear rule. The indices of a sparse example are uniform, ascending and
 * distinct.
 */
public final class Samples {
  private final Shape shape;
  private final int count;
  private final float[] values;
  private final int[] indices;
  private final byte[] labels;

  /**
   * Draws.
   *
   * @param count examples
   */
  public Samples(Shape shape, int count, long seed) {
    this.shape = shape;
    this.count = count;
    int k = shape.perExample();
    values = new float[count * k];
    indices = shape.dense() ? new int[0] : new int[count * k];
    labels = new byte[count];
    SplittableRandom random = new SplittableRandom(seed);
    double[] truth = random.doubles(shape.dimension(), -1, 1).toArray();
    for (int i = 0; i < count; i++) {
      if (!shape.dense()) {
        draw(random, i * k);
      }
      double margin = random.nextDouble(-1, 1);
      for (int j = i * k; j < (i + 1) * k; j++) {
        values[j] = (float) random.nextDouble(-1, 1);
        margin += values[j] * truth[shape.dense() ? j - i * k : indices[j]];
      }
      labels[i] = (byte) (margin > 0 ? 1 : 0);
    }
  }

  /** What the examples look like. */
  public Shape shape() {
    return shape;
  }

  /** How many examples. */
  public int count() {
    return count;
  }

  /** Class of example {@code i}. */
  public int label(int i) {
    return labels[i];
  }

  /** Value {@code j} of example {@code i}. */
  public float value(int i, int j) {
    return values[i * shape.perExample() + j];
  }

  /** Index {@code j} of sparse example {@code i}. */
  public int index(int i, int j) {
    return indices[i * shape.perExample() + j];
  }

  private void draw(SplittableRandom random, int from) {
    int to = from + shape.perExample();
    for (int j = from; j < to; j++) {
      boolean twice;
      do {
        indices[j] = random.nextInt(shape.dimension());
        twice = false;
        for (int other = from; other < j; other++) {
          twice |= indices[other] == indices[j];
        }
      } while (twice);
    }
    Arrays.sort(indices, from, to);
  }

  /** Appends example {@code i} as a row of doubles, as the job's decoder does. */
  public void addTo(Rows rows, int i) {
    int k = shape.perExample();
    rows.beginRow();
    rows.reserve(k);
    if (shape.dense()) {
      for (int j = i * k; j < (i + 1) * k; j++) {
        rows.add(values[j]);
      }
    } else {
      for (int j = i * k; j < (i + 1) * k; j++) {
        rows.add(indices[j], values[j]);
      }
      rows.markDistinct();
    }
    rows.endRow(labels[i], 1);
  }

  /**
   * Writes the examples for another program, little-endian: int dense, int dimension, int
   * perExample, int count, then labels (byte), values (float), indices (int, sparse only).
   */
  public void write(Path file) throws IOException {
    try (DataOutputStream out =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file), 1 << 16))) {
      ByteBuffer b = ByteBuffer.allocate(16 + values.length * 4 + indices.length * 4);
      b.order(ByteOrder.LITTLE_ENDIAN);
      b.putInt(shape.dense() ? 1 : 0).putInt(shape.dimension());
      b.putInt(shape.perExample()).putInt(count);
      out.write(b.array(), 0, b.position());
      out.write(labels);
      b.clear();
      for (float v : values) {
        b.putFloat(v);
      }
      for (int i : indices) {
        b.putInt(i);
      }
      out.write(b.array(), 0, b.position());
    }
  }
}
