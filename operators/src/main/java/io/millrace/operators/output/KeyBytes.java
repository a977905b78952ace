package io.millrace.operators.output;

import io.millrace.schemas.Partitioner;
import java.nio.charset.StandardCharsets;

/** A key's UTF-8 and its place, made once for a run of records of one key. Not thread-safe. */
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

  /** A record of the key asked for last, where the key belongs. */
  public OutRecord record(byte[] value) {
    return OutRecord.hashed(bytes, value, hash);
  }
}
