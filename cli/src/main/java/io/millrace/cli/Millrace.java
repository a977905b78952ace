package io.millrace.cli;

import io.millrace.cli.console.Causes;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.WorkDirectory;
import io.millrace.core.ConfigException;
import io.millrace.core.state.StateException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/**
 * The {@code millrace} command: parses, runs one of {@link Commands}, maps faults to exit codes.
 */
@Command(
    name = "millrace",
    description = "Online learning as a Flink job: events in, models out.",
    mixinStandardHelpOptions = true,
    versionProvider = BuildVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace demo                        broker, job and client on this machine, one minute",
      "  millrace run job.yaml                run a job against the Kafka of the file",
      "  millrace models list                 newest version of every model",
      "  millrace COMMAND --help              what a command takes, with an example"
    })
public final class Millrace implements Runnable {
  private static final Map<String, String> EXIT_CODES = new LinkedHashMap<>();

  static {
    EXIT_CODES.put(" " + ExitCode.OK, "success");
    EXIT_CODES.put(" " + ExitCode.FAILURE, "failure");
    EXIT_CODES.put(" " + ExitCode.USAGE, "the command line was not understood");
  }

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Print stack traces of failures.")
  private boolean debug;

  @Spec private CommandSpec spec;

  /** Runs the command line and ends the JVM with its exit code. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The parser with every command, as {@link #main} and the tests use it. */
  public static CommandLine commandLine() {
    CommandLine root = new CommandLine(new Millrace());
    for (Class<?> command : Commands.ALL) {
      root.addSubcommand(command);
    }
    document(root);
    root.setCaseInsensitiveEnumValuesAllowed(true);
    root.setExecutionStrategy(
        parsed -> {
          refuseLostCharacters(parsed);
          return new CommandLine.RunLast().execute(parsed);
        });
    root.setExecutionExceptionHandler((e, command, parsed) -> failed(e, command));
    return root;
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(spec.commandLine(), "name a command");
  }

  /**
   * Java puts U+FFFD where the locale's encoding does not hold a character: another key, or path.
   */
  private static void refuseLostCharacters(CommandLine.ParseResult parsed) {
    for (String argument : parsed.originalArgs()) {
      if (argument.indexOf('\uFFFD') >= 0) {
        throw new CommandLine.ParameterException(
            parsed.commandSpec().commandLine(),
            "argument '"
                + argument
                + "': has characters that the locale's encoding, "
                + System.getProperty("sun.jnu.encoding")
                + ", does not hold; set LC_ALL to a UTF-8 locale, such as C.UTF-8");
      }
    }
  }

  private static void document(CommandLine command) {
    command
        .getCommandSpec()
        .mixinStandardHelpOptions(true)
        .versionProvider(new BuildVersion())
        .exitCodeOnInvalidInput(ExitCode.USAGE)
        .exitCodeOnExecutionException(ExitCode.FAILURE)
        .usageMessage()
        .exitCodeListHeading("%nExit codes:%n")
        .exitCodeList(EXIT_CODES)
        .abbreviateSynopsis(true)
        .width(100);
    command.getSubcommands().values().forEach(Millrace::document);
  }

  /** Prints a failure: one line per fault, the stack trace only on request. */
  private static int failed(Exception e, CommandLine command) {
    PrintWriter err = command.getErr();
    String name = command.getCommandSpec().qualifiedName();
    faults(e).forEach(fault -> err.println(name + ": " + fault));
    Object root = command.getCommandSpec().root().userObject();
    if (((Millrace) root).debug) {
      e.printStackTrace(err);
    } else if (!expected(e)) {
      err.println("  (--debug prints the stack trace" + WorkDirectory.logHint() + ")");
    }
    err.flush();
    return ExitCode.FAILURE;
  }

  /** Whether a failure is one that its user can act on, and says how. */
  private static boolean expected(Exception e) {
    return e instanceof ConfigException
        || e instanceof CommandFailed
        || e instanceof StateException;
  }

  private static List<String> faults(Exception e) {
    if (e instanceof ConfigException c) {
      return c.faults();
    }
    if (expected(e)) {
      return List.of(e.getMessage());
    }
    String cause = Causes.of(e);
    String message = e.getMessage();
    // A message of our own says where; the innermost cause says what.
    boolean ours =
        e.getCause() != null && message != null && !message.equals(e.getCause().toString());
    return List.of(ours ? message + ": " + cause : cause);
  }
}
