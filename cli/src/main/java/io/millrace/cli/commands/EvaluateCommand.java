package io.millrace.cli.commands;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.ExitCode;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Progress;
import io.millrace.cli.data.DataArguments;
import io.millrace.cli.data.DataException;
import io.millrace.cli.data.DataReader;
import io.millrace.cli.data.DataScan;
import io.millrace.cli.data.DataSchema;
import io.millrace.cli.evaluate.Comparison;
import io.millrace.cli.evaluate.Evaluation;
import io.millrace.cli.evaluate.LossPlot;
import io.millrace.cli.evaluate.OccurringRows;
import io.millrace.cli.evaluate.Ranking;
import io.millrace.cli.evaluate.RowEncoder;
import io.millrace.core.TextFiles;
import io.millrace.core.catalog.Learners;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.learner.LearnerSpec;
import io.millrace.core.model.Models;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.schedule.BatchScaling;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.supervised.StateForm;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Progressive validation of a learner on a file: no Kafka, no Flink. */
@Command(
    name = "evaluate",
    description = {
      "Progressive validation of a learner on a file: each row is first predicted, then learned"
          + " from, by the classes that run in the job. No Kafka, no Flink."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  millrace evaluate --data elec2.csv.gz --label class --one-hot day \\",
      "      --optimizer adagrad --set learning-rate=0.2",
      "  millrace evaluate --data a9a.svm.gz --optimizer sgd --set learning-rate=0.01 \\",
      "      --scaling none --json",
      "  millrace evaluate --data elec2.csv.gz --label class --learner mlp --hidden 32,16 \\",
      "      --optimizer adam --mini-batch 16",
      "  millrace evaluate --data sea.csv.gz --label class --compare sgd,adam,dog --plot sea.png",
      "  millrace evaluate --data sea.csv.gz --label class --learner naive-bayes \\",
      "      --set forgetting=0.999"
    })
public final class EvaluateCommand implements Callable<Integer> {
  @Mixin private DataArguments arguments;

  @Mixin private ModelArguments model;

  @Option(
      names = "--loss",
      paramLabel = "LOSS",
      description =
          "logistic, hinge, softmax (classes); squared, huber, quantile, poisson (numbers)."
              + " Default: logistic for two classes, softmax for more.")
  private String loss;

  @Option(
      names = "--loss-parameter",
      paramLabel = "V",
      description = "Delta of huber, tau of quantile.")
  private double lossParameter = Double.NaN;

  @Option(
      names = "--optimizer",
      paramLabel = "O",
      description =
          "As 'millrace optimizers' lists them. Default: rmsprop for an mlp, else rate_mixture.")
  private String optimizer;

  @Option(
      names = "--set",
      paramLabel = "K=V",
      description =
          "Hyperparameter, learning-rate among them, or a word of a learner without an optimizer."
              + " Default: those of the optimizer or learner.")
  private Map<String, String> set = new LinkedHashMap<>();

  @Option(
      names = "--schedule",
      defaultValue = "constant",
      paramLabel = "KIND",
      description = "Schedule of the learning rate. Default: ${DEFAULT-VALUE}.")
  private String schedule;

  @Option(names = "--schedule-set", paramLabel = "K=V", description = "Parameter of the schedule.")
  private Map<String, Double> scheduleParameters = new LinkedHashMap<>();

  @Option(
      names = "--scaling",
      paramLabel = "S",
      description =
          "standard (by running mean and variance), recent (by those of about the last 1,000 rows)"
              + " or none. Default: standard, as in the job, for learners that scale.")
  private Scaling scaling;

  @Option(
      names = "--mini-batch",
      defaultValue = "1",
      paramLabel = "N",
      description = "Rows per step. Default: ${DEFAULT-VALUE}.")
  private int miniBatch;

  @Option(
      names = "--batch-rule",
      defaultValue = "none",
      paramLabel = "RULE",
      description =
          "Carries the learning rate of --set, found at --base-batch, to --mini-batch: none, linear"
              + " (for SGD) or square-root (for adaptive methods). Default: ${DEFAULT-VALUE}.")
  private String batchRule;

  @Option(
      names = "--base-batch",
      defaultValue = "1",
      paramLabel = "N",
      description = "Mini-batch at which the learning rate was found. Default: ${DEFAULT-VALUE}.")
  private int baseBatch;

  @Option(
      names = "--hash-bits",
      paramLabel = "B",
      description =
          "Named features are hashed into 2^B coordinates, 1 to 28. Default: what 'millrace init'"
              + " writes, some 16 coordinates to each name in the file.")
  private Integer hashBits;

