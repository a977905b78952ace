package io.millrace.schemas;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether bytes are well-formed UTF-8. */
final class Utf8Check {
  private Utf8Check() {}

  static boolean valid(byte[] b, int from, int length) {
    for (int i = from; i < from + length; i++) {
      if (b[i] < 0) {
        return decodes(b, i, from + length - i);
      }
    }
    return true;
  }

  private static boolean decodes(byte[] b, int from, int length) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(b, from, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
