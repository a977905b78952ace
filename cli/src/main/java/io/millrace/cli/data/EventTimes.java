package io.millrace.cli.data;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.Map;

/**
 * Event times as files have them. A number counts a unit since the epoch, milliseconds unless
 * {@code --time-unit} says another; anything else is ISO 8601, UTC where it names no offset. What
 * is finer than a millisecond is cut off, since events carry milliseconds.
 *
 * <p>What the job would refuse, or take for "no time", is refused here, and so is a number that is
 * far more likely to be meant in another unit.
 */
final class EventTimes {
  /** Units by name, in milliseconds. */
  static final Map<String, BigDecimal> UNITS =
      Map.of(
          "s", new BigDecimal(1000),
          "ms", BigDecimal.ONE,
          "us", new BigDecimal("0.001"),
          "ns", new BigDecimal("0.000001"));

  /** End of the year 9999, the last that an event may have. */
  private static final long MAX_MILLIS = 253_402_300_799_999L;

  /** As milliseconds in January or February of 1970, as seconds from 1985 to 2128. */
  private static final long FIRST_DOUBTFUL = 500_000_000L;

  private static final long LAST_DOUBTFUL = 5_000_000_000L;

  private final String unit;

  /**
   * Times of a column.
   *
   * @param unit one of {@link #UNITS}; null: milliseconds, unless a number is doubtful
   */
  EventTimes(String unit) {
    this.unit = unit;
  }

  /**
   * Milliseconds since the epoch.
   *
   * @return from 1 up; 0 would say that the event has no time
   * @throws IllegalArgumentException with what is allowed, for the end of a sentence
   */
  long parse(String text) {
    BigDecimal millis =
        Double.isNaN(Cells.number(text))
            ? iso(text)
            : new BigDecimal(text)
                .stripTrailingZeros()
                .multiply(UNITS.get(unit == null ? "ms" : unit));
    if (millis.signum() == 0) {
      throw new IllegalArgumentException(
          "an event whose time is 0 has none; expected times from 1 ms after 1970-01-01 on: shift"
              + " them, or leave --time-column out");
    }
    if (millis.signum() < 0 || millis.compareTo(BigDecimal.valueOf(MAX_MILLIS)) > 0) {
      throw new IllegalArgumentException(
          "expected a time from 1970 to 9999, as ISO 8601 or in "
              + (unit == null ? "milliseconds since 1970 (--time-unit says another)" : unit));
    }
    if (unit == null && millis.scale() > 0 && !Double.isNaN(Cells.number(text))) {
      throw new IllegalArgumentException(
          "expected whole milliseconds; say which unit it is with --time-unit");
    }
    long whole = millis.setScale(0, RoundingMode.FLOOR).longValueExact();
    if (whole == 0) {
      throw new IllegalArgumentException("expected a time at least 1 ms after 1970-01-01");
    }
    if (unit == null) {
      refuseDoubtful(text, whole);
    }
    return whole;
  }

  private static void refuseDoubtful(String text, long millis) {
    if (text.length() == 8 && text.chars().allMatch(Character::isDigit)) {
      String date = text.substring(0, 4) + '-' + text.substring(4, 6) + '-' + text.substring(6, 8);
      if (isDate(date) && date.compareTo("1900") > 0 && date.compareTo("2200") < 0) {
        throw new IllegalArgumentException(
            "as milliseconds it would be "
                + Instant.ofEpochMilli(millis)
                + "; write a date as "
                + date
                + ", or say --time-unit ms");
      }
    }
    if (!Double.isNaN(Cells.number(text)) && millis >= FIRST_DOUBTFUL && millis < LAST_DOUBTFUL) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "as milliseconds it would be %s, as seconds %s; say which with --time-unit ms or"
                  + " --time-unit s",
              Instant.ofEpochMilli(millis),
              Instant.ofEpochSecond(millis)));
    }
  }

  private static boolean isDate(String iso) {
    try {
      LocalDate.parse(iso);
      return true;
    } catch (DateTimeParseException e) {
      return false;
    }
  }

  private static BigDecimal iso(String text) {
    try {
      Instant t = instant(text.replace(' ', 'T'));
      return BigDecimal.valueOf(t.getEpochSecond())
          .add(BigDecimal.valueOf(t.getNano(), 9))
          .movePointRight(3);
    } catch (DateTimeException e) {
      throw new IllegalArgumentException(
          "expected an ISO 8601 time, or a number of milliseconds since 1970 (--time-unit says"
              + " another unit)",
          e);
    }
  }

  private static Instant instant(String iso) {
    if (iso.indexOf('T') < 0) {
      return LocalDate.parse(iso).atStartOfDay().toInstant(ZoneOffset.UTC);
    }
    try {
      return OffsetDateTime.parse(iso).toInstant();
    } catch (DateTimeParseException noOffset) {
      return LocalDateTime.parse(iso).toInstant(ZoneOffset.UTC);
    }
  }
}
