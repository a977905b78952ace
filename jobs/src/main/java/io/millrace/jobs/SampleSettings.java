package io.millrace.jobs;

import io.millrace.core.model.LinearModel;
import io.millrace.core.model.ModelSpec;
import io.millrace.core.model.Models;
import io.millrace.core.sample.DiffusionSpec;
import io.millrace.core.sample.EstimatorSpec;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.data.Keeping;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.core.sample.surrogate.SurrogateSpec;
import io.millrace.operators.sample.PosteriorModel;
import io.millrace.operators.sample.SampleChannels;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** Settings of the `sample` job beside the common ones. */
public final class SampleSettings {
  private static final SettingTable TABLE = new SettingTable();

  /** A client is visited as often as it has rows. */
  static final String PROPORTIONAL = "proportional";

  public static final Setting<String> CHAINS = TABLE.topic(SampleChannels.CHAINS);
  public static final Setting<String> DRAWS = TABLE.topic(SampleChannels.DRAWS);

  /** Where the loops lie, if not on the job's own Kafka. */
  public static final Setting<String> SHARED_SERVERS =
      TABLE.add(
          "kafka.shared.bootstrap-servers",
          "",
          "host:port, or several with commas between",
          "Where the Kafka is that jobs of one federation share: `topics.chains` and `topics.draws` lie"
              + " there, all others on the job's own. Unless given all lie on the job's own.",
          SettingTable::servers);

  /** For the clients of that Kafka. */
  static final String SHARED_PROPERTIES =
      TABLE.open(
          "kafka.shared.properties",
          "a map | As `kafka.properties`, for the clients of the shared Kafka, which get none of those.");

  public static final Setting<String> ROLE =
      TABLE.choice(
          "federation.role",
          "all",
          "What of a federation this job is. `silo`: the clients of `clients.names`, whose rows it reads,"
              + " and who answer. `router`: what sends chains to them and publishes, and reads no rows."
              + " `all`: both.",
          "all",
          "silo",
          "router");

  public static final Setting<String> POSTERIOR =
      TABLE.add(
          "snapshots.key",
          "posterior",
          "1 to 100 of the characters a-z A-Z 0-9 . _ -, the first a letter or digit",
          "Key under which the posterior is published.",
          s -> SettingTable.matching(Settings.NAME, s));

  public static final Setting<String> MODEL =
      TABLE.choice(
          Models.KIND,
          LinearModel.SPEC.id(),
          "What the parameters are those of. `gaussian-mean`: the mean of the rows, which have no label;"
              + " the others as in a `learn` job.",
          Stream.concat(
                  Stream.of(PosteriorModel.GAUSSIAN_MEAN), Models.ALL.stream().map(ModelSpec::id))
              .toArray(String[]::new));
  public static final Setting<String> LOSS =
      TABLE.choice(
          "model.loss",
          "",
          "Minus the log-likelihood of a row, but for a constant; logistic unless given.",
          "logistic",
          "squared",
          "softmax",
          "poisson");
  public static final Setting<List<String>> CLASSES =
      TABLE.add(
          "model.classes",
          "",
          "a list of names",
          "Class names in order of their index; 0 and 1 for logistic unless given.",
          s -> List.of(s.split(Document.SEPARATOR)));
  public static final Setting<List<Integer>> HIDDEN = ArchitectureSettings.hidden(TABLE);
  public static final Setting<String> ACTIVATION = ArchitectureSettings.activation(TABLE);
  public static final Setting<Integer> RANK = ArchitectureSettings.rank(TABLE);
  public static final Setting<Double> DISPERSION =
      TABLE.number(
          "model.dispersion",
          "1",
          "Variance of the noise, known: of labels where the loss is squared, of each coordinate of the"
              + " rows of a gaussian-mean.");
  public static final Setting<Double> PRECISION =
      TABLE.number(
          "prior.precision",
          "1",
          "Of the prior of each parameter, a Gaussian around 0; 0: flat, where rows alone determine all.");

