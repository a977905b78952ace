package io.millrace.schemas;

/** A {@link ModelSnapshot} as one byte sequence: single-object encoding, maps sorted. */
public final class SnapshotCodec {
  private SnapshotCodec() {}

  /** Equal snapshots give equal bytes. */
  public static byte[] encode(ModelSnapshot snapshot) {
    return SingleObject.encode(snapshot);
  }

  /**
   * A snapshot under any known schema, brought to the current one.
   *
   * @throws DecodeException as {@link SingleObject#decode(Class, byte[])}
   */
  public static ModelSnapshot decode(byte[] bytes) throws DecodeException {
    return SingleObject.standard().decode(ModelSnapshot.class, bytes);
  }
}
