package io.millrace.tests.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.millrace.core.drift.Adwin;
import io.millrace.core.drift.PageHinkley;
import io.millrace.core.drift.Signal;
import io.millrace.golden.kind.Tolerance;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The detectors that forests and regression trees use, against the golden files of monitoring. */
class DriftDetectorsTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** One detector over one block. */
  private interface Detector {
    Signal add(double[] block, double x);

    double[] state(double[] block);
  }

  @ParameterizedTest
  @ValueSource(strings = {"drift_binary", "drift_numeric"})
  void firesAndKeepsWhatTheGoldenFilesSay(String name) throws IOException {
    JsonNode file;
    try (InputStream in = getClass().getResourceAsStream("/monitoring/" + name + ".json")) {
      file = JSON.readTree(in);
    }
    Tolerance tolerance = Tolerance.of(file);
    Map<String, double[]> streams = new HashMap<>();
    int replayed = 0;
    for (JsonNode c : file.get("cases")) {
      JsonNode inputs = c.get("inputs");
      double[] x = stream(inputs, streams);
      Detector detector = detector(inputs);
      if (x != null && detector != null) {
        replay(inputs.get("detector").asText(), x, detector, c.get("expected"), tolerance);
        replayed++;
      }
    }
    assertThat(replayed).isGreaterThanOrEqualTo(12);
  }

  private static double[] stream(JsonNode inputs, Map<String, double[]> streams) {
    String of = inputs.path("bits_of").asText(inputs.path("x_of").asText(""));
    if (!of.isEmpty()) {
      return streams.get(of);
    }
    double[] x = null;
    if (inputs.has("bits")) {
      x = inputs.get("bits").asText().chars().mapToDouble(b -> b - '0').toArray();
    } else if (inputs.path("x").isArray()) {
      x = JSON.convertValue(inputs.get("x"), double[].class);
    }
    if (x != null) {
      streams.put(inputs.get("stream").asText(), x);
    }
    return x;
  }

  private static Detector detector(JsonNode inputs) {
    String name = inputs.path("detector").asText();
    JsonNode p = inputs.path("parameters");
    if (name.startsWith("PH")) {
      return pageHinkley(p);
    }
    return name.startsWith("ADWIN") ? adwin(p) : null;
  }

  private static Detector pageHinkley(JsonNode p) {
    PageHinkley test =
        new PageHinkley(
            p.get("delta").asDouble(),
            p.get("lam").asDouble(),
            p.get("alpha").asDouble(),
            p.get("min_n").asLong(),
            p.get("direction").asText().equals("both"));
    return new Detector() {
      @Override
      public Signal add(double[] block, double x) {
        return test.add(block, 0, x);
      }

      @Override
      public double[] state(double[] block) {
        return new double[] {block[1], block[2], block[3]};
      }
    };
  }

  private static Detector adwin(JsonNode p) {
    Adwin adwin =
        new Adwin(
            p.get("delta").asDouble(),
            p.get("clock").asInt(),
            p.get("M").asInt(),
            p.get("min_len").asInt(),
            p.get("grace").asInt());
    return new Detector() {
      @Override
      public Signal add(double[] block, double x) {
        return adwin.add(block, 0, x);
      }

      @Override
      public double[] state(double[] block) {
        return new double[] {
          adwin.width(block, 0),
          adwin.total(block, 0),
          adwin.squares(block, 0),
          adwin.buckets(block, 0)
        };
      }
    };
  }

  private static void replay(
      String name, double[] x, Detector detector, JsonNode expected, Tolerance tolerance) {
    double[] block = new double[1024];
    List<Integer> drifts = new ArrayList<>();
    List<Integer> warnings = new ArrayList<>();
    Map<Integer, double[]> states = new HashMap<>();
    for (int i = 0; i < x.length; i++) {
      Signal signal = detector.add(block, x[i]);
      if (signal == Signal.WARNING) {
        warnings.add(i);
      } else if (signal != Signal.CALM) {
        drifts.add(i);
      }
      states.put(i, detector.state(block));
    }
    assertThat(drifts)
        .as("%s drifts", name)
        .isEqualTo(JSON.convertValue(expected.get("drifts"), List.class));
    List<Integer> expectedWarnings = new ArrayList<>();
    for (JsonNode range : expected.get("warnings")) {
      for (int i = range.get(0).asInt(); i <= range.get(1).asInt(); i++) {
        expectedWarnings.add(i);
      }
    }
    assertThat(warnings).as("%s warnings", name).isEqualTo(expectedWarnings);
    for (JsonNode row : expected.get("states")) {
      double[] found = states.get(row.get(0).asInt());
      for (int j = 0; j < found.length; j++) {
        assertThat(tolerance.error(row.get(j + 1).asDouble(), found[j]))
            .as("%s %s[%d] = %s", name, row, j, found[j])
            .isLessThanOrEqualTo(tolerance.bound());
      }
    }
  }
}
