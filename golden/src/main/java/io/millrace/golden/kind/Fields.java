package io.millrace.golden.kind;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.stream.DoubleStream;

/**
 * Reads fields of golden files; whatever is missing, of another type, length or range is named in
 * the fault.
 */
public final class Fields {
  private Fields() {}

  public static JsonNode need(JsonNode parent, String field) {
    JsonNode v = parent.get(field);
    if (v == null || v.isNull()) {
      throw new MalformedGolden("field '" + field + "' is missing");
    }
    return v;
  }

  /** A map of fields. */
  public static JsonNode object(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isObject()) {
      throw new MalformedGolden("field '" + field + "' is " + v.getNodeType() + ", not an object");
    }
    return v;
  }

  /** A map of fields; an empty one where the field is missing or null. */
  public static JsonNode objectOrNone(JsonNode parent, String field) {
    return given(parent, field) ? object(parent, field) : JsonNodeFactory.instance.objectNode();
  }

  public static JsonNode array(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isArray()) {
      throw new MalformedGolden("field '" + field + "' is " + v.getNodeType() + ", not an array");
    }
    return v;
  }

  /** An array of a given length. */
  public static JsonNode array(JsonNode parent, String field, int length) {
    JsonNode v = array(parent, field);
    if (v.size() != length) {
      throw new MalformedGolden(
          "field '" + field + "' has " + v.size() + " entries, expected " + length);
    }
    return v;
  }

  /** Refuses a field that has a value and is not an array of at most so many. */
  public static void arrayOrNone(JsonNode parent, String field, int most) {
    if (given(parent, field) && array(parent, field).size() > most) {
      throw new MalformedGolden(
          "field '" + field + "' has " + parent.get(field).size() + " entries, at most " + most);
    }
  }

  /** Whether a field has a value. */
  public static boolean given(JsonNode parent, String field) {
    return parent.hasNonNull(field);
  }

  /** A finite number. */
  public static double number(JsonNode parent, String field) {
    return number(field, need(parent, field));
  }

  /** A finite number, or another one where the field is missing or null. */
  public static double numberOr(JsonNode parent, String field, double otherwise) {
    return given(parent, field) ? number(parent, field) : otherwise;
  }

  /** A finite number. */
  public static double number(String what, JsonNode v) {
    if (!v.isNumber() || !Double.isFinite(v.doubleValue())) {
      throw new MalformedGolden("'" + what + "' is " + brief(v) + ", not a finite number");
    }
    return v.doubleValue();
  }

  public static long integer(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isIntegralNumber() || !v.canConvertToLong()) {
      throw new MalformedGolden("'" + field + "' is " + brief(v) + ", not a whole number");
    }
    return v.longValue();
  }

  /** A whole number within bounds. */
  public static int integer(String what, JsonNode v, int low, int high) {
    if (!v.isIntegralNumber()
        || !v.canConvertToInt()
        || v.intValue() < low
        || v.intValue() > high) {
      throw new MalformedGolden(
          "'" + what + "' is " + brief(v) + ", not a whole number from " + low + " to " + high);
    }
    return v.intValue();
  }

  /** A whole number within bounds. */
  public static int integer(JsonNode parent, String field, int low, int high) {
    return integer(field, need(parent, field), low, high);
  }

  /** Whole numbers within bounds; a plain one is an array of one. */
  public static int[] integers(String what, JsonNode v, int low, int high) {
    if (!v.isArray()) {
      return new int[] {integer(what, v, low, high)};
    }
    int[] all = new int[v.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = integer(what + "[" + i + "]", v.get(i), low, high);
    }
    return all;
  }

  public static String text(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isTextual()) {
      throw new MalformedGolden("'" + field + "' is " + brief(v) + ", not text");
    }
    return v.textValue();
  }

  /** Text, or another one where the field is missing or null. */
  public static String textOr(JsonNode parent, String field, String otherwise) {
    return given(parent, field) ? text(parent, field) : otherwise;
  }

  /** True or false. */
  public static boolean flag(JsonNode parent, String field) {
    JsonNode v = need(parent, field);
    if (!v.isBoolean()) {
      throw new MalformedGolden("'" + field + "' is " + brief(v) + ", neither true nor false");
    }
    return v.booleanValue();
  }

  /** True or false; false where the field is missing or null. */
  public static boolean flagOrNot(JsonNode parent, String field) {
    return given(parent, field) && flag(parent, field);
  }

  /** All numbers of a value, nested arrays row by row; a plain number is an array of one. */
  public static double[] flat(String what, JsonNode v) {
    DoubleStream.Builder all = DoubleStream.builder();
    collect(what, v, all);
    return all.build().toArray();
  }

  /** All numbers of a value that has so many. */
  public static double[] flat(String what, JsonNode v, int length) {
    double[] all = flat(what, v);
    if (all.length != length) {
      throw new MalformedGolden(
          "'" + what + "' has " + all.length + " numbers, expected " + length);
    }
    return all;
  }

  private static void collect(String what, JsonNode v, DoubleStream.Builder all) {
    if (v.isArray()) {
      v.forEach(x -> collect(what, x, all));
    } else {
      all.add(number(what, v));
    }
  }

  /** A value as messages show it: its beginning. */
  private static String brief(JsonNode v) {
    String text = v.toString();
    return text.length() <= 60 ? text : text.substring(0, 60) + "...";
  }
}
