package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.WorkDirectory;
import io.millrace.cli.demo.Demo;
import io.millrace.cli.demo.DemoOptions;
import io.millrace.cli.demo.DemoReport;
import io.millrace.cli.demo.DemoRun;
import io.millrace.cli.demo.SampleDemo;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole of Millrace on one machine in one command. */
@Command(
    name = "demo",
    description = {
      "Broker, job and client on this machine, with a real data set.",
      "Starts a Kafka broker and a Flink cluster and streams through a job:",
      "learn: the electricity market; scores held-back rows (the last tenth).",
      "dictionary: patches of photographs; shows the objective of held-back ones fall, writes",
      "images of the atoms and of patches before and after reconstruction.",
      "tune: linear systems; chooses the omega that solves each, draws what all have cost.",
      "sample: a posterior over clients whose rows lie apart, by chains with surrogates and without;",
      "draws both beside the posterior. Fails unless surrogates bring the draws closer.",
      "The others follow the models and show what became of a handful of broken events. They fail",
      "unless every event was learned from or is in the dead letters."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace demo --keep",
      "  millrace demo --rows 10000 --keys 4 --json",
      "  millrace demo --job dictionary",
      "  millrace demo --job tune --rows 1000",
      "  millrace demo --job sample"
    })
public final class DemoCommand implements Callable<Integer> {
  private static final int FEWEST_ROWS = 100;

  /** Per key, so that every dictionary learns from a few mini-batches and is published twice. */
  private static final int FEWEST_SIGNALS = 2048;

  private static final Map<String, BiFunction<DemoOptions, Output, DemoRun>> FAMILIES =
      new TreeMap<>(
          Map.of(
              "learn",
              Demo::learn,
              "dictionary",
              Demo::dictionary,
              "tune",
              Demo::tune,
              "sample",
              SampleDemo::new));

  @Option(
      names = "--job",
      paramLabel = "FAMILY",
      defaultValue = "learn",
      description = "Job family: learn, dictionary, tune or sample. Default: ${DEFAULT-VALUE}.")
  private String family;

  @Option(
      names = "--rows",
      paramLabel = "N",
      defaultValue = "45312",
      description = "Rows of the stream to take. Default: all, ${DEFAULT-VALUE} for learn.")
  private int rows;

  @Option(
      names = "--keys",
      paramLabel = "K",
      defaultValue = "1",
      description =
          "Models or tuners the rows are dealt to in turn. Default: ${DEFAULT-VALUE}. Of sample the"
              + " clients; 10 unless more are given.")
  private int keys;

  @Option(
      names = "--rate",
      paramLabel = "R",
      description = "At most so many events per second, to watch it work.")
  private Double rate;

  @Option(names = "--keep", description = "Leave broker and job running until Ctrl-C.")
  private boolean keep;

  @Option(
      names = "--rest-port",
      paramLabel = "PORT",
      defaultValue = "8081-8181",
      description = "Port or range of Flink's web interface, 0: any. Default: ${DEFAULT-VALUE}.")
  private String restPort;

  @Option(
      names = "--work-dir",
      paramLabel = "DIR",
      description = "Log, broker and checkpoints. Default: work/demo-TIME in the installation.")
  private Path workDirectory;

  @Spec private CommandSpec spec;
  @Mixin private Output output;

  private volatile boolean interrupted;

  @Override
  public Integer call() {
    check();
    Path directory = WorkDirectory.open("demo", workDirectory, output);
    DemoOptions options = new DemoOptions(rows, keys, rate, restPort, directory);
    DemoRun demo = FAMILIES.get(family).apply(options, output);
    if (!keep) {
      output.note("job and broker end with the demo; --keep leaves them running");
    }
    Thread hook = new Thread(() -> interrupt(demo), "millrace-demo-stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try (demo) {
      DemoReport report = demo.run();
      output.result(report.json());
      print(report, directory);
      if (keep) {
        output.note("broker and job go on; Ctrl-C ends them");
        demo.keep();
      }
      return report.good() ? ExitCode.OK : ExitCode.FAILURE;
    } catch (RuntimeException e) {
      if (interrupted) {
        return ExitCode.FAILURE; // what was under way broke off because of Ctrl-C
      }
      throw e;
    } finally {
      if (!interrupted) {
        Runtime.getRuntime().removeShutdownHook(hook);
      }
    }
  }

  private void interrupt(DemoRun demo) {
    interrupted = true;
    output.note("ending the job, then the broker; that takes a few seconds");
    demo.close();
  }

  private void check() {
    if (!FAMILIES.containsKey(family)) {
      throw new CommandFailed(
          "--job = "
              + family
              + "; this release has "
              + String.join(", ", FAMILIES.keySet())
              + "; the other families are not part of it");
    }
    long fewest = family.equals("dictionary") ? (long) FEWEST_SIGNALS * keys : FEWEST_ROWS;
    if (keys < 1 || rows < fewest || rows / 10 < keys) {
      throw new CommandLine.ParameterException(
          spec.commandLine(),
          "--rows = "
              + rows
              + ", --keys = "
              + keys
              + "; rows must be at least "
              + fewest
              + ", keys at least 1, and ten rows per key");
    }
    if (rate != null && !(rate > 0)) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "--rate = " + rate + "; must be above 0");
    }
  }

  private void print(DemoReport r, Path directory) {
    if (output.json()) {
      return;
    }
    r.print(output);
    output.say("");
    output.say(keep ? "go on in another shell:" : "go on with ./millrace demo --keep, then:");
    String at = keep ? " -b " + r.bootstrapServers() : " -b HOST:PORT";
    r.next().forEach(command -> output.say("  ./millrace %s%s", command, at));
    output.say("  and edit %s", directory.resolve(r.yaml()));
  }
}
