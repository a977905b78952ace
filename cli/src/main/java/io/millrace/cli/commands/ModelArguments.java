package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.core.model.LinearModel;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.model.ModelSpec;
import io.millrace.core.model.Models;
import java.util.ArrayList;
import java.util.List;
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
              + " factorization machine. Default: ${DEFAULT-VALUE}.")
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
        Stream.concat(Models.ALL.stream().map(ModelSpec::id), Stream.of(SOFTMAX)).toList();
    if (!known.contains(learner)) {
      throw new CommandFailed("--learner " + learner + "; known: " + String.join(", ", known));
    }
    return learner;
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
