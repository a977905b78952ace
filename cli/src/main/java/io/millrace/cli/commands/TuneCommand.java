package io.millrace.cli.commands;

import io.millrace.cli.tune.TuneEvaluateCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tune evaluate}. */
@Command(
    name = "tune",
    description = "Reads what tuners have decided, and what other decisions would have cost.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      // one line per command
      TuneEvaluateCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace tune evaluate --log decisions.jsonl")
public final class TuneCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name one of " + spec.subcommands().keySet());
  }
}
