package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.compute.cuda.Emulator;
import io.millrace.core.compute.Backends;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.features.InputSpec;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import java.util.ServiceLoader;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.plugin.PluginManager;
import org.apache.flink.runtime.externalresource.ExternalResourceInfoProvider;
import org.apache.flink.runtime.externalresource.ExternalResourceUtils;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A job on an emulated device: its states and everything it publishes are those of one without, on
 * whichever of them it goes on after a restart, and also where the device is lost on the way.
 */
class DeviceRecoveryOperatorTest {
  private static Emulator device;

  /** A product of a mini-batch is large enough for a device. */
  private static final int DIMENSION = 64;

  private static final int ATOMS = 128;
  private static final int BATCH = 64;

  private static final DictionaryOptions LEARNER = DictionaryOptions.of(DIMENSION, ATOMS);

  /** What runs, and on what: changed between two starts. */
  private String backend = "scalar";

  @BeforeAll
  static void build() throws Exception {
    device = Emulator.load();
  }

  private KeyedShell shell() {
    InputSpec input = DictionaryOptions.signals(InputSpec.Kind.DENSE, DIMENSION);
    LearnerOptions options =
        LearnerOptions.builder(Stream.TOPICS, input)
            .miniBatch(BATCH)
            .snapshots(
                Shells.snapshots(BATCH, null, false, DType.F64, PartCodec.DEFAULT_PART_BYTES))
            .build();
    LearnerFactory factory = on -> new DictionaryLearner(LEARNER.withBackend(on));
    return new KeyedShell(Shells.stageOptions(options, 4, backend), Shells.stage(options, factory));
  }

  private static List<Object> items() {
    Stream s = new Stream();
    Random random = new Random(3);
    for (int i = 0; i < 4 * BATCH; i++) {
      double[] x = random.doubles(DIMENSION, -1, 1).toArray();
      s.signal(i % 2 == 0 ? "a" : "b", "", 1, 1, x);
    }
    return s.items();
  }

  private Runner.Result run(String... backends) throws Exception {
    return run(ExternalResourceInfoProvider.NO_EXTERNAL_RESOURCES, 1, backends);
  }

  private Runner.Result run(
      ExternalResourceInfoProvider resources, int parallelism, String... backends)
      throws Exception {
    List<Object> items = items();
    backend = backends[0];
    try (Runner r = new Runner(this::shell, HashMapStateBackend::new, parallelism, resources)) {
      int each = items.size() / backends.length;
      for (int i = 0; i < backends.length; i++) {
        if (i > 0) {
          backend = backends[i];
          r.restart(parallelism);
        }
        int to = i == backends.length - 1 ? items.size() : (i + 1) * each;
        r.feed(items.subList(i * each, to));
      }
      assertThat(r.models).hasSizeGreaterThanOrEqualTo(4);
      return r.result();
    }
  }

  @Test
  void aJobMovesBetweenDeviceAndProcessorBitEqual() throws Exception {
    Runner.Result expected = run("scalar");
    device.emuReset();
    same(run("cuda"), expected);
    assertThat(device.emuLaunches()).as("products done on the device").isGreaterThan(4);
    same(run("cuda", "scalar", "cuda"), expected);
    same(run("simd", "cuda", "auto"), expected);
  }

  @Test
  void aDeviceThatIsLostOrFullChangesNoBit() throws Exception {
    Runner.Result expected = run("scalar");
    for (int after = 0; after < 8; after += 3) {
      device.emuReset();
      device.emuLoseAfter(after);
      same(run("cuda"), expected);
    }
    device.emuReset();
    device.emuSetBudget(100_000L);
    same(run("cuda", "cuda"), expected);
    device.emuReset();
  }

  /** What a discovery script finds, asked as a task manager asks it. */
  private static ExternalResourceInfoProvider found(Path directory, String indexes, int amount)
      throws Exception {
    Path script = directory.resolve("discover");
    Files.writeString(script, "#!/bin/sh\necho " + indexes + "\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    Configuration cluster = new Configuration();
    cluster.setString("external-resources", "gpu");
    cluster.setString(
        "external-resource.gpu.driver-factory.class", FoundByScript.Factory.class.getName());
    cluster.setString("external-resource.gpu.amount", Integer.toString(amount));
    cluster.setString("external-resource.gpu.param.discovery-script.path", script.toString());
    return ExternalResourceUtils.createStaticExternalResourceInfoProviderFromConfig(
        cluster, new ClassPath());
  }

  /** Plugins that lie on the class path. */
  private static final class ClassPath implements PluginManager {
    @Override
    public <P> Iterator<P> load(Class<P> service) {
      return ServiceLoader.load(service).iterator();
    }
  }

  @Test
  void subtasksWorkOnTheDevicesThatFlinkHasFound(@TempDir Path directory) throws Exception {
    Runner.Result expected = run("scalar");
    device.emuReset();
    same(run(found(directory, "0", 1), 1, "cuda"), expected);
    assertThat(device.emuLaunches()).isGreaterThan(4);
    assertThat(figure("cuda:0", "launches")).isGreaterThan(4);
  }

  @Test
  void aDeviceThatFlinkNamesAndIsNotThereChangesNoBit(@TempDir Path directory) throws Exception {
    Runner.Result expected = run("scalar");
    device.emuReset();
    same(run(found(directory, "7", 1), 1, "cuda", "cuda", "scalar"), expected);
    assertThat(device.emuLaunches()).isZero();
    assertThat(figure("cuda:7", "fallbacks")).isPositive();
    assertThat(figure("cuda:7", "launches")).isZero();
  }

  @Test
  void subtasksTakeTheDevicesInTurn(@TempDir Path directory) throws Exception {
    ExternalResourceInfoProvider two = found(directory, "9,8", 2);
    assertThat(run(two, 3, "cuda").states()).isEqualTo(run("scalar").states());
    assertThat(figure("cuda:8", "fallbacks")).isPositive();
    assertThat(figure("cuda:9", "fallbacks")).isPositive();
    assertThat(run(two, 3, "auto").states()).as("a job that names no device").isNotEmpty();
  }

  @Test
  void anIndexThatIsNoNumberEndsTheJob(@TempDir Path directory) throws Exception {
    ExternalResourceInfoProvider named = found(directory, "GPU-5a1e", 1);
    assertThatThrownBy(() -> run(named, 1, "cuda"))
        .hasRootCauseMessage(
            "external-resource.gpu: a device has the index 'GPU-5a1e', which must be the number of"
                + " a device, at least 0; mend the discovery script");
  }

  private static long figure(String backend, String name) {
    return Backends.select(backend).backend().figures().get(name).getAsLong();
  }

  private static void same(Runner.Result found, Runner.Result expected) {
    assertThat(found.states()).isEqualTo(expected.states());
    assertThat(found.outputs()).isEqualTo(expected.outputs());
  }
}
