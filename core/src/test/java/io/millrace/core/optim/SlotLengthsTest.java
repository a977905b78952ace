package io.millrace.core.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import io.millrace.core.catalog.Optimizers;
import io.millrace.core.features.InputSpec;
import io.millrace.core.optim.ParamLayout.Block;
import io.millrace.core.spec.Hyper;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a rule would keep is counted whatever it comes to, and refused where it is too much. */
class SlotLengthsTest {
  private static final int SIDE = 46_341; // the least whose square is no int

  private static SlotSizes sizes(
      OptimizerSpec spec, Map<String, Double> values, int rows, int cols) {
    ParamLayout layout = new ParamLayout(List.of(new Block("theta", rows, cols, 0)));
    return SlotSizes.of(Optimizers.configure(spec.id(), values).optimizer(), layout);
  }

  @Test
  void noLengthOverflows() {
    for (OptimizerSpec spec : Optimizers.ALL) {
      Map<String, Double> largest = new HashMap<>();
      for (Hyper h : spec.hypers()) {
        if (h.structural()) {
          largest.put(h.name(), h.range().high());
        }
      }
      for (Map<String, Double> values : List.of(Map.<String, Double>of(), largest)) {
        for (int[] shape : new int[][] {{SIDE, 1}, {SIDE, SIDE - 1}, {1, Integer.MAX_VALUE}}) {
          assertThat(sizes(spec, values, shape[0], shape[1]).blocks().values())
              .as("%s of %dx%d under %s", spec.id(), shape[0], shape[1], values)
              .allMatch(n -> n >= 0);
        }
      }
    }
  }

  @Test
  void squaresAreWhatTheyAre() {
    Map<String, Double> window = Map.of("window", (double) SIDE);
    long square = (long) SIDE * SIDE;
    assertThat(sizes(Optimizers.spec("mfac"), window, 3, 1).blocks()).containsEntry("gram", square);
    assertThat(sizes(Optimizers.spec("efcp_topk_mfac"), window, 3, 1).blocks())
        .containsEntry("gram", square);
    assertThat(
            sizes(Optimizers.spec("shampoo"), Map.of("max-dimension", (double) SIDE), SIDE, 1)
                .blocks())
        .containsEntry("l", square);
    assertThat(sizes(Optimizers.spec("psgd_lra_whiten"), Map.of("rank", 1e5), SIDE, 1).blocks())
        .containsEntry("u", square);
  }

  @Test
  void moreThanAKeyCanHoldIsRefusedByBytesAtSubmission() {
    Map<String, Map<String, Double>> tooMuch =
        Map.of(
            "mfac", Map.of("window", (double) SIDE),
            "efcp_topk_mfac", Map.of("window", (double) SIDE),
            "shampoo", Map.of("max-dimension", 1e6),
            "psgd_lra_whiten", Map.of("rank", 1e6),
            "saga", Map.of("size", 1e6));
    tooMuch.forEach(
        (id, values) -> {
          InputSpec input =
              new InputSpec(
                  InputSpec.Kind.DENSE, 50_000, 1, InputSpec.Target.REAL, List.of(), 50_000);
          SupervisedOptions options = SupervisedOptions.of(input, "squared", id, values);
          assertThatThrownBy(() -> new SupervisedLearner(options))
              .as(id)
              .isInstanceOf(ConfigException.class)
              .hasMessageContaining("the state of a key has")
              .hasMessageContaining("bytes; at most 2147475456")
              .hasMessageContaining("'" + id + "'");
        });
  }
}
