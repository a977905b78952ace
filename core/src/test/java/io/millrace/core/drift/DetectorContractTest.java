package io.millrace.core.drift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.compute.Workspace;
import io.millrace.core.rng.Draws;
import io.millrace.core.rng.PhiloxDraws;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What every detector of the registry does. */
class DetectorContractTest {
  static final List<DetectorSpec> ALL = Detectors.ALL;

  private static final int CHANGE = 3000;
  private static final int LENGTH = 6000;

  private final Draws draws = new PhiloxDraws(5, "errors");

  /** Errors: one in ten, and after the change seven in ten. */
  private double error(int i) {
    return draws.coin(i, i < CHANGE ? 0.1 : 0.7) ? 1 : 0;
  }

  /** A detector at work on a block that begins at an odd place. */
  private static final class Run {
    final PhiloxDraws own = new PhiloxDraws(7, "detector");
    final DetectorContext context = new DetectorContext(own, new Workspace());
    final Detector detector;
    double[] block;
    final List<Integer> told = new ArrayList<>();
    final List<Signal> signals = new ArrayList<>();

    Run(DetectorSpec spec) {
      detector = spec.byDefault();
      block = new double[3 + detector.length()];
    }

    Signal add(int i, double x) {
      own.at(i);
      context.clear();
      Signal s = detector.add(block, 3, x, context);
      signals.add(s);
      if (s == Signal.ROSE || s == Signal.FELL) {
        told.add(i);
        assertThat(context.statistic()).as("statistic at %s", i).isNotNaN();
        assertThat(context.threshold()).as("threshold at %s", i).isNotNaN();
      }
      return s;
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void tellsThatErrorsHaveBecomeMany(DetectorSpec spec) {
    Run run = new Run(spec);
    for (int i = 0; i < LENGTH; i++) {
      run.add(i, error(i));
    }
    assertThat(run.told).as("after the change").anyMatch(i -> i >= CHANGE && i < CHANGE + 1000);
    assertThat(run.block).startsWith(0, 0, 0);
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void isCalmWhereNothingChangesAtAll(DetectorSpec spec) {
    for (double x : new double[] {0, 1}) {
      Run run = new Run(spec);
      for (int i = 0; i < CHANGE; i++) {
        run.add(i, x);
      }
      assertThat(run.signals).containsOnly(Signal.CALM);
    }
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void goesOnFromACopyOfItsBlockAsIfNothingHadHappened(DetectorSpec spec) {
    Run whole = new Run(spec);
    Run first = new Run(spec);
    for (int i = 0; i < LENGTH; i++) {
      if (i % 701 == 700) { // another subtask goes on from what was kept
        Run next = new Run(spec);
        next.block = first.block.clone();
        next.signals.addAll(first.signals);
        first = next;
      }
      whole.add(i, error(i));
      first.add(i, error(i));
    }
    assertThat(first.signals).isEqualTo(whole.signals);
    assertThat(Arrays.equals(first.block, whole.block)).isTrue();
  }

  @ParameterizedTest
  @FieldSource("ALL")
  void isAsNewAfterARestart(DetectorSpec spec) {
    Run run = new Run(spec);
    for (int i = 0; i < CHANGE; i++) {
      run.add(i, error(i));
    }
    run.detector.restart(run.block, 3);
    assertThat(run.block).containsOnly(0);
  }

  @Test
  void anUnknownDetectorAndBadSettingsAreNamed() {
    assertThatThrownBy(() -> Detectors.spec("adwinn"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("no detector 'adwinn'; known: [adwin, page-hinkley, ddm");
    assertThatThrownBy(
            () -> HddmA.SPEC.make(Map.of("drift", 0.0, "x", 1.0), Map.of("decrease", "no")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("drift.decrease = 'no'; must be one of [reset, ignore, alarm]")
        .hasMessageContaining("hddm-a.drift = 0.0; must lie in (0, 1)")
        .hasMessageContaining("hddm-a has no hyperparameter 'x'");
    assertThatThrownBy(() -> Kswin.SPEC.make(Map.of("recent", 51.0), Map.of()))
        .hasMessageContaining("kswin.recent = 51; must be at most half of kswin.window = 100");
  }
}
