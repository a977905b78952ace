package io.millrace.core.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.catalog.Optimizers;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.Objective;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.ParamLayout;
import io.millrace.core.optim.StateSlots;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.Routing;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.GaussianLaw;
import io.millrace.core.state.LearnerState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Visits of a chain to a client. */
class VisitTest {
  private static final double H = 1e-3;

  private final Silos silos = new Silos(3);
  private final Sampler sampler = Silos.sampler("mini-batch", 5);

  private Shard shard() {
    return silos.shards(silos.epoch("exact")).get(1);
  }

  /** The catalogue's own rule, descending on the negative of the same estimates. */
  @Test
  void atTemperatureZeroItIsStochasticGradientDescent() {
    Shard shard = shard();
    Chain chains = new Chain(sampler, 4, new Workspace());
    LearnerState chain = chains.begin(new double[] {1, -1});
    LearnerState client = chains.meet(shard, chain);
    List<double[]> points = new ArrayList<>();
    chains.visit(
        chain,
        "c",
        shard,
        client,
        VisitOptions.of(40, H).at(0),
        (step, theta) -> points.add(theta.clone()));
    OptimizerRun sgd =
        new OptimizerRun(Optimizers.configure("sgd", Map.of()).optimizer(), new double[] {1, -1});
    PhiloxDraws draws = new PhiloxDraws(4, "c");
    LocalStep step = new LocalStep(new Workspace());
    for (int t = 0; t < 40; t++) {
      step.aim(t, H, 0, draws.at(t));
      sgd.step(new Negative(sampler, shard, client, step), H / 2);
      assertThat(sgd.theta()).as("step %d", t).isEqualTo(points.get(t));
    }
  }

  private record Negative(Sampler sampler, Shard shard, LearnerState client, LocalStep step)
      implements Objective {
    @Override
    public ParamLayout layout() {
      return ParamLayout.vector(Silos.SIZE);
    }

    @Override
    public double value(double[] theta) {
      throw new AssertionError("not asked for");
    }

    @Override
    public void gradient(double[] theta, double[] out) {
      sampler.drift(shard, theta, new StateSlots(client), step, out, new double[out.length]);
      for (int i = 0; i < out.length; i++) {
        out[i] = -out[i];
      }
    }
  }

  @Test
  void aVisitIsTheSameInOnePieceAndInMany() {
    Shard shard = shard();
    Chain chains = new Chain(sampler, 4, new Workspace());
    LearnerState whole = chains.begin(new double[Silos.SIZE]);
    LearnerState parts = chains.begin(new double[Silos.SIZE]);
    LearnerState none = chains.meet(shard, whole);
    chains.visit(whole, "c", shard, none, VisitOptions.of(60, H), (step, theta) -> {});
    for (int l : new int[] {1, 9, 20, 30}) {
      new Chain(sampler, 4, new Workspace())
          .visit(parts, "c", shard, none, VisitOptions.of(l, H), (step, theta) -> {});
      parts = parts.copy();
    }
    assertThat(parts.block(Sampler.THETA)).isEqualTo(whole.block(Sampler.THETA));
    assertThat(parts.steps()).isEqualTo(60);
  }

  @Test
  void chainsAndSeedsDrawApart() {
    List<double[]> ends = new ArrayList<>();
    for (long seed : new long[] {4, 5}) {
      for (String id : new String[] {"a", "b"}) {
        Chain chains = new Chain(sampler, seed, new Workspace());
        LearnerState chain = chains.begin(new double[Silos.SIZE]);
        chains.visit(
            chain,
            id,
            shard(),
            chains.meet(shard(), chain),
            VisitOptions.of(5, H),
            (step, theta) -> {});
        ends.add(chain.block(Sampler.THETA));
      }
    }
    assertThat(ends).doesNotHaveDuplicates();
  }

  @Test
  void aVisitThatDivergesLeavesTheChainAsItWas() {
    Chain chains = new Chain(sampler, 4, new Workspace());
    LearnerState chain = chains.begin(new double[] {1, -1});
    LearnerState client = chains.meet(shard(), chain);
    assertThat(
            chains.visit(chain, "c", shard(), client, VisitOptions.of(3, H), (step, theta) -> {}))
        .isTrue();
    double[] before = chain.block(Sampler.THETA).clone();
    assertThat(
            chains.visit(
                chain, "c", shard(), client, VisitOptions.of(500, 10), (step, theta) -> {}))
        .isFalse();
    assertThat(chain.block(Sampler.THETA)).isEqualTo(before);
    assertThat(chain.steps()).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Routing.class)
  void visitsAreSharedOutAsAgreed(Routing routing) {
    double[] shares = {0.5, 0.2, 0.3};
    long[] visits = new long[3];
    PhiloxDraws draws = new PhiloxDraws(1, "routing");
    int rounds = 20_000;
    for (int round = 0; round < rounds; round++) {
      visits[routing.next(shares, visits, draws.at(round), new Workspace())]++;
    }
    for (int s = 0; s < 3; s++) {
      double sd = Math.sqrt(rounds * shares[s] * (1 - shares[s]));
      assertThat((double) visits[s]).isCloseTo(rounds * shares[s], within(4.4 * sd));
    }
  }

  @Test
  void theDistanceOfGaussiansIsThatOfOneDimension() {
    GaussianLaw a = new GaussianLaw(new double[] {1}, new double[] {4});
    GaussianLaw b = new GaussianLaw(new double[] {4}, new double[] {36});
    assertThat(a.wasserstein(b, Silos.KERNELS)).isCloseTo(5, within(1e-12));
    assertThat(a.wasserstein(a, Silos.KERNELS)).isZero();
    // Of commuting covariances it is that of the roots of the eigenvalues.
    GaussianLaw wide = new GaussianLaw(new double[2], new double[] {5, 4, 4, 5});
    GaussianLaw narrow = new GaussianLaw(new double[2], new double[] {2.5, 1.5, 1.5, 2.5});
    assertThat(wide.wasserstein(narrow, Silos.KERNELS)).isCloseTo(1, within(1e-12));
  }
}
