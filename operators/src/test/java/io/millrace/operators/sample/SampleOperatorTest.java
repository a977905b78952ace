package io.millrace.operators.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.ScalarBackend;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.Rows;
import io.millrace.core.sample.Discount;
import io.millrace.core.sample.Likelihood;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.DrawSink;
import io.millrace.core.sample.chain.Journey;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.surrogate.Epoch;
import io.millrace.core.sample.surrogate.Federation;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.schemas.ChainToken;
import io.millrace.schemas.DeadLetter;
import io.millrace.schemas.DoubleBytes;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Reason;
import io.millrace.schemas.Surrogate;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Chains between clients and the router: where they go, and what becomes of messages. */
class SampleOperatorTest {
  private static final String[] THREE = {"a", "b", "c"};

  private static Loop started(SampleOptions options) {
    return new Loop(options).rows(0, Silos.ROWS, THREE).tick(10);
  }

  /** What the core does with the same rows in one process, bit for bit. */
  @ParameterizedTest
  @CsvSource({"INDEPENDENT, 0", "INDEPENDENT, 2", "CYCLIC, 2", "SELF_REPELLENT, 1"})
  void chainsAreThoseOfTheCore(Routing routing, int anchors) throws Exception {
    SampleOptions o = Silos.options(routing, anchors, 0, THREE);
    Loop loop = started(o).run(200);
    Workspace workspace = new Workspace();
    List<Likelihood> likelihoods = new ArrayList<>();
    for (String client : THREE) {
      Rows rows = new Rows(true);
      for (int i = 0; i < Silos.ROWS; i++) {
        rows.beginRow();
        for (double x : Silos.row(client, i)) {
          rows.add(x);
        }
        rows.endRow(Double.NaN, 1);
      }
      likelihoods.add(
          o.model().likelihood(rows, workspace.kernels(ScalarBackend.INSTANCE), Discount.NONE));
    }
    double third = 20 / 60.0;
    Epoch epoch =
        Federation.agree(
            likelihoods,
            new double[] {third, third, third},
            o.prior(),
            o.surrogate().make(),
            Silos.SEED,
            workspace);
    List<Shard> shards = new ArrayList<>();
    for (int s = 0; s < THREE.length; s++) {
      shards.add(epoch.shard(s, likelihoods.get(s), o.prior()));
    }
    for (int c = 0; c < 3; c++) {
      String chain = "chain-" + c;
      ChainToken first =
          loop.tokens.stream().filter(t -> t.getChain().equals(chain)).findFirst().orElseThrow();
      Journey journey =
          new Journey(
              o.sampler().make(),
              shards,
              routing,
              DoubleBytes.read(first.getState()),
              Silos.SEED,
              chain);
      assertThat(loop.rounds(c)).isGreaterThan(20);
      for (int round = 1; round <= loop.rounds(c); round++) {
        assertThat(journey.round(VisitOptions.of(5, 1e-3), DrawSink.NONE)).isTrue();
        assertThat(loop.history.get(chain + "@" + round))
            .as("%s after round %d", chain, round)
            .isEqualTo(Loop.hex(DoubleBytes.of(journey.theta())));
      }
    }
    assertThat(loop.letters).isEmpty();
  }

  /** Twice, late, and of long ago. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aMessageThatComesAgainChangesNothing(boolean live) {
    SampleOptions o = Silos.options(THREE);
    Loop calm = started(o).run(300);
    Loop noisy = new Loop(o, live);
    noisy.copies = 2;
    noisy.echo = 3;
    noisy.rows(0, Silos.ROWS, THREE).tick(10).run(450);
    assertThat(noisy.shared(calm)).hasSizeGreaterThan(60).isEqualTo(calm.shared(noisy));
    assertThat(noisy.letters).isEmpty();
  }

  /** After a failure messages may be read before the rows they are about. */
  @Test
  void whatNamesRowsThatAreNotThereYetWaitsForThem() {
    SampleOptions o = Silos.options(THREE);
    Loop calm = started(o).run(120);
    Loop late = new Loop(o);
    calm.toClients.stream()
        .map(e -> (RoutedEvent) e)
        .filter(e -> e.topic == 1)
        .forEach(late::toClient);
    assertThat(late.answers).isEmpty();
    late.rows(0, Silos.ROWS, THREE);
    assertThat(late.answers).isNotEmpty();
    assertThat(late.shared(calm)).hasSize(late.history.size()).isEqualTo(late.history);
    late.answers.clear();
    calm.toClients.stream()
        .map(e -> (RoutedEvent) e)
        .filter(e -> e.topic == 1)
        .forEach(late::toClient);
    assertThat(late.answers).as("answered again, with what was answered").isNotEmpty();
    assertThat(late.shared(calm)).isEqualTo(late.history);
  }

