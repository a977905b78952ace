package io.millrace.cli.commands;

import io.millrace.cli.models.ModelsExportCommand;
import io.millrace.cli.models.ModelsListCommand;
import io.millrace.cli.models.ModelsShowCommand;
import io.millrace.cli.models.ModelsWatchCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code models list | show | watch | export | promote | rollback}. */
@Command(
    name = "models",
    description = {
      "Reads the models topic through the client library.",
      "promote and rollback say which of a job's candidates is published."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ModelsListCommand.class,
      ModelsShowCommand.class,
      ModelsWatchCommand.class,
      ModelsExportCommand.class,
      ModelsPromoteCommand.class,
      ModelsRollbackCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace models list --bootstrap-servers localhost:9092")
public final class ModelsCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name one of " + spec.subcommands().keySet());
  }
}
