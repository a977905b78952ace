package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Progress;
import io.millrace.core.TextFiles;
import io.millrace.core.decision.AsymptoticBounds;
import io.millrace.core.decision.Estimator;
import io.millrace.core.decision.OffPolicy;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Off-policy evaluation of a decision log. */
@Command(
    name = "evaluate",
    description = {
      "Tells from a log of decisions what other policies would have cost: nine estimators with their"
          + " errors, bounds that hold at every time, and how much of the log speaks of each policy.",
      "Every decision needs the probability that it was made with; docs/decisions.md has the format."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace tune evaluate --log decisions.jsonl",
      "  millrace tune evaluate --bootstrap-servers localhost:9092 --key sor --policy tsallis_inf",
      "  millrace tune evaluate --job job.yaml --key sor",
      "  millrace tune evaluate --log decisions.jsonl.gz --policy uniform --policy fixed:b \\",
      "      --range 0:1 --json"
    })
public final class TuneEvaluateCommand implements Callable<Integer> {
  private static final String NONE = "-";

  @Option(
      names = "--log",
      paramLabel = "FILE",
      description =
          "Decisions with their outcomes, JSON lines, plain or gzip. Default: those in the topics of a"
              + " tune job, up to now.")
  private Path log;

  @Mixin private TuneConnection connection;

  @Option(
      names = "--feedback-topic",
      paramLabel = "TOPIC",
      description =
          "Topic of feedback that does not come with the requests. Default: that of --job, else none.")
  private String feedback;