  @Test
  void aWaitingRunSaysForWhom() {
    Loop loop = new Loop(Silos.options(THREE)).rows(0, Silos.ROWS, "a", "c").tick(10);
    assertThat(loop.status().getWaiting()).isEqualTo("2 of 3 clients, missing b since 22:13");
    loop.rows(0, Silos.ROWS - 1, "b").tick(100);
    assertThat(loop.run(50).tokens).isEmpty();
    loop.rows(Silos.ROWS - 1, Silos.ROWS, "b").run(50);
    assertThat(loop.tokens).isNotEmpty();
    assertThat(loop.tick(10).status().getWaiting()).isEmpty();
  }

  /** The chains go on, the snapshot says who is imputed, and who returns is heard again. */
  @Test
  void aClientThatVanishesIsLeftOutAndNamedUntilItReturns() throws Exception {
    Loop loop = started(Silos.options(THREE)).run(100);
    assertThat(vector(loop.model(), "imputed")).containsExactly(0, 0, 0);
    loop.deaf.add("b");
    loop.run(1000);
    assertThat(loop.run(10).status().getWaiting()).as("all chains are with b").isEmpty();
    loop.tick(1000).tick(2000);
    long resent = loop.tokens.stream().filter(t -> t.getAttempt() > 0).count();
    assertThat(resent).as("every chain's token, twice").isEqualTo(6);
    loop.tick(4000);
    assertThat(loop.status().getWaiting()).isEqualTo("2 of 3 clients, missing b since 22:13");
    int before = loop.tokens.size();
    loop.run(200);
    List<ChainToken> without = List.copyOf(loop.tokens.subList(before, loop.tokens.size()));
    assertThat(without).hasSizeGreaterThan(60).noneMatch(t -> t.getClient().equals("b"));
    assertThat(without).allMatch(t -> Math.abs(t.getShare() - 0.5) < 1e-15);
    assertThat(vector(loop.model(), "imputed")).containsExactly(0, 1, 0);

    loop.deaf.clear();
    loop.run(20).tick(100);
    assertThat(loop.status().getWaiting()).as("within its grace").contains("missing b");
    loop.tick(600).run(200);
    assertThat(loop.tick(10).status().getWaiting()).isEmpty();
    ChainToken last = loop.tokens.get(loop.tokens.size() - 1);
    assertThat(last.getShare()).isCloseTo(1 / 3.0, within(1e-15));
    assertThat(vector(loop.model(), "imputed")).containsExactly(0, 0, 0);
    assertThat(loop.tokens.subList(before + without.size(), loop.tokens.size()))
        .anyMatch(t -> t.getClient().equals("b"));
    assertThat(loop.letters).isEmpty();
  }

  /**
   * Who is missing is not forgotten: with exact surrogates the draws are those of everybody's
   * posterior. Without c the mean would be 0.5 away, more than five standard deviations.
   */
  @Test
  void theSurrogateOfAMissingClientStandsForItsRows() throws Exception {
    Loop loop = started(Silos.options(Routing.INDEPENDENT, 2, 100, THREE)).run(100);
    loop.deaf.add("c");
    loop.run(1000).tick(1000).tick(2000).tick(4000).run(4000);
    ModelSnapshot m = loop.model();
    assertThat(vector(m, "imputed")).containsExactly(0, 0, 1);
    double[] everybody = centre();
    double sd = Math.sqrt(1 / 120.2);
    for (int j = 0; j < Silos.WIDTH; j++) {
      double ess = vector(m, "ess")[j];
      assertThat(ess).isGreaterThan(100);
      // 4.4 standard errors, and what the estimate of the effective sample size may be off.
      assertThat(vector(m, "mean")[j]).isCloseTo(everybody[j], within(6 * sd / Math.sqrt(ess)));
    }
  }

