package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learn.OnlineLearner;
import io.millrace.core.model.Losses;
import io.millrace.core.monitor.MonitorOptions;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.learner.CandidateOptions;
import io.millrace.operators.learner.LearnerFactory;
import io.millrace.operators.learner.LearnerHandler;
import io.millrace.operators.learner.LearnerOptions;
import io.millrace.operators.learner.PublishOptions;
import io.millrace.operators.learner.Results;
import io.millrace.operators.learner.WarmStart;
import io.millrace.operators.output.Channel;
import io.millrace.operators.shell.Stage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The plan of a family that learns from examples: one stage, keyed by the model, around an {@link
 * OnlineLearner}. A family says what it learns and from what.
 */
public abstract class LearnerPlan extends JobPlan {
  /** Id of the stage. */
  private static final String UID = "learner";

  LearnerPlan(JobConfig config) {
    super(config);
  }

  /** What an event must look like. */
  abstract InputSpec input();

  /** Id of the loss that predictions are judged by; empty: there is none. */
  String lossId() {
    return "";
  }

  /** Makes the learner on each subtask. */
  public abstract LearnerFactory factory();

  /** Kinds of events the job takes. */
  abstract List<EventKind> kinds();

  /** What may be published of every event. */
  abstract Results results();

  /** Sets what only this family's learner stage has. */
  abstract void complete(LearnerOptions.Builder options);

  /**
   * The form of events, or another one that lets the other settings be checked.
   *
   * @param faults takes what is wrong with the form
   */
  static InputSpec orStandIn(Supplier<InputSpec> form, InputSpec standIn, List<String> faults) {
    try {
      return form.get();
    } catch (ConfigException e) {
      faults.addAll(e.faults());
      return standIn;
    }
  }

  /** The largest number that the type of published tensors holds. */
  final double largest() {
    return config().get(ModelSettings.DTYPE).equals("f32") ? Float.MAX_VALUE : Double.MAX_VALUE;
  }

  @Override
  public final long bytesPerKey() {
    OnlineLearner learner = factory().create(ScalarBackend.INSTANCE.id());
    long bytes = copies(learner) * firstBytes(learner);
    MonitorOptions monitor = learnerOptions().monitor();
    if (monitor.watches()) {
      bytes += monitor.build(input(), learner.probabilities()).schema().totalBytes();
    }
    for (JobConfig candidate : config().candidates().values()) {
      bytes += of(candidate).bytesPerKey();
    }
    return bytes;
  }

  @Override
  public final long mostBytesPerKey() {
    OnlineLearner learner = factory().create(ScalarBackend.INSTANCE.id());
    long bytes = copies(learner) * learner.mostBytes();
    for (JobConfig candidate : config().candidates().values()) {
      bytes += of(candidate).mostBytesPerKey();
    }
    return bytes;
  }

  @Override
  public final long expectedBytesPerKey() {
    OnlineLearner learner = factory().create(ScalarBackend.INSTANCE.id());
    long bytes = copies(learner) * learner.expectedBytes();
    for (JobConfig candidate : config().candidates().values()) {
      bytes += of(candidate).expectedBytesPerKey();
    }
    return bytes;
  }

  /** Models of the configured learner that a key may have at a time. */
  private int copies(OnlineLearner learner) {
    LearnerOptions options = learnerOptions();
    MonitorOptions monitor = options.monitor();
    boolean background =
        monitor.watches() && monitor.build(input(), learner.probabilities()).swaps();
    int proving = options.publishing() == null ? 0 : PublishOptions.MODELS;
    return 1 + (background ? 1 : 0) + proving;
  }

