package io.millrace.tests.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.millrace.cli.catalog.OracleCalls;
import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.optim.Optimizer;
import io.millrace.core.optim.OptimizerRun;
import io.millrace.core.optim.OptimizerSpec;
import io.millrace.core.optim.SparseSupport;
import io.millrace.core.rng.PhiloxDraws;
import io.millrace.core.spec.Hyper;
import io.millrace.core.state.LearnerState;
import io.millrace.golden.Golden;
import io.millrace.tests.golden.GoldenFiles;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.DoubleStream;
import org.assertj.core.data.Offset;

/** What every optimizer of the catalog has to satisfy; none of it knows an optimizer by name. */
enum OptimizerCheck {
  HAS_A_SOURCE(
      spec -> {
        assertThat(spec.source().citation()).hasSizeGreaterThan(20);
        assertThat(spec.id()).matches("[a-z0-9]+(_[a-z0-9]+)*");
        assertThat(spec.stateVersion()).isPositive();
        spec.hypers().forEach(h -> assertThat(h.name()).matches("[a-z0-9]+(-[a-z0-9]+)*"));
        spec.hypers().forEach(h -> assertThat(h.doc()).isNotBlank());
      }),
  TAKES_THE_STEPS_OF_ITS_GOLDEN_FILE(
      spec -> {
        List<Path> files = GoldenFiles.ofMethod(spec.id());
        assertThat(files).as("golden files of '%s'", spec.id()).isNotEmpty();
        files.forEach(
            f -> assertThat(Golden.check(f, spec.id()).reason()).as(f.toString()).isEmpty());
      }),
  REFUSES_VALUES_OUT_OF_RANGE(
      spec -> {
        for (Hyper h : Optimizers.hypers(spec)) {
          assertThatThrownBy(() -> Optimizers.configure(spec.id(), Map.of(h.name(), Double.NaN)))
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining(spec.id() + "." + h.name() + " = NaN; must lie in ");
        }
      }),
  CONVERGES(OptimizerCheck::converges),
  MAKES_PROGRESS_AT_ITS_DEFAULT_RATE(OptimizerCheck::makesProgress),
  MAKES_PROGRESS_UNDER_HEAVY_TAILS(OptimizerCheck::takesHeavyTails),
  SHOWS_AN_OVERFLOW(spec -> variants(spec).forEach(OptimizerCheck::showsAnOverflow)),
  STANDS_STILL_AT_A_RATE_OF_ZERO(spec -> variants(spec).forEach(OptimizerCheck::standsStill)),
  CONTINUES_BIT_EQUAL_FROM_A_COPY(
      spec -> variants(spec).forEach(OptimizerCheck::continuesBitEqual)),
  STAYS_FINITE_AT_A_ZERO_GRADIENT(spec -> variants(spec).forEach(OptimizerCheck::staysFinite)),
  SPARSE_EQUALS_DENSE_WHERE_EXACT(
      spec -> variants(spec).forEach(OptimizerCheck::sparseEqualsDense)),
  ASKS_ONLY_WHAT_IT_DECLARES(
      spec -> {
        Optimizer optimizer = optimizer(spec);
        Target target = Target.all().get(0);
        OptimizerRun run = new OptimizerRun(optimizer, target.start());
        for (int t = 0; t < 20; t++) {
          run.step(new Asked(target, optimizer.needs()), spec.defaultLearningRate());
        }
        assertThat(run.steps()).isEqualTo(20);
        assertThat(OracleCalls.of(spec).keySet()).isNotEmpty().isSubsetOf(optimizer.needs());
      }),
  PUBLISHES_ANOTHER_POINT_WHERE_IT_SAYS_SO(OptimizerCheck::publishes),
  ALLOCATES_NOTHING_PER_STEP(OptimizerCheck::allocatesNothing);

  /** Tried in turn: which rate suits a target depends on the rule, that some do may not. */
  private static final double[] LEARNING_RATES = {1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001};

  /** A rate at which a rule reaches a goal is no accident if it does at one so much away, too. */
  private static final double NEIGHBOUR = 1.6;

  /** What has to be gone of a gap where nothing was tuned. */
  private static final double SOME_PROGRESS = 0.9;

  private static final Offset<Double> AT_ROUNDING = Offset.offset(1e-15);

  private final Consumer<OptimizerSpec> check;

  OptimizerCheck(Consumer<OptimizerSpec> check) {
    this.check = check;
  }

  void run(OptimizerSpec spec) {
    check.accept(spec);
  }

  private static Optimizer optimizer(OptimizerSpec spec) {
    return Optimizers.configure(spec.id(), Map.of()).optimizer();
  }