  @Option(
      names = "--state-form",
      defaultValue = "auto",
      paramLabel = "F",
      description =
          "What the state holds: dense (all features), sparse (those seen) or auto, as state.form of"
              + " the job. The results are the same. Default: ${DEFAULT-VALUE}.")
  private StateForm stateForm;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of stochastic optimizers. Default: ${DEFAULT-VALUE}.")
  private long seed;

  @Option(
      names = "--compare",
      split = ",",
      paramLabel = "O",
      description =
          "Every optimizer of the catalogue ('all'), or those named, at its defaults and at the best"
              + " rate of --grid instead of one; and learners of 'millrace learners', at their"
              + " defaults. The file is held in memory.")
  private List<String> compare = new ArrayList<>();

  @Option(
      names = "--grid",
      split = ",",
      defaultValue = "0.001,0.003,0.01,0.03,0.1,0.3,1,3",
      paramLabel = "RATE",
      description = "Learning rates that --compare tries. Default: ${DEFAULT-VALUE}.")
  private List<Double> grid;

  @Option(
      names = "--work-bound",
      defaultValue = "1e10",
      paramLabel = "OPS",
      description =
          "Most operations of one run of --compare; an optimizer above it is skipped. Counted as"
              + " rows times the numbers that a step goes over, and to the power 1.5 those of the"
              + " matrices of a rule that mixes coordinates. Default: ${DEFAULT-VALUE}.")
  private double workBound;

  @Option(
      names = "--plot",
      paramLabel = "FILE.png",
      description = "Where --compare draws loss against events for the best few.")
  private Path plot;

  @Mixin private WatchArguments watching;

  @Mixin private Output output;

  @Override
  public Integer call() {
    if (miniBatch < 1) {
      throw new CommandFailed("--mini-batch " + miniBatch + "; must be at least 1");
    }
    if (grid.stream().anyMatch(rate -> !(rate > 0 && rate < Double.POSITIVE_INFINITY))) {
      throw new CommandFailed("--grid " + grid + "; learning rates must be finite and above 0");
    }
    if (compare.isEmpty() && plot != null) {
      throw new CommandFailed("--plot " + plot + "; goes with --compare, name what to compare");
    }
    if (!compare.isEmpty() && !set.isEmpty()) {
      throw new CommandFailed(
          "--set "
              + set
              + "; --compare takes every optimizer at its defaults, drop one of the two");
    }
    if (!compare.isEmpty() && !batchRule.equals(BatchScaling.Rule.NONE.id())) {
      throw new CommandFailed(
          "--batch-rule "
              + batchRule
              + "; --compare looks for a rate at this very mini-batch, drop one of the two");
    }
    try {
      evaluate();
    } catch (DataException e) {
      throw new CommandFailed(e.getMessage(), e);
    } catch (IOException e) {
      throw new CommandFailed(TextFiles.why(e), e);
    }
    return ExitCode.OK;
  }

  private void evaluate() throws IOException {
    Path file = arguments.file();
    DataSchema schema;
    try (Progress progress = new Progress(output, "scan", "bytes", sizeOf(file))) {
      schema =
          DataScan.scan(
              file,
              arguments.options(SupervisedSetup.numericLabel(loss)),
              bytes -> progress.at(bytes, ""));
    }
    schema.notes().forEach(note -> output.note("%s: %s", file.getFileName(), note));
    Optional<LearnerSpec> other = model.withoutGradient();
    if (other.isPresent()) {
      evaluate(file, schema, other.get());
      return;
    }
    if (!schema.nominal().isEmpty()) {
      throw new CommandFailed(
          "--nominal; learner "
              + model.learner()
              + " knows numbers alone, as --compare does; name the columns in --one-hot, or choose a"
              + " learner that 'millrace learners' lists as one for nominal features");
    }
    if (scaling == null) {
      scaling = Scaling.STANDARD;
    }
    SupervisedSetup setup = SupervisedSetup.of(model, loss, schema);
    InputSpec input =
        RowEncoder.inputOf(schema, setup.target(), hashBits == null ? schema.hashBits() : hashBits);
    if (optimizer == null) {
      optimizer = Models.spec(model.options().kind()).optimizer();
    }
    SupervisedOptions options =
        SupervisedOptions.builder(input, setup.loss())
            .model(model.options())
            .lossParameter(lossParameter)
            .scaling(scaling)
            .optimizer(optimizer, SupervisedSetup.hyperparameters(set))
            .schedule(schedule, scheduleParameters)
            .batchScaling(new BatchScaling(BatchScaling.Rule.of(batchRule), baseBatch, miniBatch))
            .seed(seed)
            .form(stateForm)
            .build();
    SupervisedLearner built = new SupervisedLearner(options);
    if (!compare.isEmpty()) {
      compare(file, schema, options);
      return;
    }
    Evaluation evaluation = new Evaluation(built, input, miniBatch);
    watching.watch(evaluation, built, input, seed);
    double seconds = run(file, schema, evaluation);
    Map<String, Object> result = begin(schema, input);
    result.put("parameters", built.layout().size());
    result.put("loss-function", setup.loss());
    result.put("optimizer", optimizer);
    result.put("hyperparameters", built.values());
    result.put("scaling", ModelConfig.word(scaling));
    result.put("mini-batch", miniBatch);
    result.put("batch-rule", batchRule);
    result.put("base-batch", baseBatch);
    report(result, evaluation, seconds);
  }

