package io.millrace.state;

import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.journal.BlocksCodec;
import io.millrace.operators.journal.ByteCodec;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;

/**
 * Puts blocks of numbers into a state backend. Knows which algorithm they belong to and what they
 * mean, so that a savepoint of another one, or of the same under another meaning, is refused.
 *
 * <p>Blocks written under an older version of the algorithm, or in another form, are carried as
 * they are and brought up to date when their key is next touched.
 */
public final class BlocksSerializer extends CodecSerializer<LearnerState> {
  private static final long serialVersionUID = 1;

  /**
   * What blocks are.
   *
   * @param algorithm id of the algorithm
   * @param version of its blocks
   * @param schema names, types and lengths
   * @param meaning settings under which alone the numbers are right, by name
   * @param others schemas under which this version may have written the same numbers; not part of a
   *     savepoint
   * @param replaceable whether other blocks than these simply begin anew, and are no reason to
   *     refuse a savepoint; not part of a savepoint
   */
  record Form(
      String algorithm,
      int version,
      StateSchema schema,
      SortedMap<String, String> meaning,
      List<StateSchema> others,
      boolean replaceable) {}

  private transient Form form;

  /** For the blocks of an algorithm; see {@link Form}. */
  public BlocksSerializer(
      String algorithm, int version, StateSchema schema, SortedMap<String, String> meaning) {
    this(algorithm, version, schema, meaning, List.of(), false);
  }

  /** For the blocks of an algorithm that have other forms; see {@link Form}. */
  public BlocksSerializer(
      String algorithm,
      int version,
      StateSchema schema,
      SortedMap<String, String> meaning,
      List<StateSchema> others,
      boolean replaceable) {
    this(
        new Form(
            algorithm, version, schema, new TreeMap<>(meaning), List.copyOf(others), replaceable));
  }

  BlocksSerializer(Form form) {
    this.form = form;
  }

  Form form() {
    return form;
  }

  @Override
  ByteCodec<LearnerState> newCodec() {
    return new BlocksCodec(form.schema());
  }

  @Override
  public LearnerState copy(LearnerState from) {
    return from.copy();
  }

  @Override
  public boolean isImmutableType() {
    return false;
  }

  @Override
  public TypeSerializer<LearnerState> duplicate() {
    return new BlocksSerializer(form);
  }

  @Override
  public TypeSerializerSnapshot<LearnerState> snapshotConfiguration() {
    return new BlocksSerializerSnapshot(form);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BlocksSerializer o && form.equals(o.form);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(form);
  }
}
