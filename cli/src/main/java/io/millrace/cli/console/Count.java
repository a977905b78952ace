package io.millrace.cli.console;

import java.util.Locale;

/** A number of things as people write it: 1 key, 1,234 keys, 2 dictionaries, 3 patches. */
public final class Count {
  private Count() {}

  /**
   * The number with its noun.
   *
   * @param noun in the singular, one with a regular plural
   */
  public static String of(long n, String noun) {
    return String.format(Locale.ROOT, "%,d %s", n, n == 1 ? noun : plural(noun));
  }

  private static String plural(String noun) {
    if (noun.endsWith("ch")) {
      return noun + "es";
    }
    return noun.endsWith("y") && "aeiou".indexOf(noun.charAt(noun.length() - 2)) < 0
        ? noun.substring(0, noun.length() - 1) + "ies"
        : noun + "s";
  }
}
