package io.millrace.cli.commands;

import io.millrace.cli.deadletters.DeadLettersListCommand;
import io.millrace.cli.deadletters.DeadLettersReplayCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code dead-letters list | replay}. */
@Command(
    name = "dead-letters",
    description = "Reads, explains and re-submits events that a job could not use.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {DeadLettersListCommand.class, DeadLettersReplayCommand.class},
    footerHeading = "%nExample:%n",
    footer = "  millrace dead-letters list --reason DIMENSION_MISMATCH")
public final class DeadLettersCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name one of " + spec.subcommands().keySet());
  }
}
