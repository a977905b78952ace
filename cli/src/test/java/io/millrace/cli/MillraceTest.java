package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.ConfigException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MillraceTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... args) {
    return run(Millrace.commandLine(), args);
  }

  private int run(CommandLine line, String... args) {
    return line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(args);
  }

  @Test
  void withoutACommandTheUsageIsPrintedAndTheExitCodeIsTwo() {
    assertThat(run()).isEqualTo(2);
    assertThat(err.toString()).contains("name a command", "Exit codes:", "optimizers");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anUnknownCommandOrOptionIsAUsageFault() {
    assertThat(run("frobnicate")).isEqualTo(2);
    assertThat(run("optimizers", "--frobnicate")).isEqualTo(2);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void everyCommandHasHelpWithAnExampleAndTheExitCodes() {
    for (CommandLine command : leaves(Millrace.commandLine())) {
      String help = command.getUsageMessage();
      String name = command.getCommandSpec().qualifiedName();
      assertThat(help).as(name).contains("--help", "Exit codes:", "Example", "--debug");
      assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
      assertThat(command.getCommandSpec().findOption("--json")).as(name).isNotNull();
    }
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(run("--version")).isZero();
    assertThat(out.toString()).matches("millrace \\d+\\.\\d+\\.\\d+\\S*\\s+");
  }

  @Test
  void jsonIsExactlyOneObjectOnStandardOutput() throws Exception {
    assertThat(run("optimizers", "--json")).isZero();
    JsonNode o = new ObjectMapper().readTree(out.toString());
    assertThat(o.get("optimizers").isArray()).isTrue();
    assertThat(out.toString().strip()).doesNotContain("\n");
  }

  @Test
  void anEntryIsListedWithSourceMemoryOracleCallsDefaultsAndRanges() {
    assertThat(run("optimizers", "storm")).isZero();
    assertThat(out.toString())
        .contains(
            "storm (optimizer)",
            "how checked: derived",
            "memory: 2 doubles per parameter (d, w-previous",
            "oracle calls per step: gradient 2",
            "learning-rate    default ");
    assertThat(run("optimizers", "psgd_dense_newton")).isZero();
    assertThat(out.toString()).contains("memory: 4096 doubles per parameter", "hessian vector ");
    assertThat(run("optimizers", "warm-restarts")).isZero();
    assertThat(out.toString()).contains("warm-restarts (schedule)", "period", "how checked: ");
    assertThat(run("optimizers", "clip-norm")).isZero();
    assertThat(out.toString()).contains("clip-norm (part)", "arXiv:1211.5063");
  }

  @Test
  void anUnknownOptimizerIsAFailureNamingTheKnownOnes() {
    assertThat(run("optimizers", "adamm", "--json")).isEqualTo(1);
    assertThat(err.toString()).contains("no optimizer, part or schedule 'adamm'; known: ");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void everyFaultOfAConfigurationGetsALineAndNoStackTrace() {
    CommandLine line = Millrace.commandLine().addSubcommand(new Faulty());
    assertThat(run(line, "faulty")).isEqualTo(1);
    assertThat(err.toString().lines())
        .containsExactly("millrace faulty: a = 1; must be 2", "millrace faulty: b = 3; must be 4");
  }

  @Test
  void debugPrintsTheStackTrace() {
    CommandLine line = Millrace.commandLine().addSubcommand(new Faulty());
    assertThat(run(line, "--debug", "faulty")).isEqualTo(1);
    assertThat(err.toString()).contains("at io.millrace.cli.MillraceTest$Faulty.run");
  }

  private static List<CommandLine> leaves(CommandLine root) {
    return root.getSubcommands().values().stream()
        .flatMap(c -> c.getSubcommands().isEmpty() ? List.of(c).stream() : leaves(c).stream())
        .toList();
  }

  @Command(name = "faulty")
  static final class Faulty implements Runnable {
    @Override
    public void run() {
      throw new ConfigException(List.of("a = 1; must be 2", "b = 3; must be 4"));
    }
  }
}
