package io.millrace.cli.commands;

import io.millrace.schemas.ModelKeys;
import java.util.Locale;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Sends a control event: what a running job is to do with a model, or with all. */
@Command(
    name = "control",
    description = {
      "Sends an order to a running job: set a hyperparameter or take that back (unset), pause,"
          + " resume, reset, snapshot, promote a candidate, rollback.",
      "The job takes it in the order of its topic and records it in its state and in the next"
          + " snapshot; what it cannot follow becomes a dead letter.",
      "Waits for the job's answer; fails if it refuses the order or does not answer."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace control --key nsw set learning-rate 0.05",
      "  millrace control --key patches set schedule minibatch",
      "  millrace control --all snapshot --job job.yaml"
    })
public final class ControlCommand implements Runnable {
  /** What can be ordered. */
  enum Action {
    SET,
    UNSET,
    RESET,
    PAUSE,
    RESUME,
    SNAPSHOT,
    PROMOTE,
    ROLLBACK
  }

  /** For whom. */
  static final class Target {
    @Option(names = "--key", required = true, paramLabel = "KEY", description = "One model key.")
    private String key;

    @Option(names = "--all", required = true, description = "Every key, also those to come.")
    private boolean all;

    String modelKey() {
      return all ? ModelKeys.ALL : key;
    }
  }

  @ArgGroup(multiplicity = "1")
  private Target target;

  @Parameters(index = "0", paramLabel = "ORDER", description = "${COMPLETION-CANDIDATES}")
  private Action action;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "NAME",
      description = "set, unset: of what. promote: which candidate.")
  private String name;

  @Parameters(
      index = "2",
      arity = "0..1",
      paramLabel = "VALUE",
      description = "set: to what, a number or a word of the method.")
  private String value;

  @Mixin private Ordering ordering;
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    requireArguments();
    ordering.send(
        target.modelKey(),
        io.millrace.schemas.ControlCommand.valueOf(action.name()),
        name == null ? "" : name,
        number());
  }

  private double number() {
    try {
      return value == null ? Double.NaN : ControlValue.of(name, value);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), e.getMessage(), e);
    }
  }

  private void requireArguments() {
    boolean needsName = action == Action.SET || action == Action.UNSET || action == Action.PROMOTE;
    boolean needsValue = action == Action.SET;
    if (needsName == (name != null) && needsValue == (value != null)) {
      return;
    }
    throw new ParameterException(
        spec.commandLine(),
        switch (action) {
          case SET -> "set: needs a hyperparameter and a value, as in: set learning-rate 0.05";
          case PROMOTE -> "promote: needs a candidate and no value, as in: promote quick";
          case UNSET -> "unset: needs a hyperparameter and no value, as in: unset learning-rate";
          default -> action.name().toLowerCase(Locale.ROOT) + ": takes neither name nor value";
        });
  }
}
