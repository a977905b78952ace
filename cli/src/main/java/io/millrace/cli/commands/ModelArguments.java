package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.catalog.Learners;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.LinearModel;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.Models;
import io.millrace.core.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What a supervised model is made of, as the command line says it. */
final class ModelArguments {
  /** A learner that is another one with a loss. */
  private static final String SOFTMAX = "softmax";

  @Option(
      names = "--learner",
      defaultValue = "linear",
      paramLabel = "L",
      description =
          "linear; softmax (linear with loss softmax); mlp, a multi-layer perceptron; fm, a"
              + " factorization machine; or one that 'millrace learners' lists, which takes no"
              + " optimizer. Default: ${DEFAULT-VALUE}.")
  private String learner;

  @Option(
      names = "--hidden",
      split = ",",
      paramLabel = "N",
      description = "Units of each hidden layer of an mlp. Default: 64.")
  private List<Integer> hidden = new ArrayList<>();

  @Option(
      names = "--activation",
      defaultValue = "",
      paramLabel = "F",
      description = "Of the hidden units of an mlp: relu, tanh or gelu. Default: relu.")
  private String activation;

  @Option(
      names = "--rank",
      defaultValue = "0",
      paramLabel = "K",
      description = "Factors of each feature of an fm. Default: 8.")
  private int rank;

  @Option(
      names = "--init-scale",
      paramLabel = "V",
      description = "Factor on the spread of the start values of an mlp or fm. Default: 1.")
  private double initScale = Double.NaN;

  /**
   * The learner's name, known to be one.
   *
   * @throws CommandFailed naming the known ones
   */
  String learner() {
    List<String> known =
        Stream.of(Spec.ids(Models.ALL), List.of(SOFTMAX), Spec.ids(Learners.ALL))
            .flatMap(List::stream)
            .toList();
    if (!known.contains(learner)) {
      throw new CommandFailed("--learner " + learner + "; known: " + String.join(", ", known));
    }
    return learner;
  }

  /** The learner where it is one that follows no gradient. */
  Optional<LearnerSpec> withoutGradient() {
    return Learners.find(learner());
  }

  /** What was said that only a model under an optimizer has; empty: nothing. */
  String ofGradients() {
    return !hidden.isEmpty()
        ? "--hidden"
        : !activation.isEmpty()
            ? "--activation"
            : rank != 0 ? "--rank" : !Double.isNaN(initScale) ? "--init-scale" : "";
  }

  /** Whether the learner is there for the loss softmax. */
  boolean softmax() {
    return learner().equals(SOFTMAX);
  }

  /** Options of the model; {@link Models#make} checks them. */
  ModelOptions options() {
    String kind = softmax() ? LinearModel.SPEC.id() : learner();
    return new ModelOptions(kind, hidden, activation, rank, initScale);
  }
}
