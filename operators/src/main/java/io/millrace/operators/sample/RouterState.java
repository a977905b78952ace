package io.millrace.operators.sample;

import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.posterior.DrawStatistics;
import io.millrace.core.sample.posterior.ThinnedDraws;
import io.millrace.core.sample.surrogate.AnchorSearch;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateSchema;
import io.millrace.operators.handler.BlockSpec;
import io.millrace.operators.handler.Key;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What is kept of a posterior beside its journal. Aimed at one key after another.
 *
 * <pre>
 * federation   clock, epoch, agreement under way; each client    every record
 * agreement    surrogates of the epoch being agreed on           while there is one
 * search       as they were fitted, the way to the anchor        while there is one
 * epoch        those of the epoch in force, product, mode        when it begins
 * chain-c      where chain c is, its draws in the epoch          when it has moved
 * </pre>
 */
final class RouterState {
  /** Chain that is with nobody. */
  static final int NOBODY = -1;

  /** Of the posterior. Times are milliseconds by its clock; 0: never. */
  enum Count {
    CLOCK,
    /** When the first client offered rows. */
    SINCE,
    /** Epoch in force; 0: none. */
    EPOCH,
    EPOCH_AT,
    /** Rounds of anchoring that it took. */
    ROUNDS,
    /** Epoch being agreed on; 0: none. */
    AGREEING,
    STAGE,
    /** Largest number an epoch has had. */
    LAST_EPOCH,
    /** When a client could not answer; 0: all could. */
    FAULT_AT,
    STATUS_AT,
    CLIENTS
  }

  /** Of each client. */
  enum Of {
    INCARNATION,
    /** Version of its rows that it offered last. */
    OFFERED,
    /** Version in the epoch in force; 0: it is not in it. */
    ROWS,
    /** Version in the epoch being agreed on; 0: it is not in it. */
    ASKED,
    /** 1: its surrogate of the epoch in force stands for it in the one being agreed on. */
    IMPUTED,
    /** 1: it has answered the stage. */
    ANSWERED,
    SENT_AT,
    ATTEMPT,
    /** Since when it is absent; 0: it is there. */
    MISSING_SINCE,
    /** When it was heard again while absent. */
    RETURNED_AT,
    /** Visits given back by it in the epoch. */
    VISITS
  }

  /** Of each chain. */
  enum At {
    ROUND,
    ATTEMPT,
    /** The client it was sent to. */
    TARGET,
    SENT_AT,
    STEP,
    /** Epoch that its token names. */
    EPOCH,
    /** Visits in the epoch in force. */
    VISITED,
    DIVERGED,
    /** 1: it has a start. */
    STARTED
  }

  private static final int FEDERATION = 0;
  private static final int AGREEMENT = 1;
  private static final int EPOCH = 2;
  private static final int SEARCH = 3;
  private static final int CHAINS = 4;
  private static final String COUNTS = "counts";
  private static final String NAMES = "names";
  private static final String FAULT = "fault";
  private static final String CLIENTS = "clients";
  private static final String SHARES = "shares";
  private static final String ASKED_SHARES = "asked-shares";
  private static final String ANCHOR = "anchor.";
  private static final String ETA = "eta";
  private static final String LAMBDA = "lambda";
  private static final String LENGTHS = "lengths";
  private static final String GRADIENT = "gradient";
  private static final String POINT = "point";
  private static final String POINTS = "points";
  private static final String LAPLACE = "laplace";
  private static final String STATE = "state";
  private static final String STEP_SIZE = "step-size";
  private static final String NOISE = "noise";

  /** Sum and number of the noise ratios of a chain. */
  private static final int NOISES = 2;

  private static final String SCHEDULED = "scheduled";
  private static final String STATISTICS = "statistics.";
  private static final String KEPT = "kept.";

  private final SampleOptions options;
  private final int most;
  private final int size;
  private final int lambdas;
  private final StateSchema chainSchema;
  private final StateSchema searchSchema;
  private final DrawStatistics statistics;
  private final ThinnedDraws kept;
  private Key key;

  RouterState(SampleOptions options, Sampler sampler) {
    this.options = options;
    this.most = options.clients().most();
    this.size = options.model().size();
    this.lambdas = options.lambdas();
    this.chainSchema = sampler.chainSchema(size);
    this.searchSchema = AnchorSearch.schema(size);
    this.statistics = new DrawStatistics(size);
    this.kept = new ThinnedDraws(size, options.chains().keptOfEach());
  }

