package io.millrace.core;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.io.Reader;
import java.io.StringWriter;
import java.io.UnsupportedEncodingException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;

/**
 * The one place where text files are opened: data, configuration, properties. Text is UTF-8; a
 * byte-order mark in front is no content, and bytes that are not UTF-8 are a fault, never
 * replacement characters.
 */
public final class TextFiles {
  private static final int MARK_BYTES = 3;

  private TextFiles() {}

  /**
   * Text of a stream.
   *
   * @param in is closed with the reader
   * @return reads without the mark; throws {@link CharacterCodingException} for bytes that are not
   *     UTF-8
   * @throws UnsupportedEncodingException if the stream begins with the mark of another encoding
   */
  public static Reader reader(InputStream in) throws IOException {
    PushbackInputStream bytes = new PushbackInputStream(in, MARK_BYTES);
    byte[] head = bytes.readNBytes(MARK_BYTES);
    if (begins(head, 0xFE, 0xFF) || begins(head, 0xFF, 0xFE)) {
      throw new UnsupportedEncodingException("the text is UTF-16; save it as UTF-8");
    }
    if (!begins(head, 0xEF, 0xBB, 0xBF)) {
      bytes.unread(head);
    }
    return new InputStreamReader(
        bytes,
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT));
  }

  /**
   * Text of a file.
   *
   * @throws IOException if it cannot be read, or is not UTF-8; {@link #why} says it in words
   */
  public static String read(Path file) throws IOException {
    StringWriter text = new StringWriter();
    try (Reader reader = reader(Files.newInputStream(file))) {
      reader.transferTo(text);
    }
    return text.toString();
  }

  /** What is wrong with a file, in words for its user; without its name. */
  public static String why(IOException e) {
    if (e instanceof NoSuchFileException) {
      return "no such file or folder";
    }
    if (e instanceof AccessDeniedException) {
      return "no permission";
    }
    if (e instanceof NotDirectoryException) {
      return "no folder";
    }
    if (e instanceof FileAlreadyExistsException) {
      return "is there already";
    }
    if (e instanceof FileSystemException f && f.getReason() != null) {
      return f.getReason(); // without the name, which the caller has
    }
    if (e instanceof CharacterCodingException) {
      return "its bytes are not UTF-8";
    }
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }

  private static boolean begins(byte[] head, int... mark) {
    if (head.length < mark.length) {
      return false;
    }
    for (int i = 0; i < mark.length; i++) {
      if ((head[i] & 0xFF) != mark[i]) {
        return false;
      }
    }
    return true;
  }
}