  /** Evaluates a learner that follows no gradient. */
  private void evaluate(Path file, DataSchema schema, LearnerSpec spec) throws IOException {
    if (!compare.isEmpty()) {
      throw new CommandFailed(
          "--learner "
              + spec.id()
              + "; --compare takes optimizers of a model that has one, name the learner there");
    }
    refuseForeign(spec);
    InputSpec input =
        RowEncoder.inputOf(
            schema,
            SupervisedSetup.target(spec, loss, schema),
            hashBits == null ? schema.hashBits() : hashBits);
    LearnerSetup setup =
        setup(SupervisedSetup.learner(spec, input, set), spec)
            .withFeatures(schema.nominal(), schema.coordinateNames());
    OnlineLearner built = Learners.make(setup);
    Evaluation evaluation = new Evaluation(built, input, 1);
    watching.watch(evaluation, built, input, seed);
    double seconds = run(file, schema, evaluation);
    Map<String, Object> result = begin(schema, input);
    result.put("hyperparameters", built.values());
    setup.words().forEach(result::put);
    if (spec.scales()) {
      result.put("scaling", ModelConfig.word(setup.scaling()));
    }
    if (input.target() == InputSpec.Target.NONE) {
      Ranking ranking = evaluation.ranking();
      result.put("scored", ranking.scored());
      result.put("mean-score", ranking.mean());
      result.put("alarms", ranking.alarms());
      result.put("auc", ranking.auc());
    }
    report(result, evaluation, seconds);
  }

  /** A setup with the options that every learner without a gradient has. */
  private LearnerSetup setup(LearnerSetup own, LearnerSpec spec) {
    return own.withSeed(seed)
        .withScaling(!spec.scales() ? Scaling.NONE : scaling == null ? Scaling.STANDARD : scaling);
  }

  /** Refuses what only a model under an optimizer has. */
  private void refuseForeign(LearnerSpec spec) {
    String foreign =
        !model.ofGradients().isEmpty()
            ? model.ofGradients()
            : optimizer != null
                ? "--optimizer"
                : !Double.isNaN(lossParameter)
                    ? "--loss-parameter"
                    : !schedule.equals("constant") || !scheduleParameters.isEmpty()
                        ? "--schedule"
                        : miniBatch != 1
                            ? "--mini-batch"
                            : !spec.scales() && scaling != null && scaling != Scaling.NONE
                                ? "--scaling"
                                : "";
    if (!foreign.isEmpty()) {
      throw new CommandFailed(
          foreign
              + "; learner "
              + spec.id()
              + " takes none: 'millrace learners' lists what it does");
    }
  }

  private double run(Path file, DataSchema schema, Evaluation evaluation) throws IOException {
    try (DataReader reader = DataReader.open(file, schema);
        Progress progress = new Progress(output, "evaluate", "rows", schema.rows())) {
      evaluation.run(
          reader,
          (e, bytes) ->
              progress.at(
                  e.rows(),
                  Double.isNaN(e.accuracy())
                      ? String.format(Locale.ROOT, "loss %.4f, rmse %.4f", e.loss(), e.rmse())
                      : String.format(
                          Locale.ROOT, "loss %.4f, accuracy %.4f", e.loss(), e.accuracy())));
      progress.at(evaluation.rows(), "");
      return progress.seconds();
    }
  }

