package io.millrace.core.supervised;

import io.millrace.core.model.Architecture;

/**
 * How the parameters of a model split: leading matrices with a row for each feature, of which a
 * sparse mini-batch touches few, and the rest, which every mini-batch touches. Packed parameters
 * are those of the touched features laid out as if there were no others. Immutable.
 */
final class FeatureBlocks {
  private final int width;
  private final int[] strides;
  private final int stride;
  private final int tail;

  FeatureBlocks(Architecture architecture, int width) {
    this.width = width;
    strides = new int[architecture.featureTensors()];
    int total = 0;
    int rest = 0;
    int i = 0;
    for (Architecture.Tensor t : architecture.tensors(width)) {
      if (i < strides.length) {
        strides[i] = Math.toIntExact(t.size() / width);
        total += strides[i++];
      } else {
        rest = Math.addExact(rest, Math.toIntExact(t.size()));
      }
    }
    stride = total;
    tail = rest;
  }

  /** Features of the whole model. */
  int width() {
    return width;
  }

  /** Elements of a row of each matrix; not to be written to. */
  int[] strides() {
    return strides;
  }

  /** Parameters for n features. */
  int size(int n) {
    return n * stride + tail;
  }

  /**
   * Copies the parameters of the mapped features.
   *
   * @param to packed; what is behind them is set to 0
   */
  void gather(double[] from, CoordinateMap map, double[] to) {
    int[] touched = map.touched();
    int n = map.count();
    int start = 0;
    int at = 0;
    for (int s : strides) {
      if (s == 1) {
        for (int i = 0; i < n; i++) {
          to[at + i] = from[start + touched[i]];
        }
      } else {
        for (int i = 0; i < n; i++) {
          copyRow(from, start + touched[i] * s, to, at + i * s, s);
        }
      }
      start += width * s;
      at += n * s;
    }
    copyRow(from, start, to, at, tail);
    for (int i = at + tail; i < to.length; i++) {
      to[i] = 0;
    }
  }

  /** Writes them back: the inverse of {@link #gather}. */
  void scatter(double[] from, CoordinateMap map, double[] to) {
    int[] touched = map.touched();
    int n = map.count();
    int start = 0;
    int at = 0;
    for (int s : strides) {
      if (s == 1) {
        for (int i = 0; i < n; i++) {
          to[start + touched[i]] = from[at + i];
        }
      } else {
        for (int i = 0; i < n; i++) {
          copyRow(from, at + i * s, to, start + touched[i] * s, s);
        }
      }
      start += width * s;
      at += n * s;
    }
    copyRow(from, at, to, start, tail);
  }

  /** Rows and rest are mostly short: a loop is faster than a call. */
  private static void copyRow(double[] from, int fromAt, double[] to, int toAt, int n) {
    for (int i = 0; i < n; i++) {
      to[toAt + i] = from[fromAt + i];
    }
  }
}
