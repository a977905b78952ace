package io.millrace.core.compute;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.core.ConfigException;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsTest {
  private record Fake(String id, int rank, String unavailableBecause, String arithmetic)
      implements Backends.Provider {
    Fake(String id, int rank, String unavailableBecause) {
      this(id, rank, unavailableBecause, "scalar");
    }

    @Override
    public ComputeBackend backend() {
      return new Computing(id, arithmetic);
    }
  }

  private record Computing(String id, String arithmetic) implements ComputeBackend {
    @Override
    public boolean reproducible() {
      return true;
    }

    @Override
    public Kernels kernels() {
      return ScalarBackend.INSTANCE.kernels();
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
  void whatIsOnlyTakenByNameIsNotLookedAtBefore() {
    Backends.Provider named =
        new Backends.Provider() {
          @Override
          public String id() {
            return "cuda";
          }

          @Override
          public int rank() {
            return Backends.ONLY_BY_NAME;
          }

          @Override
          public String unavailableBecause() {
            throw new IllegalStateException("nobody has asked for it");
          }

          @Override
          public ComputeBackend backend() {
            throw new IllegalStateException("nobody has asked for it");
          }
        };
    assertThat(Backends.select("auto", List.of(named)).reason())
        .isEqualTo(
            "compute backend 'scalar' of those available; not 'cuda': it is only taken where it is"
                + " named");
    assertThat(Backends.resume("scalar", List.of(named)).backend().id()).isEqualTo("scalar");
    assertThatThrownBy(() -> Backends.select("cuda", List.of(named)))
        .hasMessage("nobody has asked for it");
  }

  @Test
  void aRunGoesOnWithTheBestBackendThatGivesItsBits() {
    List<Backends.Provider> three =
        List.of(
            new Fake("simd", 1, ""),
            new Fake("tpu", 3, "", "tpu"),
            new Fake("cuda", 2, "no device; assign one"));
    assertThat(Backends.select("auto", three).backend().id()).isEqualTo("tpu");
    assertThat(Backends.resume("scalar", three).backend().id()).isEqualTo("simd");
    assertThat(Backends.resume("scalar", three).reason())
        .isEqualTo(
            "compute backend 'simd' of those available; not 'tpu': the run has the bits of"
                + " 'scalar'; not 'cuda': no device; assign one");
    assertThat(Backends.resume("tpu", three).backend().id()).isEqualTo("tpu");
    assertThat(Backends.resume("scalar", List.of()).backend().id()).isEqualTo("scalar");
    assertThatThrownBy(() -> Backends.resume("tpu", List.of(new Fake("tpu", 3, "it is off"))))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'tpu' cannot be used: it is off");
    assertThatThrownBy(() -> Backends.resume("tpu", providers))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("'tpu'; known here: [auto, scalar, simd, cuda]");
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

  /** Has any device that it is given. */
  private static final class Devices implements Backends.Provider {
    @Override
    public String id() {
      return "cuda";
    }

    @Override
    public int rank() {
      return Backends.ONLY_BY_NAME;
    }

    @Override
    public String unavailableBecause() {
      return "nobody has given it one";
    }

    @Override
    public ComputeBackend backend() {
      throw new IllegalStateException("without a device");
    }

    @Override
    public boolean hasDevices() {
      return true;
    }

    @Override
    public ComputeBackend backend(int device) {
      return new Computing("cuda:" + device, "scalar");
    }
  }

  @Test
  void aTaskWorksOnTheDeviceThatItHasBeenGiven() {
    List<Backends.Provider> some = List.of(new Fake("simd", 1, ""), new Devices());
    assertThat(Backends.on("cuda", 3, some)).isEqualTo("cuda:3");
    assertThat(Backends.select("cuda:3", some).backend().id()).isEqualTo("cuda:3");
    assertThat(Backends.select("cuda:3", some).reason())
        .isEqualTo("compute backend 'cuda', as configured, on device 3");
    for (String without : List.of("simd", "scalar", "auto")) {
      assertThat(Backends.on(without, 3, some)).isEqualTo(without);
    }
    assertThatThrownBy(() -> Backends.select("simd:3", some))
        .hasMessage("compute.backend = 'simd:3'; known here: [auto, scalar, simd, cuda]");
  }

  @Test
  void noJobNamesADevice() {
    assertThatThrownBy(() -> Backends.requireKnown("cuda:0")).isInstanceOf(ConfigException.class);
  }
}
