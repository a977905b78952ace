package io.millrace.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What detectors do beside the figures of the golden files. */
class DetectorsTest {
  private final Draws draws = new PhiloxDraws(11, "errors");

  /** Errors at rate .1 and, from value 1000 on, at .5. */
  private double error(int i) {
    return draws.coin(i, i < 1000 ? 0.1 : 0.5) ? 1 : 0;
  }

  @Test
  void aConstantStreamIsCalm() {
    Adwin adwin = new Adwin(0.01);
    PageHinkley test = PageHinkley.rising(0.005, 50);
    double[] window = new double[adwin.length()];
    double[] sums = new double[PageHinkley.LENGTH];
    for (int i = 0; i < 5000; i++) {
      assertThat(adwin.add(window, 0, 1)).isEqualTo(Signal.CALM);
      assertThat(test.add(sums, 0, 1)).isEqualTo(Signal.CALM);
    }
    assertThat(adwin.width(window, 0)).isEqualTo(5000);
  }

  @Test
  void errorsThatRiseAreToldAndTheOldWindowGoes() {
    Adwin adwin = new Adwin(0.002);
    double[] block = new double[3 + adwin.length()];
    List<Integer> told = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      if (adwin.add(block, 3, error(i)) == Signal.ROSE) {
        told.add(i);
      }
    }
    assertThat(told).isNotEmpty().allMatch(i -> i >= 1000);
    assertThat(told.get(0)).isLessThan(1200);
    assertThat(adwin.width(block, 3)).isBetween(700.0, 1300.0);
    assertThat(block).startsWith(0, 0, 0);
  }

  @Test
  void errorsThatFallAreNotRisingErrors() {
    Adwin adwin = new Adwin(0.002);
    double[] block = new double[adwin.length()];
    List<Signal> told = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      Signal s = adwin.add(block, 0, 1 - error(i));
      if (s != Signal.CALM) {
        told.add(s);
      }
    }
    assertThat(told).isNotEmpty().containsOnly(Signal.FELL);
  }

  @Test
  void pageHinkleyWarnsBeforeItTellsAndBeginsAnew() {
    PageHinkley test = PageHinkley.rising(0.005, 50);
    double[] block = new double[PageHinkley.LENGTH];
    List<Signal> told = new ArrayList<>();
    for (int i = 0; i < 2000 && !told.contains(Signal.ROSE); i++) {
      Signal s = test.add(block, 0, error(i));
      if (s != Signal.CALM) {
        told.add(s);
      }
    }
    assertThat(told).startsWith(Signal.WARNING).endsWith(Signal.ROSE);
    assertThat(block).containsOnly(0);
  }

  @Test
  void aWindowOfMillionsForgetsItsOldestPart() {
    Adwin adwin = new Adwin(0.002, 1 << 30, 1, 5, 10); // never tries a cut
    double[] block = new double[adwin.length()];
    for (int i = 0; i < 3_000_000; i++) {
      adwin.add(block, 0, i & 1);
    }
    assertThat(adwin.width(block, 0)).isBetween(0x1p19, 0x1p21);
    assertThat(adwin.total(block, 0) / adwin.width(block, 0)).isCloseTo(0.5, within(1e-6));
  }
}
