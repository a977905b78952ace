package io.millrace.state;

/** Layout of {@link KeySerializer}. This class name is part of savepoints. */
public final class KeySerializerSnapshot extends FormatSnapshot<String> {
  /** For Flink, which reads into it. */
  public KeySerializerSnapshot() {
    super("keys", 1, KeySerializer::new);
  }
}
