package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Loss and labels of a supervised learner as the command line names them.
 *
 * @param loss name of the loss
 * @param target what its labels are
 */
record SupervisedSetup(String loss, InputSpec.Target target) {
  private static final Set<String> OF_NUMBERS = Set.of("squared", "huber", "quantile", "poisson");

  /** Whether labels are numbers to be predicted, not classes. */
  static boolean numericLabel(String loss) {
    return loss != null && OF_NUMBERS.contains(loss);
  }

  /** The loss asked for, or the one that fits the classes of the file. */
  static SupervisedSetup of(ModelArguments model, String asked, DataSchema schema) {
    if (model.softmax() && asked != null && !asked.equals("softmax")) {
      throw new CommandFailed(
          "--loss " + asked + "; learner softmax has the loss softmax, drop one of the two");
    }
    if (numericLabel(asked)) {
      return new SupervisedSetup(
          asked, asked.equals("poisson") ? InputSpec.Target.NON_NEGATIVE : InputSpec.Target.REAL);
    }
    if (schema.classes().size() < 2) {
      throw tooFew(schema);
    }
    String loss =
        asked != null
            ? asked
            : model.softmax() || schema.classes().size() > 2 ? "softmax" : "logistic";
    return new SupervisedSetup(loss, InputSpec.Target.CLASS);
  }

  /** What labels are to a learner without a gradient, which has the loss that fits them. */
  static InputSpec.Target target(LearnerSpec learner, String asked, DataSchema schema) {
    InputSpec.Target own = learner.targets().get(0);
    if (asked != null
        && !(asked.equals("squared") && learner.targets().contains(InputSpec.Target.REAL))) {
      throw new CommandFailed(
          "--loss " + asked + "; learner " + learner.id() + " has the one that fits, drop it");
    }
    InputSpec.Target target = asked == null ? own : InputSpec.Target.REAL;
    if (target == InputSpec.Target.CLASS && schema.classes().size() < 2) {
      throw tooFew(schema);
    }
    return target;
  }

  private static CommandFailed tooFew(DataSchema schema) {
    return new CommandFailed(
        "labels: "
            + schema.classes().size()
            + " classes, at least 2 are needed; name the label's column with --label, all"
            + " classes with --classes, or choose --loss squared for numbers");
  }

  /** Names as papers and other programs spell them: {@code lr}, {@code weight_decay}. */
  static Map<String, Double> hyperparameters(Map<String, String> given) {
    Map<String, Double> values = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          String n = spelt(name);
          values.put(n.equals("lr") ? "learning-rate" : n, number(name, value));
        });
    return values;
  }

  private static String spelt(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double number(String name, String value) {
    try {
      return Double.parseDouble(value);
    } catch (NumberFormatException e) {
      throw new CommandFailed("--set " + name + "=" + value + "; must be a number", e);
    }
  }

  /** A learner without a gradient, with words and numbers of it. */
  static LearnerSetup learner(LearnerSpec spec, InputSpec input, Map<String, String> given) {
    Map<String, String> words = new LinkedHashMap<>();
    Map<String, Double> values = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          String n = spelt(name);
          if (spec.choices().stream().anyMatch(c -> c.name().equals(n))) {
            words.put(n, value);
          } else {
            values.put(n, number(name, value));
          }
        });
    return LearnerSetup.of(spec.id(), input).withWords(words).withHyperparameters(values);
  }
}
