package io.millrace.state;

import io.millrace.core.state.StateException;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.learner.KeyStateCodec;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which learner's states a savepoint holds, and in which format. This class name is part of
 * savepoints.
 *
 * <pre>int32 format of {@link KeyStateCodec} | algorithm | int32 state version
 * | int32 blocks, then per block: name, int32 length</pre>
 */
public final class KeyStateSerializerSnapshot implements TypeSerializerSnapshot<KeyState> {
  private static final int VERSION = 1;

  private String algorithm;
  private int stateVersion;
  private StateSchema schema;

  /** For Flink, which reads into it. */
  public KeyStateSerializerSnapshot() {}

  KeyStateSerializerSnapshot(KeyStateSerializer serializer) {
    algorithm = serializer.algorithm();
    stateVersion = serializer.stateVersion();
    schema = serializer.schema();
  }

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) throws IOException {
    out.writeInt(KeyStateCodec.FORMAT);
    out.writeUTF(algorithm);
    out.writeInt(stateVersion);
    out.writeInt(schema.size());
    for (int i = 0; i < schema.size(); i++) {
      out.writeUTF(schema.name(i));
      out.writeInt(schema.length(i));
    }
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
    if (version != VERSION) {
      throw new StateException(
          "description of keyed state was written by format "
              + version
              + "; this build reads "
              + VERSION
              + "; upgrade the job or restore an older savepoint");
    }
    KeyStateCodec.requireFormat(in.readInt());
    algorithm = in.readUTF();
    stateVersion = in.readInt();
    StateSchema.Builder b = new StateSchema.Builder();
    for (int n = in.readInt(); n > 0; n--) {
      String name = in.readUTF();
      b.block(name, in.readInt());
    }
    schema = b.build();
  }

  @Override
  public TypeSerializer<KeyState> restoreSerializer() {
    return new KeyStateSerializer(algorithm, stateVersion, schema);
  }

  /**
   * Bytes of an older state version are readable as they are (blocks carry their names), so nothing
   * is migrated here.
   *
   * @throws StateException if the savepoint is another learner's or a newer version's
   */
  @Override
  public TypeSerializerSchemaCompatibility<KeyState> resolveSchemaCompatibility(
      TypeSerializerSnapshot<KeyState> old) {
    if (!(old instanceof KeyStateSerializerSnapshot found)) {
      return TypeSerializerSchemaCompatibility.incompatible();
    }
    if (!found.algorithm.equals(algorithm)) {
      throw new StateException(
          "savepoint holds state of '"
              + found.algorithm
              + "', the job runs '"
              + algorithm
              + "'; configure '"
              + found.algorithm
              + "', or start without the savepoint and warm-start from the models topic");
    }
    if (found.stateVersion > stateVersion) {
      throw new StateException(
          "savepoint holds state of '"
              + algorithm
              + "' in version "
              + found.stateVersion
              + "; this build reads versions up to "
              + stateVersion
              + "; upgrade the job or restore an older savepoint");
    }
    if (found.stateVersion == stateVersion && !found.schema.equals(schema)) {
      throw new StateException(
          "savepoint holds state of '"
              + algorithm
              + "' with blocks "
              + found.schema
              + ", the job's are "
              + schema
              + "; configure the model, features and optimizer as they were");
    }
    return TypeSerializerSchemaCompatibility.compatibleAsIs();
  }
}