  private void compare(Path file, DataSchema schema, SupervisedOptions options) throws IOException {
    List<LearnerSetup> learners =
        compare.stream()
            .distinct()
            .flatMap(name -> Learners.find(name).stream())
            .map(spec -> setup(LearnerSetup.of(spec.id(), options.input()), spec))
            .toList();
    List<OptimizerSpec> specs =
        compare.stream()
            .filter(name -> Learners.find(name).isEmpty())
            .flatMap(
                name ->
                    name.equals("all") ? Optimizers.ALL.stream() : Stream.of(Optimizers.spec(name)))
            .distinct()
            .toList();
    // A learner counts the coordinates that no row has; the copy is there where some are left out.
    Rows whole = learners.isEmpty() ? null : Comparison.rows(file, schema, options.input());
    OccurringRows read = Comparison.read(file, schema, options);
    Comparison comparison = new Comparison(read, miniBatch, grid, workBound);
    Comparison.Result compared;
    double seconds;
    try (Progress progress =
        new Progress(output, "compare", "optimizers", specs.size() + learners.size())) {
      compared = comparison.run(specs, learners, whole, (id, done) -> progress.at(done, id));
      seconds = progress.seconds();
    }
    if (compared.entries().isEmpty()) {
      throw new CommandFailed(
          "--compare: none is left; skipped: "
              + compared.skipped()
              + "; name others, or raise --work-bound");
    }
    if (plot != null) {
      LossPlot.write(plot, String.valueOf(file.getFileName()), options.loss(), compared);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("data", String.valueOf(file.getFileName()));
    result.put("examples", read.rows().count());
    result.put("dimension", options.input().width());
    result.put("occurring", read.options().input().width());
    result.put("learner", model.learner());
    result.put("loss-function", options.loss());
    result.put("scaling", ModelConfig.word(scaling));
    result.put("mini-batch", miniBatch);
    result.put("grid", grid);
    result.put("work-bound", workBound);
    result.put("seconds", seconds);
    result.put("optimizers", compared.entries().stream().map(Comparison.Entry::json).toList());
    result.put("skipped", compared.skipped());
    output.result(result);
    if (!output.json()) {
      Comparison.table(compared).forEach(line -> output.say("%s", line));
    }
    compared.skipped().forEach((id, why) -> output.note("skipped %s: %s", id, why));
  }

  private static long sizeOf(Path file) {
    return Math.max(1, file.toFile().length());
  }

  private Map<String, Object> begin(DataSchema schema, InputSpec input) {
    Map<String, Object> result = new LinkedHashMap<>();
    result.put("data", String.valueOf(arguments.file().getFileName()));
    result.put("features", schema.kind().name().toLowerCase(Locale.ROOT));
    result.put("dimension", input.width());
    result.put("classes", schema.classes());
    result.put("learner", model.learner());
    return result;
  }

  private void report(Map<String, Object> result, Evaluation evaluation, double seconds) {
    result.put("examples", evaluation.rows());
    result.put("labelled", evaluation.labelled());
    result.put("learned", evaluation.learned());
    result.put("rejected", evaluation.rejected());
    result.put("unscored", evaluation.unscored());
    result.put("weightless", evaluation.weightless());
    result.put("restores", evaluation.restores());
    result.put("collisions", evaluation.collisions());
    result.put("seconds", seconds);
    result.put("examples-per-second", evaluation.rows() / seconds);
    result.put("cpu-seconds", evaluation.cpuSeconds());
    result.put("examples-per-cpu-second", evaluation.rows() / evaluation.cpuSeconds());
    result.put("loss", evaluation.loss());
    result.put("accuracy", evaluation.accuracy());
    result.put("rmse", evaluation.rmse());
    result.put("mae", evaluation.mae());
    Map<String, Double> watched = new TreeMap<>();
    evaluation.watched(watched::put);
    if (!watched.isEmpty()) {
      result.put("watched", watched);
    }
    result.put("state-bytes", evaluation.stateBytes());
    Runtime runtime = Runtime.getRuntime();
    result.put("heap-used-bytes", runtime.totalMemory() - runtime.freeMemory());
    output.result(result);
    if (!output.json()) {
      result.forEach(
          (k, v) -> {
            if (v instanceof Map<?, ?> m && k.equals("watched")) {
              m.forEach((name, figure) -> output.say("%-32s %s", name, text(figure)));
            } else if (!(v instanceof Double d
                && d.isNaN())) { // accuracy of classes, rmse of numbers
              output.say("%-20s %s", k, text(v));
            }
          });
    }
  }

  private static String text(Object v) {
    if (v instanceof Double d) {
      return String.format(Locale.ROOT, Math.abs(d) >= 1000 ? "%,.0f" : "%.4f", d);
    }
    return v instanceof Long l ? String.format(Locale.ROOT, "%,d", l) : String.valueOf(v);
  }
}
