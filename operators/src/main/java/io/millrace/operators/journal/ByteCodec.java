package io.millrace.operators.journal;

/**
 * Something kept in state to bytes and back; the only place that knows its layout. Equal values
 * give equal bytes. Has buffers: one per thread.
 *
 * @param <T> what is kept
 */
public interface ByteCodec<T> {
  /**
   * Encodes a value.
   *
   * @return how many bytes of {@link #array()} count
   */
  int encode(T value);

  /** Live array with the bytes of the last encoding; replaced when it grows. */
  byte[] array();

  /**
   * Decodes the first {@code length} bytes of an array, which is not kept.
   *
   * @throws io.millrace.core.state.StateException if they are damaged or of a newer format
   */
  T decode(byte[] bytes, int length);
}
