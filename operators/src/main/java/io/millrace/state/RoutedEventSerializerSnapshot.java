package io.millrace.state;

import io.millrace.operators.ingress.RoutedEvent;
import java.io.IOException;
import org.apache.flink.api.common.typeutils.TypeSerializer;
import org.apache.flink.api.common.typeutils.TypeSerializerSchemaCompatibility;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * Which layout of {@link RoutedEventSerializer} a savepoint holds. There is one, version 1; a
 * savepoint with a newer one is refused. This class name is part of savepoints.
 */
public final class RoutedEventSerializerSnapshot implements TypeSerializerSnapshot<RoutedEvent> {
  private static final int VERSION = 1;

  @Override
  public int getCurrentVersion() {
    return VERSION;
  }

  @Override
  public void writeSnapshot(DataOutputView out) {
    // The version, which Flink writes, says everything.
  }

  @Override
  public void readSnapshot(int version, DataInputView in, ClassLoader loader) throws IOException {
    if (version != VERSION) {
      throw new IOException(
          "events in flight were written by format "
              + version
              + "; this build reads "
              + VERSION
              + "; upgrade the job or restore an older savepoint");
    }
  }

  @Override
  public TypeSerializer<RoutedEvent> restoreSerializer() {
    return new RoutedEventSerializer();
  }

  @Override
  public TypeSerializerSchemaCompatibility<RoutedEvent> resolveSchemaCompatibility(
      TypeSerializerSnapshot<RoutedEvent> old) {
    return old instanceof RoutedEventSerializerSnapshot
        ? TypeSerializerSchemaCompatibility.compatibleAsIs()
        : TypeSerializerSchemaCompatibility.incompatible();
  }
}
