package io.millrace.cli.commands;

import io.millrace.core.dictionary.learner.Methods;
import io.millrace.core.spec.Choice;
import java.util.Optional;

/** What `control set` sets a hyperparameter to: a number, or one of a method's words. */
final class ControlValue {
  private ControlValue() {}

  /**
   * The value that an order carries: of a word its place.
   *
   * @param name of the hyperparameter, with or without the method's id in front
   * @throws IllegalArgumentException saying what is allowed
   */
  static double of(String name, String text) {
    Optional<Choice> choice = choice(name.substring(name.lastIndexOf('.') + 1));
    int place = choice.map(c -> c.values().indexOf(text)).orElse(-1);
    if (place >= 0) {
      return place;
    }
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "set: "
              + name
              + " = '"
              + text
              + "'; must be "
              + choice.map(c -> "one of " + c.values()).orElse("a number"),
          e);
    }
  }

  private static Optional<Choice> choice(String name) {
    return Methods.ALL.stream()
        .flatMap(m -> m.choices().stream())
        .filter(c -> c.changeable() && c.name().equals(name))
        .findFirst();
  }
}
