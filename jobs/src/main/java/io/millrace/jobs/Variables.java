package io.millrace.jobs;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Puts environment variables where a text says {@code ${NAME}}, so that no secret stands in a file.
 */
public final class Variables {
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([A-Za-z_][A-Za-z0-9_]*)}");

  private final Map<String, String> environment;

  /** Over these variables. */
  public Variables(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** Over those of this process. */
  public static Variables ofProcess() {
    return new Variables(System.getenv());
  }

  /**
   * A text with its variables put in.
   *
   * @param where begins the sentence of a fault
   * @param faults takes a sentence for each variable that is not set
   */
  public String fill(String where, String text, List<String> faults) {
    Matcher m = VARIABLE.matcher(text);
    StringBuilder out = new StringBuilder();
    while (m.find()) {
      String found = environment.get(m.group(1));
      if (found == null) {
        faults.add(where + ": environment variable '" + m.group(1) + "' is not set; set it");
        found = "";
      }
      m.appendReplacement(out, Matcher.quoteReplacement(found));
    }
    return m.appendTail(out).toString();
  }
}
