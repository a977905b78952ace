package io.millrace.state;

import io.millrace.core.state.StateException;
import java.util.function.Supplier;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * The snapshot of a serializer whose layout has a number and nothing else to say. Flink writes the
 * number and the class name of the subclass into savepoints.
 */
abstract class FormatSnapshot<T> implements TypeSerializerSnapshot<T> {
  private final String what;
  private final int format;
  private final Supplier<TypeSerializer<T>> serializer;

  /**
   * A snapshot.
   *
   * @param what is written, for messages
   * @param format this build writes; it reads 1 to this
   */
  FormatSnapshot(String what, int format, Supplier<TypeSerializer<T>> serializer) {
    this.what = what;
    this.format = format;
    this.serializer = serializer;
  }

  @Override
  public int getCurrentVersion() {
    return format;
  }

  @Override
  public void writeSnapshot(DataOutputView out) {
    // The format, which Flink writes, says everything.
  }

  @Override
  public void readSnapshot(int found, DataInputView in, ClassLoader loader) {
    requireFormat(what, found, format);
  }

  /** Refuses formats of other builds, naming found and supported. */
  static void requireFormat(String what, int found, int supported) {
    if (found < 1 || found > supported) {
      throw new StateException(
          what
              + " in the savepoint: format "
              + found
              + "; this build reads 1 to "
              + supported
              + "; upgrade the job or restore an older savepoint");
    }
  }

  @Override
  public TypeSerializer<T> restoreSerializer() {
    return serializer.get();
  }

  @Override
  public TypeSerializerSchemaCompatibility<T> resolveSchemaCompatibility(
      TypeSerializerSnapshot<T> old) {
    return old.getClass() == getClass()
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
