package io.millrace.core.optim;

import java.util.List;

/**
 * Named row-major matrices laid end to end in one flat array.
 *
 * @param blocks in order of offset, without gaps
 */
public record ParamLayout(List<Block> blocks) {
  /**
   * One matrix.
   *
   * @param offset of its first element in the flat array
   */
  public record Block(String name, int rows, int cols, int offset) {
    public int size() {
      return rows * cols;
    }
  }

  public ParamLayout {
    blocks = List.copyOf(blocks);
    int at = 0;
    for (Block b : blocks) {
      if (b.offset() != at || b.rows() < 0 || b.cols() < 0) {
        throw new IllegalStateException(
            "block '"
                + b.name()
                + "' "
                + b.rows()
                + "x"
                + b.cols()
                + " at "
                + b.offset()
                + ", expected at "
                + at);
      }
      at = Math.addExact(at, Math.multiplyExact(b.rows(), b.cols()));
    }
  }

  /** A single vector. */
  public static ParamLayout vector(int n) {
    return new ParamLayout(List.of(new Block("theta", n, 1, 0)));
  }

  /** Length of the flat array. */
  public int size() {
    if (blocks.isEmpty()) {
      return 0;
    }
    Block last = blocks.get(blocks.size() - 1);
    return last.offset() + last.size();
  }
}
