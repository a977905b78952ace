package io.millrace.core.spec;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A setting of a method that takes one of a few words: the only home of its default and its
 * explanation.
 *
 * @param name lower-case with hyphens, as in the job's YAML
 * @param values allowed words; the first is the default
 * @param changeable whether it may change while a job runs: then orders name the word by its place
 *     among the values
 */
public record Choice(String name, List<String> values, String doc, boolean changeable) {
  public Choice {
    values = List.copyOf(values);
  }

  /** One that cannot change while a job runs. */
  public Choice(String name, List<String> values, String doc) {
    this(name, values, doc, false);
  }

  /** One that may change while a job runs. */
  public static Choice changeable(String name, List<String> values, String doc) {
    return new Choice(name, values, doc, true);
  }

  /**
   * A word for each of some choices: the one given, checked, or the default.
   *
   * @param section of the YAML that they stand in, for messages
   * @param owner whose choices they are, for messages
   * @param given words by name
   * @param faults takes every unknown name and word
   */
  public static Map<String, String> words(
      String section,
      String owner,
      List<Choice> choices,
      Map<String, String> given,
      List<String> faults) {
    Map<String, String> words = new LinkedHashMap<>();
    for (Choice c : choices) {
      String word = given.getOrDefault(c.name(), c.def());
      if (!c.values().contains(word)) {
        faults.add(section + "." + c.name() + " = '" + word + "'; must be one of " + c.values());
      }
      words.put(c.name(), word);
    }
    for (String name : given.keySet()) {
      if (!words.containsKey(name)) {
        faults.add(owner + " has no setting '" + name + "'; it has " + words.keySet());
      }
    }
    return words;
  }

  /** The default. */
  public String def() {
    return values.get(0);
  }

  /**
   * The place of a word, as a hyperparameter of orders.
   *
   * @param word the one configured, which is the default
   */
  public Hyper place(String word) {
    return new Hyper(
        name, values.indexOf(word), Range.integers(0, values.size() - 1), doc + " " + values);
  }
}
