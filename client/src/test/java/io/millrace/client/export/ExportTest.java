package io.millrace.client.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.millrace.client.Model;
import io.millrace.client.Trained;
import io.millrace.core.features.InputSpec;
import io.millrace.core.learner.LearnerSetup;
import io.millrace.core.model.ModelOptions;
import io.millrace.core.scaling.Scaling;
import io.millrace.schemas.DType;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.SnapshotCodec;
import io.millrace.schemas.Tensors;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.avro.file.DataFileStream;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ExportTest {
  @ParameterizedTest
  @CsvSource({
    "DENSE, logistic, STANDARD", "DENSE, softmax, STANDARD", "DENSE, squared, NONE",
    "DENSE, hinge, STANDARD", "DENSE, poisson, NONE", "SPARSE, logistic, STANDARD",
    "SPARSE, softmax, STANDARD"
  })
  void onnxScoresAsTheModelDoes(InputSpec.Kind kind, String loss, Scaling scaling)
      throws Exception {
    for (ModelOptions options : Trained.models()) {
      onnxScoresAs(Model.of(Trained.on(kind, options, loss, scaling).publish(DType.F32)), scaling);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = InputSpec.Kind.class,
      names = {"DENSE", "SPARSE"})
  void onnxOfCountsAndPosteriorsScoresAsTheModelDoes(InputSpec.Kind kind) throws Exception {
    for (LearnerSetup setup : Trained.setups(kind)) {
      if (setup.kind().equals("naive-bayes") || setup.kind().equals("adpredictor")) {
        onnxScoresAs(Model.of(Trained.on(setup).publish(DType.F32)), Scaling.NONE);
      }
    }
  }

  private static void onnxScoresAs(Model model, Scaling scaling) throws Exception {
    boolean gradient = model.config().containsKey("model.loss");
    String loss = model.config().getOrDefault("model.loss", "");
    OnnxGraph graph = new OnnxGraph(onnx(model));
    assertThat(graph.irVersion).isEqualTo(7);
    assertThat(graph.opset).isEqualTo(13);
    assertThat(graph.metadata).containsEntry("key", "k").containsEntry("version", "3");
    assertThat(graph.outputs.contains("class")).isEqualTo(!loss.matches("squared|poisson"));
    Random random = new Random(13);
    for (int i = 0; i < 30; i++) {
      double[] x = Trained.row(random, scaling);
      x = gradient ? x : Trained.notNegative(x);
      float[] single = new float[x.length];
      for (int j = 0; j < x.length; j++) {
        single[j] = (float) x[j];
      }
      Map<String, float[]> out = graph.run(single);
      double[] expected = model.predict(x).values();
      for (int k = 0; k < out.get("scores").length; k++) {
        assertThat((double) out.get("scores")[k])
            .isCloseTo(expected[k], within(1e-4 * Math.max(1, Math.abs(expected[k]))));
      }
      if (out.containsKey("class")) {
        assertThat((int) out.get("class")[0]).isEqualTo(model.predict(x).classIndex());
      }
    }
  }

  @Test
  void onnxCarriesTheRuleForCoordinatesNeverSeen() throws Exception {
    ModelSnapshot s =
        Trained.on(InputSpec.Kind.SPARSE, "squared", Scaling.STANDARD).publish(DType.F64);
    int d = Trained.DIMENSION;
    s.setTensors(
        List.of(
            Tensors.of("weights", new int[] {d, 1}, new double[] {1, 2, 3, 4, 5, 6}, DType.F64),
            Tensors.of("bias", new int[] {1}, new double[] {0.5}, DType.F64),
            Tensors.of("scaler.count", new int[] {d}, new double[] {1, 0, 1, 1, 1, 1}, DType.F64),
            Tensors.of("scaler.rms", new int[] {d}, new double[] {2, 0, 2, 2, 2, 2}, DType.F64)));
    Model model = Model.of(s);
    float[] x = {4, -7, 0, 0, 0, 0};
    assertThat(model.predict(new int[] {0, 1}, new double[] {4, -7}).value()).isEqualTo(0.5);
    assertThat(new OnnxGraph(onnx(model)).run(x).get("scores")[0]).isEqualTo(0.5f);
  }

  @Test
  void onnxIsRefusedForOtherModels() {
    ModelSnapshot s = Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F32);
    s.setConfig(Map.of("model.kind", "dictionary"));
    assertThatThrownBy(() -> onnx(Model.of(s)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("dictionary");
  }

  @Test
  void theAvroFileHoldsTheSnapshot() throws Exception {
    ModelSnapshot s =
        Trained.on(InputSpec.Kind.DENSE, "softmax", Scaling.STANDARD).publish(DType.F32);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AvroFile.write(List.of(s), out);
    try (DataFileStream<GenericRecord> in =
        new DataFileStream<>(
            new ByteArrayInputStream(out.toByteArray()), new GenericDatumReader<>())) {
      assertThat(SnapshotCodec.decode(singleObject(in.next()))).isEqualTo(s);
      assertThat(in.hasNext()).isFalse();
    }
  }

  private static byte[] singleObject(GenericRecord record) throws Exception {
    return new BinaryMessageEncoder<GenericRecord>(GenericData.get(), record.getSchema())
        .encode(record)
        .array();
  }

  @Test
  void jsonHoldsEverything() throws Exception {
    ModelSnapshot s = Trained.on(InputSpec.Kind.DENSE, "squared", Scaling.NONE).publish(DType.F64);
    s.setMetrics(Map.of("loss", Double.NaN));
    s.setTensors(
        List.of(
            Tensors.of("weights", new int[] {1, 2}, new double[] {0.1, -3}, DType.F32),
            Tensors.of("bias", new int[] {1}, new double[] {0.1}, DType.F64)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    SnapshotJson.write(s, out);
    String json = out.toString(StandardCharsets.UTF_8).replaceAll("\\s", "");
    assertThat(json)
        .startsWith("{\"key\":\"k\",\"version\":3,\"eventTime\":\"2023-11-14T22:13:20Z\"")
        .contains("{\"name\":\"weights\",\"dtype\":\"F32\",\"shape\":[1,2],\"data\":[0.1,-3.0]}")
        .contains("\"data\":[0.1]")
        .contains("\"metrics\":{\"loss\":\"NaN\"}")
        .contains("\"model.loss\":\"squared\"")
        .contains("\"provenance\":{\"algorithm\":\"sgd\"")
        .endsWith("}");
  }

  private static byte[] onnx(Model model) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OnnxModel.write(model, out);
    return out.toByteArray();
  }
}
