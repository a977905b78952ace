package io.millrace.tests.ingress;

import static io.millrace.tests.ingress.EventBytes.denseExample;
import static io.millrace.tests.ingress.EventBytes.denseFeatures;
import static io.millrace.tests.ingress.EventBytes.example;
import static io.millrace.tests.ingress.EventBytes.filled;
import static io.millrace.tests.ingress.EventBytes.item;
import static io.millrace.tests.ingress.EventBytes.name;
import static io.millrace.tests.ingress.EventBytes.namedExample;
import static io.millrace.tests.ingress.EventBytes.noLabel;
import static io.millrace.tests.ingress.EventBytes.number;
import static io.millrace.tests.ingress.EventBytes.sparseExample;
import static io.millrace.tests.ingress.EventBytes.utf8;

import io.millrace.core.features.InputSpec;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.Metric;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Every kind of event that cannot be used, as bytes on the wire, with the reason it must be given.
 * Written with {@link AvroSink} and not with the generated classes, which refuse most of it.
 */
public final class BadInputs {
  /** What dense cases are for. */
  public static final InputSpec DENSE =
      new InputSpec(InputSpec.Kind.DENSE, 4, 0, InputSpec.Target.CLASS, List.of("DOWN", "UP"), 100);

  /** What sparse cases are for. */
  public static final InputSpec SPARSE =
      new InputSpec(InputSpec.Kind.SPARSE, 1000, 0, InputSpec.Target.NON_NEGATIVE, List.of(), 8);

