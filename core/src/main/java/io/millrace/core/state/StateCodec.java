package io.millrace.core.state;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A {@link LearnerState} on its own as bytes and back, every bit of it; where more is kept about a
 * key than this, its codec is built on the same {@link BlockWriter}.
 *
 * <pre>
 * "algorithm"  bytes    id of the algorithm in UTF-8
 * "counts"     longs    version of the algorithm's blocks, steps
 * "=" + name   doubles  each block of the state, in order
 * </pre>
 *
 * Not thread-safe: buffers are reused.
 */
public final class StateCodec {
  /** Of what the blocks mean; the only one so far. */
  static final int FORMAT = 1;

  private static final String ALGORITHM = "algorithm";
  private static final String COUNTS = "counts";
  private static final char BLOCK = '=';

  private final BlockWriter writer = new BlockWriter();
  private final BlockReader reader = new BlockReader();

  /**
   * What was read.
   *
   * @param algorithm that wrote it
   * @param stateVersion of its blocks, to be given to an upgrade where it is not today's
   * @param state with the schema that was written
   */
  public record Decoded(String algorithm, int stateVersion, LearnerState state) {}

  /** A state as bytes. */
  public byte[] encode(String algorithm, int stateVersion, LearnerState state) {
    writer.begin(FORMAT);
    writer.text(ALGORITHM, algorithm);
    writer.longs(COUNTS, new long[] {stateVersion, state.steps()}, 2);
    StateSchema schema = state.schema();
    for (int i = 0; i < schema.size(); i++) {
      writer.doubles(BLOCK + schema.name(i), state.block(i), schema.length(i));
    }
    int length = writer.finish();
    return Arrays.copyOf(writer.array(), length);
  }

  /**
   * What {@link #encode} wrote.
   *
   * @param what whose state it is, for messages
   * @throws StateException for damaged bytes, and for a format this build does not know, naming
   *     found and supported
   */
  public Decoded decode(byte[] bytes, String what) {
    reader.open(bytes, 0, bytes.length, what);
    if (reader.format() != FORMAT) {
      throw new StateException(
          what
              + " was written by format "
              + reader.format()
              + "; this build reads "
              + FORMAT
              + "; upgrade or restore an older savepoint");
    }
    String algorithm = null;
    long[] counts = null;
    List<double[]> blocks = new ArrayList<>();
    StateSchema.Builder schema = new StateSchema.Builder();
    while (reader.next()) {
      String name = reader.name();
      if (name.equals(ALGORITHM)) {
        algorithm = reader.text();
      } else if (name.equals(COUNTS)) {
        counts = reader.longs();
      } else if (!name.isEmpty() && name.charAt(0) == BLOCK) {
        double[] values = reader.doubles();
        schema.block(name.substring(1), values.length);
        blocks.add(values);
      }
    }
    if (algorithm == null || counts == null || counts.length < 2) {
      throw new StateException(
          what + " has no '" + (algorithm == null ? ALGORITHM : COUNTS) + "'; it is no learner's");
    }
    LearnerState state = new LearnerState(schema.build());
    for (int i = 0; i < blocks.size(); i++) {
      System.arraycopy(blocks.get(i), 0, state.block(i), 0, blocks.get(i).length);
    }
    state.setSteps(counts[1]);
    return new Decoded(algorithm, (int) counts[0], state);
  }
}
