package io.millrace.bench.learner;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.bench.Figures;
import io.millrace.bench.samples.Samples;
import io.millrace.bench.samples.Shape;
import io.millrace.core.scaling.Scaling;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContendersTest {
  private final Samples samples = new Samples(Shape.DENSE_32, 5_000, 1);

  @Test
  void ourLearnerLearnsWhatItIsTimedOn() {
    MillraceContender ours = new MillraceContender("millrace", samples, 0.1, Scaling.NONE);
    assertThat(ours.pass().wallSeconds()).isPositive();
    assertThat(ours.accuracy()).isGreaterThan(0.8);
    assertThat(ours.stateBytes()).isGreaterThanOrEqualTo(33 * Double.BYTES);
  }

  @Test
  void tribuoTakesTheSameSamples() {
    assertThat(new TribuoContender(samples, 0.1).pass().cpuSeconds()).isPositive();
  }

  @Test
  void samplesForOtherProgramsHaveTheStatedLayout(@TempDir Path dir) throws IOException {
    Path file = dir.resolve("samples.bin");
    new Samples(Shape.SPARSE_1000, 10, 1).write(file);
    assertThat(Files.size(file)).isEqualTo(16 + 10 + 10 * 40 * 8);
  }

  @Test
  void theMedianOfAnEvenNumberIsBetweenTheMiddleTwo() {
    assertThat(Figures.median(new double[] {4, 1, 3, 2})).isEqualTo(2.5);
    assertThat(Figures.median(new double[] {4, 1, 3})).isEqualTo(3);
  }
}
