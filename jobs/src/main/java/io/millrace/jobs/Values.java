package io.millrace.jobs;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Texts of the YAML to values. Every reader throws IllegalArgumentException for what it is not. */
final class Values {
  private static final Pattern AMOUNT = Pattern.compile("([0-9]+)\\s*([A-Za-z]+)");
  private static final Pattern URI_SCHEME = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/");

  /** Without Java's hexadecimal floats and its suffixes. */
  private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9.]+([eE][+-]?[0-9]+)?");

  private static final Map<String, Long> MILLIS =
      Map.of(
          "ms", 1L, "s", 1_000L, "m", 60_000L, "min", 60_000L, "h", 3_600_000L, "d", 86_400_000L);
  private static final Map<String, Long> BYTES =
      Map.of(
          "b", 1L,
          "kb", 1_000L,
          "mb", 1_000_000L,
          "gb", 1_000_000_000L,
          "kib", 1L << 10,
          "mib", 1L << 20,
          "gib", 1L << 30);

  private Values() {}

  /** {@code 10s}, {@code 1h}, {@code PT10S}; longer than 0. */
  static Duration duration(String text) {
    Duration d;
    Matcher m = AMOUNT.matcher(text);
    if (m.matches()) {
      d = Duration.ofMillis(amount(m, MILLIS));
    } else {
      try {
        d = Duration.parse(text);
      } catch (DateTimeParseException e) {
        throw new IllegalArgumentException(e);
      }
    }
    require(d.compareTo(Duration.ZERO) > 0 && d.compareTo(Duration.ofDays(36_500)) < 0);
    return d;
  }

  /** A duration, or null for {@code none}. */
  static Duration durationOrNone(String text) {
    return text.equals("none") ? null : duration(text);
  }

  /** {@code 900KiB}, {@code 1MB}, or plain bytes; from 1 to 2^31-1. */
  static int bytes(String text) {
    long n = longBytes(text);
    require(n <= Integer.MAX_VALUE);
    return (int) n;
  }

  /** The same without an upper bound. */
  static long longBytes(String text) {
    Matcher m = AMOUNT.matcher(text);
    long n = m.matches() ? amount(m, BYTES) : Long.parseLong(text);
    require(n >= 1);
    return n;
  }

  /** A whole number from {@code low} to {@code high}. */
  static long integer(String text, long low, long high) {
    long n = new BigDecimal(text).longValueExact();
    require(n >= low && n <= high);
    return n;
  }

  /** A finite number; {@code true} and {@code false} are 1 and 0. */
  static double number(String text) {
    if (text.equals("true") || text.equals("false")) {
      return text.equals("true") ? 1 : 0;
    }
    double d = Double.parseDouble(text);
    require(Double.isFinite(d) && NUMBER.matcher(text).matches());
    return d;
  }

  /** A path that begins with / as Flink's file URI, which has no escapes; a URI as it is. */
  static String directory(String text) {
    require(text.startsWith("/") || URI_SCHEME.matcher(text).lookingAt());
    return text.startsWith("/") ? "file://" + text : text;
  }

  static boolean flag(String text) {
    require(text.equals("true") || text.equals("false"));
    return text.equals("true");
  }

  private static long amount(Matcher m, Map<String, Long> units) {
    Long unit = units.get(m.group(2).toLowerCase(Locale.ROOT));
    require(unit != null);
    return Math.multiplyExact(Long.parseLong(m.group(1)), unit);
  }

  private static void require(boolean ok) {
    if (!ok) {
      throw new IllegalArgumentException();
    }
  }
}
