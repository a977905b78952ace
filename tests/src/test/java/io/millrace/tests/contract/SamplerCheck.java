package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.compute.Workspace;
import io.millrace.core.optim.StateSlots;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.rng.Purpose;
import io.millrace.core.sample.Anchor;
import io.millrace.core.sample.GaussianPrior;
import io.millrace.core.sample.LocalStep;
import io.millrace.core.sample.NaturalGaussian;
import io.millrace.core.sample.Shard;
import io.millrace.core.sample.chain.Chain;
import io.millrace.core.sample.chain.Sampler;
import io.millrace.core.sample.chain.VisitOptions;
import io.millrace.core.sample.gaussian.LinearRegression;
import io.millrace.core.state.LearnerState;
import java.lang.management.ManagementFactory;
import java.util.function.Consumer;

/** What every estimator with every diffusion promises. */
enum SamplerCheck {
  THE_SAME_VISIT_GIVES_THE_SAME_BITS(SamplerCheck::repeats),
  A_COPIED_STATE_GOES_ON_WITH_THE_SAME_BITS(SamplerCheck::continues),
  AT_TEMPERATURE_ZERO_NO_NOISE_IS_DRAWN(SamplerCheck::cold),
  THE_MEAN_OVER_ROWS_IS_THE_GRADIENT_OVER_ALL(SamplerCheck::unbiased),
  A_CLIENT_WITHOUT_ROWS_ADDS_NOTHING(SamplerCheck::empty),
  A_VISIT_THAT_OVERFLOWS_IS_TAKEN_BACK(SamplerCheck::overflows),
  ALLOCATES_NOTHING_PER_STEP(SamplerCheck::allocatesNothing);

  private static final int SIZE = 3;
  private static final int ROWS = 7;
  private static final double SHARE = 0.4;
  private static final double STEP_SIZE = 1e-3;

  private final Consumer<Sampler> check;

  SamplerCheck(Consumer<Sampler> check) {
    this.check = check;
  }

  /**
   * Checks a sampler.
   *
   * @param sampler with mini-batches of one row, where it draws them
   */
  void run(Sampler sampler) {
    check.accept(sampler);
  }

  private static double[] start() {
    return new double[] {0.8, 1.2, 0.5}; // positive, for those who keep to that
  }

  private static Shard shard(int rows) {
    double[] x = new double[rows * SIZE];
    double[] y = new double[rows];
    PhiloxDraws draws = new PhiloxDraws(9, "contract");
    for (int i = 0; i < x.length; i++) {
      x[i] = draws.normal(i);
    }
    for (int i = 0; i < rows; i++) {
      y[i] = draws.fork(Purpose.INITIALIZATION).normal(i);
    }
    LinearRegression likelihood = new LinearRegression(SIZE, x, y, 0.5);
    return new Shard(
        likelihood,
        new GaussianPrior(0.5),
        SHARE,
        NaturalGaussian.diagonal(new double[] {1, -2, 3}, new double[] {2, 3, 1}),
        Anchor.of(likelihood, new double[] {0.5, 1, 0.7}));
  }

  private static double[] after(Sampler sampler, int pieces) {
    Shard shard = shard(ROWS);
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(start());
    LearnerState client = chains.meet(shard, chain);
    for (int p = 0; p < pieces; p++) {
      boolean fine =
          new Chain(sampler, 6, new Workspace())
              .visit(
                  chain,
                  "c",
                  shard,
                  client,
                  VisitOptions.of(60 / pieces, STEP_SIZE),
                  (step, theta) -> {});
      assertThat(fine).isTrue();
      chain = chain.copy();
      client = client.copy();
    }
    return chain.block(Sampler.THETA);
  }

  private static void repeats(Sampler sampler) {
    assertThat(after(sampler, 1)).isEqualTo(after(sampler, 1)).isNotEqualTo(start());
  }

  private static void continues(Sampler sampler) {
    assertThat(after(sampler, 6)).isEqualTo(after(sampler, 1));
  }

  /** Draws with other noise: what does not draw it does not see it. */
  private record OtherNoise(Draws inner, double noise) implements Draws {
    @Override
    public double uniform(long index) {
      return inner.uniform(index);
    }

    @Override
    public double normal(long index) {
      return noise;
    }

    @Override
    public int index(long index, int bound) {
      return inner.index(index, bound);
    }

    @Override
    public Draws fork(int purpose) {
      return new OtherNoise(inner.fork(purpose), noise);
    }
  }

