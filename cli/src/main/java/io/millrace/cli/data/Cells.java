package io.millrace.cli.data;

import java.math.BigDecimal;
import java.util.Collection;
import java.util.Comparator;
import java.util.regex.Pattern;

/** Reading of single cells. */
final class Cells {
  private static final Pattern OTHER_WORDS =
      Pattern.compile(
          "[+-]?(\\d+,\\d*|,\\d+|\\d{1,3}(,\\d{3})+(\\.\\d*)?|\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?"
              + "|[+-]?(nan|inf|infinity)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern CODE = Pattern.compile("[+-]?0\\d.*");

  /** Places before or behind the point up to which a class is spelt without an exponent. */
  private static final int MAX_PLAIN_SCALE = 40;

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

  /**
   * Whether a text is a number to people, though none to {@link #number}: with a decimal comma,
   * with commas between thousands, not finite, or beyond the range of a double.
   */
  static boolean numberInOtherWords(String text) {
    return OTHER_WORDS.matcher(text).matches();
  }

  /**
   * One spelling per class: {@code +1}, {@code 1} and {@code 1.0} are the same class, whatever the
   * number of digits. A number with zeros in front, such as {@code 007}, is a code and stays as it
   * is.
   */
  static String className(String text) {
    if (Double.isNaN(number(text)) || CODE.matcher(text).matches()) {
      return text;
    }
    BigDecimal v = new BigDecimal(text).stripTrailingZeros();
    return Math.abs(v.scale()) > MAX_PLAIN_SCALE ? v.toString() : v.toPlainString();
  }

  /** Classes by their value where all are numbers, else by their text. */
  static Comparator<String> classOrder(Collection<String> classes) {
    return classes.stream().anyMatch(c -> Double.isNaN(number(c)))
        ? Comparator.naturalOrder()
        : Comparator.<String, BigDecimal>comparing(BigDecimal::new)
            .thenComparing(Comparator.naturalOrder());
  }

  /** {@code sign(v) ln(1 + |v|)}. */
  static double signedLog(double v) {
    return Math.copySign(StrictMath.log1p(Math.abs(v)), v);
  }
}
