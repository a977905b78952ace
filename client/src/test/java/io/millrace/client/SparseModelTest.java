package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.client.export.SnapshotJson;
import io.millrace.core.compute.Workspace;
import io.millrace.core.features.FeatureEncoder;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.core.learn.Outcome;
import io.millrace.core.scaling.Scaling;
import io.millrace.core.state.LearnerState;
import io.millrace.core.state.StateException;
import io.millrace.core.supervised.SupervisedLearner;
import io.millrace.core.supervised.SupervisedOptions;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensor;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** A model of a few features among very many: what a job publishes of it, and what is read. */
class SparseModelTest {
  private static final InputSpec INPUT =
      new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.CLASS, List.of("a", "b"), 1000);

  private final SupervisedLearner learner =
      new SupervisedLearner(
          SupervisedOptions.of(INPUT, "logistic", "rate_mixture", Map.of())
              .withScaling(Scaling.STANDARD));
  private final LearnerState state = new LearnerState(learner.schema());
  private final FeatureEncoder encoder = new FeatureEncoder(INPUT);
  private final Workspace workspace = new Workspace();
  private final Random random = new Random(4);

  private ModelSnapshot learned(DType type) {
    learner.initialize(state, "k");
    Rows rows = encoder.newRows();
    for (int i = 0; i < 100; i++) {
      rows.clear();
      Map<String, Object> x = row();
      encoder.add(rows, x, (double) x.get("age") > 0 ? 1 : 0, 1);
      learner.learn(rows, state, "k", workspace);
    }
    return Trained.snapshot(learner, state, "learn", type, workspace);
  }

  private Map<String, Object> row() {
    return Map.of("age", random.nextGaussian(), "city", "c" + random.nextInt(20));
  }

  @Test
  void itsSnapshotIsAsLongAsWhatItHasSeenAndScoresAsTheLearnerDoes() throws Exception {
    ModelSnapshot s = learned(DType.F64);
    byte[] bytes = SnapshotCodec.encode(s);
    assertThat(bytes.length).isLessThan(3000);
    Model model = Model.of(SnapshotCodec.decode(bytes));
    assertThat(model.rows("weights").orElseThrow()).hasSize(21);
    assertThat(model.rows("bias")).isEmpty();
    Rows rows = encoder.newRows();
    Outcome out = new Outcome();
    for (int i = 0; i < 30; i++) {
      Map<String, Object> x = i == 0 ? Map.of("never", "seen") : row();
      rows.clear();
      encoder.add(rows, x, Double.NaN, 1);
      learner.predict(rows, 0, state, out, workspace);
      assertThat(model.predict(x).values()[0]).isEqualTo(out.scores[0]);
    }
    assertThat(model.shape("weights")).containsExactly(1 << 18, 1);
    double[] whole = model.tensor("weights");
    assertThat(whole).hasSize(1 << 18);
    double[] held = model.published().tensors().get("weights").data();
    int[] at = model.rows("weights").orElseThrow();
    for (int i = 0; i < at.length; i++) {
      assertThat(whole[at[i]]).isEqualTo(held[i]);
    }
  }

  @Test
  void asJsonItNamesItsRows() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotJson.write(learned(DType.F32), out);
    JsonNode tensors = new ObjectMapper().readTree(out.toByteArray()).get("tensors");
    assertThat(tensors.get(0).get("name").asText()).isEqualTo("weights");
    assertThat(tensors.get(0).get("rows")).hasSize(21);
    assertThat(tensors.get(0).get("data")).hasSize(21);
    assertThat(tensors.get(1).has("rows")).isFalse();
  }

  /** A few bytes can promise a tensor of gigabytes. */
  @Test
  void whatItsShapePromisesIsNotMadeWithoutRoom() {
    ModelSnapshot s = learned(DType.F32);
    Tensor promise =
        new Tensor(
            "weights",
            DType.F32,
            List.of(1 << 28, 1),
            ByteBuffer.allocate(0),
            ByteBuffer.allocate(0));
    s.setTensors(List.of(promise));
    Model model = Model.of(s);
    assertThatThrownBy(() -> model.tensor("weights"))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("2147483648 bytes in memory, the limit is");
    assertThatThrownBy(() -> model.predict(Map.of("age", 1)))
        .isInstanceOf(StateException.class)
        .hasMessageContaining("tensor 'weights' is [268435456, 1]");
  }
}