  private static double[] stepped(Sampler sampler, double temperature, double noise) {
    Shard shard = shard(ROWS);
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(start());
    LearnerState client = chains.meet(shard, chain);
    LocalStep step = new LocalStep(new Workspace());
    PhiloxDraws draws = new PhiloxDraws(6, "c");
    for (int t = 0; t < 20; t++) {
      sampler.step(
          shard,
          chain.block(Sampler.THETA),
          new StateSlots(chain),
          new StateSlots(client),
          step.aim(t, STEP_SIZE, temperature, new OtherNoise(draws.at(t), noise)));
    }
    return chain.block(Sampler.THETA);
  }

  private static void cold(Sampler sampler) {
    assertThat(stepped(sampler, 0, 1)).isEqualTo(stepped(sampler, 0, Double.NaN));
    assertThat(stepped(sampler, 1, 1)).isNotEqualTo(stepped(sampler, 1, -1));
  }

  /** Draws that choose one row. */
  private record OneRow(int row) implements Draws {
    @Override
    public double uniform(long index) {
      throw new AssertionError("uniform numbers are not for mini-batches");
    }

    @Override
    public double normal(long index) {
      throw new AssertionError("normals are not for mini-batches");
    }

    @Override
    public int index(long index, int bound) {
      return row;
    }

    @Override
    public Draws fork(int purpose) {
      return this;
    }
  }

  private static void unbiased(Sampler sampler) {
    Shard shard = shard(ROWS);
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(start());
    LearnerState client = chains.meet(shard, chain);
    chains.visit(chain, "c", shard, client, VisitOptions.of(13, STEP_SIZE), (step, theta) -> {});
    double[] theta = chain.block(Sampler.THETA);
    double[] mean = new double[SIZE];
    double[] meanOfRows = new double[SIZE];
    for (int row = 0; row < ROWS; row++) {
      double[] one = new double[SIZE];
      double[] meanRow = new double[SIZE];
      LocalStep step = new LocalStep(new Workspace()).aim(13, STEP_SIZE, 1, new OneRow(row));
      sampler.estimator().estimate(shard, theta, new StateSlots(client.copy()), step, one, meanRow);
      for (int i = 0; i < SIZE; i++) {
        mean[i] += one[i] / ROWS;
        meanOfRows[i] += meanRow[i] / ROWS;
      }
    }
    double[] all = new double[SIZE];
    shard.likelihood().addGradient(theta, 1, all);
    for (int i = 0; i < SIZE; i++) {
      assertThat(mean[i]).isCloseTo(all[i] / SHARE, within(1e-12 * (1 + Math.abs(all[i]))));
      assertThat(meanOfRows[i]).isCloseTo(all[i] / ROWS, within(1e-12 * (1 + Math.abs(all[i]))));
    }
  }

  private static void empty(Sampler sampler) {
    Shard shard = shard(0);
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(start());
    LearnerState client = chains.meet(shard, chain);
    double[] out = new double[SIZE];
    LocalStep step =
        new LocalStep(new Workspace()).aim(0, STEP_SIZE, 1, new PhiloxDraws(1, "empty"));
    sampler
        .estimator()
        .estimate(shard, start(), new StateSlots(client), step, out, new double[SIZE]);
    assertThat(out).containsOnly(0);
    assertThat(
            chains.visit(
                chain, "c", shard, client, VisitOptions.of(5, STEP_SIZE), (t, theta) -> {}))
        .isTrue();
  }

  private static void overflows(Sampler sampler) {
    Shard shard = shard(ROWS);
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(start());
    LearnerState client = chains.meet(shard, chain);
    boolean fine =
        chains.visit(chain, "c", shard, client, VisitOptions.of(5_000, 1e200), (step, theta) -> {});
    assertThat(fine).isFalse();
    assertThat(chain.steps()).isZero();
    assertThat(chain.block(Sampler.THETA)).isEqualTo(start());
    for (int b = 1; b < chain.schema().size(); b++) {
      assertThat(chain.block(b)).containsOnly(0);
    }
  }

  private static void allocatesNothing(Sampler sampler) {
    Shard shard = shard(ROWS);
    Chain chains = new Chain(sampler, 6, new Workspace());
    LearnerState chain = chains.begin(start());
    LearnerState client = chains.meet(shard, chain);
    VisitOptions visit = VisitOptions.of(2_000, 1e-6);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      chains.visit(chain, "c", shard, client, visit, (step, theta) -> {});
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    // A visit may allocate, and so may asking for the count.
    assertThat(least).as("bytes allocated by 2000 steps").isLessThan(1_000);
  }
}
