package io.millrace.cli.dashboard;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** What the page is sent: JSON, in which numbers that are not finite are null. */
final class Json {
  static final ObjectMapper MAPPER =
      new ObjectMapper()
          .registerModule(
              new SimpleModule()
                  .addSerializer(Double.class, new Finite())
                  .addSerializer(double[].class, new FiniteArray()));

  private Json() {}

  static String text(Object o) {
    try {
      return MAPPER.writeValueAsString(o);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("what the page is sent, as JSON", e);
    }
  }

  static byte[] bytes(Object o) {
    return text(o).getBytes(StandardCharsets.UTF_8);
  }

  private static void write(double v, JsonGenerator out) throws IOException {
    if (Double.isFinite(v)) {
      out.writeNumber(v);
    } else {
      out.writeNull();
    }
  }

  private static final class Finite extends StdSerializer<Double> {
    private static final long serialVersionUID = 1;

    Finite() {
      super(Double.class);
    }

    @Override
    public void serialize(Double v, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      write(v, out);
    }
  }

  private static final class FiniteArray extends StdSerializer<double[]> {
    private static final long serialVersionUID = 1;

    FiniteArray() {
      super(double[].class);
    }

    @Override
    public void serialize(double[] all, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartArray();
      for (double v : all) {
        write(v, out);
      }
      out.writeEndArray();
    }
  }
}