  List<BlockSpec> blocks() {
    SortedMap<String, String> meaning = new TreeMap<>(options.alike());
    meaning.put("seed", Long.toString(options.seed()));
    meaning.put("chains.count", Integer.toString(options.chains().count()));
    List<BlockSpec> blocks = new ArrayList<>();
    blocks.add(new BlockSpec("federation", "fsgld", federation(), meaning));
    blocks.add(new BlockSpec("agreement", "fsgld", surrogates(), meaning));
    blocks.add(new BlockSpec("epoch", "fsgld", surrogates(), meaning));
    blocks.add(new BlockSpec("search", "fsgld", searches(), meaning));
    for (int c = 0; c < options.chains().count(); c++) {
      blocks.add(new BlockSpec("chain-" + c, "fsgld", chain(), meaning));
    }
    return blocks;
  }

  private StateSchema federation() {
    return new StateSchema.Builder()
        .block(COUNTS, StateSchema.Type.LONGS, Count.values().length)
        .bytes(NAMES)
        .bytes(FAULT)
        .block(CLIENTS, StateSchema.Type.LONGS, (long) most * Of.values().length)
        .block(SHARES, most)
        .block(ASKED_SHARES, most)
        .build();
  }

  private StateSchema surrogates() {
    return new StateSchema.Builder()
        .block(ETA, (long) most * size)
        .block(LAMBDA, (long) most * lambdas)
        .block(LENGTHS, StateSchema.Type.LONGS, most)
        .block(GRADIENT, (long) most * size)
        .block(POINTS, (long) most * size)
        .block(POINT, StateSchema.Type.LONGS, most)
        .block(LAPLACE, size)
        .build();
  }

  private StateSchema searches() {
    StateSchema.Builder schema =
        new StateSchema.Builder()
            .block(ETA, (long) most * size)
            .block(LAMBDA, (long) most * lambdas)
            .block(LENGTHS, StateSchema.Type.LONGS, most);
    add(schema, ANCHOR, searchSchema);
    return schema.build();
  }

  private StateSchema chain() {
    StateSchema.Builder schema =
        new StateSchema.Builder()
            .block(COUNTS, StateSchema.Type.LONGS, At.values().length)
            .block(STATE, chainSchema.totalBytes() / Double.BYTES)
            .block(STEP_SIZE, 1)
            .block(NOISE, NOISES)
            .block(SCHEDULED, StateSchema.Type.LONGS, most);
    add(schema, STATISTICS, statistics.schema());
    add(schema, KEPT, kept.schema());
    return schema.build();
  }

  private static void add(StateSchema.Builder to, String prefix, StateSchema part) {
    for (int b = 0; b < part.size(); b++) {
      to.block(prefix + part.name(b), part.type(b), part.length(b));
    }
  }

  RouterState at(Key of) {
    key = of;
    return this;
  }

  /** Numbers that travel with a chain. */
  StateSchema chainSchema() {
    return chainSchema;
  }

  // The posterior.

  private LearnerState federation(boolean write) {
    return write ? key.write(FEDERATION) : key.read(FEDERATION);
  }

  long get(Count count) {
    return federation(false).longs(COUNTS)[count.ordinal()];
  }

  void set(Count count, long value) {
    federation(true).longs(COUNTS)[count.ordinal()] = value;
  }

  /** Why a client could not answer; empty: all could. */
  String fault() {
    return new String(federation(false).bytes(FAULT), StandardCharsets.UTF_8);
  }

  void fault(String text) {
    federation(true).setBytes(FAULT, text.getBytes(StandardCharsets.UTF_8));
  }

  // Clients.

  int clients() {
    return (int) get(Count.CLIENTS);
  }

  /** Names of the clients, in the order in which they came. */
  List<String> names() {
    byte[] bytes = federation(false).bytes(NAMES);
    return bytes.length == 0
        ? List.of()
        : Arrays.asList(new String(bytes, StandardCharsets.UTF_8).split("\n", -1));
  }

  /** Index of a client; {@link #NOBODY}: it is not known. */
  int client(String name) {
    return names().indexOf(name);
  }