  public static final Setting<Integer> CHAIN_COUNT =
      TABLE.integer("chains.count", "4", 1, 256, "Chains; R-hat compares them, so at least 4.");
  public static final Setting<Integer> LOCAL_STEPS =
      TABLE.integer(
          "chains.local-steps", "100", 1, 1 << 20, "Steps of a visit of a chain to a client.");
  public static final Setting<Double> STEP_SIZE =
      TABLE.add(
          "chains.step-size",
          null,
          "a finite number",
          "h, as in theta + h/2 v + sqrt(h) z. With h times the greatest curvature of the log posterior"
              + " (`step-curvature` in snapshots) well below 1; the smaller, the closer to the posterior"
              + " and the slower.",
          Values::number);
  public static final Setting<Double> TEMPERATURE =
      TABLE.number(
          "chains.temperature",
          "1",
          "Of the noise: 1 samples the posterior, 0 descends to a mode.");
  public static final Setting<Integer> THIN =
      TABLE.integer(
          "chains.thin",
          "",
          1,
          1 << 20,
          "Steps from one draw to the next; one draw a visit unless given.");
  public static final Setting<Long> BURN_IN =
      TABLE.count(
          "chains.burn-in",
          "100",
          "Visits of each chain at the beginning of an epoch whose draws do not count.");
  public static final Setting<Integer> KEPT_DRAWS =
      TABLE.integer(
          "chains.kept-draws", "200", 2, 1 << 20, "Draws published, of all chains together.");
  public static final Setting<String> ROUTING =
      TABLE.choice(
          "chains.routing",
          word(Routing.INDEPENDENT),
          "Where a chain goes next, always so that each client has its share of visits:"
              + " `independent` draws, `cyclic` in turn, `self-repellent` rather to whom it has not been.",
          Arrays.stream(Routing.values()).map(SampleSettings::word).toArray(String[]::new));

  public static final Setting<String> ESTIMATOR =
      TABLE.choice(
          "estimator.kind",
          "",
          "How the gradient is estimated; `control-variate` where clients are anchored, else `mini-batch`,"
              + " unless given. `docs/sampling.md`.",
          Estimators.ALL.stream().map(EstimatorSpec::id).toArray(String[]::new));
  public static final Setting<String> DIFFUSION =
      TABLE.choice(
          "diffusion.kind",
          Diffusions.ALL.get(0).id(),
          "What step is taken along it.",
          Diffusions.ALL.stream().map(DiffusionSpec::id).toArray(String[]::new));
  public static final Setting<String> SURROGATE =
      TABLE.choice(
          "surrogate.kind",
          "",
          "How a client describes its rows to the others; `exact` for a gaussian-mean and a linear model"
              + " with squared loss, `laplace` for the rest, unless given. `none`: not at all, which"
              + " is DSGLD, and long visits then miss the posterior.",
          SurrogateKinds.ALL.stream().map(SurrogateSpec::id).toArray(String[]::new));
  public static final Setting<String> SHAPE =
      TABLE.choice(
          "surrogate.shape",
          "full",
          "What of its curvature it says: d x d numbers, d, or none but the gradient at the anchor.",
          "full",
          "diagonal",
          "none");
  public static final Setting<Integer> ANCHOR_ROUNDS =
      TABLE.integer(
          "surrogate.anchor-rounds",
          "",
          0,
          10,
          "How often all agree on a point at which each surrogate gets its client's exact gradient; "
              + SurrogateOptions.ANCHOR_ROUNDS
              + " unless given, 0 without surrogates.");

