package io.millrace.core.drift;

import io.millrace.core.spec.Choice;
import java.util.List;
import java.util.Map;

/** What a detector of rising errors makes of errors that have fallen. */
enum Decrease {
  /** It begins anew and says nothing: to be right more often is no emergency. */
  RESET,
  /** It goes on as if nothing had happened. */
  IGNORE,
  /** It begins anew and says so. */
  ALARM;

  static final Choice CHOICE =
      new Choice(
          "decrease",
          List.of("reset", "ignore", "alarm"),
          "when errors have fallen: begin anew in silence, do nothing, or begin anew and tell");

  static Decrease of(Map<String, String> words) {
    return values()[CHOICE.values().indexOf(words.get(CHOICE.name()))];
  }
}