  @Option(
      names = "--policy",
      paramLabel = "P",
      description =
          "uniform, logged (whatever made the log), fixed (each arm), fixed:ARM, or a policy of tuners,"
              + " which learns from the log as it goes (tsallis_inf, ucb1, linucb, ...). May be given"
              + " several times. Default: fixed, uniform and logged.")
  private List<String> policies = new ArrayList<>();

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "Tuner whose decisions count, where the log has those of several.")
  private String key;

  @Option(
      names = "--range",
      paramLabel = "LOW:HIGH",
      description =
          "Between what costs (or rewards) lie, as known beforehand; needed for the bounds with a"
              + " guarantee. One outside is set aside.")
  private String range;

  @Option(
      names = "--alpha",
      defaultValue = "0.05",
      paramLabel = "A",
      description =
          "Probability that bounds on one policy ever exclude its value. Default: ${DEFAULT-VALUE}.")
  private double alpha;

  @Option(
      names = "--estimator-set",
      paramLabel = "K=V",
      description = "clip, switch or shrink of the estimators. Default: 10, 5 and 10.")
  private Map<String, Double> estimatorSet = new LinkedHashMap<>();

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description = "Hyperparameter of the policies that learn, epsilon among them.")
  private Map<String, Double> set = new LinkedHashMap<>();

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of policies that rank by samples. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (!(alpha > 0 && alpha < 0.5)) {
      throw new CommandFailed("--alpha " + alpha + "; must lie in (0, 0.5)");
    }
    PolicyChoice choice =
        new PolicyChoice(policies.isEmpty() ? PolicyChoice.DEFAULT : policies, set, seed);
    try {
      OutcomeRange within = OutcomeRange.of(range);
      evaluate(log == null ? connection.log(feedback) : new DecisionFile(log), choice, within);
    } catch (IOException e) {
      throw new CommandFailed("--log " + log + ": " + TextFiles.why(e), e);
    }
    return ExitCode.OK;
  }

  private void evaluate(DecisionLog decisions, PolicyChoice choice, OutcomeRange within)
      throws IOException {
    OffPolicy estimators = OffPolicy.of(estimatorSet);
    LogShape shape = shape(decisions, within);
    LogIntake intake = new LogIntake(within, key);
    LogEvaluation evaluation =
        new LogEvaluation(choice.of(shape, within), shape.arms().size(), within, estimators, alpha);
    try (Progress progress = new Progress(output, "evaluate", "decisions", -1)) {
      decisions.read(
          intake,
          d -> {
            evaluation.take(d);
            if ((intake.used() & 1023) == 0) {
              progress.at(intake.used(), "");
            }
          });
    }
    report(intake);
    result(decisions, intake, evaluation.values());
  }

  /** Reads the log once for what policies have to know of it before they begin. */
  private LogShape shape(DecisionLog decisions, OutcomeRange within) throws IOException {
    LogIntake intake = new LogIntake(within, key);
    LogShape.Builder shape = new LogShape.Builder();
    decisions.read(intake, shape::add);
    if (intake.used() == 0) {
      report(intake);
      throw new CommandFailed(
          decisions.name()
              + ": holds no decision with an outcome that can be used; "
              + intake.refused()
              + " were set aside, "
              + intake.unanswered()
              + " have no outcome");
    }
    return shape.build(intake);
  }

  private void report(LogIntake intake) {
    intake.refusals().forEach(r -> output.note("%s: %s; set aside", r.at(), r.reason()));
    long unnamed = intake.refused() - intake.refusals().size();
    if (unnamed > 0) {
      output.note("and %,d more were set aside", unnamed);
    }
    if (intake.unanswered() > 0) {
      output.note(
          "%,d decisions have no outcome and are left out; that is right only if whether an outcome"
              + " comes does not depend on what it is",
          intake.unanswered());
    }
  }

  private void result(DecisionLog decisions, LogIntake intake, List<PolicyValue> values) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("log", decisions.name());
    o.put("key", intake.key());
    o.put("outcome", intake.outcomeName());
    o.put("arms", intake.arms());
    o.put("decisions", intake.used());
    o.put("refused", intake.refused());
    o.put("unanswered", intake.unanswered());
    o.put("otherKeys", intake.otherKeys());
    o.put("alpha", alpha);
    o.put("policies", values.stream().map(PolicyValue::json).toList());
    output.result(o);
    if (!output.json()) {
      summary(intake, values);
      if (!policies.isEmpty()) {
        values.forEach(this::estimators);
      }
    }
  }

  private void summary(LogIntake intake, List<PolicyValue> values) {
    output.say(
        "%,d decisions, %d arms; %s, %s is better",
        intake.used(),
        intake.arms().size(),
        intake.outcomeName(),
        intake.outcomeName().equals(LogIntake.COST) ? "lower" : "higher");
    int width = Math.max(6, values.stream().mapToInt(v -> v.name().length()).max().orElse(0));
    String row = "%-" + width + "s %10s %10s %8s %8s %10s  %-23s  %-23s  %s";
    output.say(
        row,
        "POLICY",
        "DECISIONS",
        "EFFECTIVE",
        "MEAN W",
        "MAX W",
        "DR",
        "BOUNDS",
        "GUARANTEED",
        "NOTE");
    for (PolicyValue v : values) {
      output.say(
          row,
          v.name(),
          String.format(Locale.ROOT, "%,d", v.decisions()),
          String.format(Locale.ROOT, "%,.0f", v.effectiveSampleSize()),
          number(v.meanWeight()),
          number(v.maxWeight()),
          number(v.value(Estimator.DR)),
          bounds(v.value(Estimator.DR), v.radius(Estimator.DR)),
          interval(v.lower(), v.upper()),
          String.join(", ", v.flags()));
    }
  }

  private void estimators(PolicyValue v) {
    output.say("");
    output.say("%s", v.name());
    String row = "  %-12s %10s %10s  %-23s  %s";
    output.say(row, "ESTIMATOR", "VALUE", "ERROR", "BOUNDS", "IS");
    for (Estimator e : Estimator.values()) {
      output.say(
          row,
          e.id(),
          number(v.value(e)),
          number(v.standardError(e)),
          bounds(v.value(e), v.radius(e)),
          e.formula());
    }
  }

  /** Nothing is claimed before the first look. */
  private static String bounds(double value, double radius) {
    return Double.isInfinite(radius)
        ? "(from " + (long) AsymptoticBounds.FIRST_LOOK.def() + " decisions)"
        : interval(value - radius, value + radius);
  }

  private static String interval(double low, double high) {
    return Double.isNaN(low) || Double.isNaN(high)
        ? NONE
        : "[" + number(low) + ", " + number(high) + "]";
  }

  private static String number(double v) {
    return Double.isNaN(v) ? NONE : String.format(Locale.ROOT, "%.4g", v);
  }
}