  /** Takes a client in; there must be room. */
  int add(String name) {
    List<String> names = new ArrayList<>(names());
    names.add(name);
    federation(true).setBytes(NAMES, String.join("\n", names).getBytes(StandardCharsets.UTF_8));
    set(Count.CLIENTS, names.size());
    return names.size() - 1;
  }

  long get(int client, Of of) {
    return federation(false).longs(CLIENTS)[client * Of.values().length + of.ordinal()];
  }

  void set(int client, Of of, long value) {
    federation(true).longs(CLIENTS)[client * Of.values().length + of.ordinal()] = value;
  }

  boolean is(int client, Of of) {
    return get(client, of) != 0;
  }

  /** Shares of the clients in the epoch in force; live. */
  double[] shares() {
    return federation(true).block(SHARES);
  }

  /** Whether a client is in the epoch in force, there or not. */
  boolean isIn(int client) {
    return federation(false).block(SHARES)[client] > 0;
  }

  /** Whether a client can be visited. */
  boolean isPresent(int client) {
    return isIn(client) && is(client, Of.ROWS) && !is(client, Of.MISSING_SINCE);
  }

  /** Shares in the epoch being agreed on; live. */
  double[] askedShares() {
    return federation(true).block(ASKED_SHARES);
  }

  // Surrogates.

  /**
   * The surrogate of a client.
   *
   * @param agreement of the epoch being agreed on, else of the one in force
   */
  NaturalGaussian surrogate(boolean agreement, int client) {
    return surrogate(key.read(agreement ? AGREEMENT : EPOCH), client);
  }

  /** The surrogate that a client has fitted for the agreement, before it was anchored. */
  NaturalGaussian fitted(int client) {
    return surrogate(key.read(SEARCH), client);
  }

  private NaturalGaussian surrogate(LearnerState of, int client) {
    int length = (int) of.longs(LENGTHS)[client];
    return Surrogates.of(
        slice(of.block(ETA), client * size, size),
        slice(of.block(LAMBDA), client * lambdas, length));
  }

  /** How far the search for the point to anchor at has come, of {@link AnchorSearch}; live. */
  LearnerState search() {
    return part(key.write(SEARCH), ANCHOR, searchSchema);
  }

  /** The gradient that a client knows at its {@link #point}; empty: there is none. */
  double[] gradient(boolean agreement, int client) {
    LearnerState s = key.read(agreement ? AGREEMENT : EPOCH);
    return s.longs(POINT)[client] == 0
        ? new double[0]
        : slice(s.block(GRADIENT), client * size, size);
  }

  /** Where a client was anchored last; empty: nowhere. */
  double[] point(boolean agreement, int client) {
    LearnerState s = key.read(agreement ? AGREEMENT : EPOCH);
    return s.longs(POINT)[client] == 0
        ? new double[0]
        : slice(s.block(POINTS), client * size, size);
  }

  private static double[] slice(double[] of, int from, int length) {
    return Arrays.copyOfRange(of, from, from + length);
  }

  /** Takes a surrogate into the agreement. */
  void put(int client, NaturalGaussian q) {
    put(key.write(AGREEMENT), client, q);
  }

  /** The same of what a client has fitted, which it is asked to anchor round by round. */
  void putFitted(int client, NaturalGaussian q) {
    put(client, q);
    put(key.write(SEARCH), client, q);
  }

  private void put(LearnerState to, int client, NaturalGaussian q) {
    System.arraycopy(q.eta(), 0, to.block(ETA), client * size, size);
    System.arraycopy(q.lambda(), 0, to.block(LAMBDA), client * lambdas, q.lambda().length);
    to.longs(LENGTHS)[client] = q.lambda().length;
  }

  /** Takes the gradient at {@link #point} into the agreement. */
  void putGradient(int client, double[] gradient) {
    System.arraycopy(gradient, 0, key.write(AGREEMENT).block(GRADIENT), client * size, size);
  }

  /** Says where a client is being anchored. */
  void putPoint(int client, double[] point) {
    LearnerState s = key.write(AGREEMENT);
    System.arraycopy(point, 0, s.block(POINTS), client * size, size);
    s.longs(POINT)[client] = 1;
  }

