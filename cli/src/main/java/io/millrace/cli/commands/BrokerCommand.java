package io.millrace.cli.commands;

import io.millrace.broker.EmbeddedBroker;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.WorkDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a real Kafka broker on this machine and keeps its records, for those who have none. */
@Command(
    name = "broker",
    description = {
      "Runs a Kafka broker on this machine until Ctrl-C.",
      "One node on the loopback interface, no security, records kept until you delete the directory.",
      "To try things, not for production."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  millrace broker", "  millrace broker --port 19092 --dir /var/tmp/kafka"})
public final class BrokerCommand implements Runnable {
  private static final int HIGHEST_PORT = 65_535;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9092",
      description = "Port for clients, on 127.0.0.1. Default: ${DEFAULT-VALUE}.")
  private int port;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Where its records are, and stay. Default: work/broker in the installation; the next"
              + " start goes on with them.")
  private Path directory;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  private volatile boolean interrupted;

  @Override
  public void run() {
    if (port < 1 || port > HIGHEST_PORT) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--port = " + port + "; must lie in [1, " + HIGHEST_PORT + "]");
    }
    Path dir = directory == null ? WorkDirectory.home().resolve("work/broker") : directory;
    dir = dir.toAbsolutePath();
    output.note("starting a Kafka broker");
    try (EmbeddedBroker broker = EmbeddedBroker.start(dir, port)) {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(() -> interrupt(broker), "millrace-broker-stop"));
      output.note("Kafka          %s", broker.bootstrapServers());
      output.note("directory      %s", dir);
      output.note("log            %s", broker.log());
      output.note("running; Ctrl-C stops, the records stay");
      Map<String, Object> o = new LinkedHashMap<>();
      o.put("bootstrapServers", broker.bootstrapServers());
      o.put("directory", dir.toString());
      o.put("log", broker.log().toString());
      output.result(o);
      broker.awaitEnd();
      if (!interrupted) {
        throw new CommandFailed("the broker ended by itself; its log is " + broker.log());
      }
    } catch (IOException e) {
      throw new CommandFailed("the broker did not start: " + e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void interrupt(EmbeddedBroker broker) {
    interrupted = true;
    broker.close();
  }
}
