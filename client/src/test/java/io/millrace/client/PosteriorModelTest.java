package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.client.export.OnnxModel;
import io.millrace.core.features.InputSpec;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.sample.posterior.Reliability;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.StateException;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Predictions with the draws of a posterior. */
class PosteriorModelTest {
  private static final Reliability FINE = new Reliability(true, "");
  private static final double[] X = {1.5, -0.5, 2};
  private static final int DRAWS = 8;

  private static List<ModelOptions> models() {
    return List.of(ModelOptions.linear(), ModelOptions.mlp("tanh", 4, 3), ModelOptions.fm(2));
  }

  /** Each draw as a model of its own, scored by itself. */
  private static double[][] scores(Drawn drawn) {
    return IntStream.range(0, Drawn.CHAINS * DRAWS)
        .mapToObj(i -> Model.of(drawn.one(i)).predict(X).values())
        .toArray(double[][]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"logistic", "softmax", "squared", "poisson"})
  void aPosteriorScoresAsItsDrawsDo(String loss) throws Exception {
    for (ModelOptions options : models()) {
      Drawn drawn = new Drawn(loss, options, DRAWS);
      double[][] scores = scores(drawn);
      ModelSnapshot s = drawn.publish(1, FINE, DType.F64);
      Model model = Model.of(SnapshotCodec.decode(SnapshotCodec.encode(s)));
      Score score = model.predict(X);
      Predictive all = model.predictive(X);
      assertThat(all.score().values()).isEqualTo(score.values());
      assertThat(all.draws()).isEqualTo(scores.length);
      assertThat(all.outputs()).isEqualTo(scores[0].length);
      for (int k = 0; k < all.outputs(); k++) {
        int output = k;
        double[] one = Arrays.stream(scores).mapToDouble(v -> v[output]).sorted().toArray();
        double mean = Arrays.stream(one).average().orElseThrow();
        double square = Arrays.stream(one).map(v -> (v - mean) * (v - mean)).sum();
        assertThat(score.values()[k]).isCloseTo(mean, within(1e-12 * (1 + Math.abs(mean))));
        assertThat(all.deviation(k))
            .isCloseTo(Math.sqrt(square / (one.length - 1)), within(1e-12 * (1 + square)));
        assertThat(all.quantile(k, 0)).isEqualTo(one[0]);
        assertThat(all.quantile(k, 1)).isEqualTo(one[one.length - 1]);
        // The middle half of 16 draws: a quarter of the way at place 3.75, three at 11.25.
        Predictive.Interval half = all.interval(k, 0.5);
        assertThat(half.low()).isCloseTo(one[3] + 0.75 * (one[4] - one[3]), within(1e-12));
        assertThat(half.high()).isCloseTo(one[11] + 0.25 * (one[12] - one[11]), within(1e-12));
      }
    }
  }

  @Test
  void theClassIsThatOfTheMeans() {
    Drawn drawn = new Drawn("softmax", ModelOptions.linear(), DRAWS);
    Score score = Model.of(drawn.publish(1, FINE, DType.F64)).predict(X);
    double most = Arrays.stream(score.values()).max().orElseThrow();
    assertThat(score.values()[score.classIndex()]).isEqualTo(most);
    assertThat(Arrays.stream(score.values()).sum()).isCloseTo(1, within(1e-12));
    assertThat(score.className()).isEqualTo(score.classes().get(score.classIndex()));
  }

  /** What is said about a version is no setting: the next version shares what using it takes. */
  @Test
  void aNewerVersionScoresWithItsOwnDraws() {
    Model old =
        Model.of(
            new Drawn("squared", ModelOptions.linear(), DRAWS)
                .publish(1, new Reliability(false, "too few draws to judge; wait"), DType.F64));
    double before = old.predict(X).value();
    ModelSnapshot next =
        new Drawn("squared", ModelOptions.linear(), 2 * DRAWS).publish(2, FINE, DType.F64);
    Model newer = Model.of(next, AssemblyLimits.DEFAULT, old);
    assertThat(newer.predictive(X).draws()).isEqualTo(4 * DRAWS);
    assertThat(newer.predict(X).value()).isEqualTo(Model.of(next).predict(X).value());
    assertThat(old.predict(X).value()).isEqualTo(before);
    assertThat(old.doubt()).isEqualTo("too few draws to judge; wait");
    assertThat(newer.doubt()).isEmpty();
  }

  @Test
  void saysWhatDoesNotFit() {
    Drawn drawn = new Drawn("logistic", ModelOptions.linear(), DRAWS);
    Model posterior = Model.of(drawn.publish(1, FINE, DType.F32));
    assertThatThrownBy(() -> posterior.predict(1, 2)).hasMessageContaining("2 values");
    assertThatThrownBy(() -> posterior.encode(X)).hasMessageContaining("use predict");
    assertThatThrownBy(() -> OnnxModel.write(posterior, new ByteArrayOutputStream()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("export as json");
    Model ordinary =
        Model.of(Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F32));
    assertThatThrownBy(() -> ordinary.predictive(new double[Trained.DIMENSION]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no posterior");
    assertThat(ordinary.doubt()).isEmpty();
    assertThatThrownBy(() -> posterior.predictive(X).interval(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must lie in [0, 1]");
  }

  @Test
  void aPosteriorThatCannotBeUsedIsRefused() {
    Drawn drawn = new Drawn("logistic", ModelOptions.linear(), DRAWS);
    ModelSnapshot without = drawn.publish(1, FINE, DType.F64);
    without.setTensors(
        without.getTensors().stream().filter(t -> !t.getName().equals("draws")).toList());
    assertThatThrownBy(Model.of(without)::requireUsable)
        .isInstanceOf(StateException.class)
        .hasMessageContaining("no tensor 'draws'");
    for (String[] wrong :
        new String[][] {
          {"features.dimension", "2147483647", "limit"},
          {"features.scaling", "standard", "must be none"},
          {"model.kind", "gaussian-mean", "no features"}
        }) {
      ModelSnapshot s = drawn.publish(1, FINE, DType.F64);
      s.setConfig(new TreeMap<>(s.getConfig()));
      s.getConfig().put(wrong[0], wrong[1]);
      ModelTest.refusedAtNoCost(s);
      if (!wrong[2].equals("limit")) {
        assertThatThrownBy(Model.of(s)::requireUsable).hasMessageContaining(wrong[2]);
      }
    }
  }
}
