package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.StateException;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelTest {
  @ParameterizedTest
  @CsvSource({
    "DENSE, logistic, STANDARD", "DENSE, softmax, STANDARD", "DENSE, squared, NONE",
    "DENSE, hinge, STANDARD", "DENSE, poisson, STANDARD", "DENSE, huber, STANDARD",
    "SPARSE, logistic, STANDARD", "SPARSE, softmax, NONE", "SPARSE, quantile, STANDARD",
    "NAMED, logistic, STANDARD", "NAMED, softmax, STANDARD"
  })
  void scoresAsTheLearnerDid(InputSpec.Kind kind, String loss, Scaling scaling) throws Exception {
    for (ModelOptions options : Trained.models()) {
      scoresAs(Trained.on(kind, options, loss, scaling), kind, scaling);
    }
  }

  @Test
  void theRadiusOfIntervalsIsThatOfTheSnapshot() throws Exception {
    ModelSnapshot snapshot =
        Trained.on(InputSpec.Kind.DENSE, Trained.models().get(0), "squared", Scaling.NONE)
            .publish(DType.F64);
    assertThat(Model.of(snapshot).radius()).isEmpty();
    Map<String, Double> metrics = new TreeMap<>(snapshot.getMetrics());
    metrics.put("intervalRadius", 0.5);
    snapshot.setMetrics(metrics);
    assertThat(Model.of(snapshot).radius()).hasValue(0.5);
  }

  private static void scoresAs(Trained trained, InputSpec.Kind kind, Scaling scaling)
      throws Exception {
    Model exact = Model.of(SnapshotCodec.decode(SnapshotCodec.encode(trained.publish(DType.F64))));
    Model rounded = Model.of(trained.publish(DType.F32));
    Random random = new Random(11);
    for (int i = 0; i < 50; i++) {
      double[] x = Trained.row(random, scaling);
      double[] expected = trained.predict(x);
      assertThat(predict(exact, kind, x).values()).containsExactly(expected, within(1e-12));
      for (int k = 0; k < expected.length; k++) {
        assertThat(predict(rounded, kind, x).values()[k])
            .isCloseTo(expected[k], within(1e-3 * Math.max(1, Math.abs(expected[k]))));
      }
    }
  }

  @Test
  void namesTheClass() {
    Model m =
        Model.of(Trained.on(InputSpec.Kind.DENSE, "logistic", Scaling.STANDARD).publish(DType.F64));
    Score score = m.predict(new double[Trained.DIMENSION]);
    assertThat(score.classes()).containsExactly("no", "yes");
    assertThat(score.className()).isEqualTo(score.value() > 0.5 ? "yes" : "no");
    Model regression =
        Model.of(Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F64));
    Score mean = regression.predict(new double[Trained.DIMENSION]);
    assertThat(mean.classIndex()).isEqualTo(-1);
    assertThatThrownBy(mean::className).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void saysWhatDoesNotFit() {
    Model m =
        Model.of(Trained.on(InputSpec.Kind.DENSE, "logistic", Scaling.NONE).publish(DType.F32));
    assertThatThrownBy(() -> m.predict(1, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("2 values")
        .hasMessageContaining("6");
    assertThatThrownBy(() -> m.predict(Map.of("a", 1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> m.tensor("none")).hasMessageContaining("weights");
    assertThatThrownBy(() -> Model.of(Snapshots.of("k", 1, 3)).predict(1, 2, 3))
        .isInstanceOf(StateException.class);
  }

  @Test
  void isSharedByThreads() {
    Trained trained = Trained.on(InputSpec.Kind.NAMED, "softmax", Scaling.STANDARD);
    Model m = Model.of(trained.publish(DType.F64));
    double[][] rows = new double[64][];
    double[][] expected = new double[64][];
    Random random = new Random(3);
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Trained.row(random, Scaling.STANDARD);
      expected[i] = trained.predict(rows[i]);
    }
    AtomicInteger wrong = new AtomicInteger();
    IntStream.range(0, 4000)
        .parallel()
        .forEach(
            i -> {
              double[] p = m.predict(Trained.named(rows[i % 64])).values();
              for (int k = 0; k < p.length; k++) {
                if (Math.abs(p[k] - expected[i % 64][k]) > 1e-12) {
                  wrong.incrementAndGet();
                }
              }
            });
    assertThat(wrong).hasValue(0);
  }

  @Test
  void aNewerVersionOfTheSameConfigurationScoresOnItsOwnWeights() {
    Trained trained = Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE);
    Model old = Model.of(trained.publish(DType.F64));
    double[] x = {1, 1, 1, 1, 1, 1};
    double before = old.predict(x).value();
    io.millrace.schemas.ModelSnapshot next = trained.publish(DType.F64);
    next.setTensors(
        List.of(
            Tensors.of("weights", new int[] {6, 1}, new double[6], DType.F64),
            Tensors.of("bias", new int[] {1}, new double[] {0.25}, DType.F64)));
    Model newer = Model.of(next, AssemblyLimits.DEFAULT, old);
    assertThat(newer.predict(x).value()).isEqualTo(0.25);
    assertThat(old.predict(x).value()).isEqualTo(before);
  }

  /** What a configuration claims costs nothing: only tensors that are there are allocated for. */
  @ParameterizedTest
  @CsvSource({
    "DENSE, features.dimension, 268000000",
    "DENSE, features.dimension, 2147483647",
    "SPARSE, features.dimension, 268000000",
    "NAMED, features.hash-bits, 28"
  })
  void aModelThatClaimsMoreThanItHasIsRefusedAtNoCost(
      InputSpec.Kind kind, String setting, String value) {
    for (ModelOptions options : Trained.models()) {
      ModelSnapshot s = Trained.on(kind, options, "squared", Scaling.STANDARD).publish(DType.F32);
      s.setConfig(new TreeMap<>(s.getConfig()));
      s.getConfig().put(setting, value);
      refusedAtNoCost(s);
      s.setTensors(List.of());
      refusedAtNoCost(s);
    }
  }

  @Test
  void hiddenUnitsThatAreNotThereAreRefusedAtNoCost() {
    ModelSnapshot s =
        Trained.on(InputSpec.Kind.DENSE, ModelOptions.mlp("relu", 4, 3), "squared", Scaling.NONE)
            .publish(DType.F32);
    s.setConfig(new TreeMap<>(s.getConfig()));
    for (String units : List.of("16000", "2147483647")) {
      s.getConfig().put("features.dimension", units);
      s.getConfig().put("model.hidden.0", units);
      s.getConfig().put("model.hidden.1", units);
      refusedAtNoCost(s);
    }
  }

  @Test
  void aModelLargerThanTheLimitsIsNotMadeReady() {
    ModelSnapshot s = Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F32);
    s.setTensors(
        List.of(
            new Tensor("bytes", DType.U8, List.of(4096), ByteBuffer.wrap(new byte[4096]), null),
            s.getTensors().get(0)));
    assertThatThrownBy(Model.of(s, new AssemblyLimits(8192, 8192, 4))::requireUsable)
        .isInstanceOf(StateException.class)
        .hasMessageContaining("16384")
        .hasMessageContaining("AssemblyLimits");
  }

  static void refusedAtNoCost(ModelSnapshot s) {
    ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    long before = memory.getThreadAllocatedBytes(thread);
    assertThatThrownBy(Model.of(s)::requireUsable).isInstanceOf(StateException.class);
    assertThat(memory.getThreadAllocatedBytes(thread) - before).isLessThan(4L << 20);
  }

  @Test
  void featuresBeyondArithmeticGetNoScore() {
    double[] x = new double[Trained.DIMENSION];
    Arrays.fill(x, 1e308);
    ModelSnapshot s = Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F64);
    double[] weights = new double[Trained.DIMENSION];
    Arrays.fill(weights, 1);
    List<Tensor> tensors = new ArrayList<>(s.getTensors());
    tensors.replaceAll(
        t ->
            t.getName().equals("weights")
                ? Tensors.of("weights", Tensors.shape(t), weights, DType.F64)
                : t);
    s.setTensors(tensors);
    Model m = Model.of(s);
    assertThatThrownBy(() -> m.predict(x))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1.0E308");
    assertThat(m.predict(new double[Trained.DIMENSION]).value()).isFinite();
    for (String loss : List.of("logistic", "softmax", "squared")) { // scaled values are bounded
      Model scaled =
          Model.of(Trained.on(InputSpec.Kind.DENSE, loss, Scaling.STANDARD).publish(DType.F64));
      assertThat(scaled.predict(x).values()).doesNotContain(Double.NaN);
    }
  }

  @Test
  void anIndexThatComesTwiceIsRefusedAsTheJobDoes() {
    Model m =
        Model.of(Trained.on(InputSpec.Kind.SPARSE, "squared", Scaling.STANDARD).publish(DType.F64));
    assertThatThrownBy(() -> m.predict(new int[] {4, 1, 4}, new double[] {1, 2, 3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("index 4");
    assertThat(m.predict(new int[] {4, 1}, new double[] {1, 2}).value())
        .isEqualTo(m.predict(new int[] {1, 4}, new double[] {2, 1}).value());
  }

  private static Score predict(Model m, InputSpec.Kind kind, double[] x) {
    return switch (kind) {
      case DENSE -> m.predict(x);
      case SPARSE -> {
        int[] index = IntStream.range(0, x.length).filter(j -> x[j] != 0).toArray();
        yield m.predict(index, IntStream.of(index).mapToDouble(j -> x[j]).toArray());
      }
      case NAMED -> m.predict(Trained.named(x));
    };
  }
}