  /** Mean of the posterior of all rows of three clients. */
  private static double[] centre() {
    double[] centre = new double[Silos.WIDTH];
    for (String client : THREE) {
      for (int i = 0; i < Silos.ROWS; i++) {
        for (int j = 0; j < Silos.WIDTH; j++) {
          centre[j] += Silos.row(client, i)[j] / (60 + 0.2 * 0.5);
        }
      }
    }
    return centre;
  }

  /** What a late answer says of a round that was given up is of no account. */
  @Test
  void anAnswerThatComesAfterItsRoundWasGivenUpIsDropped() {
    Loop loop = started(Silos.options(THREE)).run(100);
    loop.deaf.add("b");
    loop.run(1000).tick(1000).tick(2000).tick(4000);
    TreeMap<String, Integer> sent = new TreeMap<>();
    loop.run(60);
    loop.deaf.clear();
    loop.run(100);
    for (ChainToken t : loop.tokens) {
      if (t.getAttempt() == 0) {
        sent.merge(t.getChain() + "@" + t.getRound(), 1, Integer::sum);
      }
    }
    assertThat(sent.values()).as("each round is sent to one client").containsOnly(1);
  }

  @Test
  void rowsThatComeLaterCountFromANewEpochOn() throws Exception {
    Loop loop = started(Silos.options(THREE)).run(400);
    assertThat(counter(loop.model(), "epoch")).isEqualTo(1);
    long old = counter(loop.model(), "draws");
    loop.rows(Silos.ROWS, Silos.ROWS + 9, "a").run(100);
    assertThat(counter(loop.model(), "epoch")).as("not grown by half").isEqualTo(1);
    loop.rows(Silos.ROWS + 9, Silos.ROWS + 10, "a").run(100);
    assertThat(counter(loop.model(), "epoch")).isEqualTo(2);
    assertThat(counter(loop.model(), "draws")).as("begun anew").isLessThan(old);
    assertThat(loop.tick(60_000).status().getClients().get(0).getEpochRows()).isEqualTo(30);
    assertThat(loop.status().getClients().get(0).getShare()).isEqualTo(30 / 70.0);
    assertThat(loop.letters).isEmpty();
  }

  /** Nobody could tell what a row stands for that comes while its client is away. */
  @Test
  void anEpochIsAgreedOnWithoutAClientThatIsMissing() throws Exception {
    Loop loop = started(Silos.options(THREE)).run(100);
    loop.deaf.add("b");
    loop.run(1000).tick(1000).tick(2000).tick(4000);
    loop.rows(Silos.ROWS, Silos.ROWS + 10, "a").run(100);
    assertThat(counter(loop.model(), "epoch")).isEqualTo(2);
    assertThat(vector(loop.model(), "imputed")).containsExactly(0, 1, 0);
    loop.deaf.clear();
    loop.run(50).tick(600).run(100);
    assertThat(vector(loop.model(), "imputed")).containsExactly(0, 0, 0);
    assertThat(loop.tokens.get(loop.tokens.size() - 1).getEpoch()).isEqualTo(2);
  }

