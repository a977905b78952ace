package io.millrace.core.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HyperValuesTest {
  private static final Hyper RATE = new Hyper("rate", 0.5, Range.closed(0, 1), "one number");
  private static final Hyper SIZES = Hyper.list("sizes", 8, Range.integers(1, 99), "a list");

  private static HyperValues values(Map<String, Double> given) {
    return HyperValues.of("rule", List.of(RATE, SIZES), given);
  }

  @Test
  void aListThatIsNotGivenIsItsDefaultAlone() {
    assertThat(values(Map.of()).list(SIZES)).containsExactly(8);
    assertThat(values(Map.of()).asMap()).containsOnlyKeys("rate", "sizes");
  }

  @Test
  void aListMayHaveAnyNumberOfElements() {
    HyperValues v = values(Map.of("sizes", 2.0, "sizes-2", 9.0, "sizes-3", 13.0));
    assertThat(v.list(SIZES)).containsExactly(2, 9, 13);
    assertThat(v.named(SIZES)).containsOnlyKeys("sizes", "sizes-2", "sizes-3");
    assertThat(v.named(RATE)).containsOnlyKeys("rate");
  }

  @Test
  void aGapAnElementOutOfRangeAndAListOfWhatIsNoneAreFaults() {
    assertThatThrownBy(() -> values(Map.of("sizes", 2.0, "sizes-3", 13.0)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("rule.sizes-3: 'sizes-2' is not given; a list has no gaps");
    assertThatThrownBy(() -> values(Map.of("sizes-2", 9.0)))
        .hasMessageContaining("rule.sizes-2: 'sizes' is not given");
    assertThatThrownBy(() -> values(Map.of("sizes", 2.0, "sizes-2", 0.0)))
        .hasMessageContaining("rule.sizes-2 = 0.0; must lie in a whole number in [1, 99]");
    for (String name : List.of("rate-2", "sizes-1", "sizes-02", "sizes-x", "sizes-")) {
      assertThatThrownBy(() -> values(Map.of("rate", 0.5, "sizes", 2.0, name, 1.0)))
          .hasMessageContaining("rule has no hyperparameter '" + name + "'");
    }
  }
}
