package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.core.ConfigException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** A job's YAML, flattened to dotted keys, with every fault of its form. */
final class Document {
  /** Between the elements of a list. */
  static final String SEPARATOR = "\u0000";

  private final Map<String, String> values = new LinkedHashMap<>();
  private final Map<String, Map<String, String>> open = new LinkedHashMap<>();
  private final Map<String, Map<String, JsonNode>> maps = new LinkedHashMap<>();
  private final JsonNode root;
  private final List<String> faults;
  private final List<JobFamily> families;
  private final JobFamily family;
  private final List<Setting<?>> settings = new ArrayList<>();
  private final Set<String> sections = new LinkedHashSet<>();
  private final Set<String> keys = new LinkedHashSet<>();

  /**
   * Reads a document.
   *
   * @param families that a job may be of; the first is the default
   * @param faults takes every fault found
   * @throws ConfigException if it holds no settings
   */
  Document(JsonNode root, List<JobFamily> families, List<String> faults) {
    this.root = root;
    this.faults = faults;
    this.families = families;
    if (!root.isObject()) {
      throw new ConfigException("job: no settings; must be one YAML map of settings");
    }
    family = family(root);
    declare(Settings.table());
    family.tables().forEach(this::declare);
    read("", root);
  }

  /** The family named; the default, and a fault, where there is none of the name. */
  private JobFamily family(JsonNode root) {
    JsonNode named = root.path(Settings.JOB.key());
    if (named.isMissingNode() || named.isNull()) {
      return families.get(0);
    }
    for (JobFamily f : families) {
      if (f.id().equals(named.asText())) {
        return f;
      }
    }
    faults.add(
        Settings.JOB.key()
            + " = '"
            + named.asText()
            + "'; must be one of "
            + families.stream().map(JobFamily::id).collect(Collectors.joining(", ")));
    return families.get(0);
  }

  private void declare(SettingTable table) {
    for (Setting<?> s : table.all()) {
      settings.add(s);
      keys.add(s.key());
      int dot = s.key().lastIndexOf('.');
      if (dot > 0) {
        sections.add(s.key().substring(0, dot));
      }
    }
    for (String section : table.open().keySet()) {
      sections.add(section);
      open.put(section, new LinkedHashMap<>());
    }
    table.maps().forEach(section -> maps.put(section, new LinkedHashMap<>()));
  }

  /** The document itself. */
  JsonNode root() {
    return root;
  }

  /** Maps of a section of such, by name; empty where the family has no such section. */
  Map<String, JsonNode> maps(String section) {
    return maps.getOrDefault(section, Map.of());
  }

  /** What the document is about. */
  JobFamily family() {
    return family;
  }

  /** Every setting of a job of that family, in the order of the documentation. */
  List<Setting<?>> settings() {
    return settings;
  }

  /** Text of a declared setting; null: not in the document. */
  String value(String key) {
    return values.get(key);
  }

  /** Entries of an open section; of a list, its elements with {@link #SEPARATOR} between them. */
  Map<String, String> section(String name) {
    return open.get(name);
  }

  private void read(String prefix, JsonNode node) {
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String key = prefix + field.getKey();
      JsonNode value = field.getValue();
      if (keys.contains(key)) {
        String text = text(value);
        if (text == null) {
          faults.add(key + ": holds " + kind(value) + "; must be " + allowed(key));
        } else if (!value.isNull() && values.put(key, text) != null) {
          faults.add(key + ": stands twice, once in its section and once by its whole name");
        }
      } else if (sections.contains(key)) {
        section(key, value);
      } else if (!prefix.isEmpty() && open.containsKey(prefix.substring(0, prefix.length() - 1))) {
        entry(prefix.substring(0, prefix.length() - 1), key, field.getKey(), value);
      } else {
        JobFamily other = elsewhere(key);
        faults.add(
            other == null
                ? key + ": no such setting" + suggestion(key)
                : key
                    + ": belongs to job '"
                    + other.id()
                    + "', this is a '"
                    + family.id()
                    + "'; remove it");
      }
    }
  }

  /** Which other family has a setting or a section of this name; null: none. */
  private JobFamily elsewhere(String key) {
    return families.stream().filter(f -> f != family && f.has(key)).findFirst().orElse(null);
  }

  private void section(String key, JsonNode value) {
    if (value.isNull()) {
      return;
    }
    if (!value.isObject()) {
      faults.add(key + ": holds " + kind(value) + "; must be a map of settings");
      return;
    }
    if (maps.containsKey(key)) {
      value.properties().forEach(e -> map(key, e.getKey(), e.getValue()));
      return;
    }
    read(key + ".", value);
  }

  private void map(String section, String name, JsonNode value) {
    if (value.isObject() && !value.isEmpty()) {
      maps.get(section).put(name, value);
    } else {
      faults.add(
          section
              + "."
              + name
              + ": holds "
              + kind(value)
              + "; must be a map of settings that differ");
    }
  }

  /** An entry of an open section. Kafka's own settings have no lists. */
  private void entry(String section, String key, String name, JsonNode value) {
    boolean listed = !section.endsWith(Settings.CLIENT_PROPERTIES);
    String text = value.isNull() || value.isArray() && !listed ? null : text(value);
    if (text != null) {
      open.get(section).put(name, text);
    } else {
      String must = listed ? "a single value or a list of such" : "a single value";
      faults.add(key + ": holds " + kind(value) + "; must be " + must);
    }
  }

  /** Text of a scalar or of a list of scalars; null: neither. */
  private static String text(JsonNode value) {
    if (value.isValueNode()) {
      return value.asText();
    }
    if (!value.isArray() || value.isEmpty()) {
      return null;
    }
    List<String> items = new ArrayList<>();
    for (JsonNode item : value) {
      if (!item.isValueNode() || item.isNull()) {
        return null;
      }
      items.add(item.asText());
    }
    return String.join(SEPARATOR, items);
  }

  private static String kind(JsonNode value) {
    return value.isObject() ? "a map" : value.isArray() ? "a list" : "nothing";
  }

  private String allowed(String key) {
    return settings.stream()
        .filter(s -> s.key().equals(key))
        .map(Setting::allowed)
        .findFirst()
        .orElseThrow();
  }

  private String suggestion(String key) {
    Set<String> known = new LinkedHashSet<>(keys);
    known.addAll(sections);
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    String last = key.substring(key.lastIndexOf('.') + 1);
    for (String k : known) {
      int d = distance(key, k);
      if (k.equals(last) || k.endsWith("." + last)) {
        d = Math.min(d, 1); // The right name in the wrong section.
      }
      if (d < bestDistance) {
        bestDistance = d;
        best = k;
      }
    }
    return bestDistance <= Math.max(2, key.length() / 3)
        ? "; did you mean '" + best + "'?"
        : "; docs/configuration.md lists all";
  }

  /** Levenshtein distance. */
  static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int substituted = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}
