package io.millrace.cli.commands;

import io.millrace.cli.bench.Benchmark;
import io.millrace.cli.bench.Machine;
import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.WorkDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Runs a benchmark, or lists them. */
@Command(
    name = "bench",
    description = {
      "Runs a benchmark; without a name, lists them.",
      "Every figure that compares is a ratio of two things measured in the same run."
    },
    footerHeading = "%nExamples:%n",
    footer = {"  millrace bench", "  millrace bench learner --set repetitions=9 --json"})
public final class BenchCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Which benchmark.")
  private String name;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "Changes a setting of the benchmark; the list shows them.")
  private Map<String, Long> settings = Map.of();

  @Option(names = "--work-dir", paramLabel = "DIR", description = "Where files of the run go.")
  private Path workDir;

  @Mixin private Output output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Benchmark> all =
        ServiceLoader.load(Benchmark.class).stream()
            .map(ServiceLoader.Provider::get)
            .sorted(Comparator.comparing(Benchmark::name))
            .toList();
    if (all.isEmpty()) {
      throw new CommandFailed("no benchmarks on the class path; build the module 'bench' as well");
    }
    if (name == null) {
      list(all);
      return ExitCode.OK;
    }
    Benchmark benchmark =
        all.stream()
            .filter(b -> b.name().equals(name))
            .findFirst()
            .orElseThrow(
                () ->
                    new CommandFailed(
                        "no benchmark '"
                            + name
                            + "'; known: "
                            + all.stream().map(Benchmark::name).toList()));
    Map<String, Long> values = new TreeMap<>(benchmark.settings());
    for (Map.Entry<String, Long> e : settings.entrySet()) {
      if (values.replace(e.getKey(), e.getValue()) == null) {
        throw new CommandFailed(
            "--set " + e.getKey() + "; " + name + " has " + values.keySet() + " to set");
      }
      if (e.getValue() < 0) {
        throw new CommandFailed(
            "--set " + e.getKey() + "=" + e.getValue() + "; must be at least 0");
      }
    }
    Map<String, Object> report = new LinkedHashMap<>();
    report.put("benchmark", name);
    report.put("machine", Machine.facts());
    report.put("settings", values);
    output.say("machine: %s", Machine.facts());
    output.say("settings: %s", values);
    report.putAll(
        benchmark.run(
            new Benchmark.Run(
                output, WorkDirectory.open("bench-" + name, workDir, output), values)));
    output.result(report);
    return ExitCode.OK;
  }

  private void list(List<Benchmark> all) {
    output.result(
        Map.of(
            "benchmarks",
            all.stream()
                .map(
                    b ->
                        Map.of(
                            "name",
                            b.name(),
                            "description",
                            b.description(),
                            "settings",
                            b.settings()))
                .toList()));
    if (!output.json()) {
      for (Benchmark b : all) {
        output.say("%-10s %s", b.name(), b.description());
        output.say("%-10s --set: %s", "", new TreeMap<>(b.settings()));
      }
    }
  }
}
