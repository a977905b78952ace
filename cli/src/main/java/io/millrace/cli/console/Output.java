package io.millrace.cli.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Mixin of every command that prints a result: {@code --json}, and the rule that goes with it.
 * Standard output carries the result and nothing else; with {@code --json} that is exactly one JSON
 * object, and all human text moves to standard error.
 */
public final class Output {
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(SerializationFeature.FAIL_ON_EMPTY_BEANS);

  @Option(
      names = "--json",
      description = "Print one JSON object on standard output, all else on standard error.")
  private boolean json;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  /** Whether the result is to be JSON. */
  public boolean json() {
    return json;
  }

  /** Human text: standard output, or standard error where standard output carries JSON. */
  public void say(String format, Object... args) {
    PrintWriter w = json ? err() : out();
    w.println(args.length == 0 ? format : String.format(Locale.ROOT, format, args));
    w.flush();
  }

  /** Text about the run that is not its result: always standard error. */
  public void note(String format, Object... args) {
    err().println(args.length == 0 ? format : String.format(Locale.ROOT, format, args));
    err().flush();
  }

  /** Prints the result if it is wanted as JSON; NaN becomes null. */
  public void result(Map<String, ?> object) {
    if (json) {
      line(object);
    }
  }

  /** One JSON object in one line on standard output. */
  public void line(Map<String, ?> object) {
    try {
      out().println(JSON.writeValueAsString(finite(object)));
      out().flush();
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("result of " + spec.qualifiedName() + " as JSON", e);
    }
  }

  /** One of many records: as JSON, or as a line of text. */
  public void line(Map<String, ?> object, String text) {
    if (json) {
      line(object);
    } else {
      say("%s", text);
    }
  }

  /** Standard output of the command. */
  public PrintWriter out() {
    return spec.commandLine().getOut();
  }

  /** Standard error of the command. */
  public PrintWriter err() {
    return spec.commandLine().getErr();
  }

  /**
   * One word of a command line that is printed to be pasted: in quotes where a shell needs them.
   */
  public static String word(Object o) {
    String text = o.toString();
    return text.matches("[\\p{L}\\p{N}_./:=@%+,-]+")
        ? text
        : "'" + text.replace("'", "'\\''") + "'";
  }

  /** JSON has no NaN and no infinity. */
  private static Object finite(Object v) {
    if (v instanceof Double d && !Double.isFinite(d)) {
      return null;
    }
    if (v instanceof Map<?, ?> m) {
      Map<String, Object> copy = new LinkedHashMap<>();
      m.forEach((k, x) -> copy.put(String.valueOf(k), finite(x)));
      return copy;
    }
    if (v instanceof Iterable<?> all) {
      List<Object> copy = new ArrayList<>();
      all.forEach(x -> copy.add(finite(x)));
      return copy;
    }
    return v;
  }
}
