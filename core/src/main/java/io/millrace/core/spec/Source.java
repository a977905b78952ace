package io.millrace.core.spec;

import java.util.Locale;

/**
 * Where a rule comes from.
 *
 * @param citation authors, title, place
 * @param confidence how far it was checked against the paper
 */
public record Source(String citation, Confidence confidence) {
  /** How the rule was checked against the paper. */
  public enum Confidence {
    /** Agrees with running the authors' or the reference framework's code. */
    CODE,
    /** Read in source text that was not run. */
    CODE_READ,
    /** Follows from the defining equation. */
    DERIVED,
    /** Recalled; the paper was not at hand. */
    MEMORY;

    /** As listings show it. */
    public String title() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
