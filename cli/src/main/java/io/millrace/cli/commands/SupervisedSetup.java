package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.data.DataSchema;
import io.millrace.core.features.InputSpec;
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
      throw new CommandFailed(
          "labels: "
              + schema.classes().size()
              + " classes, at least 2 are needed; name the label's column with --label, all"
              + " classes with --classes, or choose --loss squared for numbers");
    }
    String loss =
        asked != null
            ? asked
            : model.softmax() || schema.classes().size() > 2 ? "softmax" : "logistic";
    return new SupervisedSetup(loss, InputSpec.Target.CLASS);
  }

  /** Names as papers and other programs spell them: {@code lr}, {@code weight_decay}. */
  static Map<String, Double> hyperparameters(Map<String, Double> given) {
    Map<String, Double> values = new LinkedHashMap<>();
    given.forEach(
        (name, value) -> {
          String n = name.toLowerCase(Locale.ROOT).replace('_', '-');
          values.put(n.equals("lr") ? "learning-rate" : n, value);
        });
    return values;
  }
}
