package io.millrace.cli.data;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/** Reading of single cells. */
final class Cells {
  private Cells() {}

  /**
   * A finite decimal number, or NaN where the text is none. Java's suffixes, hexadecimal floats and
   * the words NaN and Infinity are no numbers here.
   */
  static double number(String text) {
    int n = text.length();
    if (n == 0 || !digitOrPoint(text.charAt(n - 1))) {
      return Double.NaN;
    }
    char first = text.charAt(0);
    if (!digitOrPoint(first) && first != '-' && first != '+') {
      return Double.NaN;
    }
    for (int i = 1; i < n; i++) {
      char c = text.charAt(i);
      if (!digitOrPoint(c) && c != 'e' && c != 'E' && c != '-' && c != '+') {
        return Double.NaN;
      }
    }
    try {
      double v = Double.parseDouble(text);
      return Double.isInfinite(v) ? Double.NaN : v;
    } catch (NumberFormatException e) {
      return Double.NaN; // e.g. "1-2": the answer is "no number", the caller says where
    }
  }

  private static boolean digitOrPoint(char c) {
    return c >= '0' && c <= '9' || c == '.';
  }

  /** One spelling per class: {@code +1}, {@code 1} and {@code 1.0} are the same class. */
  static String className(String text) {
    double v = number(text);
    if (Double.isNaN(v)) {
      return text;
    }
    return v == Math.rint(v) && Math.abs(v) < 1L << 53
        ? Long.toString((long) v)
        : Double.toString(v);
  }

  /** {@code sign(v) ln(1 + |v|)}. */
  static double signedLog(double v) {
    return Math.copySign(StrictMath.log1p(Math.abs(v)), v);
  }

  /**
   * Milliseconds since the epoch: a whole number is taken as such; else ISO 8601, UTC where it
   * names no offset.
   *
   * @throws DateTimeParseException for anything else
   */
  static long eventTime(String text) {
    double v = number(text);
    if (v == Math.rint(v)) {
      return (long) v;
    }
    String iso = text.replace(' ', 'T');
    if (iso.indexOf('T') < 0) {
      return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();
    }
    Instant instant;
    try {
      instant = OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeParseException noOffset) {
      instant = LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
    return instant.toEpochMilli();
  }
}
