package io.millrace.operators.learner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.features.InputSpec;
import io.millrace.operators.shell.KeyedShell;
import io.millrace.schemas.DType;
import io.millrace.schemas.PartCodec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A job on an emulated device: its states and everything it publishes are those of one without, on
 * whichever of them it goes on after a restart, and also where the device is lost on the way.
 */
class DeviceRecoveryOperatorTest {
  /** A product of a mini-batch is large enough for a device. */
  private static final int DIMENSION = 64;

  private static final int ATOMS = 128;
  private static final int BATCH = 64;

  private static final DictionaryOptions LEARNER = DictionaryOptions.of(DIMENSION, ATOMS);

  private static NativeLibrary emulator;

  /** What runs, and on what: changed between two starts. */
  private String backend = "scalar";

  @BeforeAll
  static void build() throws Exception {
    Path library = Path.of("target", "emulator", "libcudaemu.so").toAbsolutePath();
    Process build =
        new ProcessBuilder("../scripts/emulator", "build", library.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(build.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int code = build.waitFor();
    if (code == 3) {
      assertThat(Boolean.getBoolean("millrace.tools.required")).as(said).isFalse();
      System.err.println("skipped: " + said.strip());
    }
    assumeTrue(code != 3, said);
    assertThat(code).as(said).isZero();
    System.setProperty("millrace.cuda.library", library.toString());
    emulator = NativeLibrary.getInstance(library.toString());
  }

  private static long call(String function, Object... arguments) {
    return emulator.getFunction("emu" + function).invokeLong(arguments);
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
    List<Object> items = items();
    backend = backends[0];
    try (Runner r = new Runner(this::shell, HashMapStateBackend::new, 1)) {
      int each = items.size() / backends.length;
      for (int i = 0; i < backends.length; i++) {
        if (i > 0) {
          backend = backends[i];
          r.restart(1);
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
    call("Reset");
    same(run("cuda"), expected);
    assertThat(call("Launches")).as("products done on the device").isGreaterThan(4);
    same(run("cuda", "scalar", "cuda"), expected);
    same(run("simd", "cuda", "auto"), expected);
  }

  @Test
  void aDeviceThatIsLostOrFullChangesNoBit() throws Exception {
    Runner.Result expected = run("scalar");
    for (int after = 0; after < 8; after += 3) {
      call("Reset");
      call("LoseAfter", after);
      same(run("cuda"), expected);
    }
    call("Reset");
    call("SetBudget", 100_000L);
    same(run("cuda", "cuda"), expected);
    call("Reset");
  }

  private static void same(Runner.Result found, Runner.Result expected) {
    assertThat(found.states()).isEqualTo(expected.states());
    assertThat(found.outputs()).isEqualTo(expected.outputs());
  }
}
