package io.millrace.golden.kind;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.DoubleStream;

/** Reads fields of golden files; whatever is missing or of another type is named in the fault. */
public final class Fields {
  private Fields() {}

  public static JsonNode need(JsonNode parent, String field) {
    JsonNode v = parent.get(field);
    if (v == null || v.isNull()) {
      throw new MalformedGolden("field '" + field + "' is missing");
    }
    return v;
  }

  public static JsonNode array(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isArray()) {
      throw new MalformedGolden("field '" + field + "' is " + v.getNodeType() + ", not an array");
    }
    return v;
  }

  public static double number(JsonNode parent, String field) {
    return number(field, need(parent, field));
  }

  public static double number(String what, JsonNode v) {
    if (!v.isNumber()) {
      throw new MalformedGolden("'" + what + "' is " + v + ", not a number");
    }
    return v.doubleValue();
  }

  public static long integer(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isIntegralNumber()) {
      throw new MalformedGolden("'" + field + "' is " + v + ", not a whole number");
    }
    return v.longValue();
  }

  public static String text(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isTextual()) {
      throw new MalformedGolden("'" + field + "' is " + v + ", not text");
    }
    return v.textValue();
  }

  /** All numbers of a value, nested arrays row by row; a plain number is an array of one. */
  public static double[] flat(String what, JsonNode v) {
    DoubleStream.Builder all = DoubleStream.builder();
    collect(what, v, all);
    return all.build().toArray();
  }

  private static void collect(String what, JsonNode v, DoubleStream.Builder all) {
    if (v.isArray()) {
      v.forEach(x -> collect(what, x, all));
    } else {
      all.add(number(what, v));
    }
  }
}
