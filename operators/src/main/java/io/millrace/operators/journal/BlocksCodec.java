package io.millrace.operators.journal;

import io.millrace.core.state.BlockReader;
import io.millrace.core.state.BlockWriter;
import io.millrace.core.state.CoordinateTable;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link LearnerState} to bytes and back, by {@link BlockWriter}:
 *
 * <pre>
 * counts   longs    version of the algorithm that the blocks are those of, steps
 * .NAME             block NAME, of its own type
 * </pre>
 */
public final class BlocksCodec implements ByteCodec<LearnerState> {
  /** Format this build writes. It reads 1 to this. */
  public static final int FORMAT = 1;

  private static final String COUNTS = "counts";
  private static final char BLOCK = '.';

  private final BlockWriter writer = new BlockWriter();
  private final BlockReader reader = new BlockReader();
  private final long[] counts = new long[2];
  private final List<String> names = new ArrayList<>();
  private final List<Object> arrays = new ArrayList<>();
  private final StateSchema today;
  private final String[] todayNames;

  /**
   * A codec.
   *
   * @param today schema of the blocks as they are now: what fits it is read without further ado
   */
  public BlocksCodec(StateSchema today) {
    this.today = today;
    todayNames = new String[today.size()];
    for (int i = 0; i < todayNames.length; i++) {
      todayNames[i] = (BLOCK + today.name(i)).intern();
    }
  }

  @Override
  public int encode(LearnerState s) {
    StateSchema schema = s.schema();
    counts[0] = s.version();
    counts[1] = s.steps();
    writer.begin(FORMAT).longs(COUNTS, counts, counts.length);
    for (int i = 0; i < schema.size(); i++) {
      String name = schema == today ? todayNames[i] : BLOCK + schema.name(i);
      switch (schema.type(i)) {
        case DOUBLES -> writer.doubles(name, s.block(i), schema.length(i));
        case FLOATS -> writer.floats(name, s.floats(schema.name(i)), schema.length(i));
        case LONGS -> writer.longs(name, s.longs(schema.name(i)), schema.length(i));
        case BYTES -> {
          byte[] bytes = s.bytes(schema.name(i));
          writer.bytes(name, bytes, bytes.length);
        }
        case TABLE -> writer.table(name, s.table(i));
      }
    }
    return writer.finish();
  }

  @Override
  public byte[] array() {
    return writer.array();
  }

  /**
   * Decodes blocks. Those that do not fit the schema of today are kept as they are; see {@link
   * io.millrace.core.learn.OnlineLearner#upgrade}.
   */
  @Override
  public LearnerState decode(byte[] bytes, int length) {
    reader.open(bytes, 0, length, "blocks of a key");
    if (reader.format() < 1 || reader.format() > FORMAT) {
      throw new StateException(
          "blocks of a key were written by format "
              + reader.format()
              + "; this build reads 1 to "
              + FORMAT
              + "; upgrade the job or restore an older savepoint");
    }
    names.clear();
    arrays.clear();
    while (reader.next()) {
      String name = reader.name();
      if (name.equals(COUNTS)) {
        long[] c = reader.longs();
        counts[0] = c[0];
        counts[1] = c[1];
      } else if (!name.isEmpty() && name.charAt(0) == BLOCK) {
        names.add(name);
        arrays.add(array(reader));
      }
    }
    LearnerState s = LearnerState.of(fits() ? today : schema(), arrays.toArray());
    arrays.clear();
    s.setVersion((int) counts[0]);
    s.setSteps(counts[1]);
    return s;
  }

  private static Object array(BlockReader reader) {
    return switch (reader.type()) {
      case BlockWriter.DOUBLES -> reader.doubles();
      case BlockWriter.FLOATS -> reader.floats();
      case BlockWriter.LONGS -> reader.longs();
      case BlockWriter.TABLE -> reader.table();
      default -> reader.bytes();
    };
  }

  private boolean fits() {
    if (names.size() != todayNames.length) {
      return false;
    }
    for (int i = 0; i < todayNames.length; i++) {
      if (!names.get(i).equals(todayNames[i])
          || type(arrays.get(i)) != today.type(i)
          || length(arrays.get(i)) != today.length(i)) {
        return false;
      }
    }
    return true;
  }

  /** The schema that was written. */
  private StateSchema schema() {
    StateSchema.Builder found = new StateSchema.Builder();
    for (int i = 0; i < names.size(); i++) {
      Object array = arrays.get(i);
      found.block(names.get(i).substring(1), type(array), length(array));
    }
    return found.build();
  }

  private static StateSchema.Type type(Object array) {
    if (array instanceof double[]) {
      return StateSchema.Type.DOUBLES;
    } else if (array instanceof float[]) {
      return StateSchema.Type.FLOATS;
    } else if (array instanceof long[]) {
      return StateSchema.Type.LONGS;
    } else if (array instanceof CoordinateTable) {
      return StateSchema.Type.TABLE;
    }
    return StateSchema.Type.BYTES;
  }

  /** As a schema has it. */
  private static int length(Object array) {
    if (array instanceof double[] d) {
      return d.length;
    } else if (array instanceof float[] f) {
      return f.length;
    } else if (array instanceof long[] l) {
      return l.length;
    } else if (array instanceof CoordinateTable t) {
      return t.width();
    }
    return 0;
  }
}
