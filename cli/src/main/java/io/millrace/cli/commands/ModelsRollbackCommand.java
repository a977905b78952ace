package io.millrace.cli.commands;

import io.millrace.schemas.ControlCommand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Lets the model that served a key before take its place again. */
@Command(
    name = "rollback",
    description = {
      "Lets the model that served a key before the present one take its place again, while that is"
          + " on probation.",
      "It is published at once, as a new version; the candidate that fails has no state any more."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace models rollback nsw --job job.yaml")
public final class ModelsRollbackCommand implements Runnable {
  @Parameters(paramLabel = "KEY", description = "Model key.")
  private String key;

  @Mixin private Ordering ordering;

  @Override
  public void run() {
    ordering.send(key, ControlCommand.ROLLBACK, "", Double.NaN);
  }
}
