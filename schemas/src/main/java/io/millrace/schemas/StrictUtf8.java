package io.millrace.schemas;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/** UTF-8 that refuses malformed bytes; fast where the text is ASCII. */
public final class StrictUtf8 {
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long HIGH_BITS = 0x8080808080808080L;

  private StrictUtf8() {}

  private static boolean ascii(byte[] b, int offset, int length) {
    int i = offset;
    int end = offset + length;
    for (; i <= end - Long.BYTES; i += Long.BYTES) {
      if (((long) LONG.get(b, i) & HIGH_BITS) != 0) {
        return false;
      }
    }
    for (; i < end; i++) {
      if (b[i] < 0) {
        return false;
      }
    }
    return true;
  }

  /** Whether bytes are well-formed. */
  public static boolean valid(byte[] b, int offset, int length) {
    return ascii(b, offset, length) || strict(b, offset, length) != null;
  }

  /**
   * The text.
   *
   * @return null if the bytes are not UTF-8; replacement characters would make two keys one
   */
  public static String decode(byte[] b, int offset, int length) {
    if (length == 0) {
      return "";
    }
    return ascii(b, offset, length)
        ? new String(b, offset, length, StandardCharsets.ISO_8859_1)
        : strict(b, offset, length);
  }

  private static String strict(byte[] b, int offset, int length) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(b, offset, length))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      return null; // the answer
    }
  }
}