  /** With its defaults, and with each hyperparameter in turn at a few other values it may have. */
  private static List<Optimizer> variants(OptimizerSpec spec) {
    List<Map<String, Double>> settings = new ArrayList<>(List.of(Map.of()));
    for (Hyper h : spec.hypers()) {
      DoubleStream.of(0, 0.25, 1)
          .filter(h.range()::contains)
          .forEach(v -> settings.add(Map.of(h.name(), v)));
    }
    return settings.stream().map(s -> Optimizers.configure(spec.id(), s).optimizer()).toList();
  }

  private static void converges(OptimizerSpec spec) {
    for (Target target : Target.all()) {
      double[] left =
          DoubleStream.of(LEARNING_RATES)
              .filter(rate -> left(spec, target, rate) <= target.goal)
              .map(
                  rate ->
                      Math.min(
                          left(spec, target, rate * NEIGHBOUR),
                          left(spec, target, rate / NEIGHBOUR)))
              .filter(neighbour -> neighbour <= target.goal)
              .limit(1)
              .toArray();
      assertThat(left)
          .as("rates next to each other at which '%s' reaches '%s'", spec.id(), target.name)
          .isNotEmpty();
    }
  }

  /** Share of the gap that is left at the end. */
  private static double left(OptimizerSpec spec, Target target, double rate) {
    double[] after = gaps(optimizer(spec), target, rate, 1);
    return Double.isNaN(after[0]) ? Double.POSITIVE_INFINITY : after[0];
  }

  /** Shares of the gap that are left after each of the last steps. */
  private static double[] gaps(Optimizer optimizer, Target target, double rate, int last) {
    OptimizerRun run = new OptimizerRun(optimizer, target.start());
    double gap = target.value(target.start()) - target.best();
    double[] theta = new double[target.start().length];
    double[] gaps = new double[last];
    for (int t = 0; t < target.steps; t++) {
      target.at(t);
      run.step(target, rate);
      int at = t - target.steps + last;
      if (at >= 0) {
        run.publish(theta);
        gaps[at] = (target.value(theta) - target.best()) / gap;
      }
    }
    return gaps;
  }

  private static void makesProgress(OptimizerSpec spec) {
    for (Target target : Target.all()) {
      assertThat(left(spec, target, spec.defaultLearningRate()))
          .as("share of the gap left on '%s'", target.name)
          .isLessThan(SOME_PROGRESS);
    }
  }

  /** Noise without a mean throws any rule far out now and then; most of the time it is nearer. */
  private static void takesHeavyTails(OptimizerSpec spec) {
    double[] gaps = gaps(optimizer(spec), Target.heavyTailed(), spec.defaultLearningRate(), 500);
    assertThat(gaps).doesNotContain(Double.NaN);
    Arrays.sort(gaps);
    assertThat(gaps[gaps.length / 2]).as("median share of the gap").isLessThan(SOME_PROGRESS);
  }

  /**
   * A gradient of any size is taken, or the overflow is there to be seen. A rule whose steps are
   * the same at two sizes far apart does not see the size; then it does not where squares overflow.
   */
  private static void showsAnOverflow(Optimizer optimizer) {
    for (int ordinary : new int[] {0, 3}) {
      double[] one = moved(optimizer, ordinary, 60);
      double[] other = moved(optimizer, ordinary, 100);
      boolean blind = one != null && other != null && alike(one, other);
      for (int power : new int[] {154, 160, 200, 300}) {
        assertThat(moved(optimizer, ordinary, -power))
            .as("where gradients of 1e-%d lead", power)
            .isNotNull();
        double[] far = moved(optimizer, ordinary, power);
        assertThat(!blind || far == null || alike(one, far))
            .as(
                "steps at 1e%d, %s, are those at 1e60, %s",
                power, Arrays.toString(far), Arrays.toString(one))
            .isTrue();
      }
    }
  }

  private static boolean alike(double[] a, double[] b) {
    for (int i = 0; i < a.length; i++) {
      if (!(Math.abs(a[i] - b[i]) <= 1e-6 * Math.abs(a[i]) + 1e-12)) {
        return false;
      }
    }
    return true;
  }

  /** Where twelve steps lead, those behind the ordinary ones with gradients of a size. */
  private static double[] moved(Optimizer optimizer, int ordinary, int power) {
    OptimizerRun run = new OptimizerRun(optimizer, new double[] {0.5, -0.5, 1});
    Gradients f = new Gradients(3);
    double size = Double.parseDouble("1e" + power);
    for (int t = 0; t < 12; t++) {
      for (int i = 0; i < f.g.length; i++) {
        f.g[i] = (t < ordinary ? 1 : size) * ((t + i) % 3 - 0.75);
      }
      run.step(f, 0.05);
      if (!finite(run.state())) {
        return null;
      }
    }
    return run.theta();
  }

