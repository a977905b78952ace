package io.millrace.cli.commands;

import io.millrace.schemas.ControlCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets a candidate take the place of the model that serves a key. */
@Command(
    name = "promote",
    description = {
      "Lets a candidate of a running job take the place of the model that serves a key.",
      "It is published at once, as a new version, and is on probation: `models rollback` takes it"
          + " back by then, and so does the job if it turns out worse."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace models promote nsw quick --job job.yaml")
public final class ModelsPromoteCommand implements Runnable {
  @Parameters(index = "0", paramLabel = "KEY", description = "Model key.")
  private String key;

  @Parameters(
      index = "1",
      paramLabel = "CANDIDATE",
      description = "Name under candidates of the job's YAML; base: the configured model.")
  private String candidate;

  @Mixin private Ordering ordering;

  @Override
  public void run() {
    ordering.send(key, ControlCommand.PROMOTE, candidate, Double.NaN);
  }
}
