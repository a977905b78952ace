package io.millrace.jobs;

import io.millrace.operators.output.Channel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Settings in the order of the documentation, and open sections, whose keys nobody declares. */
public final class SettingTable {
  private static final Pattern TOPIC = Pattern.compile("[a-zA-Z0-9._-]{1,249}");
  private static final String A_DURATION = "a duration such as 500ms, 10s, 1h or PT10S";
  private static final String A_SIZE = "a size such as 4096, 900KiB or 1MiB";
  private static final String A_TOPIC = "1 to 249 of the characters a-z A-Z 0-9 . _ -";

  private final List<Setting<?>> all = new ArrayList<>();
  private final Map<Channel, Setting<Integer>> recordSizes = new LinkedHashMap<>();
  private final Map<String, String> open = new LinkedHashMap<>();
  private final Map<String, Set<String>> words = new LinkedHashMap<>();
  private final Set<String> maps = new LinkedHashSet<>();

  /** Every setting, in the order of the documentation. */
  public List<Setting<?>> all() {
    return List.copyOf(all);
  }

  /** Sections that take any name, with what is allowed and what it means. */
  public Map<String, String> open() {
    return Collections.unmodifiableMap(open);
  }

  /** The open sections of words and numbers, with the names that are words. */
  Map<String, Set<String>> words() {
    return words;
  }

  /**
   * An open section of texts.
   *
   * @param line allowed and meaning, as they stand in the documentation's table
   */
  String open(String section, String line) {
    open.put(section, line);
    return section;
  }

  /** A section of maps by name, each of settings that differ from the job's own. */
  String maps(String section, String line) {
    maps.add(section);
    open.put(section, line);
    return section;
  }

  /** The sections of maps. */
  Set<String> maps() {
    return maps;
  }

  /** An open section of numbers, and of words where the name is one of these. */
  String values(String section, Set<String> names, String line) {
    words.put(section, names);
    return open(section, line);
  }

  /** Whether there is a setting or a section of this name. */
  boolean has(String key) {
    return open.containsKey(key)
        || all.stream().anyMatch(s -> s.key().equals(key) || s.key().startsWith(key + "."));
  }

  /** A setting; see {@link Setting}. */
  public <T> Setting<T> add(
      String key, String def, String allowed, String doc, Function<String, T> parser) {
    Setting<T> setting = new Setting<>(key, def, allowed, doc, parser);
    all.add(setting);
    return setting;
  }

  /** The topic of a channel, named after its role unless it has another name. */
  public Setting<String> topic(Channel channel) {
    return topic(channel.role(), "Holds " + channel.doc() + ".");
  }

  /**
   * A topic, named after its role unless it has another name.
   *
   * @param doc begins with "Holds"
   */
  public Setting<String> topic(String role, String doc) {
    return add(
        "topics." + role,
        "",
        A_TOPIC,
        doc + " Default: `topics.prefix`, a dot and `" + role + "`.",
        s -> matching(TOPIC, s));
  }

  /** Names of topics. */
  Setting<List<String>> topics(String key, String doc) {
    return add(
        key,
        "",
        "a list of topic names, each " + A_TOPIC,
        doc,
        s -> Stream.of(s.split(Document.SEPARATOR)).map(t -> matching(TOPIC, t)).toList());
  }

  /** The topics' common beginning. */
  Setting<String> prefix(String key, String def, String doc) {
    return add(key, def, A_TOPIC, doc, s -> matching(TOPIC, s));
  }

  public Setting<String> choice(String key, String def, String doc, String... values) {
    List<String> all = List.of(values);
    String allowed = all.size() == 1 ? all.get(0) : "one of " + String.join(", ", all);
    return add(key, def, allowed, doc, s -> all.get(all.indexOf(s)));
  }

  public Setting<Duration> duration(String key, String def, String doc) {
    return add(key, def, A_DURATION, doc, Values::duration);
  }

  public Setting<Duration> durationOrNone(String key, String def, String doc) {
    return add(key, def, A_DURATION + ", or none", doc, Values::durationOrNone);
  }

  public Setting<Integer> size(String key, String def, String doc) {
    return add(key, def, A_SIZE, doc, Values::bytes);
  }

  /** Largest value of a channel's records; checked against what Kafka takes. */
  public Setting<Integer> recordSize(
      String key, String def, int least, Channel channel, String doc) {
    Setting<Integer> setting = size(key, def, least, Integer.MAX_VALUE, doc);
    recordSizes.put(channel, setting);
    return setting;
  }

  Map<Channel, Setting<Integer>> recordSizes() {
    return recordSizes;
  }

  /** A size up to a bound. */
  public Setting<Integer> size(String key, String def, int most, String doc) {
    return size(key, def, 1, most, doc);
  }

  private Setting<Integer> size(String key, String def, int least, int most, String doc) {
    return add(
        key,
        def,
        A_SIZE
            + (least > 1 ? ", at least " + least : "")
            + (most < Integer.MAX_VALUE ? ", at most " + most : ""),
        doc,
        s -> (int) Values.integer(Integer.toString(Values.bytes(s)), least, most));
  }

  public Setting<Integer> integer(String key, String def, int low, int high, String doc) {
    String allowed = "a whole number in [" + low + ", " + high + "]";
    return add(key, def, allowed, doc, s -> (int) Values.integer(s, low, high));
  }

  public Setting<Long> count(String key, String def, String doc) {
    return add(
        key, def, "a whole number, at least 0", doc, s -> Values.integer(s, 0, Long.MAX_VALUE));
  }

  public Setting<Double> number(String key, String def, String doc) {
    return add(key, def, "a finite number", doc, Values::number);
  }

  public Setting<Boolean> flag(String key, String def, String doc) {
    return add(key, def, "true or false", doc, Values::flag);
  }

  static Long seed(String text) {
    return Values.integer(text, Long.MIN_VALUE, Long.MAX_VALUE);
  }

  static String matching(Pattern pattern, String text) {
    if (!pattern.matcher(text).matches() || text.equals(".") || text.equals("..")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  static String servers(String text) {
    for (String server : text.split(",", -1)) {
      int colon = server.lastIndexOf(':');
      if (colon < 1 || Values.integer(server.substring(colon + 1).strip(), 1, 65535) < 1) {
        throw new IllegalArgumentException(text);
      }
    }
    return text;
  }
}
