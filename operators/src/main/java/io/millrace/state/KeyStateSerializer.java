package io.millrace.state;

import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.learner.KeyState;
import io.millrace.operators.learner.KeyStateCodec;
import java.io.IOException;
import java.util.Arrays;
import java.util.Objects;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Puts a {@link KeyState} into a state backend: int32 length, then what {@link KeyStateCodec}
 * writes. Knows which learner the states belong to, so that a savepoint of another one is refused.
 *
 * <p>A state written under an older version of the learner's blocks is carried as it is and brought
 * up to date by the operator when its key is next touched.
 */
public final class KeyStateSerializer extends TypeSerializer<KeyState> {
  private static final long serialVersionUID = 1;
  private static final int KEEP_BYTES = 1 << 20;

  private final String algorithm;
  private final int stateVersion;
  private final String[] names;
  private final int[] lengths;
  private transient StateSchema schema;
  private transient KeyStateCodec codec;
  private transient byte[] scratch;

  /** For the states of a learner. */
  public KeyStateSerializer(OnlineLearner learner) {
    this(learner.algorithm(), learner.stateVersion(), learner.schema());
  }

  KeyStateSerializer(String algorithm, int stateVersion, StateSchema schema) {
    this.algorithm = algorithm;
    this.stateVersion = stateVersion;
    this.schema = schema;
    names = new String[schema.size()];
    lengths = new int[names.length];
    for (int i = 0; i < names.length; i++) {
      names[i] = schema.name(i);
      lengths[i] = schema.length(i);
    }
  }

  String algorithm() {
    return algorithm;
  }

  int stateVersion() {
    return stateVersion;
  }

  StateSchema schema() {
    if (schema == null) {
      StateSchema.Builder b = new StateSchema.Builder();
      for (int i = 0; i < names.length; i++) {
        b.block(names[i], lengths[i]);
      }
      schema = b.build();
    }
    return schema;
  }

  private KeyStateCodec codec() {
    if (codec == null) {
      codec = new KeyStateCodec(schema());
    }
    return codec;
  }

  @Override
  public void serialize(KeyState state, DataOutputView out) throws IOException {
    KeyStateCodec c = codec();
    int length = c.encode(state);
    out.writeInt(length);
    out.write(c.array(), 0, length);
    if (length > KEEP_BYTES) {
      codec = null; // gives the large array back
    }
  }

  @Override
  public KeyState deserialize(DataInputView in) throws IOException {
    int length = in.readInt();
    return codec().decode(read(in, length), 0, length);
  }

  /** Bytes in an array that is used again, unless it is large. */
  private byte[] read(DataInputView in, int length) throws IOException {
    byte[] bytes = scratch;
    if (bytes == null || bytes.length < length) {
      bytes = new byte[length];
      if (length <= KEEP_BYTES) {
        scratch = bytes;
      }
    }
    in.readFully(bytes, 0, length);
    return bytes;
  }

  @Override
  public KeyState deserialize(KeyState reuse, DataInputView in) throws IOException {
    return deserialize(in);
  }

  @Override
  public void copy(DataInputView in, DataOutputView out) throws IOException {
    int length = in.readInt();
    byte[] bytes = read(in, length);
    out.writeInt(length);
    out.write(bytes, 0, length);
  }

  @Override
  public KeyState copy(KeyState from) {
    return from.copy();
  }

  @Override
  public KeyState copy(KeyState from, KeyState reuse) {
    return from.copy();
  }

  @Override
  public KeyState createInstance() {
    return null; // a key has no state before its first event
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public int getLength() {
    return -1;
  }

  @Override
  public TypeSerializer<KeyState> duplicate() {
    return new KeyStateSerializer(algorithm, stateVersion, schema());
  }

  @Override
  public TypeSerializerSnapshot<KeyState> snapshotConfiguration() {
    return new KeyStateSerializerSnapshot(this);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof KeyStateSerializer o
        && algorithm.equals(o.algorithm)
        && stateVersion == o.stateVersion
        && Arrays.equals(names, o.names)
        && Arrays.equals(lengths, o.lengths);
  }

  @Override
  public int hashCode() {
    return Objects.hash(algorithm, stateVersion, Arrays.hashCode(names), Arrays.hashCode(lengths));
  }
}
