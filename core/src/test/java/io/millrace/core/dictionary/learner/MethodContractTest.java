package io.millrace.core.dictionary.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.dictionary.MethodSpec;
import io.millrace.core.rng.PhiloxDraws;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every method of dictionary learning, with its own defaults. */
class MethodContractTest {
  private static final int SIZE = 6;
  private static final int BATCH = 7;

  static List<String> methods() {
    return Methods.ALL.stream().map(MethodSpec::id).toList();
  }

  private static MethodRun run(String method) {
    Map<String, Double> shape = method.endsWith("cp") ? Map.of("rows", 2.0) : Map.of();
    return new MethodRun(method, SIZE, SIZE, Map.of(), shape);
  }

  /** Sums of two of a few patterns, none of them negative. */
  private static double[] signals(int batch) {
    PhiloxDraws draws = new PhiloxDraws(3, "signals");
    draws.at(batch);
    double[] x = new double[BATCH * SIZE];
    for (int r = 0; r < BATCH; r++) {
      for (int pattern = 0; pattern < 2; pattern++) {
        int p = draws.index(2L * r + pattern, 4);
        double size = 0.2 + draws.fork(9).uniform(2L * r + pattern);
        for (int i = 0; i < SIZE; i++) {
          x[r * SIZE + i] += size * ((p * 7 + i * 5) % 6) / 6.0;
        }
      }
    }
    return x;
  }

  @ParameterizedTest
  @MethodSource("methods")
  void goesOnBitForBitFromACopyWithFreshScratch(String method) {
    MethodRun whole = run(method);
    MethodRun second = run(method);
    for (int t = 0; t < 12; t++) {
      double[] x = signals(t);
      double[] before = x.clone();
      assertThat(whole.step(x)).isTrue();
      assertThat(x).isEqualTo(before);
      if (t == 5) {
        second.copyFrom(whole);
      } else if (t > 5) {
        second.step(x);
      }
    }
    assertThat(second.bits()).isEqualTo(whole.bits());
  }

  @ParameterizedTest
  @MethodSource("methods")
  void codesDoNotDependOnTheBatchAndChangeNothing(String method) {
    MethodRun run = run(method);
    for (int t = 0; t < 5; t++) {
      run.step(signals(t));
    }
    String before = run.bits();
    double[] x = signals(6);
    double[][] together = run.encode(x);
    int length = run.method.codeLength();
    for (int r = 0; r < BATCH; r++) {
      double[][] alone = run.encode(Arrays.copyOfRange(x, r * SIZE, (r + 1) * SIZE));
      double[] code = Arrays.copyOfRange(together[0], r * length, (r + 1) * length);
      assertThat(alone[0]).containsExactly(code, within(1e-12));
      assertThat(alone[1][0]).isCloseTo(together[1][r], within(1e-12));
    }
    assertThat(run.bits()).isEqualTo(before);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void readersOfTheModelCodeAlike(String method) {
    MethodRun run = run(method);
    for (int t = 0; t < 20; t++) {
      run.step(signals(t));
    }
    MethodRun reader = run(method);
    reader.warmStart(run.publish());
    double[] x = signals(21);
    assertThat(reader.encode(x)[0]).containsExactly(run.encode(x)[0], within(1e-6));
    double[] mine = new double[SIZE];
    double[] theirs = new double[SIZE];
    run.method.reconstruct(run.state, run.encode(x)[0], 0, mine, 0);
    reader.method.reconstruct(reader.state, reader.encode(x)[0], 0, theirs, 0);
    assertThat(theirs).containsExactly(mine, within(1e-6));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void objectivesFall(String method) {
    MethodRun run = run(method);
    double early = Double.NaN;
    for (int t = 0; t < 60; t++) {
      run.step(signals(t));
      early = Double.isNaN(early) ? run.method.objective(run.state) : early;
    }
    double late = run.method.objective(run.state);
    // Codes that leave nothing out have no objective to lower.
    assertThat(late).isLessThanOrEqualTo(Math.max(early, 1e-20));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void allocatesNothingInSteadyState(String method) {
    MethodRun run = run(method);
    double[][] batches = new double[8][];
    for (int t = 0; t < batches.length; t++) {
      batches[t] = signals(t);
    }
    for (int t = 0; t < 100; t++) {
      run.step(batches[t & 7]);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    for (int t = 0; t < 20; t++) {
      run.step(batches[t & 7]);
    }
    long after = threads.getThreadAllocatedBytes(Thread.currentThread().getId());
    assertThat((after - before) / 20).isLessThan(200);
  }

  @ParameterizedTest
  @MethodSource("methods")
  void aStepIsFiniteOrChangesNothing(String method) {
    MethodRun run = run(method);
    run.step(signals(0));
    run.step(signals(1));
    String before = run.bits();
    double[] huge = new double[2 * SIZE];
    Arrays.fill(huge, 1e200);
    if (!run.step(huge)) {
      assertThat(run.bits()).isEqualTo(before);
    }
    for (int i = 0; i < run.state.schema().size(); i++) {
      assertThat(Arrays.stream(run.state.block(i)).allMatch(Double::isFinite)).isTrue();
    }
  }
}
