package io.millrace.core.dictionary.coder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.compute.Vectors;
import io.millrace.core.dictionary.CodeMeasures;
import io.millrace.core.dictionary.SparseCoder;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class OmpTest {
  @Property(tries = 500)
  void residualIsOrthogonalToTheAtomsInUseAndNoLargerThanAsked(
      @ForAll Problem.Atoms kind,
      @ForAll @IntRange(min = 1, max = 24) int atoms,
      @ForAll @IntRange(min = 1, max = 14) int dimension,
      @ForAll @IntRange(min = 0, max = 6) int maxAtoms,
      @ForAll @DoubleRange(min = 0, max = 0.9) double stop,
      @ForAll long seed) {
    Problem p = Problem.random(kind, atoms, dimension, seed);
    SparseCoder omp =
        Problem.coder(Omp.SPEC, dimension, Map.of("max-atoms", (double) maxAtoms, "stop", stop));
    double[] code = p.code(omp);
    double[] r = p.residual(code);
    int used = CodeMeasures.nonZeros(atoms, code, 0);
    assertThat(used).isLessThanOrEqualTo(dimension);
    if (maxAtoms > 0) {
      assertThat(used).isLessThanOrEqualTo(maxAtoms);
    }
    double largest = 0;
    double size = Math.sqrt(p.xx);
    for (int j = 0; j < atoms; j++) {
      double norm = Math.sqrt(p.gram.at(j, j));
      double cosine = norm == 0 || size == 0 ? 0 : Math.abs(p.slope(j, r)) / (norm * size);
      if (code[j] != 0) {
        assertThat(cosine).isLessThan(1e-8);
      }
      largest = Math.max(largest, cosine);
    }
    double rr = Vectors.dot(r, 0, r, 0, dimension);
    // From the Gram matrix alone: rounding is that of the terms, which are large where atoms
    // depend.
    double terms = p.xx;
    for (int j = 0; j < atoms; j++) {
      for (int i = 0; i < atoms; i++) {
        terms += Math.abs(code[j] * code[i] * p.gram.at(j, i));
      }
    }
    assertThat(p.gap(omp, code)).isCloseTo(rr, within(1e-13 * terms));
    boolean full = maxAtoms > 0 && used == maxAtoms;
    if (!full && kind == Problem.Atoms.RANDOM) {
      // Either as small as asked, or there was no atom left that could make it smaller.
      assertThat(rr <= stop * p.xx * (1 + 1e-9) || largest < 1e-6).isTrue();
    }
  }

  @Property(tries = 100)
  void everyFurtherAtomMakesTheResidualSmaller(
      @ForAll @IntRange(min = 2, max = 24) int atoms, @ForAll long seed) {
    Problem p = Problem.random(Problem.Atoms.RANDOM, atoms, 14, seed);
    double before = p.xx;
    for (int k = 1; k <= Math.min(atoms, 10); k++) {
      SparseCoder omp = Problem.coder(Omp.SPEC, 14, Map.of("max-atoms", (double) k, "stop", 0.0));
      double after = p.gap(omp, p.code(omp));
      assertThat(after).isLessThan(before);
      before = after;
    }
  }
}
