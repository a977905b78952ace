package io.millrace.jobs;

import io.millrace.core.ConfigException;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.LossSpec;
import io.millrace.core.model.Losses;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.data.Keeping;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.output.Channel;
import io.millrace.operators.sample.ClientHandler;
import io.millrace.operators.sample.PosteriorModel;
import io.millrace.operators.sample.RouterHandler;
import io.millrace.operators.sample.SampleChannels;
import io.millrace.operators.sample.SampleOptions;
import io.millrace.operators.shell.Stage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a `sample` job's settings mean to the parts of the job. */
public final class SamplePlan extends JobPlan {
  /** Ids of the stages. */
  private static final String CLIENTS = "clients";

  private static final String ROUTER = "router";

  /** Clients there is room for where nobody says who comes. */
  private static final int ROOM = 64;

  /** Around the numbers of a record: names, framing. */
  private static final int FRAME_BYTES = 4096;

  /** Settings of other families that share a table with this one's. */
  private static final List<Setting<?>> FOREIGN =
      List.of(
          LearnerSettings.WARM_START,
          LearnerSettings.FULL_EVERY,
          ModelSettings.METRICS_EXAMPLES,
          ModelSettings.KEPT_BYTES);

  private final SampleOptions options;

  /**
   * A plan.
   *
   * @throws ConfigException listing every fault
   */
  public SamplePlan(JobConfig config) {
    super(config);
    List<String> faults = new ArrayList<>();
    for (Setting<?> s : FOREIGN) {
      if (config.given(s)) {
        faults.add(s.key() + " = " + config.get(s) + "; must be absent because job is sample");
      }
    }
    if (config.get(ModelSettings.TTL) != null) {
      faults.add(
          ModelSettings.TTL.key()
              + " = "
              + config.get(ModelSettings.TTL)
              + "; must be none because job is sample, whose clients are waited for");
    }
    if (!config.get(Settings.STOP).equals("never")) {
      faults.add(
          Settings.STOP.key()
              + " = "
              + config.get(Settings.STOP)
              + "; must be never because job is sample, which reads what it writes");
    }
    checkRole(faults);
    SampleOptions[] made = new SampleOptions[1];
    collect(faults, () -> made[0] = options());
    if (made[0] != null) {
      checkRecords(made[0], faults);
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    options = made[0];
  }

  /** A part of a federation needs to know whose it is, and takes no topics of the other part. */
  private void checkRole(List<String> faults) {
    JobConfig c = config();
    String role = SampleSettings.ROLE.key() + " is " + c.get(SampleSettings.ROLE);
    if (!SampleSettings.hasRouter(c) && c.get(SampleSettings.CLIENTS) == null) {
      faults.add(
          SampleSettings.CLIENTS.key()
              + ": not given; must be the clients whose rows this job reads, because "
              + role);
    }
    Set<Setting<String>> used = new HashSet<>();
    Set<Setting<String>> unused = new LinkedHashSet<>();
    c.family().inputs().forEach(i -> (i.part().test(c) ? used : unused).add(i.topic()));
    c.family().outputs().forEach(o -> (o.part().test(c) ? used : unused).add(o.topic()));
    unused.removeAll(used);
    for (Setting<String> topic : unused) {
      if (c.given(topic)) {
        faults.add(topic.key() + " = " + c.get(topic) + "; must be absent because " + role);
      }
    }
  }

  /** What both stages are told. */
  public SampleOptions sampling() {
    return options;
  }

  private SampleOptions options() {
    JobConfig c = config();
    PosteriorModel model = model();
    boolean exact =
        model.model().kind().equals(PosteriorModel.GAUSSIAN_MEAN)
            || model.model().kind().equals(ModelOptions.linear().kind())
                && model.loss().equals("squared");
    String surrogate = c.get(SampleSettings.SURROGATE);
    SampleOptions.Description description =
        new SampleOptions.Description(
            surrogate != null ? surrogate : exact ? "exact" : "laplace",
            c.numbers(SampleSettings.SURROGATE_VALUES),
            NaturalGaussian.Shape.valueOf(upper(c.get(SampleSettings.SHAPE))),
            c.get(SampleSettings.ANCHOR_ROUNDS));
    String estimator = c.get(SampleSettings.ESTIMATOR);
    boolean anchored = description.anchors() > 0;
    int localSteps = c.get(SampleSettings.LOCAL_STEPS);
    Integer thin = c.get(SampleSettings.THIN);
    List<String> names = c.get(SampleSettings.CLIENTS);
    Integer most = c.get(SampleSettings.MOST_CLIENTS);
    return new SampleOptions(
        c.inputTopics(),
        times(),
        c.get(SampleSettings.POSTERIOR),
        model,
        c.get(SampleSettings.PRECISION),
        new SampleOptions.Kernel(
            estimator != null ? estimator : anchored ? "control-variate" : "mini-batch",
            c.numbers(SampleSettings.ESTIMATOR_VALUES),
            c.get(SampleSettings.DIFFUSION),
            c.numbers(SampleSettings.DIFFUSION_VALUES)),
        description,
        new SampleOptions.Chains(
            c.get(SampleSettings.CHAIN_COUNT),
            localSteps,
            c.get(SampleSettings.STEP_SIZE),
            c.get(SampleSettings.TEMPERATURE),
            thin != null ? thin : localSteps,
            c.get(SampleSettings.BURN_IN),
            c.get(SampleSettings.KEPT_DRAWS),
            Routing.valueOf(upper(c.get(SampleSettings.ROUTING)))),
        new SampleOptions.Clients(
            names == null ? List.of() : names,
            c.get(SampleSettings.LEAST_CLIENTS),
            most != null ? most : names == null ? ROOM : names.size(),
            c.get(SampleSettings.SHARES).equals(SampleSettings.PROPORTIONAL),
            Keeping.valueOf(upper(c.get(SampleSettings.KEEPING))),
            c.get(SampleSettings.ROWS),
            discount(),
            c.get(SampleSettings.LEAST_ROWS),
            c.get(SampleSettings.GROWTH)),
        new SampleOptions.Patience(
            c.get(SampleSettings.TIMEOUT),
            c.get(SampleSettings.ATTEMPTS),
            c.get(SampleSettings.GRACE),
            c.get(SampleSettings.EPOCH_EVERY),
            c.get(SampleSettings.STATUS)),
        c.get(Settings.SEED),
        new SampleOptions.Limits(c.get(ModelSettings.ID_BYTES), c.get(LearnerSettings.DEDUPE)),
        snapshots(1));
  }

  private Discount discount() {
    Double discount = config().get(SampleSettings.DISCOUNT);
    Double halfLife = config().get(SampleSettings.HALF_LIFE);
    if (discount != null && halfLife != null) {
      throw new ConfigException(
          SampleSettings.HALF_LIFE.key()
              + " = "
              + halfLife
              + "; must be absent because "
              + SampleSettings.DISCOUNT.key()
              + " is "
              + discount);
    }
    if (halfLife != null) {
      return Discount.halfLife(halfLife);
    }
    return discount == null ? Discount.NONE : new Discount(discount);
  }

  private PosteriorModel model() {
    JobConfig c = config();
    String kind = c.get(SampleSettings.MODEL);
    boolean mean = kind.equals(PosteriorModel.GAUSSIAN_MEAN);
    String given = c.get(SampleSettings.LOSS);
    List<String> classes = c.get(SampleSettings.CLASSES);
    List<String> faults = new ArrayList<>();
    if (mean && given != null) {
      faults.add("model.loss = '" + given + "'; must be absent because model.kind is " + kind);
    }
    String loss = mean ? "" : given == null ? "logistic" : given;
    InputSpec.Target target = InputSpec.Target.NONE;
    if (!mean) {
      LossSpec spec = Losses.spec(loss);
      target = spec.target();
      if (classes == null && spec.maxClasses() == 2) {
        classes = LearnPlan.TWO;
      }
    }
    if (classes != null && target != InputSpec.Target.CLASS) {
      faults.add("model.classes = " + classes + "; must be absent because there are no classes");
      classes = null;
    }
    List<Integer> hidden = c.get(SampleSettings.HIDDEN);
    String activation = c.get(SampleSettings.ACTIVATION);
    Integer rank = c.get(SampleSettings.RANK);
    if (mean && (hidden != null || activation != null || rank != null)) {
      faults.add("model.hidden, .activation, .rank: must be absent because model.kind is " + kind);
    }
    Integer dimension = c.get(LearnerSettings.DIMENSION);
    List<String> named = classes == null ? List.of() : classes;
    InputSpec.Target labels = target;
    InputSpec[] input = new InputSpec[1];
    collect(
        faults,
        () ->
            input[0] =
                new InputSpec(
                    InputSpec.Kind.DENSE,
                    dimension == null ? 0 : dimension,
                    0,
                    labels,
                    named,
                    c.get(LearnerSettings.FEATURE_COUNT)));
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
    return new PosteriorModel(
        new ModelOptions(
            kind,
            hidden == null ? List.of() : hidden,
            activation == null ? "" : activation,
            rank == null ? 0 : rank,
            Double.NaN),
        loss,
        input[0],
        c.get(SampleSettings.DISPERSION));
  }

  private void checkRecords(SampleOptions o, List<String> faults) {
    long bytes = o.largestRecord() + FRAME_BYTES;
    String topic = config().topic(SampleSettings.DRAWS);
    if (topic == null) {
      return; // which is a fault of its own
    }
    KafkaCluster between = config().cluster(topic);
    long most = Math.min(between.maxRequestBytes(), config().get(Settings.RECORD_BYTES));
    if (bytes > most) {
      faults.add(
          SampleSettings.SHAPE.key()
              + " = "
              + config().get(SampleSettings.SHAPE)
              + ": records between the stages have up to "
              + bytes
              + " bytes; must be at most "
              + most
              + " ("
              + between.propertiesKey()
              + ".max.request.size, limits.record-bytes); raise both, take another"
              + " shape, or draw less often (chains.thin)");
    }
  }

  @Override
  public List<Stage> stages() {
    SampleOptions o = options;
    List<Stage> stages = new ArrayList<>();
    if (SampleSettings.hasClients(config())) {
      stages.add(
          new Stage(
              CLIENTS,
              Stage.KeyedBy.KEY,
              List.of(
                  EventKind.EXAMPLE,
                  EventKind.EXAMPLE_BATCH,
                  EventKind.CHAIN_TOKEN,
                  EventKind.SURROGATE_EPOCH),
              List.of(SampleChannels.DRAWS),
              stage -> new ClientHandler(o, stage)));
    }
    if (SampleSettings.hasRouter(config())) {
      stages.add(
          new Stage(
              ROUTER,
              Stage.KeyedBy.KEY,
              List.of(EventKind.CHAIN_DRAWS, EventKind.SURROGATE, EventKind.SAMPLE_TICK),
              List.of(Channel.MODELS, SampleChannels.CHAINS, SampleChannels.DRAWS),
              stage -> new RouterHandler(o, stage)));
    }
    return List.copyOf(stages);
  }

  /** A silo reads messages to its own clients among those to everybody's. */
  @Override
  Map<String, Set<String>> addressees() {
    List<String> names = config().get(SampleSettings.CLIENTS);
    return SampleSettings.hasRouter(config()) || names == null
        ? Map.of()
        : Map.of(config().topic(SampleSettings.CHAINS), Set.copyOf(names));
  }

  @Override
  public long bytesPerKey() {
    return options.bytesPerPosterior();
  }

  @Override
  public long mostBytesPerKey() {
    return SampleSettings.hasClients(config())
        ? Math.max(options.bytesPerPosterior(), options.mostBytesPerClient())
        : options.bytesPerPosterior();
  }

  @Override
  public String sizeOfKey() {
    return String.format(
        Locale.ROOT,
        "the posterior takes %,d bytes, a client up to %,d (data.rows = %d)",
        options.bytesPerPosterior(),
        options.mostBytesPerClient(),
        options.clients().rows());
  }
}
