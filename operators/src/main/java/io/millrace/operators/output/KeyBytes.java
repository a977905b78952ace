package io.millrace.operators.output;

import io.millrace.schemas.Partitioner;
import java.nio.charset.StandardCharsets;

/**
 * A key in UTF-8 and its hash, kept as long as the records that follow are of the same key. Not
 * thread-safe.
 */
public final class KeyBytes {
  private String last = "";
  private byte[] bytes = {};
  private int hash = Partitioner.hash(bytes);

  /** The bytes; not to be modified. */
  public byte[] of(String key) {
    if (!key.equals(last)) {
      last = key;
      bytes = key.getBytes(StandardCharsets.UTF_8);
      hash = Partitioner.hash(bytes);
    }
    return bytes;
  }

  /** A record under the key that was asked for last, placed by that key. */
  public OutRecord record(byte[] value) {
    return OutRecord.hashed(bytes, value, hash);
  }
}
