package io.millrace.golden.dictionary;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.dictionary.learner.SignalScaling;
import java.util.Base64;

/**
 * Grey natural-image patches of 8 x 8 pixels, for training and for testing: one byte a pixel, row
 * by row, one patch after another, with the authors of the images in {@link #attribution}.
 */
public final class Patches {
  private final int dimension;
  private final byte[] train;
  private final byte[] test;
  private final String attribution;

  private Patches(JsonNode file) {
    dimension = file.path("dim").asInt();
    train = decode(file, "train_b64", file.path("n_train").asInt());
    test = decode(file, "test_b64", file.path("n_test").asInt());
    attribution = file.path("attribution").asText();
  }

  /**
   * The patches of a file.
   *
   * @throws IllegalArgumentException where sizes and contents disagree
   */
  public static Patches of(JsonNode file) {
    return new Patches(file);
  }

  private byte[] decode(JsonNode file, String field, int count) {
    byte[] bytes = Base64.getDecoder().decode(file.path(field).asText());
    if (dimension < 1 || bytes.length != (long) count * dimension) {
      throw new IllegalArgumentException(
          field + " has " + bytes.length + " bytes, expected " + count + " x " + dimension);
    }
    return bytes;
  }

  /** Pixels of a patch. */
  public int dimension() {
    return dimension;
  }

  public int trainCount() {
    return train.length / dimension;
  }

  public int testCount() {
    return test.length / dimension;
  }

  public String attribution() {
    return attribution;
  }

  /** The first {@code count} training patches, [count x 64]. */
  public double[] train(int count, SignalScaling scaling) {
    return signals(train, count, scaling);
  }

  /** All test patches, [count x 64]. */
  public double[] test(SignalScaling scaling) {
    return signals(test, testCount(), scaling);
  }

  private double[] signals(byte[] pixels, int count, SignalScaling scaling) {
    double[] x = new double[count * dimension];
    for (int i = 0; i < x.length; i++) {
      x[i] = pixels[i] & 0xFF;
    }
    for (int r = 0; r < count; r++) {
      scaling.apply(x, r * dimension, dimension);
    }
    return x;
  }
}
