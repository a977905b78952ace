package io.millrace.operators.publish;

import java.nio.charset.StandardCharsets;

/** A key's UTF-8, made once for a run of records of one key. Not thread-safe. */
final class KeyBytes {
  private String last = "";
  private byte[] bytes = {};

  /** The bytes; not to be modified. */
  byte[] of(String key) {
    if (!key.equals(last)) {
      last = key;
      bytes = key.getBytes(StandardCharsets.UTF_8);
    }
    return bytes;
  }
}
