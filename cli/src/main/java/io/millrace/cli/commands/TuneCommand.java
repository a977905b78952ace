package io.millrace.cli.commands;

import io.millrace.cli.tune.TuneArmCommand;
import io.millrace.cli.tune.TuneDecideCommand;
import io.millrace.cli.tune.TuneEvaluateCommand;
import io.millrace.cli.tune.TuneLearnerCommand;
import io.millrace.cli.tune.TuneListCommand;
import io.millrace.cli.tune.TuneReportCommand;
import io.millrace.cli.tune.TuneShowCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code tune list | show | decide | report | arm | learner | evaluate}. */
@Command(
    name = "tune",
    description = {
      "Looks at tuners, asks them, reports what their decisions have cost, lets them tune models that"
          + " learn, and tells what other decisions would have cost."
    },
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      // one line per command
      TuneListCommand.class,
      TuneShowCommand.class,
      TuneDecideCommand.class,
      TuneReportCommand.class,
      TuneArmCommand.class,
      TuneLearnerCommand.class,
      TuneEvaluateCommand.class
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace tune list --bootstrap-servers localhost:9092")
public final class TuneCommand implements Runnable {
  @Spec private CommandSpec spec;

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(), "name one of " + spec.subcommands().keySet());
  }
}
