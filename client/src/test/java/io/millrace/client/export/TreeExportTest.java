package io.millrace.client.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.client.Model;
import io.millrace.client.Score;
import io.millrace.client.Trained;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.schemas.DType;
import java.io.ByteArrayOutputStream;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trees as ONNX and as people read them. */
class TreeExportTest {
  static List<LearnerSetup> setups() {
    return Trained.setups(InputSpec.Kind.DENSE).stream()
        .filter(s -> List.of("tree", "forest", "regression-tree").contains(s.kind()))
        .map(TreeExportTest::withNominalFeatures)
        .toList();
  }

  /** Rows of {@link Trained} have whole numbers nowhere: the last two become such. */
  private static LearnerSetup withNominalFeatures(LearnerSetup s) {
    Map<String, Double> hypers = new HashMap<>(s.hyperparameters());
    hypers.put("grace", 20.0);
    hypers.put("max-bytes", 1048576.0);
    return s.withHyperparameters(hypers)
        .withFeatures(Map.of(4, 3, 5, 2), List.of("a", "b", "c", "d", "day", "night"));
  }

  private static double[] row(Random random) {
    double[] x = new double[Trained.DIMENSION];
    for (int i = 0; i < 4; i++) {
      x[i] = (float) random.nextDouble();
    }
    x[4] = random.nextInt(3);
    x[5] = random.nextInt(2);
    return x;
  }

  private static Model model(LearnerSetup setup) {
    int classes = Math.max(2, setup.input().classes().size());
    Random random = new Random(3);
    return Model.of(
        Trained.on(
                setup,
                3000,
                () -> row(random),
                x -> (x[0] > 0.6 ? 1 : 0) + (x[4] == 1 ? classes - 2 : 0))
            .publish(DType.F32));
  }

  @ParameterizedTest
  @MethodSource("setups")
  void onnxScoresAsTheModelDoes(LearnerSetup setup) throws Exception {
    Model model = model(setup);
    assertThat(TreeOutline.of(model).get(0).nodes()).isGreaterThan(2);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxModel.write(model, out);
    OnnxTreeGraph graph = new OnnxTreeGraph(out.toByteArray());
    Random random = new Random(5);
    for (int i = 0; i < 100; i++) {
      double[] x = row(random);
      Score expected = model.predict(x);
      Map<String, OnnxTreeGraph.Array> found = graph.run(x);
      assertThat(found.get("scores").data()).containsExactly(expected.values(), within(1e-9));
      if (expected.classIndex() >= 0) {
        assertThat((int) found.get("class").data()[0]).isEqualTo(expected.classIndex());
      }
    }
  }

  @Test
  void anOutlineHasTheNamesOfFeaturesAndClasses() {
    LearnerSetup setup =
        setups().stream().filter(s -> s.kind().equals("tree")).findFirst().orElseThrow();
    TreeOutline outline = TreeOutline.of(model(setup)).get(0);
    List<String> lines = outline.lines(20);
    assertThat(lines).hasSize(outline.nodes());
    assertThat(lines.get(0)).startsWith("a <= 0.");
    assertThat(lines.get(1)).startsWith("  yes: ");
    assertThat(lines).anyMatch(l -> l.contains("-> " + setup.input().classes().get(0) + " "));
    assertThat(outline.lines(0)).hasSize(1);
    assertThat(outline.lines(0).get(0))
        .endsWith("... (" + (outline.nodes() - 1) + " nodes below it)");
    assertThat(new TreeMap<>(outline.json(1))).containsKeys("test", "yes", "no");
  }
}
