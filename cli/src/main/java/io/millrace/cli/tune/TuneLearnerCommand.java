package io.millrace.cli.tune;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Kafka;
import io.millrace.cli.console.KafkaOptions;
import io.millrace.cli.console.Output;
import io.millrace.cli.console.Role;
import io.millrace.cli.topics.RecordFollower;
import io.millrace.client.Decision;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneException;
import io.millrace.client.TuneQuery;
import io.millrace.client.TuneTopics;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.spec.Hyper;
import io.millrace.jobs.JobConfig;
import io.millrace.jobs.JobPlan;
import io.millrace.jobs.LearnerPlan;
import io.millrace.jobs.TunePlan;
import io.millrace.operators.tune.TuneOptions;
import io.millrace.schemas.Control;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.specific.SpecificRecordBase;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets the tuners of one running job set a hyperparameter of the models of another. */
@Command(
    name = "learner",
    description = {
      "Tunes a hyperparameter of the models of a running job while they learn. For each model key the"
          + " tuner of that key decides for a value, an order sets it, and the mean loss over the next"
          + " window of metrics is what it has cost; until Ctrl-C.",
      "Both jobs run already. The arms of the tune job are the values; its requests have no context,"
          + " or one number, the logarithm of the loss over the window before."
    },
    footerHeading = "%nExample:%n",
    footer =
        "  millrace tune learner learning-rate --tuner docs/examples/rates.yaml"
            + " --learner docs/examples/electricity.yaml")
