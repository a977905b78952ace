package io.millrace.core.spec;

import java.util.List;

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
