package io.millrace.core.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private record Fake(String id, int rank, String unavailableBecause) implements Backends.Provider {
    @Override
    public ComputeBackend backend() {
      return ScalarBackend.INSTANCE;
    }
  }

  private final List<Backends.Provider> providers =
      List.of(new Fake("simd", 1, ""), new Fake("cuda", 2, "no device; assign one"));

  @Test
  void autoTakesTheBestAvailableAndSaysWhatItPassedOver() {
    assertThat(Backends.select("auto").backend().id()).isEqualTo("scalar");
    assertThat(Backends.select("auto", providers).reason())
        .contains("not 'cuda': no device; assign one");
  }

  @Test
  void aNamedBackendThatIsNotThereIsAFault() {
    assertThat(Backends.select("simd", providers).reason()).contains("'simd', as configured");
    assertThatThrownBy(() -> Backends.select("cuda", providers))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'cuda' cannot be used: no device");
    assertThatThrownBy(() -> Backends.select("tpu", providers))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'tpu'; known here: [auto, scalar, simd, cuda]");
  }
}
