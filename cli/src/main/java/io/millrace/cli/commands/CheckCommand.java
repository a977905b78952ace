package io.millrace.cli.commands;

import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.golden.Golden;
import io.millrace.golden.GoldenResult;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Replays golden files through the production classes. */
@Command(
    name = "check",
    description = {
      "Replays golden files through the production classes and prints per file: name, cases,"
          + " largest error, the file's tolerance, pass or fail.",
      "A kind, method, option or field that this build does not know is 'unsupported', is named, and"
          + " counts as a failure."
    },
    footerHeading = "%nExample:%n",
    footer = "  millrace check golden/optimizers/adam.json golden/optimizers/schedules.json")
public final class CheckCommand implements Callable<Integer> {
  @Parameters(arity = "1..*", paramLabel = "GOLDEN.json", description = "Files to replay.")
  private List<Path> files;

  @Mixin private Output output;

  @Override
  public Integer call() {
    int width = files.stream().mapToInt(f -> f.toString().length()).max().orElse(1);
    List<GoldenResult> results =
        files.stream().map(Golden::check).peek(r -> print(r, width)).toList();
    long passed = results.stream().filter(GoldenResult::passed).count();
    boolean all = passed == results.size();
    output.say("%d of %d files pass", passed, results.size());
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("pass", all);
    o.put("passed", passed);
    o.put("total", results.size());
    o.put("files", results.stream().map(CheckCommand::object).toList());
    output.result(o);
    return all ? ExitCode.OK : ExitCode.FAILURE;
  }

  private void print(GoldenResult r, int width) {
    output.say(
        "%-" + width + "s  %-18s cases %4d  largest error %9s  tolerance %9s  %s",
        r.file(),
        r.name(),
        r.cases(),
        number(r.largestError()),
        number(r.tolerance()),
        status(r));
    if (!r.passed()) {
      output.say("    %s", r.reason());
    }
  }

  /** A number, or a dash where there is none. */
  private static String number(OptionalDouble v) {
    return v.isPresent() ? String.format(Locale.ROOT, "%.3g", v.getAsDouble()) : "-";
  }

  private static Map<String, Object> object(GoldenResult r) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("file", r.file());
    o.put("name", r.name());
    o.put("kind", r.kind());
    o.put("cases", r.cases());
    o.put("largestError", r.largestError().isPresent() ? r.largestError().getAsDouble() : null);
    o.put("tolerance", r.tolerance().isPresent() ? r.tolerance().getAsDouble() : null);
    o.put("status", status(r));
    o.put("reason", r.reason());
    return o;
  }

  private static String status(GoldenResult r) {
    return r.status().name().toLowerCase(Locale.ROOT);
  }
}
