package io.millrace.cli.data;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * A gzip file, all of it: RFC 1952 allows several members one behind the other. The JDK's stream
 * ends in silence at whatever behind the first member it cannot read; here everything up to the end
 * of the file is either a whole member, or zeros that pad the last one, or a fault. Not
 * thread-safe.
 */
public final class GzipMembers extends InputStream {
  private static final int MAGIC_0 = 0x1f;
  private static final int MAGIC_1 = 0x8b;
  private static final int DEFLATE = 8;
  private static final int HEADER_CRC = 2;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int RESERVED = 0xe0;

  private final InputStream in;
  private final byte[] buffer = new byte[1 << 16];
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private int at;
  private int end;
  private long members;
  private boolean ended;

  /**
   * Begins with the first member.
   *
   * @throws ZipException if the stream is not gzip
   */
  GzipMembers(InputStream in) throws IOException {
    this.in = in;
    int first = next();
    if (first < 0) {
      throw new EOFException("no gzip header");
    }
    header(first);
  }

  /**
   * The bytes of a file's text. Whether they are packed is seen from them, not from the name.
   *
   * @param stored the bytes as they are stored
   * @param file name of the file, for messages
   * @throws DataException if the name says that it is packed, and it is not
   */
  public static InputStream content(InputStream stored, String file) throws IOException {
    InputStream in = new BufferedInputStream(stored, 1 << 16);
    in.mark(2);
    boolean gzip = begins(in.read(), in.read());
    in.reset();
    if (!gzip && file.toLowerCase(Locale.ROOT).endsWith(".gz")) {
      throw new DataException(file + ": ends in .gz but is not gzip");
    }
    return gzip ? new GzipMembers(in) : in;
  }

  /** Whether two bytes begin a gzip file. */
  private static boolean begins(int first, int second) {
    return first == MAGIC_0 && second == MAGIC_1;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] b, int off, int len) throws IOException {
    if (len == 0) {
      return 0;
    }
    while (!ended) {
      int n = inflate(b, off, len);
      if (n > 0) {
        crc.update(b, off, n);
        return n;
      }
      if (inflater.finished()) {
        at = end - inflater.getRemaining();
        trailer();
        nextMember();
      } else if (inflater.needsDictionary()) {
        throw new ZipException("member " + members + " needs a dictionary");
      } else if (!fill()) {
        throw new EOFException("member " + members + " has no end");
      } else {
        inflater.setInput(buffer, at, end - at);
        at = end;
      }
    }
    return -1;
  }

  private int inflate(byte[] b, int off, int len) throws ZipException {
    try {
      return inflater.inflate(b, off, len);
    } catch (DataFormatException e) {
      throw (ZipException)
          new ZipException("member " + members + ": " + e.getMessage()).initCause(e);
    }
  }

  private void trailer() throws IOException {
    long sum = unsigned(4);
    long size = unsigned(4);
    if (sum != crc.getValue() || size != (inflater.getBytesWritten() & 0xFFFF_FFFFL)) {
      throw new ZipException("member " + members + " does not have the checksum it names");
    }
  }

  private void nextMember() throws IOException {
    int b = next();
    if (b == 0) {
      while (b == 0) {
        b = next();
      }
      if (b >= 0) {
        throw junk();
      }
    }
    if (b < 0) {
      ended = true;
      inflater.end();
      return;
    }
    header(b);
  }

  private ZipException junk() {
    return new ZipException("what follows member " + members + " is not gzip");
  }

  private void header(int first) throws IOException {
    if (!begins(first, next())) {
      throw members == 0 ? new ZipException("no gzip header") : junk();
    }
    members++;
    int method = required();
    int flags = required();
    if (method != DEFLATE || (flags & RESERVED) != 0) {
      throw new ZipException("member " + members + " is of a kind that is not known");
    }
    unsigned(4); // time
    unsigned(2); // effort, system
    if ((flags & EXTRA) != 0) {
      for (long n = unsigned(2); n > 0; n--) {
        required();
      }
    }
    if ((flags & NAME) != 0) {
      text();
    }
    if ((flags & COMMENT) != 0) {
      text();
    }
    if ((flags & HEADER_CRC) != 0) {
      unsigned(2);
    }
    inflater.reset();
    crc.reset();
    inflater.setInput(buffer, at, end - at);
    at = end;
  }

  private void text() throws IOException {
    int b;
    do {
      b = required();
    } while (b != 0);
  }

  /** Little-endian. */
  private long unsigned(int bytes) throws IOException {
    long v = 0;
    for (int i = 0; i < bytes; i++) {
      v |= (long) required() << 8 * i;
    }
    return v;
  }

  private int required() throws IOException {
    int b = next();
    if (b < 0) {
      throw new EOFException("member " + members + " has no end");
    }
    return b;
  }

  private int next() throws IOException {
    return at < end || fill() ? buffer[at++] & 0xFF : -1;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(buffer, 0, buffer.length));
    return end > 0;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