  /** What a key begins with. */
  private static long firstBytes(OnlineLearner learner) {
    if (learner.mostBytes() == learner.schema().totalBytes()) {
      return learner.mostBytes(); // nothing grows
    }
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "");
    return state.bytes();
  }

  @Override
  public final List<Stage> stages() {
    return stages(factory());
  }

  /**
   * The stages around another learner, for benchmarks of the pipeline and tests.
   *
   * @param factory makes a learner that takes the rows of the configured features
   */
  public final List<Stage> stages(LearnerFactory factory) {
    LearnerOptions options = learnerOptions();
    return List.of(
        new Stage(
            UID,
            Stage.KeyedBy.KEY,
            kinds(),
            config().outputs().stream().map(JobFamily.Output::channel).toList(),
            stage -> new LearnerHandler(options, factory, stage),
            options.timeStep()));
  }

  @Override
  protected void check(List<String> faults) {
    collect(faults, this::learnerOptions);
    collect(faults, () -> tryWarmStart(factory().create(ScalarBackend.INSTANCE.id())));
    collect(faults, () -> tryMonitor(factory().create(ScalarBackend.INSTANCE.id())));
  }

  private void tryMonitor(OnlineLearner learner) {
    MonitorOptions monitor = learnerOptions().monitor();
    if (monitor.isSet()) {
      monitor.build(input(), learner.probabilities()).requireRate(learner);
    }
  }

  /** A model that does not fit would stop the job at its first event. */
  private void tryWarmStart(OnlineLearner learner) {
    WarmStart.Start start = warmStart().of("");
    if (start == null) {
      return;
    }
    LearnerState state = new LearnerState(learner.schema());
    learner.initialize(state, "");
    try {
      learner.warmStart(state, start.model());
    } catch (StateException e) {
      throw new ConfigException(
          LearnerSettings.WARM_START.key()
              + " = '"
              + config().get(LearnerSettings.WARM_START)
              + "'; must be a model of the same form: "
              + e.getMessage());
    }
  }

  /** What the settings mean to the stage. */
  final LearnerOptions learnerOptions() {
    boolean metrics = config().has(Channel.METRICS);
    boolean wanted = config().has(results().channel());
    LearnerOptions.Builder options =
        LearnerOptions.builder(config().inputTopics(), input())
            .times(times())
            .dedupeWindow(config().get(LearnerSettings.DEDUPE))
            .ttl(config().get(ModelSettings.TTL))
            .limits(config().get(ModelSettings.KEPT_BYTES), config().get(ModelSettings.ID_BYTES))
            .snapshots(snapshots(config().get(LearnerSettings.FULL_EVERY)))
            .metricsEvery(metrics ? config().get(ModelSettings.METRICS_EXAMPLES) : 0)
            .results(wanted ? results() : null)
            .warmStart(warmStart())
            .candidates(candidates());
    complete(options);
    return options.build();
  }

  /** The candidates beside the configured learner; null: there are none. */
  private CandidateOptions candidates() {
    Map<String, JobConfig> all = config().candidates();
    if (all.isEmpty()) {
      return null;
    }
    if (lossId().isEmpty()) {
      throw new ConfigException(
          LearnSettings.CANDIDATES
              + ": given; must be absent because a learner without labels has no loss to compare");
    }
    List<String> faults = new ArrayList<>();
    List<CandidateOptions.Candidate> candidates = new ArrayList<>();
    all.forEach(
        (name, candidate) -> {
          LearnerPlan plan = (LearnerPlan) of(candidate);
          if (!plan.input().equals(input()) || !plan.lossId().equals(lossId())) {
            faults.add(
                LearnSettings.CANDIDATES
                    + "."
                    + name
                    + ": takes "
                    + plan.judged()
                    + ", the configured model "
                    + judged()
                    + "; must be the same, or their losses say nothing about each other");
          }
          candidates.add(new CandidateOptions.Candidate(name, plan.factory()));
        });
    Double bound = config().get(LearnSettings.GATE_BOUND);
    if (bound == null && !Losses.spec(lossId()).target().equals(InputSpec.Target.CLASS)) {
      faults.add(
          LearnSettings.GATE_BOUND.key()
              + ": not given; must be, in the unit of loss "
              + lossId()
              + ", because a difference of such losses can have any size");
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new CandidateOptions(
        candidates,
        config().get(LearnSettings.GATE_TEST),
        bound == null ? 1 : bound,
        config().get(LearnSettings.GATE_RUNG),
        new TreeMap<>(config().numbers(LearnSettings.GATE_VALUES)));
  }

  /** Of what the learner makes what, for people. */
  private String judged() {
    return "features " + input().kind() + ", labels " + input().target() + ", loss " + lossId();
  }

  private WarmStart warmStart() {
    Path file = config().get(LearnerSettings.WARM_START);
    if (file == null) {
      return WarmStart.NONE;
    }
    try {
      return SnapshotStart.of(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new ConfigException(
          LearnerSettings.WARM_START.key()
              + " = '"
              + file
              + "'; cannot be read as a ModelSnapshot ("
              + e.getMessage()
              + "); export one with millrace models export");
    }
  }
}