  /** Its statistics are those of its draws; the chain is short, so little more can be said. */
  @Test
  void aPosteriorIsPublishedInItsForm() throws Exception {
    ModelSnapshot m = started(Silos.options(Routing.INDEPENDENT, 2, 4, THREE)).run(600).model();
    assertThat(m.getJob()).isEqualTo("sample");
    assertThat(m.getConfig())
        .containsEntry("model.kind", "gaussian-mean")
        .containsEntry("posterior.reliable", "0")
        .containsEntry("clients.1", "b")
        .containsKey("posterior.reason");
    double[] mean = vector(m, "mean");
    double[] centre = centre();
    for (int j = 0; j < Silos.WIDTH; j++) {
      // Three chains of a thousand steps that begin in the posterior, whose sd is 0.09.
      assertThat(mean[j]).isCloseTo(centre[j], within(0.2));
      assertThat(vector(m, "laplace-variance")[j]).isCloseTo(1 / 120.2, within(1e-12));
    }
    assertThat(vector(m, "covariance")).hasSize(4);
    assertThat(vector(m, "draws").length % Silos.WIDTH).isZero();
    assertThat(vector(m, "visits")).hasSize(3);
    assertThat(counter(m, "chains")).isEqualTo(3);
  }

  @Test
  void whatCannotBeUsedIsADeadLetter() {
    Loop loop = started(Silos.options(THREE)).run(60);
    ChainToken t = loop.tokens.get(0);
    t.setRound(1000L);
    t.setState(ByteBuffer.wrap(new byte[8]));
    loop.toClient(loop.event(1, "a", t));
    t.setState(DoubleBytes.of(new double[2]));
    t.setStepSize(Double.NaN);
    loop.toClient(loop.event(1, "a", t));
    Surrogate s = offer("stranger", 10);
    loop.toRouter(loop.event(2, Silos.POSTERIOR, s));
    s.setKey("another");
    loop.toRouter(loop.event(2, "another", s));
    loop.row("stranger", 1, 2);
    assertThat(loop.letters)
        .extracting(DeadLetter::getReason)
        .containsExactly(
            Reason.MALFORMED,
            Reason.MALFORMED,
            Reason.OUT_OF_DOMAIN,
            Reason.OUT_OF_DOMAIN,
            Reason.OUT_OF_DOMAIN);
    assertThat(loop.letters.get(0).getMessage())
        .isEqualTo(
            "chains-0@"
                + loop.letters.get(0).getOffset()
                + ": state has 8 bytes, must be 2 doubles: those of [theta 2]");
    int answered = loop.answers.size();
    loop.run(50);
    assertThat(loop.answers.size()).as("the chains go on").isGreaterThan(answered);
  }

  private static Surrogate offer(String client, long rows) {
    ByteBuffer none = ByteBuffer.allocate(0);
    return new Surrogate(Silos.POSTERIOR, client, 7L, 0L, 0L, 0, rows, none, none, none, "");
  }

  /** A client that has begun anew has other rows under the same versions. */
  @Test
  void aClientThatBeginsAnewIsAgreedWithAnew() {
    Loop loop = started(Silos.options(THREE)).run(60);
    Surrogate anew = offer("b", 25);
    anew.setClientIncarnation(8L);
    loop.toRouter(loop.event(2, Silos.POSTERIOR, anew));
    int before = loop.tokens.size();
    loop.run(100);
    assertThat(loop.tokens.subList(before, loop.tokens.size()))
        .noneMatch(t -> t.getClient().equals("b"));
    assertThat(loop.tick(10).status().getWaiting()).contains("missing b");
  }

  @Test
  void anAlarmEmitsATickAndAsksForTheNext() {
    Loop loop = started(Silos.options(THREE));
    assertThat(loop.alarms()).containsExactly(Silos.POSTERIOR);
    loop.alarms().clear();
    loop.alarm(Loop.TIME + 120_000);
    assertThat(loop.alarms()).containsExactly(Silos.POSTERIOR);
    assertThat(loop.tick(0).status().getTime().toEpochMilli()).isEqualTo(Loop.TIME + 120_000);
  }

  private static double[] vector(ModelSnapshot m, String name) throws Exception {
    for (Tensor t : m.getTensors()) {
      if (t.getName().equals(name)) {
        return Tensors.doubles(t);
      }
    }
    throw new IllegalStateException("no tensor " + name);
  }

  private static long counter(ModelSnapshot m, String name) {
    return m.getCounters().get(name);
  }
}