  private static boolean finite(LearnerState state) {
    for (int i = 0; i < state.schema().size(); i++) {
      if (!Arrays.stream(state.block(i)).allMatch(Double::isFinite)) {
        return false;
      }
    }
    return true;
  }

  private static void standsStill(Optimizer optimizer) {
    Target target = Target.all().get(3);
    OptimizerRun run = new OptimizerRun(optimizer, target.start());
    for (int t = 0; t < 20; t++) {
      target.at(t);
      run.step(target, 0);
      assertThat(run.theta())
          .as("after step %d at a rate of 0", t)
          .containsExactly(target.start(), AT_ROUNDING);
    }
    run(run, target, 40);
    assertThat(finite(run.state())).as("finite once the rate is above 0").isTrue();
  }

  private static void continuesBitEqual(Optimizer optimizer) {
    for (int stop : new int[] {0, 1, 7}) {
      Target target = Target.all().get(3);
      OptimizerRun undisturbed = new OptimizerRun(optimizer, target.start());
      run(undisturbed, target, stop);
      OptimizerRun continued = undisturbed.copy();
      LearnerState before = continued.state().copy();
      run(undisturbed, target, 20);
      assertSameBits(before, continued.state());
      run(continued, target, 20);
      assertSameBits(undisturbed.state(), continued.state());
    }
  }

  private static void run(OptimizerRun run, Target target, int until) {
    while (run.steps() < until) {
      target.at(run.steps());
      run.step(target, 0.05);
    }
  }

  private static void assertSameBits(LearnerState a, LearnerState b) {
    assertThat(b.steps()).isEqualTo(a.steps());
    for (int i = 0; i < a.schema().size(); i++) {
      assertThat(Arrays.stream(b.block(i)).mapToLong(Double::doubleToRawLongBits).toArray())
          .as("block '%s'", a.schema().name(i))
          .isEqualTo(Arrays.stream(a.block(i)).mapToLong(Double::doubleToRawLongBits).toArray());
    }
  }

  private static void staysFinite(Optimizer optimizer) {
    for (double start : new double[] {0, 1}) {
      double[] theta = {start, start, start};
      OptimizerRun run = new OptimizerRun(optimizer, theta);
      Gradients f = new Gradients(theta.length);
      for (int t = 0; t < 10; t++) {
        // Zero from the start, then a gradient, then zero again.
        Arrays.fill(f.g, t == 5 ? 1 : 0);
        run.step(f, 0.1);
        for (int i = 0; i < run.state().schema().size(); i++) {
          assertThat(Arrays.stream(run.state().block(i)).allMatch(Double::isFinite))
              .as("block '%s' after step %d", run.state().schema().name(i), t)
              .isTrue();
        }
      }
    }
  }

  private static void sparseEqualsDense(Optimizer optimizer) {
    if (optimizer.sparse() != SparseSupport.EXACT) {
      return;
    }
    double[] start = {0.5, 0, -0.25, 1, 0, 2, -1};
    OptimizerRun dense = new OptimizerRun(optimizer, start);
    PackedRun packed = new PackedRun(optimizer, start);
    Gradients f = new Gradients(start.length);
    PhiloxDraws draws = new PhiloxDraws(1, "sparse");
    for (int t = 0; t < 40; t++) {
      double rate = 0.1 / Math.sqrt(t + 1);
      f.draw(draws, t, 3);
      dense.step(f, rate);
      packed.step(f.g, rate);
      assertSameBits(dense.state(), packed.state());
    }
  }

  private static void publishes(OptimizerSpec spec) {
    Optimizer optimizer = optimizer(spec);
    Target target = Target.all().get(0);
    OptimizerRun run = new OptimizerRun(optimizer, target.start());
    double[] published = new double[target.start().length];
    run.publish(published);
    assertThat(published).as("before the first step").containsExactly(target.start(), AT_ROUNDING);
    boolean another = false;
    for (int t = 0; t < 20; t++) {
      run.step(target, spec.defaultLearningRate());
      run.publish(published);
      another |= !Arrays.equals(published, run.theta());
    }
    assertThat(another)
        .as("whether another point than the parameters was published")
        .isEqualTo(optimizer.publishesAnotherPoint());
  }

  private static void allocatesNothing(OptimizerSpec spec) {
    Target target = Target.all().get(3);
    OptimizerRun run = new OptimizerRun(optimizer(spec), target.start());
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int steps = 2_000;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 10; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int t = 0; t < steps; t++) {
        run.step(target, 1e-3);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    // Asking for the count may itself allocate, once per round.
    assertThat(least).as("bytes allocated by %d steps", steps).isLessThan(steps / 2);
  }
}
