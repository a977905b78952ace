package io.millrace.bench.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class GaugeTest {
  @Test
  void endsWhenOnlyChunksThatAreNotFullCanBeMissing() {
    Gauge gauge = Gauge.expect(1000, 2); // 490 are enough: two chunks
    gauge.begin();
    gauge.chunk();
    assertThatThrownBy(gauge::perSecond)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("256 examples reached the learner");
    gauge.chunk();
    double rate = gauge.perSecond();
    assertThat(rate).isPositive();
    gauge.chunk(); // no longer counts
    assertThat(gauge.perSecond()).isEqualTo(rate);
    assertThat(Gauge.current()).isSameAs(gauge);
  }

  @Test
  void refusesRunsThatAreNotToBeTimed() {
    assertThatThrownBy(() -> Gauge.expect(510, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("510 examples, must be at least 511");
  }
}