  public static final Setting<List<String>> CLIENTS =
      TABLE.add(
          "clients.names",
          "",
          "a list of client ids",
          "Who takes part: the keys of the examples. All are waited for, no others admitted. Unless given"
              + " whoever comes takes part, from the next epoch on.",
          s -> List.of(s.split(Document.SEPARATOR)));
  public static final Setting<Integer> LEAST_CLIENTS =
      TABLE.integer(
          "clients.least",
          "2",
          1,
          4096,
          "Clients that the first epoch waits for where `clients.names` is not given.");
  public static final Setting<Integer> MOST_CLIENTS =
      TABLE.integer(
          "clients.most",
          "",
          1,
          4096,
          "Clients that there is room for; as many as have names, else 64, unless given.");
  public static final Setting<String> SHARES =
      TABLE.choice(
          "clients.shares",
          PROPORTIONAL,
          "Of visits: in proportion to a client's rows, or all alike.",
          PROPORTIONAL,
          "uniform");
  public static final Setting<Integer> LEAST_ROWS =
      TABLE.integer(
          "clients.least-rows", "100", 1, 1 << 28, "Rows of a client before it takes part.");
  public static final Setting<Duration> GRACE =
      TABLE.duration(
          "clients.grace",
          "30s",
          "From the return of a client that was missing to its next visit.");

  public static final Setting<String> KEEPING =
      TABLE.choice(
          "data.keeping",
          word(Keeping.ALL),
          "Which rows of a client count: `all`, of which `data.rows` are the most there may be; the last"
              + " ones (`window`); or a uniform sample of all (`reservoir`).",
          Arrays.stream(Keeping.values()).map(SampleSettings::word).toArray(String[]::new));
  public static final Setting<Integer> ROWS =
      TABLE.integer(
          "data.rows",
          "100000",
          1,
          1 << 28,
          "Most rows kept of a client, once as they are and in up to five frozen copies, for epochs that a"
              + " chain may be in and for the next. What that takes is told at submission and counts for"
              + " `limits.keys`.");

  public static final Setting<Double> DISCOUNT =
      TABLE.number(
          "data.discount",
          "",
          "By what factor a row counts for less with every row of its client that comes after it, in"
              + " (0, 1]: its likelihood is taken to that power. 1 unless given, and all rows count alike.");
  public static final Setting<Double> HALF_LIFE =
      TABLE.number(
          "data.half-life",
          "",
          "The same, as the number of rows after which a row counts for half.");

  public static final Setting<Double> GROWTH =
      TABLE.number(
          "epochs.growth",
          "0.1",
          "By what part a client's rows grow before a new epoch takes them in, of what they count for"
              + " where they fade; chains go on from where they are, their draws begin anew. A client"
              + " freezes its rows at each quarter of it, and an epoch that begins for another reason"
              + " takes those in.");
  public static final Setting<Duration> EPOCH_EVERY =
      TABLE.durationOrNone("epochs.every", "none", "Longest time between epochs.");

  public static final Setting<Duration> TIMEOUT =
      TABLE.duration(
          "visits.timeout",
          "30s",
          "How long an answer of a client is waited for before it is asked again; then twice as long, and"
              + " so on.");
  public static final Setting<Integer> ATTEMPTS =
      TABLE.integer(
          "visits.attempts",
          "3",
          1,
          20,
          "Times that a client does not answer until it is missing: its surrogate then stands for it, and"
              + " chains go to the others.");
  public static final Setting<Duration> STATUS =
      TABLE.duration(
          "status.every",
          "10s",
          "Between two FederationStatus records in the metrics topic where nothing changes.");

  static final String ESTIMATOR_VALUES =
      TABLE.values("estimator", Set.of(), "numbers | Of the estimator: docs/sampling.md.");
  static final String DIFFUSION_VALUES =
      TABLE.values("diffusion", Set.of(), "numbers | Of the diffusion: docs/sampling.md.");
  static final String SURROGATE_VALUES =
      TABLE.values("surrogate", Set.of(), "numbers | Of the kind of surrogate: docs/sampling.md.");

  private SampleSettings() {}

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a job has clients, with their rows. */
  static boolean hasClients(JobConfig config) {
    return !"router".equals(config.get(ROLE));
  }

  /** Whether a job sends chains on. */
  static boolean hasRouter(JobConfig config) {
    return !"silo".equals(config.get(ROLE));
  }

  static SettingTable table() {
    return TABLE;
  }
}
