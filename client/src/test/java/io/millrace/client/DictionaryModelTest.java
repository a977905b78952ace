package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.client.export.OnnxModel;
import io.millrace.core.compute.Workspace;
import io.millrace.core.dictionary.learner.DictionaryLearner;
import io.millrace.core.dictionary.learner.DictionaryOptions;
import io.millrace.core.dictionary.learner.SignalScaling;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.schemas.Code;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DictionaryModelTest {
  private static final int M = 6;
  private static final int K = 9;
  private static final Set<String> CODED = Set.of("online", "unfolded");

  private final Random random = new Random(5);
  private final Workspace workspace = new Workspace();
  private DictionaryLearner learner;
  private LearnerState state;

  @ParameterizedTest
  @CsvSource({"DENSE, NONE", "DENSE, CENTER_UNIT_NORM", "SPARSE, UNIT_NORM", "SPARSE, CENTER"})
  void codesAsTheJobDoes(InputSpec.Kind kind, SignalScaling scaling) throws Exception {
    Model exact = Model.of(SnapshotCodec.decode(SnapshotCodec.encode(learned(kind, scaling, 0.1))));
    for (int i = 0; i < 20; i++) {
      double[] x = signal();
      Rows rows = learner.newRows();
      add(rows, x);
      Outcome expected = new Outcome();
      learner.predict(rows, 0, state, expected, workspace);
      SparseCode code = encode(exact, kind, x);
      assertThat(code.dense()).containsExactly(Arrays.copyOf(expected.raw, K), within(1e-9));
      assertThat(code.objective()).isCloseTo(expected.loss, within(1e-9));
      assertThat(code.nonZeros())
          .isEqualTo((int) IntStream.range(0, K).filter(j -> expected.raw[j] != 0).count());
    }
  }

  @ParameterizedTest
  @CsvSource({"DENSE, NONE", "DENSE, CENTER_UNIT_NORM", "SPARSE, UNIT_NORM", "SPARSE, CENTER"})
  void reconstructsInTheSignalsOwnScale(InputSpec.Kind kind, SignalScaling scaling) {
    Model m = Model.of(learned(kind, scaling, 1e-6));
    for (int i = 0; i < 20; i++) {
      double[] x = signal();
      x[1] = 0;
      assertThat(m.reconstruct(encode(m, kind, x))).containsExactly(x, within(1e-3));
    }
    assertThat(m.reconstruct(encode(m, kind, new double[M]))).containsOnly(0);
  }

  @Test
  void aCodeOfTheCodesTopicIsDecodedByItsVersionAlone() {
    Model m = Model.of(learned(InputSpec.Kind.DENSE, SignalScaling.UNIT_NORM, 0.05));
    double[] x = signal();
    SparseCode own = m.encode(x);
    Code published =
        new Code(
            "k",
            "",
            Instant.EPOCH,
            m.incarnation(),
            m.version(),
            1L,
            K,
            IntStream.of(own.indices()).boxed().toList(),
            Arrays.stream(own.values()).boxed().toList(),
            own.objective(),
            own.offset(),
            own.scale());
    assertThat(m.reconstruct(SparseCode.of(published))).containsExactly(m.reconstruct(own));
    published.setVersion(m.version() + 1);
    assertThatThrownBy(() -> m.reconstruct(SparseCode.of(published)))
        .hasMessageContaining("made by version " + (m.version() + 1))
        .hasMessageContaining("decode it with its own");
  }

  @Test
  void saysWhatDoesNotFit() {
    Model dictionary = Model.of(learned(InputSpec.Kind.DENSE, SignalScaling.NONE, 0.1));
    assertThatThrownBy(() -> dictionary.encode(1, 2)).hasMessageContaining("2 values");
    assertThatThrownBy(() -> dictionary.predict(new double[M])).hasMessageContaining("use encode");
    SparseCode other =
        new SparseCode(
            dictionary.incarnation(), dictionary.version(), 4, new int[0], new double[0], 0, 0, 1);
    assertThatThrownBy(() -> dictionary.reconstruct(other))
        .hasMessageContaining("length 4")
        .hasMessageContaining("9");
    assertThatThrownBy(() -> OnnxModel.write(dictionary, new ByteArrayOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dictionary");
    Model linear =
        Model.of(Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F32));
    assertThatThrownBy(() -> linear.encode(new double[Trained.DIMENSION]))
        .hasMessageContaining("use predict");
  }

  @Test
  void aFlatSignalIsNothingOnceItsMeanIsOff() {
    Model m = Model.of(learned(InputSpec.Kind.DENSE, SignalScaling.CENTER_UNIT_NORM, 0.1));
    for (double v : new double[] {0.1, 0.3, 1e-9, -7.7, 1e300}) {
      double[] flat = new double[M];
      Arrays.fill(flat, v);
      SparseCode code = m.encode(flat);
      assertThat(code.objective()).isZero();
      assertThat(code.nonZeros()).isZero();
      assertThat(m.reconstruct(code)).containsOnly(v);
    }
  }

  @Test
  void aSignalBeyondArithmeticGetsNoCode() {
    Model m = Model.of(learned(InputSpec.Kind.DENSE, SignalScaling.NONE, 0.1));
    double[] x = new double[M];
    Arrays.fill(x, 1e308);
    assertThatThrownBy(() -> m.encode(x)).isInstanceOf(IllegalArgumentException.class);
  }

  /** What a configuration claims costs nothing: atoms must be there to be allocated for. */
  @ParameterizedTest
  @CsvSource({
    "online, 8000, 8000, ''",
    "online, 60000000, 1, ''",
    "nmf-kl, 8000, 8000, ''",
    "unfolded, 8000, 8000, ''",
    "orthogonal, 8000, 8000, ''",
    "cp, 8000, 8000, ''",
    "wasserstein-cp, 60000000, 1, ''",
    "wasserstein-cp, 1000000, 1, window=10000"
  })
  void aDictionaryThatClaimsMoreThanItHasIsRefusedAtNoCost(
      String method, String dimension, String atoms, String more) {
    Map<String, String> config =
        new TreeMap<>(
            Map.of(
                "features.kind",
                "dense",
                "features.dimension",
                dimension,
                "dictionary.method",
                method,
                "dictionary.atoms",
                atoms,
                "dictionary.coder",
                CODED.contains(method) ? "cd-lasso" : "",
                "dictionary.scaling",
                "none"));
    if (!more.isEmpty()) {
      config.put("dictionary." + more.split("=")[0], more.split("=")[1]);
    }
    ModelSnapshot s = learned(InputSpec.Kind.DENSE, SignalScaling.NONE, 0.1);
    s.setConfig(config);
    ModelTest.refusedAtNoCost(s);
  }

  private ModelSnapshot learned(InputSpec.Kind kind, SignalScaling scaling, double lambda) {
    learner =
        new DictionaryLearner(
            DictionaryOptions.builder(DictionaryOptions.signals(kind, M), K)
                .scaling(scaling)
                .hyperparameters(Map.of("lambda", lambda, "tolerance", 1e-10, "max-sweeps", 1e6))
                .seed(3)
                .build());
    state = new LearnerState(learner.schema());
    learner.initialize(state, "k");
    Rows rows = learner.newRows();
    for (int b = 0; b < 8; b++) {
      rows.clear();
      for (int r = 0; r < 16; r++) {
        add(rows, signal());
      }
      learner.learn(rows, state, "k", workspace);
    }
    return Trained.snapshot(learner, state, "dictionary", DType.F64, workspace);
  }

  private double[] signal() {
    return random.doubles(M, -3, 3).toArray();
  }

  private static void add(Rows rows, double[] x) {
    rows.beginRow();
    for (int i = 0; i < M; i++) {
      if (rows.dense()) {
        rows.add(x[i]);
      } else if (x[i] != 0) {
        rows.add(i, x[i]);
      }
    }
    rows.endRow(Double.NaN, 1);
  }

  private static SparseCode encode(Model m, InputSpec.Kind kind, double[] x) {
    if (kind == InputSpec.Kind.DENSE) {
      return m.encode(x);
    }
    List<Integer> index = IntStream.range(0, M).filter(i -> x[i] != 0).boxed().toList();
    return m.encode(
        index.stream().mapToInt(i -> i).toArray(), index.stream().mapToDouble(i -> x[i]).toArray());
  }
}
