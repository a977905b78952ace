package io.millrace.tests.architecture;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The drawing of modules and packages in CONTRIBUTING.md, as text. A line is {@code what -> what it
 * uses}, in layers of which the lowest is the last. What is reached by way of another arrow has no
 * arrow of its own, and those with the same arrows share a line.
 */
final class Drawing {
  private static final int WIDTH = 110;

  private Drawing() {}

  /**
   * All of it.
   *
   * @param modules what each module depends on
   * @param packages what each package uses
   */
  static String text(Map<String, Set<String>> modules, Map<String, Set<String>> packages) {
    StringBuilder out = new StringBuilder("modules\n");
    Layers layers = new Layers(modules);
    draw(out, layers, Map.of());
    for (List<String> layer : layers.fromTheTop()) {
      for (String module : layer) {
        Map<String, Set<String>> own = new TreeMap<>(packages);
        own.keySet().removeIf(p -> !House.module(p).equals(module) || p.equals(House.ROOT));
        if (own.size() > 1) {
          out.append("\npackages of ").append(module).append('\n');
          draw(out, new Layers(own), shortNames(module, own.keySet()));
        }
      }
    }
    return out.toString();
  }

  /** Names without the module's, which all but its root package begin with. */
  private static Map<String, String> shortNames(String module, Set<String> packages) {
    Map<String, String> names = new TreeMap<>();
    for (String p : packages) {
      names.put(p, p.startsWith(module + ".") ? p.substring(module.length() + 1) : p);
    }
    return names;
  }

  private static void draw(StringBuilder out, Layers layers, Map<String, String> names) {
    int number = layers.fromTheTop().size();
    for (List<String> layer : layers.fromTheTop()) {
      Map<List<String>, List<String>> byArrows = new LinkedHashMap<>();
      for (String what : layer) {
        List<String> arrows =
            layers.arrows(what).stream().map(used -> names.getOrDefault(used, used)).toList();
        byArrows
            .computeIfAbsent(arrows, a -> new ArrayList<>())
            .add(names.getOrDefault(what, what));
      }
      String margin = String.format(Locale.ROOT, "%3d  ", number--);
      for (Map.Entry<List<String>, List<String>> line : byArrows.entrySet()) {
        String text = String.join(", ", line.getValue());
        if (!line.getKey().isEmpty()) {
          text += " -> " + String.join(", ", line.getKey());
        }
        wrap(out, margin, text);
        margin = " ".repeat(margin.length());
      }
    }
  }

  /** Appends a line, broken between names where it is long. */
  private static void wrap(StringBuilder out, String margin, String line) {
    String rest = line;
    String before = margin;
    while (rest.length() > WIDTH) {
      int at = rest.lastIndexOf(' ', WIDTH);
      out.append(before).append(rest, 0, at).append('\n');
      rest = rest.substring(at + 1);
      before = " ".repeat(margin.length() + 4);
    }
    out.append(before).append(rest).append('\n');
  }
}
