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

  /** Tried in turn: which rate suits a target depends on the rule, that one does may not. */
  private static final double[] LEARNING_RATES = {1, 0.3, 0.1, 0.03, 0.01, 0.003, 0.001};

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
      double gap = target.value(target.start()) - target.best();
      double left = Double.POSITIVE_INFINITY;
      for (double rate : LEARNING_RATES) {
        if (left > target.goal) {
          left = Math.min(left, gapAfter(optimizer(spec), target, rate) / gap);
        }
      }
      assertThat(left)
          .as("share of the gap that '%s' leaves on target '%s'", spec.id(), target.name)
          .isLessThanOrEqualTo(target.goal);
    }
  }

  private static double gapAfter(Optimizer optimizer, Target target, double rate) {
    OptimizerRun run = new OptimizerRun(optimizer, target.start());
    for (int t = 0; t < target.steps; t++) {
      target.at(t);
      run.step(target, rate);
    }
    double[] theta = new double[target.start().length];
    run.publish(theta);
    double left = target.value(theta) - target.best();
    return Double.isNaN(left) ? Double.POSITIVE_INFINITY : left;
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
