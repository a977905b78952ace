package io.millrace.operators.sample;

import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.data.Keeping;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.output.Channel;
import io.millrace.operators.publish.SnapshotOptions;
import io.millrace.operators.shell.ComputeOptions;
import io.millrace.operators.shell.KeyLimit;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.operators.shell.Stage;
import io.millrace.operators.shell.StageOptions;
import io.millrace.operators.shell.Submission;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Settings and stages of small `sample` jobs: the mean of a Gaussian in the plane. */
final class Silos {
  static final List<String> TOPICS = List.of("examples", "chains", "draws");
  static final String POSTERIOR = "posterior";
  static final long SEED = 7;
  static final long INCARNATION = 7;
  static final int WIDTH = 2;
  static final int ROWS = 20;
  static final Duration TIMEOUT = Duration.ofMillis(1000);

  private Silos() {}

  static SampleOptions options(String... clients) {
    return options(Routing.INDEPENDENT, 2, 0, clients);
  }

  static SampleOptions options(Routing routing, int anchors, long burnIn, String... clients) {
    return options(
        new PosteriorModel(
            ModelOptions.of(PosteriorModel.GAUSSIAN_MEAN),
            "",
            new InputSpec(InputSpec.Kind.DENSE, WIDTH, 0, InputSpec.Target.NONE, List.of(), 100),
            0.5),
        new SampleOptions.Kernel(
            anchors == 0 ? "mini-batch" : "control-variate",
            Map.of("mini-batch", 4.0),
            "sgld",
            Map.of()),
        new SampleOptions.Description("exact", Map.of(), NaturalGaussian.Shape.FULL, anchors),
        new SampleOptions.Chains(3, 5, 1e-3, 1, 2, burnIn, 24, routing),
        new SampleOptions.Clients(
            List.of(clients), 2, 4, true, Keeping.ALL, 1000, Discount.NONE, ROWS, 0.5));
  }

  /** A job of another model, or with other rows. */
  static SampleOptions options(
      PosteriorModel model,
      SampleOptions.Kernel kernel,
      SampleOptions.Description description,
      SampleOptions.Chains chains,
      SampleOptions.Clients clients) {
    return new SampleOptions(
        TOPICS,
        new EventTimes(Duration.ofHours(1)),
        POSTERIOR,
        model,
        0.2,
        kernel,
        description,
        chains,
        clients,
        new SampleOptions.Patience(TIMEOUT, 3, Duration.ofMillis(500), null, Duration.ofMinutes(1)),
        SEED,
        new SampleOptions.Limits(1024, 0),
        new SnapshotOptions(
            "sample",
            10,
            null,
            true,
            1,
            DType.F64,
            PartCodec.DEFAULT_PART_BYTES,
            SEED,
            "test-build"));
  }

  /** The same job, with chains that run otherwise, and epochs that last no longer. */
  static SampleOptions options(SampleOptions o, SampleOptions.Chains chains, Duration epochs) {
    SampleOptions.Patience p = o.patience();
    return new SampleOptions(
        o.topics(),
        o.times(),
        o.posterior(),
        o.model(),
        o.precision(),
        o.sampler(),
        o.surrogate(),
        chains,
        o.clients(),
        new SampleOptions.Patience(p.timeout(), p.attempts(), p.grace(), epochs, p.status()),
        o.seed(),
        o.limits(),
        o.snapshots());
  }

  /** Row i of a client: around a centre of its own. */
  static double[] row(String client, int i) {
    PhiloxDraws draws = new PhiloxDraws(SEED, "rows/" + client);
    double[] x = new double[WIDTH];
    for (int j = 0; j < WIDTH; j++) {
      x[j] = client.hashCode() % 5 - j + draws.at(i).normal(j);
    }
    return x;
  }

  static KeyedShell clients(SampleOptions options, int bundle) {
    return shell(
        options,
        bundle,
        new Stage(
            "clients",
            Stage.KeyedBy.KEY,
            List.of(
                EventKind.EXAMPLE,
                EventKind.EXAMPLE_BATCH,
                EventKind.CHAIN_TOKEN,
                EventKind.SURROGATE_EPOCH),
            List.of(SampleChannels.DRAWS),
            s -> new ClientHandler(options, s)));
  }

  static KeyedShell router(SampleOptions options, int bundle) {
    return shell(
        options,
        bundle,
        new Stage(
            "router",
            Stage.KeyedBy.KEY,
            List.of(EventKind.CHAIN_DRAWS, EventKind.SURROGATE, EventKind.SAMPLE_TICK),
            List.of(Channel.MODELS, SampleChannels.CHAINS, SampleChannels.DRAWS),
            s -> new RouterHandler(options, s)));
  }

  private static KeyedShell shell(SampleOptions options, int bundle, Stage stage) {
    return new KeyedShell(
        new StageOptions(
            "sample",
            "test",
            options.topics(),
            options.times(),
            bundle,
            PartCodec.DEFAULT_PART_BYTES,
            ComputeOptions.of("auto"),
            KeyLimit.AUTO,
            new Submission(INCARNATION, Map.of())),
        stage);
  }
}
