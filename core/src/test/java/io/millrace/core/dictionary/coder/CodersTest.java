package io.millrace.core.dictionary.coder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.CoderSpec;
import io.millrace.core.dictionary.SparseCoder;
import io.millrace.core.dictionary.learner.Coders;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every coder of the catalogue. */
class CodersTest {
  static List<CoderSpec> all() {
    return Coders.ALL;
  }

  private static SparseCoder coder(CoderSpec spec, int dimension) {
    return Problem.coder(spec, dimension, Map.of());
  }

  @ParameterizedTest
  @MethodSource("all")
  void isFoundByItsIdAndNamesIt(CoderSpec spec) {
    assertThat(Coders.spec(spec.id())).isSameAs(spec);
    assertThat(coder(spec, 4).id()).isEqualTo(spec.id());
  }

  @ParameterizedTest
  @MethodSource("all")
  void codesTheZeroSignalByZeros(CoderSpec spec) {
    Problem random = Problem.random(Problem.Atoms.RANDOM, 9, 5, 3);
    Problem p = new Problem(9, random.d, new double[5]);
    assertThat(p.code(coder(spec, 5))).containsOnly(0);
    assertThat(p.gap(coder(spec, 5), new double[9])).isZero();
  }

  @ParameterizedTest
  @MethodSource("all")
  void codesUnderADictionaryOfZerosByZeros(CoderSpec spec) {
    Problem p = new Problem(3, new double[6], new double[] {1, -2});
    assertThat(p.code(coder(spec, 2))).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("all")
  void ofTwoEqualAtomsTheFirstIsUsed(CoderSpec spec) {
    Problem p = new Problem(3, new double[] {0, 1, 1, 0, 1, 0}, new double[] {2, 0});
    double[] code = p.code(coder(spec, 2));
    assertThat(code[1]).isPositive();
    if (spec.id().endsWith("ista")) {
      // Both take the same steps: one of many solutions.
      assertThat(code[2]).isEqualTo(code[1]);
    } else {
      assertThat(code[2]).isZero();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void writesNothingBesideTheCodeAndGivesTheSameBitsAgain(CoderSpec spec) {
    Problem p = Problem.random(Problem.Atoms.RANDOM, 17, 8, 5);
    SparseCoder coder = coder(spec, 8);
    double[] first = new double[Problem.OFFSET + 17 + 2];
    Arrays.fill(first, 0, Problem.OFFSET, 7);
    Arrays.fill(first, Problem.OFFSET + 17, first.length, 7);
    double[] second = first.clone();
    double[] c = p.c.clone();
    Workspace used = new Workspace();
    Problem other = Problem.random(Problem.Atoms.CORRELATED, 20, 8, 6);
    coder.encode(other.gram, other.c, Problem.OFFSET, other.xx, new double[40], 0, used);
    p.encode(coder, first);
    coder.encode(p.gram, p.c, Problem.OFFSET, p.xx, second, Problem.OFFSET, used);
    assertThat(second).isEqualTo(first);
    assertThat(first).startsWith(7, 7, 7).endsWith(7, 7);
    assertThat(p.c).isEqualTo(c);
  }

  @ParameterizedTest
  @MethodSource("all")
  void limitOfStepsIsReported(CoderSpec spec) {
    if (spec == Omp.SPEC) {
      return; // its limit is the number of atoms, which is a result like any other
    }
    Problem p = Problem.random(Problem.Atoms.CORRELATED, 17, 8, 5);
    SparseCoder coder = Problem.coder(spec, 8, Map.of("lambda", 1e-3 * p.top(), "max-sweeps", 1.0));
    assertThat(p.encode(coder, new double[20])).isNegative();
  }

  @ParameterizedTest
  @MethodSource("all")
  void allocatesNothingInSteadyState(CoderSpec spec) {
    Problem p = Problem.random(Problem.Atoms.RANDOM, 48, 24, 5);
    SparseCoder coder = coder(spec, 24);
    Workspace workspace = new Workspace();
    double[] a = new double[Problem.OFFSET + 48];
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    int codes = 60;
    long least = Long.MAX_VALUE;
    for (int round = 0; round < 8; round++) {
      long before = threads.getThreadAllocatedBytes(thread);
      for (int t = 0; t < codes; t++) {
        Arrays.fill(a, 0);
        coder.encode(p.gram, p.c, Problem.OFFSET, p.xx, a, Problem.OFFSET, workspace);
        coder.gap(p.gram, p.c, Problem.OFFSET, p.xx, a, Problem.OFFSET, workspace);
      }
      least = Math.min(least, threads.getThreadAllocatedBytes(thread) - before);
    }
    // Asking for the count may itself allocate, once per round.
    assertThat(least).as("bytes allocated by %d codes", codes).isLessThan(codes * 8);
  }

  @Test
  void signsOfTheAtomsDoNotMatter() {
    Problem p = Problem.random(Problem.Atoms.RANDOM, 12, 8, 9);
    double[] turned = p.d.clone();
    for (int i = 0; i < 8; i++) {
      turned[2 * 8 + i] *= -1;
    }
    Problem q = new Problem(12, turned, p.x);
    for (CoderSpec spec : Coders.ALL) {
      double[] code = p.code(coder(spec, 8));
      double[] other = q.code(coder(spec, 8));
      other[2] *= -1;
      assertThat(other).containsExactly(code, within(1e-12));
    }
  }

  @Test
  void unknownIdNamesTheKnownOnes() {
    assertThatThrownBy(() -> Coders.spec("lasso"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no sparse coder 'lasso'; known: [cd-lasso, lars-lasso, omp");
  }
}
