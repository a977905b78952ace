package io.millrace.cli.dashboard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SeriesTest {
  @Test
  void keepsTheNewestHalfWholeAndThinsWhatIsOlder() {
    Series s = new Series(0);
    for (int i = 1; i <= 10_000; i++) {
      s.add(i, 10L * i, Map.of("loss", (double) i), 1000);
      assertThat(s.size()).isLessThanOrEqualTo(1000);
    }
    assertThat(s.added()).isEqualTo(10_000);
    long[] times = s.times(0);
    long[] events = s.events(0);
    double[] loss = s.column("loss", 0);
    for (int i = 0; i < times.length; i++) {
      assertThat(events[i]).isEqualTo(10 * times[i]);
      assertThat(loss[i]).isEqualTo(times[i]);
      if (i > 0) {
        assertThat(times[i]).isGreaterThan(times[i - 1]);
      }
    }
    // The last 375 at least were never in the older half.
    for (int i = times.length - 375; i < times.length; i++) {
      assertThat(times[i] - times[i - 1]).isEqualTo(1);
    }
    // Back to the first, the further apart the older.
    assertThat(times[0]).isEqualTo(1);
    assertThat(times[1]).isLessThan(5000);
    assertThat(times[10] - times[9]).isGreaterThan(times[200] - times[199]);
  }

  @Test
  void aFigureThatComesLaterOrNotAlwaysIsNotKnownElsewhere() {
    Series s = new Series(0);
    s.add(1, 1, Map.of("a", 1.0), 100);
    s.add(2, 2, Map.of("b", 2.0), 100);
    assertThat(s.column("a", 0)).containsExactly(1, Double.NaN);
    assertThat(s.column("b", 0)).containsExactly(Double.NaN, 2);
    assertThat(s.last("c", 5)).isEmpty();
  }

  @Test
  void aSmallerBoundTakesPointsAway() {
    Series s = new Series(0);
    for (int i = 0; i < 100; i++) {
      s.add(i, i, Map.of(), 1000);
    }
    int generation = s.generation();
    s.add(100, 100, Map.of(), 16);
    assertThat(s.size()).isLessThanOrEqualTo(16);
    assertThat(s.generation()).isGreaterThan(generation);
    assertThat(s.times(s.size() - 1)).containsExactly(100);
  }

  @Test
  void manyFiguresAreBounded() {
    Series s = new Series(0);
    for (int i = 0; i < 1000; i++) {
      s.add(i, i, Map.of("figure" + i, 1.0), 1000);
    }
    assertThat(s.names()).hasSize(Series.MOST_COLUMNS);
  }
}
