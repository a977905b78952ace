package io.millrace.core.spec;

import java.util.List;

/**
 * A setting of a method that takes one of a few words: the only home of its default and its
 * explanation. Cannot change while a job runs.
 *
 * @param name lower-case with hyphens, as in the job's YAML
 * @param values allowed words; the first is the default
 */
public record Choice(String name, List<String> values, String doc) {
  public Choice {
    values = List.copyOf(values);
  }

  /** The default. */
  public String def() {
    return values.get(0);
  }
}
