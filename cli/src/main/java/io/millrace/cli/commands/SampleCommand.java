package io.millrace.cli.commands;

import io.millrace.cli.sample.SampleChainsCommand;
import io.millrace.cli.sample.SampleClientsCommand;
import io.millrace.cli.sample.SampleEpochCommand;
import io.millrace.cli.sample.SampleShowCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sample chains | clients | epoch | show}. */
@Command(
    name = "sample",
    description =
        "Looks at a posterior that a 'sample' job draws from, its chains and its clients, and orders"
            + " a new epoch.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      // one line per command
      SampleChainsCommand.class,
      SampleClientsCommand.class,
      SampleEpochCommand.class,
      SampleShowCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace sample show --bootstrap-servers localhost:9092")
public final class SampleCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name one of " + spec.subcommands().keySet());
  }
}