public final class TuneLearnerCommand implements Runnable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final String CLIENT = "millrace-tune-learner";

  @Parameters(index = "0", paramLabel = "NAME", description = "The hyperparameter.")
  private String setting;

  @Option(
      names = "--tuner",
      required = true,
      paramLabel = "TUNE.yaml",
      description = "The tune job that decides.")
  private Path tuner;

  @Option(
      names = "--learner",
      required = true,
      paramLabel = "LEARN.yaml",
      description =
          "The job whose models are tuned; metrics.every-examples is the length of a window.")
  private Path learner;

  @Option(
      names = "--reach",
      defaultValue = "1",
      paramLabel = "N",
      description =
          "How many arms further than the one in force a decision may go: a value far too large can"
              + " spoil a model for long. Default: ${DEFAULT-VALUE}.")
  private int reach;

  @Option(
      names = "--decisions",
      paramLabel = "N",
      description = "End after so many decisions. Default: at Ctrl-C.")
  private Integer decisions;

  @Mixin private Output output;

  @Override
  public void run() {
    if (reach < 1) {
      throw new CommandFailed("--reach " + reach + "; must be at least 1");
    }
    TuneOptions tuned = plan(tuner, TunePlan.class, "a tune job").options();
    OnlineLearner model =
        plan(learner, LearnerPlan.class, "a job whose models learn")
            .factory()
            .create(ScalarBackend.INSTANCE.id());
    List<LearnerTuning.Arm> arms = arms(tuned, hyper(model));
    int context = contextLength(tuned);
    KafkaOptions asked = KafkaOptions.of(tuner);
    KafkaOptions ordered = KafkaOptions.of(learner);
    String requests = asked.topic(null, Role.TUNE_REQUESTS);
    TuneTopics topics = new TuneTopics(requests, requests, asked.topic(null, Role.TUNE_DECISIONS));
    String metrics = ordered.topic(null, Role.METRICS);
    Kafka.partitions(asked, topics.decisions());
    Kafka.partitions(ordered, metrics);
    try (RecordFollower records = RecordFollower.fromEnd(ordered.settings(CLIENT), metrics);
        EventWriter orders =
            EventWriter.open(
                ordered.access(), CLIENT, EventTopics.single(ordered.orders(null)), 1);
        TuneClient tuners = TuneClient.open(asked.access(), CLIENT, topics)) {
      output.note(
          "following '%s'; the first decision of a key comes with its next metric", metrics);
      follow(
          records,
          new LearnerTuning(
              setting,
              arms,
              nearest(arms, model.values().get(setting)),
              reach,
              context,
              new Jobs(tuners, orders)));
    } catch (TuneException e) {
      throw new CommandFailed(e.getMessage(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Both jobs, as the tuning talks to them. */
  private record Jobs(TuneClient tuners, EventWriter orders) implements LearnerTuning.Ends {
    @Override
    public Decision decide(TuneQuery query) throws InterruptedException {
      return tuners.decide(query);
    }

    @Override
    public void report(Decision decision, double cost) {
      tuners.report(decision, cost);
    }

    @Override
    public void order(Control order) {
      orders.send(order);
      orders.flush();
    }
  }

  private void follow(RecordFollower records, LearnerTuning tuning) throws InterruptedException {
    Deque<SpecificRecordBase> come = new ArrayDeque<>();
    long made = 0;
    while (decisions == null || made < decisions) {
      records.poll(POLL, come::add);
      while (!come.isEmpty() && (decisions == null || made < decisions)) {
        LearnerTuning.Step step = tuning.take(come.poll());
        if (step != null) {
          made++;
          show(step);
        }
      }
    }
  }

  private void show(LearnerTuning.Step s) {
    Map<String, Object> o = new LinkedHashMap<>();
    o.put("key", s.key());
    o.put("predicted", s.predicted());
    o.put("setting", setting);
    o.put("value", s.before());
    o.put("loss", s.loss());
    o.put("next", s.next());
    output.line(
        o,
        String.format(
            Locale.ROOT,
            Double.isNaN(s.loss())
                ? "%-20s %,12d events  begins with %3$s %6$.6g"
                : "%-20s %,12d events  %s %.6g cost %.4f; next %.6g",
            s.key(),
            s.predicted(),
            setting,
            s.before(),
            s.loss(),
            s.next()));
  }

  private static <T> T plan(Path file, Class<T> type, String what) {
    JobPlan plan = JobPlan.of(JobConfig.read(file));
    if (!type.isInstance(plan)) {
      throw new CommandFailed(file + ": must be " + what);
    }
    return type.cast(plan);
  }

  private Hyper hyper(OnlineLearner model) {
    return model.hyperparameters().stream()
        .filter(h -> h.name().equals(setting))
        .findFirst()
        .orElseThrow(
            () ->
                new CommandFailed(
                    learner
                        + ": the models have no hyperparameter '"
                        + setting
                        + "' that an order can set; they have "
                        + model.hyperparameters().stream().map(Hyper::name).toList()));
  }

  private List<LearnerTuning.Arm> arms(TuneOptions tuned, Hyper hyper) {
    for (TuneOptions.Arm a : tuned.arms()) {
      if (!hyper.range().contains(a.value())) {
        throw new CommandFailed(
            tuner
                + ": arm '"
                + a.name()
                + "' has the value "
                + a.value()
                + "; must lie in "
                + hyper.range()
                + " to be a "
                + setting);
      }
    }
    return tuned.arms().stream()
        .map(a -> new LearnerTuning.Arm(a.name(), a.value()))
        .sorted(Comparator.comparingDouble(LearnerTuning.Arm::value))
        .toList();
  }

  private int contextLength(TuneOptions tuned) {
    int context = tuned.shape().contextLength();
    if (context > 1 || tuned.shape().featureLength() > 0) {
      throw new CommandFailed(
          tuner
              + ": request.context = "
              + context
              + ", request.arm-features = "
              + tuned.shape().featureLength()
              + "; must be 0 or 1, and 0: all that is known of a model is its loss before");
    }
    return context;
  }

  /** Place of the arm nearest to a value. */
  private static int nearest(List<LearnerTuning.Arm> arms, double value) {
    int best = 0;
    for (int i = 1; i < arms.size(); i++) {
      if (Math.abs(arms.get(i).value() - value) < Math.abs(arms.get(best).value() - value)) {
        best = i;
      }
    }
    return best;
  }
}