  /** What named cases are for. */
  public static final InputSpec NAMED =
      new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.REAL, List.of(), 8);

  /** Limits the cases assume. */
  public static final int MAX_RECORD_BYTES = 4096;

  public static final int MAX_KEY_BYTES = 64;
  public static final int MAX_ID_BYTES = 40;

  private BadInputs() {}

  /**
   * One event that cannot be used.
   *
   * @param value null: a tombstone
   * @param says what the message must contain
   */
  public record Case(String name, InputSpec spec, byte[] value, Reason reason, String says) {
    @Override
    public String toString() {
      return name;
    }
  }

  /** All of them. */
  public static List<Case> all() {
    List<Case> all = new ArrayList<>();
    records(all);
    keys(all);
    fields(all);
    labels(all);
    dense(all);
    sparse(all);
    named(all);
    structure(all);
    BadSideInputs.labels(all);
    BadSideInputs.controls(all);
    return all;
  }

  private static void records(List<Case> all) {
    byte[] good = denseExample(0, 1, noLabel(), 1, 2, 3, 4);
    add(all, "tombstone", DENSE, null, Reason.EMPTY, "no value");
    add(all, "empty value", DENSE, new byte[0], Reason.EMPTY, "empty value");
    add(all, "too large", DENSE, new byte[4097], Reason.TOO_LARGE, "4097 bytes");
    add(all, "text", DENSE, utf8("hello, world"), Reason.NOT_SINGLE_OBJECT, "12 bytes");
    add(all, "JSON", DENSE, utf8("{\"key\":\"a\"}"), Reason.NOT_SINGLE_OBJECT, "JSON");
    add(all, "registry framing", DENSE, new byte[64], Reason.NOT_SINGLE_OBJECT, "registry");
    add(all, "cut in the header", DENSE, Arrays.copyOf(good, 7), Reason.NOT_SINGLE_OBJECT, "short");
    byte[] foreign = good.clone();
    foreign[5] ^= 1;
    add(all, "unknown schema", DENSE, foreign, Reason.UNKNOWN_SCHEMA, "fingerprint");
    byte[] metric =
        SingleObject.encode(
            new Metric("a", 1L, Instant.EPOCH, Map.of(), Map.of("loss", 1.0), null));
    add(all, "a Metric", DENSE, metric, Reason.WRONG_TYPE, "Metric");
  }

  private static void keys(List<Case> all) {
    Consumer<AvroSink> rest = s -> item(s, "", 0, 1, noLabel(), denseFeatures(1, 2, 3, 4));
    add(all, "empty key", DENSE, example("", rest), Reason.MISSING_KEY, "key is empty");
    add(all, "key *", DENSE, example("*", rest), Reason.MISSING_KEY, "'*'");
    add(all, "long key", DENSE, example("k".repeat(65), rest), Reason.KEY_TOO_LONG, "65 bytes");
    byte[] bad = example("ab", rest);
    bad[SingleObject.HEADER_BYTES + 1] = (byte) 0xff;
    add(all, "key not UTF-8", DENSE, bad, Reason.MALFORMED, "UTF-8");
    byte[] cut = Arrays.copyOf(example("abcdef", rest), SingleObject.HEADER_BYTES + 3);
    add(all, "ends inside the key", DENSE, cut, Reason.MALFORMED, "key cannot be read");
    byte[] noBody = Arrays.copyOf(example("abcdef", rest), SingleObject.HEADER_BYTES);
    add(all, "nothing behind the header", DENSE, noBody, Reason.MALFORMED, "key cannot be read");
    byte[] negative = example("abcdef", rest);
    negative[SingleObject.HEADER_BYTES] = 1; // zigzag of -1
    add(all, "negative key length", DENSE, negative, Reason.MALFORMED, "key cannot be read");
  }

  private static void fields(List<Case> all) {
    add(
        all,
        "negative time",
        DENSE,
        denseExample(-5, 1, noLabel(), 1, 2, 3, 4),
        Reason.BAD_EVENT_TIME,
        "-5");
    add(
        all,
        "time in microseconds",
        DENSE,
        denseExample(1_763_000_000_000_000L, 1, noLabel(), 1, 2, 3, 4),
        Reason.BAD_EVENT_TIME,
        "1763000000000000");
    for (double w : new double[] {-1, Double.NaN, Double.POSITIVE_INFINITY}) {
      byte[] value = denseExample(0, w, noLabel(), 1, 2, 3, 4);
      add(all, "weight " + w, DENSE, value, Reason.BAD_WEIGHT, "weight is " + w);
    }
    byte[] id = denseExample(0, 1, noLabel(), 1, 2, 3, 4);
    id[SingleObject.HEADER_BYTES + 3] = (byte) 0x80; // behind key "a" and the id's length
    add(all, "id not UTF-8", DENSE, id, Reason.MALFORMED, "id is");
    byte[] longId =
        example("a", s -> item(s, "i".repeat(41), 0, 1, noLabel(), denseFeatures(1, 2, 3, 4)));
    add(all, "long id", DENSE, longId, Reason.ID_TOO_LONG, "id has 41 bytes");
  }

  private static void labels(List<Case> all) {
    for (double y : new double[] {2, -1, 0.5}) {
      byte[] value = denseExample(0, 1, number(y), 1, 2, 3, 4);
      add(all, "class index " + y, DENSE, value, Reason.UNKNOWN_CLASS, "label is " + y);
    }
    byte[] sideways = denseExample(0, 1, name("SIDEWAYS"), 1, 2, 3, 4);
    add(
        all,
        "class name",
        DENSE,
        sideways,
        Reason.UNKNOWN_CLASS,
        "'SIDEWAYS', must be one of [DOWN, UP]");
    byte[] nan = denseExample(0, 1, number(Double.NaN), 1, 2, 3, 4);
    add(all, "label NaN", DENSE, nan, Reason.NOT_FINITE, "label is NaN");
    byte[] count = sparseExample(number(-0.5), new int[] {1}, 1);
    add(all, "negative count", SPARSE, count, Reason.BAD_LABEL, "at least 0");
    byte[] text = sparseExample(name("UP"), new int[] {1}, 1);
    add(all, "text for a number", SPARSE, text, Reason.BAD_LABEL, "must be a number");
  }

  private static void dense(List<Case> all) {
    add(
        all,
        "too few values",
        DENSE,
        denseExample(0, 1, noLabel(), 1, 2, 3),
        Reason.DIMENSION_MISMATCH,
        "3 values, model expects 4");
    add(
        all,
        "too many values",
        DENSE,
        denseExample(0, 1, noLabel(), 1, 2, 3, 4, 5),
        Reason.DIMENSION_MISMATCH,
        "5 values");
    add(
        all,
        "no values",
        DENSE,
        denseExample(0, 1, noLabel()),
        Reason.DIMENSION_MISMATCH,
        "0 values");
    add(
        all,
        "NaN value",
        DENSE,
        denseExample(0, 1, noLabel(), 1, Float.NaN, 3, 4),
        Reason.NOT_FINITE,
        "NaN at coordinate 1");
    add(
        all,
        "infinite value",
        DENSE,
        denseExample(0, 1, noLabel(), 1, 2, 3, Float.NEGATIVE_INFINITY),
        Reason.NOT_FINITE,
        "-Infinity at coordinate 3");
    add(
        all,
        "sparse for dense",
        DENSE,
        sparseExample(noLabel(), new int[] {1}, 1),
        Reason.WRONG_FEATURE_KIND,
        "features are sparse, model expects dense");
    add(
        all,
        "named for dense",
        DENSE,
        namedExample(Map.of("a", 1.0), Map.of("b", "c")),
        Reason.WRONG_FEATURE_KIND,
        "features are named");
  }

  private static void sparse(List<Case> all) {
    add(
        all,
        "index at the end",
        SPARSE,
        sparseExample(noLabel(), new int[] {1, 1000}, 1, 2),
        Reason.INDEX_OUT_OF_RANGE,
        "index 1000, must lie in [0, 999]");
    add(
        all,
        "negative index",
        SPARSE,
        sparseExample(noLabel(), new int[] {-1}, 1),
        Reason.INDEX_OUT_OF_RANGE,
        "index -1");
    add(
        all,
        "neighbours alike",
        SPARSE,
        sparseExample(noLabel(), new int[] {3, 3}, 1, 2),
        Reason.DUPLICATE_INDEX,
        "index 3");
    add(
        all,
        "index twice",
        SPARSE,
        sparseExample(noLabel(), new int[] {7, 2, 7}, 1, 2, 3),
        Reason.DUPLICATE_INDEX,
        "index 7");
    add(
        all,
        "values missing",
        SPARSE,
        sparseExample(noLabel(), new int[] {1, 2}, 1),
        Reason.LENGTH_MISMATCH,
        "2 indices and 1 values");
    add(
        all,
        "indices missing",
        SPARSE,
        sparseExample(noLabel(), new int[] {1}, 1, 2, 3),
        Reason.LENGTH_MISMATCH,
        "1 indices and 3 values");
    add(
        all,
        "nine of eight",
        SPARSE,
        sparseExample(noLabel(), new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, new float[9]),
        Reason.TOO_MANY_FEATURES,
        "9 entries");
    add(
        all,
        "sparse NaN",
        SPARSE,
        sparseExample(noLabel(), new int[] {9, 5}, 1, Float.NaN),
        Reason.NOT_FINITE,
        "NaN at coordinate 5");
    add(
        all,
        "dense for sparse",
        SPARSE,
        denseExample(0, 1, noLabel(), 1, 2),
        Reason.WRONG_FEATURE_KIND,
        "features are dense");
  }

  private static void named(List<Case> all) {
    add(
        all,
        "named NaN",
        NAMED,
        namedExample(Map.of("price", Double.NaN), Map.of()),
        Reason.NOT_FINITE,
        "'price' is NaN");
    add(
        all,
        "named infinite",
        NAMED,
        namedExample(Map.of("price", Double.POSITIVE_INFINITY), Map.of()),
        Reason.NOT_FINITE,
        "'price' is Infinity");
    Map<String, Double> five = Map.of("a", 1.0, "b", 1.0, "c", 1.0, "d", 1.0, "e", 1.0);
    Map<String, String> four = Map.of("f", "x", "g", "x", "h", "x", "i", "x");
    add(
        all,
        "nine names of eight",
        NAMED,
        namedExample(five, four),
        Reason.TOO_MANY_FEATURES,
        "limits.features-per-example is 8");
    add(
        all,
        "sum overflows",
        NAMED,
        example(
            "a",
            s ->
                item(
                    s,
                    "",
                    0,
                    1,
                    noLabel(),
                    f -> {
                      f.writeInt(2).writeLong(2);
                      f.writeString("x").writeDouble(1e308).writeString("x").writeDouble(1e308);
                      f.writeLong(0).writeLong(0);
                    })),
        Reason.NOT_FINITE,
        "Infinity at coordinate");
    byte[] name = namedExample(Map.of("x", 1.0), Map.of());
    name[name.length - 11] = (byte) 0xc0; // the name, before 8 bytes of value and two ends
    add(all, "name not UTF-8", NAMED, name, Reason.MALFORMED, "must be UTF-8");
    add(
        all,
        "dense for named",
        NAMED,
        denseExample(0, 1, noLabel(), 1, 2),
        Reason.WRONG_FEATURE_KIND,
        "model expects named");
  }

  private static void structure(List<Case> all) {
    byte[] good = denseExample(0, 1, noLabel(), 1, 2, 3, 4);
    add(
        all,
        "ends inside the weight",
        DENSE,
        Arrays.copyOf(good, SingleObject.HEADER_BYTES + 8),
        Reason.MALFORMED,
        "Example.weight");
    add(
        all,
        "ends inside the values",
        DENSE,
        Arrays.copyOf(good, good.length - 3),
        Reason.MALFORMED,
        "Example.features.values");
    add(
        all,
        "last byte missing",
        DENSE,
        Arrays.copyOf(good, good.length - 1),
        Reason.MALFORMED,
        "Example.features.values");
    add(
        all,
        "a byte too many",
        DENSE,
        Arrays.copyOf(good, good.length + 1),
        Reason.TRAILING_BYTES,
        "1 bytes follow");
    add(
        all,
        "label branch 3",
        DENSE,
        example("a", s -> s.writeString("").writeLong(0).writeDouble(1).writeInt(3)),
        Reason.MALFORMED,
        "Example.label");
    add(
        all,
        "feature branch 3",
        DENSE,
        example("a", s -> item(s, "", 0, 1, noLabel(), f -> f.writeInt(3))),
        Reason.MALFORMED,
        "Example.features");
    add(
        all,
        "a block of 2^40 values",
        DENSE,
        example("a", s -> item(s, "", 0, 1, noLabel(), f -> f.writeInt(0).writeLong(1L << 40))),
        Reason.MALFORMED,
        "Example.features.values");
    add(
        all,
        "a block of -2^63 values",
        DENSE,
        example(
            "a",
            s ->
                item(
                    s,
                    "",
                    0,
                    1,
                    noLabel(),
                    f -> f.writeInt(0).writeLong(Long.MIN_VALUE).writeLong(8))),
        Reason.MALFORMED,
        "Example.features.values");
    add(
        all,
        "an id of 2^31 bytes",
        DENSE,
        example("a", s -> s.writeLong(1L << 31)),
        Reason.MALFORMED,
        "Example.id");
    add(
        all,
        "a varint without end",
        DENSE,
        example("a", s -> s.writeString("").append(filled(12, 0xff), 0, 12)),
        Reason.MALFORMED,
        "Example.eventTime");
    add(
        all,
        "a map of 2^60 entries",
        NAMED,
        example("a", s -> item(s, "", 0, 1, noLabel(), f -> f.writeInt(2).writeLong(1L << 60))),
        Reason.MALFORMED,
        "Example.features");
  }

  static void add(
      List<Case> all, String name, InputSpec spec, byte[] value, Reason reason, String says) {
    all.add(new Case(name, spec, value, reason, says));
  }
}
