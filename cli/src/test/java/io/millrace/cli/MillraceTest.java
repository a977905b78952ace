package io.millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.cli.console.Output;
import io.millrace.core.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class MillraceTest {
  private final Cli cli = new Cli();

  @Test
  void withoutACommandTheUsageIsPrintedAndTheExitCodeIsTwo() {
    assertThat(cli.run()).isEqualTo(2);
    assertThat(cli.err()).contains("name a command", "Exit codes:", "optimizers");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void anUnknownCommandOrOptionIsAUsageFault() {
    assertThat(cli.run("frobnicate")).isEqualTo(2);
    assertThat(cli.run("optimizers", "--frobnicate")).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aCharacterThatTheLocaleCouldNotHoldIsNoOtherKey() {
    assertThat(cli.run("models", "show", "M\uFFFDhle")).isEqualTo(2);
    assertThat(cli.err())
        .contains("'M\uFFFDhle'", System.getProperty("sun.jnu.encoding"), "LC_ALL");
  }

  @Test
  void whatIsPrintedToBePastedIsInQuotesWhereAShellNeedsThem() {
    assertThat(Output.word("file:/srv/mühle/savepoint-1a2b"))
        .isEqualTo("file:/srv/mühle/savepoint-1a2b");
    assertThat(Output.word("file:/srv/my jobs")).isEqualTo("'file:/srv/my jobs'");
    assertThat(Output.word("it's")).isEqualTo("'it'\\''s'");
  }

  @Test
  void everyCommandHasHelpWithAnExampleAndTheExitCodes() {
    for (CommandLine command : leaves(Millrace.commandLine())) {
      String help = command.getUsageMessage();
      String name = command.getCommandSpec().qualifiedName();
      assertThat(help).as(name).contains("--help", "Exit codes:", "Example", "--debug");
      assertThat(command.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
      assertThat(command.getCommandSpec().findOption("--json")).as(name).isNotNull();
      // A list of commands shows the first line alone.
      assertThat(command.getCommandSpec().usageMessage().description()[0]).as(name).endsWith(".");
    }
  }

  @Test
  void theVersionIsThatOfTheBuild() {
    assertThat(cli.run("--version")).isZero();
    assertThat(cli.out()).matches("millrace \\d+\\.\\d+\\.\\d+\\S*\\s+");
  }

  @Test
  void jsonIsExactlyOneObjectOnStandardOutput() throws Exception {
    assertThat(cli.run("optimizers", "--json")).isZero();
    JsonNode o = new ObjectMapper().readTree(cli.out());
    assertThat(o.get("optimizers").isArray()).isTrue();
    assertThat(cli.out().strip()).doesNotContain("\n");
  }

  @Test
  void anEntryIsListedWithSourceMemoryOracleCallsDefaultsAndRanges() {
    assertThat(cli.run("optimizers", "storm")).isZero();
    assertThat(cli.out())
        .contains(
            "storm (optimizer)",
            "how checked: derived",
            "memory: 2 doubles per parameter (d, w-previous",
            "oracle calls per step: gradient 2",
            "learning-rate    default ");
    assertThat(cli.run("optimizers", "psgd_dense_newton")).isZero();
    assertThat(cli.out()).contains("memory: 4096 doubles per parameter", "hessian vector ");
    assertThat(cli.run("optimizers", "warm-restarts")).isZero();
    assertThat(cli.out()).contains("warm-restarts (schedule)", "period", "how checked: ");
    assertThat(cli.run("optimizers", "clip-norm")).isZero();
    assertThat(cli.out()).contains("clip-norm (part)", "arXiv:1211.5063");
  }

  @Test
  void anUnknownOptimizerIsAFailureNamingTheKnownOnes() {
    assertThat(cli.run("optimizers", "adamm", "--json")).isEqualTo(1);
    assertThat(cli.err()).contains("no optimizer, part or schedule 'adamm'; known: ");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void policiesAreListedWithWhatTheyNeedAndPromise() throws Exception {
    assertThat(cli.run("policies", "chebcb")).isZero();
    assertThat(cli.out())
        .contains(
            "chebcb (policy)",
            "Learning to Relax",
            "input: takes a context of 1 number",
            "promises: the order of costs does not matter",
            "context-low      default 0        in (-Infinity, Infinity)");
    assertThat(cli.run("policies", "page-hinkley")).isZero();
    assertThat(cli.out()).contains("page-hinkley (part)", "restart-threshold default 50");
    assertThat(cli.run("policies", "ucb2")).isEqualTo(1);
    assertThat(cli.err()).contains("no policy or part 'ucb2'; known: [tsallis_inf, ");
  }

  @Test
  void everyFaultOfAConfigurationGetsALineAndNoStackTrace() {
    CommandLine line = Millrace.commandLine().addSubcommand(new Faulty());
    assertThat(cli.run(line, "faulty")).isEqualTo(1);
    assertThat(cli.err().lines())
        .containsExactly("millrace faulty: a = 1; must be 2", "millrace faulty: b = 3; must be 4");
  }

  @Test
  void debugPrintsTheStackTrace() {
    CommandLine line = Millrace.commandLine().addSubcommand(new Faulty());
    assertThat(cli.run(line, "--debug", "faulty")).isEqualTo(1);
    assertThat(cli.err()).contains("at io.millrace.cli.MillraceTest$Faulty.run");
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