  /** The agreement begins; a client that is imputed has what it had. */
  void beginAgreement() {
    LearnerState s = key.renew(AGREEMENT);
    key.renew(SEARCH);
    LearnerState live = key.read(EPOCH);
    for (int c = 0; c < clients(); c++) {
      if (is(c, Of.IMPUTED)) {
        for (String block : List.of(ETA, GRADIENT, POINTS)) {
          System.arraycopy(live.block(block), c * size, s.block(block), c * size, size);
        }
        System.arraycopy(live.block(LAMBDA), c * lambdas, s.block(LAMBDA), c * lambdas, lambdas);
        s.longs(LENGTHS)[c] = live.longs(LENGTHS)[c];
        s.longs(POINT)[c] = live.longs(POINT)[c];
      }
    }
  }

  /**
   * What was agreed on is in force.
   *
   * @param laplace [d], variances of Laplace's approximation, 0 where there is none
   */
  void enter(double[] laplace) {
    LearnerState agreed = key.read(AGREEMENT);
    System.arraycopy(laplace, 0, agreed.block(LAPLACE), 0, size);
    key.replace(EPOCH, agreed.copy());
    key.renew(AGREEMENT);
    key.renew(SEARCH);
  }

  /** [d], variances of Laplace's approximation, 0 where there is none; live. */
  double[] laplace() {
    return key.read(EPOCH).block(LAPLACE);
  }

  // Chains.

  private LearnerState chain(int chain, boolean write) {
    return write ? key.write(CHAINS + chain) : key.read(CHAINS + chain);
  }

  long get(int chain, At at) {
    return chain(chain, false).longs(COUNTS)[at.ordinal()];
  }

  void set(int chain, At at, long value) {
    chain(chain, true).longs(COUNTS)[at.ordinal()] = value;
  }

  /** Theta and what the diffusion keeps; live. */
  double[] state(int chain) {
    return chain(chain, true).block(STATE);
  }

  double stepSize(int chain) {
    return chain(chain, false).block(STEP_SIZE)[0];
  }

  void stepSize(int chain, double h) {
    chain(chain, true).block(STEP_SIZE)[0] = h;
  }

  /** Takes a noise ratio of the epoch. */
  void addNoise(int chain, double ratio) {
    double[] noise = chain(chain, true).block(NOISE);
    noise[0] += ratio;
    noise[1]++;
  }

  /** Mean noise ratio of all chains in the epoch; NaN: none was measured. */
  double noise() {
    double sum = 0;
    double count = 0;
    for (int c = 0; c < options.chains().count(); c++) {
      double[] noise = chain(c, false).block(NOISE);
      sum += noise[0];
      count += noise[1];
    }
    return sum / count;
  }

  /** Visits of the chain that each client was chosen for in the epoch; live. */
  long[] scheduled(int chain) {
    return chain(chain, true).longs(SCHEDULED);
  }

  DrawStatistics statistics() {
    return statistics;
  }

  ThinnedDraws kept() {
    return kept;
  }

  /** State of {@link #statistics} of a chain; live. */
  LearnerState statistics(int chain) {
    return part(chain(chain, true), STATISTICS, statistics.schema());
  }

  /** State of {@link #kept} of a chain; live. */
  LearnerState kept(int chain) {
    return part(chain(chain, true), KEPT, kept.schema());
  }

  private static LearnerState part(LearnerState all, String prefix, StateSchema schema) {
    Object[] arrays = new Object[schema.size()];
    for (int b = 0; b < arrays.length; b++) {
      String name = prefix + schema.name(b);
      arrays[b] = schema.type(b) == StateSchema.Type.LONGS ? all.longs(name) : all.block(name);
    }
    return LearnerState.of(schema, arrays);
  }

  /** Forgets the draws and visits of an epoch. */
  void beginEpoch(int chain) {
    LearnerState all = chain(chain, true);
    Arrays.fill(all.longs(SCHEDULED), 0);
    Arrays.fill(all.block(NOISE), 0);
    for (LearnerState part : List.of(statistics(chain), kept(chain))) {
      for (int b = 0; b < part.schema().size(); b++) {
        if (part.schema().type(b) == StateSchema.Type.LONGS) {
          Arrays.fill(part.longs(part.schema().name(b)), 0);
        } else {
          Arrays.fill(part.block(b), 0);
        }
      }
    }
    set(chain, At.VISITED, 0);
    set(chain, At.DIVERGED, 0);
  }
}
