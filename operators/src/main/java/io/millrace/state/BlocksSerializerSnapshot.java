package io.millrace.state;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.journal.BlocksCodec;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which algorithm's blocks a savepoint holds, in which format, and what the numbers mean. This
 * class name is part of savepoints.
 *
 * <pre>int32 format of {@link BlocksCodec} | algorithm | int32 version
 * | int32 blocks, then per block: name, u8 type, int32 length
 * | int32 settings, then per setting: name, value</pre>
 *
 * Texts are int32 length and UTF-8.
 */
public final class BlocksSerializerSnapshot implements TypeSerializerSnapshot<LearnerState> {
  private static final int VERSION = 1;
  private static final StateSchema.Type[] TYPES = StateSchema.Type.values();

  private BlocksSerializer.Form form;

  /** For Flink, which reads into it. */
  public BlocksSerializerSnapshot() {}

  BlocksSerializerSnapshot(BlocksSerializer.Form form) {
    this.form = form;
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeInt(BlocksCodec.FORMAT);
    writeText(out, form.algorithm());
    out.writeInt(form.version());
    StateSchema schema = form.schema();
    out.writeInt(schema.size());
    for (int i = 0; i < schema.size(); i++) {
      writeText(out, schema.name(i));
      out.writeByte(schema.type(i).ordinal());
      out.writeInt(schema.length(i));
    }
    out.writeInt(form.meaning().size());
    for (var e : form.meaning().entrySet()) {
      writeText(out, e.getKey());
      writeText(out, e.getValue());
    }
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
    FormatSnapshot.requireFormat("description of blocks", version, VERSION);
    FormatSnapshot.requireFormat("blocks of keys", in.readInt(), BlocksCodec.FORMAT);
    String algorithm = readText(in);
    int algorithmVersion = in.readInt();
    StateSchema.Builder schema = new StateSchema.Builder();
    for (int n = in.readInt(); n > 0; n--) {
      String name = readText(in);
      StateSchema.Type type = TYPES[in.readUnsignedByte()];
      schema.block(name, type, in.readInt());
    }
    SortedMap<String, String> meaning = new TreeMap<>();
    for (int n = in.readInt(); n > 0; n--) {
      String name = readText(in);
      meaning.put(name, readText(in));
    }
    form =
        new BlocksSerializer.Form(
            algorithm, algorithmVersion, schema.build(), meaning, List.of(), false);
  }

  private static void writeText(DataOutputView out, String text) throws IOException {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(utf8.length);
    out.write(utf8);
  }

  private static String readText(DataInputView in) throws IOException {
    byte[] utf8 = new byte[in.readInt()];
    in.readFully(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  @Override
  public TypeSerializer<LearnerState> restoreSerializer() {
    return new BlocksSerializer(form);
  }

  /**
   * Bytes of an older version are readable as they are (blocks carry their names), so nothing is
   * migrated here.
   *
   * @throws StateException if the savepoint is another algorithm's, a newer version's, or of
   *     another meaning
   */
  @Override
  public TypeSerializerSchemaCompatibility<LearnerState> resolveSchemaCompatibility(
      TypeSerializerSnapshot<LearnerState> old) {
    if (!(old instanceof BlocksSerializerSnapshot snapshot)) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    BlocksSerializer.Form found = snapshot.form;
    if (form.replaceable()) { // other blocks are dropped when their key is next touched
      return TypeSerializerSchemaCompatibility.compatibleAsIs();
    }
    String algorithm = form.algorithm();
    if (!found.algorithm().equals(algorithm)) {
      throw new StateException(
          "savepoint holds state of '"
              + found.algorithm()
              + "', the job runs '"
              + algorithm
              + "'; configure '"
              + found.algorithm()
              + "', or start without the savepoint (warm-start.file takes a published model)");
    }
    if (found.version() > form.version()) {
      throw new StateException(
          "savepoint holds state of '"
              + algorithm
              + "' in version "
              + found.version()
              + "; this build reads versions up to "
              + form.version()
              + "; upgrade the job or restore an older savepoint");
    }
    requireMeaning(found);
    if (found.version() == form.version()
        && !found.schema().equals(form.schema())
        && !form.others().contains(found.schema())) {
      throw new StateException(
          "savepoint holds state of '"
              + algorithm
              + "' with blocks "
              + found.schema()
              + ", the job's are "
              + form.schema()
              + "; configure the model, features and optimizer as they were");
    }
    return TypeSerializerSchemaCompatibility.compatibleAsIs();
  }

  private void requireMeaning(BlocksSerializer.Form found) {
    TreeSet<String> names = new TreeSet<>(found.meaning().keySet());
    names.addAll(form.meaning().keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      String then = found.meaning().get(name);
      String now = form.meaning().get(name);
      if (then == null || !then.equals(now)) {
        differences.add(name + " is " + shown(then) + " in the savepoint, " + shown(now) + " here");
      }
    }
    if (!differences.isEmpty()) {
      throw new StateException(
          "savepoint holds state of '"
              + form.algorithm()
              + "' that means something else: "
              + String.join("; ", differences)
              + "; configure these as they were, or start without the savepoint");
    }
  }

  private static String shown(String value) {
    return value == null ? "absent" : "'" + value + "'";
  }
}
