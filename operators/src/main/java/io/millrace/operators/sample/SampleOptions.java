package io.millrace.operators.sample;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.ModelConfig;
import io.millrace.core.learn.ModelWriter;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.chain.Diffusions;
import io.millrace.core.sample.chain.Estimators;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.SurrogateKinds;
import io.millrace.core.sample.data.ClientRows;
import io.millrace.core.sample.data.Keeping;
import io.millrace.core.sample.surrogate.SurrogateOptions;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.ingress.EventTimes;
import io.millrace.operators.publish.SnapshotOptions;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What both stages of a `sample` job are told.
 *
 * @param topics names of the input topics; events carry an index into this list
 * @param times which event times are taken
 * @param posterior key of the posterior, under which it is published
 * @param model whose parameters are sampled
 * @param precision of the Gaussian prior, at least 0
 * @param sampler estimator, diffusion and their hyperparameters
 * @param surrogate how clients describe themselves
 * @param chains how chains run
 * @param clients who takes part, and with which rows
 * @param patience how long somebody is waited for
 * @param seed of all draws
 * @param limits of what is kept about a client
 * @param snapshots when and how posteriors are published
 */
public record SampleOptions(
    List<String> topics,
    EventTimes times,
    String posterior,
    PosteriorModel model,
    double precision,
    Kernel sampler,
    Description surrogate,
    Chains chains,
    Clients clients,
    Patience patience,
    long seed,
    Limits limits,
    SnapshotOptions snapshots)
    implements Serializable {
  /**
   * What a local step is made of.
   *
   * @param estimator id in {@link Estimators}
   * @param diffusion id in {@link Diffusions}
   */
  public record Kernel(
      String estimator,
      Map<String, Double> estimatorValues,
      String diffusion,
      Map<String, Double> diffusionValues)
      implements Serializable {
    public Kernel {
      estimatorValues = new TreeMap<>(estimatorValues);
      diffusionValues = new TreeMap<>(diffusionValues);
    }

    Sampler make() {
      return new Sampler(
          Estimators.spec(estimator).build(estimatorValues),
          Diffusions.spec(diffusion).build(diffusionValues));
    }
  }

  /**
   * How clients describe themselves.
   *
   * @param kind id in {@link SurrogateKinds}
   * @param anchorRounds null: as many as suit the kind
   */
  public record Description(
      String kind, Map<String, Double> values, NaturalGaussian.Shape shape, Integer anchorRounds)
      implements Serializable {
    public Description {
      values = new TreeMap<>(values);
    }

    /** How often a common point is agreed on. */
    public int anchors() {
      return make().anchorRounds();
    }

    SurrogateOptions make() {
      SurrogateOptions o = SurrogateOptions.of(SurrogateKinds.spec(kind).build(values));
      o = o.withShape(shape);
      return anchorRounds == null ? o : o.withAnchorRounds(anchorRounds);
    }
  }

  /**
   * How chains run.
   *
   * @param count M
   * @param localSteps L of a visit
   * @param stepSize h
   * @param temperature of the noise
   * @param thin steps from one draw to the next, at most {@code localSteps}
   * @param burnIn visits of a chain at the beginning of an epoch whose draws do not count
   * @param kept draws published, of all chains together
   */
  public record Chains(
      int count,
      int localSteps,
      double stepSize,
      double temperature,
      int thin,
      long burnIn,
      int kept,
      Routing routing)
      implements Serializable {
    /** Draws kept of each chain; even. */
    int keptOfEach() {
      return Math.max(2, kept / count / 2 * 2);
    }

    /** Name of a chain, which names all its draws. */
    String name(int chain) {
      return "chain-" + chain;
    }
  }

  /**
   * Who takes part.
   *
   * @param names of the clients, all of whom are waited for; empty: whoever comes
   * @param least clients that the first epoch begins with, where they have no names
   * @param most clients that may take part
   * @param byRows whether a client is visited in proportion to its rows, else all alike
   * @param keeping which rows of a client count
   * @param rows most rows kept of a client
   * @param discount how rows fade with age
   * @param leastRows rows that a client offers first
   * @param growth share by which its rows grow before a new epoch takes them in
   */
  public record Clients(
      List<String> names,
      int least,
      int most,
      boolean byRows,
      Keeping keeping,
      int rows,
      Discount discount,
      int leastRows,
      double growth)
      implements Serializable {
    /**
     * Offers while rows grow by {@link #growth}: an epoch that is due for another reason is not far
     * behind.
     */
    private static final int OFFERS = 4;

    public Clients {
      names = List.copyOf(names);
    }

    /** Clients that the first epoch waits for. */
    int awaited() {
      return names.isEmpty() ? least : names.size();
    }

    /** Whether a client that has offered a version offers its rows anew. */
    boolean isOfferDue(long version, long now) {
      return hasGrown(version, now, growth / OFFERS);
    }

    /** Whether a version is to be in an epoch in the place of another one. */
    boolean isEpochDue(long version, long now) {
      return hasGrown(version, now, growth);
    }

    private boolean hasGrown(long version, long now, double part) {
      double base = keeping == Keeping.RESERVOIR ? version : mass(version);
      return now > version && now - version >= part * base;
    }

    /**
     * How many rows those of a version count for.
     *
     * @param version at least 1
     */
    double mass(long version) {
      long kept = keeping == Keeping.ALL ? version : Math.min(version, rows);
      return discount.mass((int) kept);
    }

    /** Whether a client may take part. */
    boolean admits(String client) {
      return names.isEmpty() || names.contains(client);
    }
  }

  /**
   * How long somebody is waited for, by the ticks of the posterior's clock.
   *
   * @param timeout before a message is sent again; doubled each time
   * @param attempts messages that go unanswered before a client is absent
   * @param grace from a client's return until it is visited again
   * @param epochs longest that an epoch lasts; null: until rows have grown
   * @param status between two status records where nothing changes
   */
  public record Patience(
      Duration timeout, int attempts, Duration grace, Duration epochs, Duration status)
      implements Serializable {
    private static final long FINEST_TICK = 20;
    private static final long COARSEST_TICK = 1000;

    /** Between two ticks, milliseconds. */
    long tick() {
      return Math.min(COARSEST_TICK, Math.max(FINEST_TICK, timeout.toMillis() / 8));
    }
  }

  /**
   * Limits of a client.
   *
   * @param idBytes longest id of an event in UTF-8
   * @param dedupeWindow ids remembered; 0: none
   */
  public record Limits(int idBytes, int dedupeWindow) implements Serializable {}

  /** Most parameters whose surrogates may be full matrices, if only until they are agreed on. */
  public static final int MOST_FULL = 2048;

  /** Most bytes that an estimator may keep of a client while a chain is there. */
  private static final long MOST_KEPT = 1L << 30;

  public SampleOptions {
    topics = List.copyOf(topics);
    List<String> faults = new ArrayList<>();
    check(faults, chains);
    check(faults, clients);
    positive(faults, "visits.timeout", patience.timeout());
    positive(faults, "epochs.every", patience.epochs());
    positive(faults, "status.every", patience.status());
    snapshots.check(faults);
    collect(faults, () -> new GaussianPrior(precision));
    collect(faults, sampler::make);
    collect(faults, surrogate::make);
    collect(faults, model::size);
    if (faults.isEmpty()) {
      checkTogether(faults, model, sampler, surrogate, clients);
    }
    if (!faults.isEmpty()) {
      throw new ConfigException(faults);
    }
  }

  private static void check(List<String> faults, Chains c) {
    if (!(c.stepSize() > 0 && c.stepSize() < Double.POSITIVE_INFINITY)) {
      faults.add("chains.step-size = " + c.stepSize() + "; must be finite and above 0");
    }
    if (!(c.temperature() >= 0 && c.temperature() < Double.POSITIVE_INFINITY)) {
      faults.add("chains.temperature = " + c.temperature() + "; must be finite and at least 0");
    }
    if (c.thin() > c.localSteps()) {
      faults.add(
          "chains.thin = "
              + c.thin()
              + "; must be at most chains.local-steps = "
              + c.localSteps()
              + ", so that every visit brings a draw");
    }
  }

  private static void check(List<String> faults, Clients c) {
    if (new HashSet<>(c.names()).size() < c.names().size()) {
      faults.add("clients.names = " + c.names() + "; names must differ");
    }
    if (c.awaited() > c.most()) {
      faults.add(
          "clients: "
              + c.awaited()
              + " are waited for; must be at most clients.most = "
              + c.most());
    }
    if (c.leastRows() > c.rows()) {
      faults.add(
          "clients.least-rows = " + c.leastRows() + "; must be at most data.rows = " + c.rows());
    }
    if (!(c.growth() > 0 && c.growth() < Double.POSITIVE_INFINITY)) {
      faults.add("epochs.growth = " + c.growth() + "; must be finite and above 0");
    }
  }

  private static void positive(List<String> faults, String name, Duration d) {
    if (d != null && (d.isZero() || d.isNegative())) {
      faults.add(name + " = " + d + "; must be longer than 0");
    }
  }

  private static void collect(List<String> faults, Runnable part) {
    try {
      part.run();
    } catch (ConfigException e) {
      faults.addAll(e.faults());
    }
  }

  private static void checkTogether(
      List<String> faults, PosteriorModel model, Kernel kernel, Description about, Clients c) {
    Sampler made = kernel.make();
    long kept = made.clientSchema(model.size(), c.rows()).totalBytes();
    if (kept > MOST_KEPT) {
      faults.add(
          "estimator.kind = '"
              + kernel.estimator()
              + "'; must be another one, such as control-variate, or data.rows smaller, because in"
              + " a visit it keeps up to "
              + kept
              + " bytes, more than "
              + MOST_KEPT);
    }
    SurrogateOptions surrogates = about.make();
    if (made.estimator().needsAnchor() && surrogates.anchorRounds() == 0) {
      faults.add(
          "estimator.kind = '"
              + kernel.estimator()
              + "'; must be mini-batch or full because surrogate.anchor-rounds is 0, so there is no"
              + " point to anchor at");
    }
    if (surrogates.kind().informs()
        && surrogates.shape() != NaturalGaussian.Shape.DIAGONAL
        && model.size() > MOST_FULL) {
      faults.add(
          "surrogate.shape = "
              + ModelConfig.word(surrogates.shape())
              + "; must be diagonal because the model has "
              + model.size()
              + " parameters, more than "
              + MOST_FULL);
    }
    collect(faults, () -> new ClientRows(c.keeping(), c.rows(), model.input().width(), 0));
    if (!c.discount().isNone() && c.keeping() == Keeping.RESERVOIR) {
      faults.add(
          "data.keeping = reservoir; must be all or window because data.discount is "
              + c.discount()
              + ", and a reservoir does not know the age of its rows");
    }
    if (about.kind().equals("exact")) {
      collect(
          faults,
          () ->
              surrogates
                  .kind()
                  .fit(
                      model.likelihood(
                          new Rows(true),
                          new Workspace().kernels(ScalarBackend.INSTANCE),
                          Discount.NONE),
                      null));
    }
  }

  /** The prior. */
  GaussianPrior prior() {
    return new GaussianPrior(precision);
  }

  /** Most numbers of a surrogate's Lambda. */
  int lambdas() {
    int d = model.size();
    if (!surrogate.make().kind().informs()) {
      return 0;
    }
    return surrogate.shape() == NaturalGaussian.Shape.DIAGONAL ? d : d * d;
  }

  /** About how many bytes the largest record between the stages has, framing aside. */
  public long largestRecord() {
    long d = model.size();
    long state = sampler.make().chainSchema(model.size()).totalBytes();
    long draws = d * (chains.localSteps() / chains.thin() + 1);
    return Math.max(settings().length() + state + draws * Double.BYTES, epochBytes());
  }

  /** The same of what a client is told of an epoch. */
  long epochBytes() {
    boolean flat = surrogate.shape() == NaturalGaussian.Shape.NONE;
    long numbers = 5L * model.size() + (flat ? 1L : 2L) * lambdas();
    return settings().length() + numbers * Double.BYTES;
  }

  /** Bytes that the router keeps of a posterior. */
  public long bytesPerPosterior() {
    return new RouterState(this, sampler.make())
        .blocks().stream().mapToLong(b -> b.schema().totalBytes()).sum();
  }

  /** Most bytes that are kept of a client: its rows, and a copy for each version of use. */
  public long mostBytesPerClient() {
    return new ClientState(this).blocks().stream().mapToLong(BlockSpec::mostBytes).sum();
  }

  /** What all who sample together must have alike, by the keys of the job's YAML. */
  SortedMap<String, String> alike() {
    SortedMap<String, String> alike = new TreeMap<>();
    model.write(
        new ModelWriter() {
          @Override
          public void config(String name, String value) {
            alike.put(name, value);
          }

          @Override
          public void tensor(String name, int[] shape, double[] data) {
            throw new IllegalStateException("settings have no tensors");
          }
        });
    alike.put("data.discount", clients.discount().toString());
    alike.put("prior.precision", Double.toString(precision));
    alike.put("estimator.kind", sampler.estimator());
    sampler.estimatorValues().forEach((n, v) -> alike.put("estimator." + n, v.toString()));
    alike.put("diffusion.kind", sampler.diffusion());
    sampler.diffusionValues().forEach((n, v) -> alike.put("diffusion." + n, v.toString()));
    alike.put("surrogate.kind", surrogate.kind());
    surrogate.values().forEach((n, v) -> alike.put("surrogate." + n, v.toString()));
    alike.put("surrogate.shape", ModelConfig.word(surrogate.shape()));
    alike.put("surrogate.anchor-rounds", Integer.toString(surrogate.make().anchorRounds()));
    return alike;
  }

  /** The same as one text. */
  String settings() {
    StringBuilder text = new StringBuilder();
    alike().forEach((n, v) -> text.append(n).append('=').append(v).append('\n'));
    return text.toString();
  }
}
