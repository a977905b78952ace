package io.millrace.client.export;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.InputPosition;
import io.millrace.schemas.ModelSnapshot;
import io.millrace.schemas.Provenance;
import io.millrace.schemas.Tensor;
import io.millrace.schemas.Tensors;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.TreeMap;

/**
 * A snapshot as one JSON object, with the names of the schema. Tensor data are arrays of numbers,
 * row-major; {@code eventTime} is ISO 8601; numbers that JSON lacks are the strings {@code "NaN"},
 * {@code "Infinity"}, {@code "-Infinity"}.
 */
public final class SnapshotJson {
  private static final JsonFactory JSON = new JsonFactory();

  private SnapshotJson() {}

  /**
   * Writes the object and flushes; does not close the stream.
   *
   * @throws IllegalArgumentException if a tensor's bytes and shape disagree
   */
  public static void write(ModelSnapshot snapshot, OutputStream out) throws IOException {
    JsonGenerator json = JSON.createGenerator(out, JsonEncoding.UTF8);
    json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
    json.useDefaultPrettyPrinter();
    json.writeStartObject();
    json.writeStringField("key", snapshot.getKey());
    json.writeNumberField("version", snapshot.getVersion());
    json.writeStringField("eventTime", snapshot.getEventTime().toString());
    json.writeStringField("job", snapshot.getJob());
    json.writeObjectFieldStart("config");
    for (Map.Entry<String, String> e : new TreeMap<>(snapshot.getConfig()).entrySet()) {
      json.writeStringField(e.getKey(), e.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("tensors");
    for (Tensor t : snapshot.getTensors()) {
      tensor(t, json);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("counters");
    for (Map.Entry<String, Long> e : new TreeMap<>(snapshot.getCounters()).entrySet()) {
      json.writeNumberField(e.getKey(), e.getValue());
    }
    json.writeEndObject();
    doubles("metrics", snapshot.getMetrics(), json);
    json.writeArrayFieldStart("inputs");
    for (InputPosition p : snapshot.getInputs()) {
      json.writeStartObject();
      json.writeStringField("topic", p.getTopic());
      json.writeNumberField("partition", p.getPartition());
      json.writeNumberField("offset", p.getOffset());
      json.writeEndObject();
    }
    json.writeEndArray();
    provenance(snapshot.getProvenance(), json);
    json.writeEndObject();
    json.close();
  }

  private static void tensor(Tensor t, JsonGenerator json) throws IOException {
    double[] values;
    int[] rows;
    try {
      values = Tensors.held(t);
      rows = Tensors.rows(t);
    } catch (DecodeException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    json.writeStartObject();
    json.writeStringField("name", t.getName());
    json.writeStringField("dtype", t.getDtype().name());
    json.writeFieldName("shape");
    int[] shape = Tensors.shape(t);
    json.writeArray(shape, 0, shape.length);
    if (rows != null) {
      json.writeFieldName("rows");
      json.writeArray(rows, 0, rows.length);
    }
    json.writeArrayFieldStart("data");
    for (double v : values) {
      switch (t.getDtype()) {
        case F32 -> json.writeNumber((float) v);
        case I32, U8 -> json.writeNumber((int) v);
        default -> json.writeNumber(v);
      }
    }
    json.writeEndArray();
    json.writeEndObject();
  }

  private static void provenance(Provenance p, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("provenance");
    json.writeStringField("algorithm", p.getAlgorithm());
    json.writeNumberField("stateVersion", p.getStateVersion());
    doubles("hyperparameters", p.getHyperparameters(), json);
    json.writeNumberField("controlEpoch", p.getControlEpoch());
    json.writeStringField("backend", p.getBackend());
    json.writeStringField("build", p.getBuild());
    json.writeNumberField("seed", p.getSeed());
    json.writeStringField("parent", p.getParent());
    json.writeEndObject();
  }

  private static void doubles(String name, Map<String, Double> map, JsonGenerator json)
      throws IOException {
    json.writeObjectFieldStart(name);
    for (Map.Entry<String, Double> e : new TreeMap<>(map).entrySet()) {
      json.writeNumberField(e.getKey(), e.getValue());
    }
    json.writeEndObject();
  }
}
