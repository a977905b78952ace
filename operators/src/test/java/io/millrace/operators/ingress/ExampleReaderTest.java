package io.millrace.operators.ingress;

import static io.millrace.operators.ingress.Wire.TIMES;
import static io.millrace.operators.ingress.Wire.TOPICS;
import static io.millrace.operators.ingress.Wire.dense;
import static io.millrace.operators.ingress.Wire.event;
import static io.millrace.operators.ingress.Wire.item;
import static io.millrace.operators.ingress.Wire.named;
import static io.millrace.operators.ingress.Wire.sparse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.millrace.core.features.FeatureHasher;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.DenseDoubles;
import io.millrace.schemas.Example;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.SparseDoubles;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExampleReaderTest {
  private static final InputSpec DENSE =
      new InputSpec(InputSpec.Kind.DENSE, 3, 0, InputSpec.Target.CLASS, List.of("DOWN", "UP"), 100);
  private static final InputSpec SPARSE =
      new InputSpec(InputSpec.Kind.SPARSE, 1000, 0, InputSpec.Target.REAL, List.of(), 100);
  private static final InputSpec NAMED =
      new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.NONE, List.of(), 100);

  @Test
  void readsADenseExample() {
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    reader.open(
        event(EventKind.EXAMPLE, Wire.example("a", "e-\u00e4", 77, 2.5, "UP", dense(1, -2, 0.5f))));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isNull();
    assertThat(reader.itemIndex()).isEqualTo(-1);
    assertThat(reader.hasId()).isTrue();
    assertThat(reader.id()).isEqualTo("e-\u00e4");
    assertThat(reader.eventTime()).isEqualTo(77);
    assertThat(reader.labelled()).isTrue();
    assertThat(rows.count()).isEqualTo(1);
    assertThat(rows.label(0)).isEqualTo(1);
    assertThat(rows.weight(0)).isEqualTo(2.5);
    assertThat(Arrays.copyOf(rows.value(), rows.end(0))).containsExactly(1, -2, 0.5);
    assertThat(reader.next(rows)).isFalse();
  }

  @Test
  void takesTheRecordsTimestampWhereTheEventHasNone() {
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    byte[] value = Wire.example("a", "", 0, 1, null, dense(1, 2, 3));
    reader.open(event(EventKind.EXAMPLE, value));
    reader.next(rows);
    assertThat(reader.eventTime()).isEqualTo(5000);
    assertThat(reader.labelled()).isFalse();
    assertThat(reader.hasId()).isFalse();
    assertThat(reader.id()).isEmpty();
    assertThat(rows.label(0)).isNaN();
    reader.open("examples", 0, 0, -1, -1, value);
    reader.next(rows);
    assertThat(reader.eventTime()).isZero();
  }

  @Test
  void readsSparseExamplesInAnyOrder() {
    ExampleReader reader = new ExampleReader(SPARSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(false);
    byte[] value =
        Wire.example("a", "", 1, 1, -4.5, sparse(new int[] {900, 0, 63, 64}, 1, 2, 3, 4));
    for (int round = 0; round < 2; round++) { // twice: the bitmap must be clean again
      reader.open(event(EventKind.EXAMPLE, value));
      assertThat(reader.next(rows)).isTrue();
      assertThat(reader.reason()).isNull();
    }
    assertThat(rows.label(1)).isEqualTo(-4.5);
    assertThat(Arrays.copyOfRange(rows.index(), rows.start(1), rows.end(1)))
        .containsExactly(900, 0, 63, 64);
    assertThat(Arrays.copyOfRange(rows.value(), rows.start(1), rows.end(1)))
        .containsExactly(1, 2, 3, 4);
  }

  @Test
  void readsVectorsOfDoublesWithoutRounding() {
    double clock = 1_700_000_015_595.0;
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    reader.open(
        event(
            EventKind.EXAMPLE_BATCH,
            Wire.batch(
                "a",
                item("", 1, 1, "UP", new DenseDoubles(List.of(clock, 0.1, 1e39))),
                item("", 1, 1, "UP", dense(1, 2, 3)),
                item("", 1, 1, "UP", new DenseDoubles(List.of(1.0))),
                item("", 1, 1, "UP", new SparseDoubles(List.of(1), List.of(1.0))),
                item("", 1, 1, "UP", new DenseDoubles(List.of(1.0, Double.NaN, 2.0))))));
    for (Reason reason :
        Arrays.asList(
            null, null, Reason.DIMENSION_MISMATCH, Reason.WRONG_FEATURE_KIND, Reason.NOT_FINITE)) {
      assertThat(reader.next(rows)).isTrue();
      assertThat(reader.reason()).isEqualTo(reason);
    }
    assertThat(reader.next(rows)).isFalse();
    assertThat(Arrays.copyOf(rows.value(), rows.end(1))).containsExactly(clock, 0.1, 1e39, 1, 2, 3);

    reader = new ExampleReader(SPARSE, TOPICS, 1024, TIMES);
    Rows sparse = new Rows(false);
    reader.open(
        event(
            EventKind.EXAMPLE,
            Wire.example(
                "a", "", 1, 1, 1.0, new SparseDoubles(List.of(7, 3), List.of(0.1, clock)))));
    assertThat(reader.next(sparse)).isTrue();
    assertThat(reader.reason()).isNull();
    assertThat(Arrays.copyOf(sparse.index(), 2)).containsExactly(7, 3);
    assertThat(Arrays.copyOf(sparse.value(), 2)).containsExactly(0.1, clock);
  }

  @Test
  void findsDuplicatesInWideSpaces() {
    InputSpec wide =
        new InputSpec(InputSpec.Kind.SPARSE, 1 << 30, 0, InputSpec.Target.REAL, List.of(), 100);
    ExampleReader reader = new ExampleReader(wide, TOPICS, 1024, TIMES);
    Rows rows = new Rows(false);
    int[] twice = {1 << 29, 5, 7, 1 << 29};
    reader.open(
        event(EventKind.EXAMPLE, Wire.example("a", "", 1, 1, 1.0, sparse(twice, 1, 2, 3, 4))));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.DUPLICATE_INDEX);
    int[] once = {1 << 29, 5, 7, 8};
    reader.open(
        event(EventKind.EXAMPLE, Wire.example("a", "", 1, 1, 1.0, sparse(once, 1, 2, 3, 4))));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isNull();
  }

  @Test
  void hashesNamesAndIgnoresLabelsOfAJobWithoutThem() {
    ExampleReader reader = new ExampleReader(NAMED, TOPICS, 1024, TIMES);
    Rows rows = new Rows(false);
    reader.open(
        event(
            EventKind.EXAMPLE,
            Wire.example(
                "a", "", 1, 1, "any", named(Map.of("price", 3.5), Map.of("city", "Z\u00fcrich")))));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isNull();
    assertThat(reader.labelled()).isFalse();
    assertThat(rows.label(0)).isNaN();
    assertThat(rows.index()[0]).isEqualTo(coordinate("price"));
    assertThat(rows.index()[1]).isEqualTo(coordinate("city=Z\u00fcrich"));
    assertThat(rows.value()[0]).isEqualTo(3.5);
    assertThat(rows.value()[1]).isEqualTo(1);
    assertThat(rows.end(0)).isEqualTo(2);
  }

  private static int coordinate(String name) {
    byte[] b = name.getBytes(StandardCharsets.UTF_8);
    return FeatureHasher.murmur3(b, 0, b.length, 0) & ((1 << 18) - 1);
  }

  @Test
  void addsUpNamesOnOneCoordinate() {
    InputSpec tiny =
        new InputSpec(InputSpec.Kind.NAMED, 0, 2, InputSpec.Target.REAL, List.of(), 1000);
    Map<String, Double> numbers = new TreeMap<>();
    double[] expected = new double[4];
    for (int i = 0; i < 300; i++) {
      String name = "f" + i;
      numbers.put(name, (double) i);
      byte[] b = name.getBytes(StandardCharsets.UTF_8);
      expected[FeatureHasher.murmur3(b, 0, b.length, 0) & 3] += i;
    }
    ExampleReader reader = new ExampleReader(tiny, TOPICS, 1024, TIMES);
    Rows rows = new Rows(false);
    reader.open(
        event(EventKind.EXAMPLE, Wire.example("a", "", 1, 1, 1.0, named(numbers, Map.of()))));
    assertThat(reader.next(rows)).isTrue();
    assertThat(rows.end(0)).isEqualTo(4);
    double[] found = new double[4];
    for (int k = 0; k < 4; k++) {
      found[rows.index()[k]] += rows.value()[k];
    }
    assertThat(found).containsExactly(expected, within(1e-9));
    assertThat(reader.collisions()).isGreaterThan(250);
  }

  @Test
  void mergesManyNamesWithoutLosingOne() {
    InputSpec wide =
        new InputSpec(InputSpec.Kind.NAMED, 0, 28, InputSpec.Target.REAL, List.of(), 10_000);
    Map<String, Double> numbers = new TreeMap<>();
    for (int i = 0; i < 5000; i++) {
      numbers.put("name" + i, 1.0);
    }
    ExampleReader reader = new ExampleReader(wide, TOPICS, 1024, TIMES);
    Rows rows = new Rows(false);
    reader.open(
        event(EventKind.EXAMPLE, Wire.example("a", "", 1, 1, 1.0, named(numbers, Map.of()))));
    assertThat(reader.next(rows)).isTrue();
    int[] index = Arrays.copyOf(rows.index(), rows.end(0));
    assertThat(Arrays.stream(index).distinct().count()).isEqualTo(index.length);
    assertThat(Arrays.stream(rows.value(), 0, rows.end(0)).sum()).isEqualTo(5000);
  }

  @Test
  void readsValuesInSeveralBlocksAndWithNegativeCounts() {
    byte[] value =
        Wire.rawBatch(
            "a",
            s -> {
              s.writeLong(-1).writeLong(29); // one item of 29 bytes
              s.writeString("").writeLong(9).writeDouble(1).writeInt(0).writeInt(0);
              s.writeLong(1).writeFloat(1);
              s.writeLong(-2).writeLong(8).writeFloat(2).writeFloat(3);
              s.writeLong(0);
              s.writeLong(1);
              s.writeString("").writeLong(9).writeDouble(1).writeInt(1).writeDouble(0).writeInt(0);
              s.writeFloats(new float[] {4, 5, 6});
              s.writeLong(0);
            });
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    reader.open(event(EventKind.EXAMPLE_BATCH, value));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.message()).isNull();
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.message()).isNull();
    assertThat(reader.itemIndex()).isEqualTo(1);
    assertThat(reader.next(rows)).isFalse();
    assertThat(Arrays.copyOf(rows.value(), 6)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void passesOverABadItemAlone() throws Exception {
    byte[] value =
        Wire.batch(
            "a",
            item("i0", 1, 1, "UP", dense(1, 2, 3)),
            item("i1", 1, -1, "UP", dense(1, 2, 3)),
            item("i2", 1, 1, "UP", sparse(new int[] {1}, 1)),
            item("i3", 1, 1, "UP", named(Map.of("a", 1.0), Map.of("b", "c"))),
            item("i4", 1, 1, "SIDE", dense(1, 2)),
            item("i5", 1, 1, 0.0, dense(4, 5, 6)));
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    reader.open(event(EventKind.EXAMPLE_BATCH, value));
    Reason[] expected = {
      null,
      Reason.BAD_WEIGHT,
      Reason.WRONG_FEATURE_KIND,
      Reason.WRONG_FEATURE_KIND,
      Reason.UNKNOWN_CLASS,
      null
    };
    for (int i = 0; i < expected.length; i++) {
      assertThat(reader.next(rows)).isTrue();
      assertThat(reader.reason()).isEqualTo(expected[i]);
      assertThat(reader.itemIndex()).isEqualTo(i);
      assertThat(reader.id()).isEqualTo("i" + i);
      if (expected[i] != null) {
        assertThat(reader.message()).startsWith("events-3@10442[" + i + "]: ");
      }
      Example alone = SingleObject.standard().decode(Example.class, reader.itemAsExample());
      assertThat(alone.getId()).isEqualTo("i" + i);
      assertThat(alone.getKey()).isEqualTo("a");
    }
    assertThat(reader.next(rows)).isFalse();
    assertThat(rows.count()).isEqualTo(2);
    assertThat(rows.value()[rows.start(1)]).isEqualTo(4);
  }

  @Test
  void anItemStandsAloneByteForByte() {
    Object[] features = {
      dense(1, 2, 3), sparse(new int[] {5, 2}, 1, 2), named(Map.of("x", 2.0), Map.of("c", "d"))
    };
    InputSpec[] specs = {DENSE, SPARSE, NAMED};
    for (int k = 0; k < specs.length; k++) {
      byte[] value =
          Wire.batch(
              "k\u00e9y", item("", 3, 1, null, features[k]), item("b", 0, 4, 1.0, features[k]));
      ExampleReader reader = new ExampleReader(specs[k], TOPICS, 1024, TIMES);
      Rows rows = new Rows(specs[k].dense());
      reader.open(event(EventKind.EXAMPLE_BATCH, value));
      assertThat(reader.next(rows)).isTrue();
      assertThat(reader.next(rows)).isTrue();
      byte[] alone = reader.itemAsExample();
      assertThat(alone).isEqualTo(Wire.example("k\u00e9y", "b", 0, 4, 1.0, features[k]));
      reader.open("events", 3, 10442, 1, 5000, alone);
      assertThat(reader.next(rows)).isTrue();
      assertThat(reader.reason()).isNull();
      assertThat(reader.itemIndex()).isEqualTo(1);
      assertThat(reader.itemAsExample()).isSameAs(alone);
      assertThat(Arrays.copyOfRange(rows.value(), rows.start(2), rows.end(2)))
          .isEqualTo(Arrays.copyOfRange(rows.value(), rows.start(1), rows.end(1)));
      assertThat(reader.next(rows)).isFalse();
    }
  }

  /** The items before were used, and used again when the dead letter was sent again. */
  @Test
  void aBatchWhoseBytesMakeNoSenseSomewhereGivesNoItemOut() {
    for (Object x : List.of(dense(1, 2, 3), sparse(new int[] {5, 700, 2}, 1, 2, 3))) {
      byte[] good =
          Wire.batch(
              "a", item("i0", 1, 1, "UP", x), item("i1", 0, 1, null, x), item("", 1, 1, 1.0, x));
      ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
      Rows rows = new Rows(true);
      for (int length = SingleObject.HEADER_BYTES + 2; length < good.length; length++) {
        reader.open(event(EventKind.EXAMPLE_BATCH, Arrays.copyOf(good, length)));
        assertThat(reader.next(rows)).as("%s bytes", length).isTrue();
        assertThat(reader.reason()).isEqualTo(Reason.MALFORMED);
        assertThat(reader.message()).startsWith("events-3@10442: ExampleBatch.items");
        assertThat(reader.itemIndex()).isEqualTo(-1);
        assertThat(reader.itemAsExample()).isNull();
        assertThat(reader.next(rows)).isFalse();
        assertThat(rows.count()).isZero();
      }
    }
  }

  @Test
  void bytesBehindABatchAreAFaultOfTheRecord() {
    byte[] good = Wire.batch("a", item("i0", 1, 1, "UP", dense(1, 2, 3)));
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    reader.open(event(EventKind.EXAMPLE_BATCH, Arrays.copyOf(good, good.length + 5)));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.TRAILING_BYTES);
    assertThat(reader.itemIndex()).isEqualTo(-1);
    assertThat(reader.itemAsExample()).isNull();
    assertThat(reader.next(rows)).isFalse();
    assertThat(rows.count()).isZero();
  }

  @Test
  void aTimeFarBeyondTheRecordsTimestampIsAFaultOfItsItem() {
    long record = 1_700_000_000_000L;
    long hour = 3_600_000;
    byte[] value =
        Wire.batch(
            "a",
            item("", record + hour, 1, "UP", dense(1, 2, 3)),
            item("", record + hour + 1, 1, "UP", dense(1, 2, 3)),
            item("", 1, 1, "UP", dense(1, 2, 3)));
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    reader.open("events", 3, 10442, -1, record, value);
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isNull();
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.BAD_EVENT_TIME);
    assertThat(reader.message())
        .isEqualTo(
            "events-3@10442[1]: eventTime = 1700003600001 (2023-11-14T23:13:20.001Z), the record's"
                + " timestamp is 1700000000000 (2023-11-14T22:13:20Z); must be at most PT1H later"
                + " (event-time.ahead)");
    assertThat(reader.next(rows)).as("the past is nobody's fault").isTrue();
    assertThat(reader.reason()).isNull();
    reader.open("events", 3, 10442, -1, -1, value);
    for (int i = 0; i < 3; i++) {
      assertThat(reader.next(rows)).isTrue();
      assertThat(reader.reason()).as("a record without a timestamp").isNull();
    }
  }

  @Test
  void aRecordTimestampBeyondAllCalendarsIsAFaultToo() {
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    byte[] value = Wire.example("a", "", 0, 1, "UP", dense(1, 2, 3));
    reader.open("events", 3, 10442, -1, Long.MAX_VALUE, value);
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.BAD_EVENT_TIME);
    assertThat(reader.message()).contains("the record's timestamp = 9223372036854775807");
  }

  @Test
  void anEmptyBatchIsNothing() {
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    reader.open(event(EventKind.EXAMPLE_BATCH, Wire.batch("a")));
    assertThat(reader.next(new Rows(true))).isFalse();
  }

  @Test
  void aRecordThatIsNoExampleIsAFaultToo() {
    ExampleReader reader = new ExampleReader(DENSE, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    byte[] label = new AvroSink().header(SingleObject.fingerprint(RecordKind.LABEL)).toByteArray();
    reader.open(event(EventKind.EXAMPLE, label));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.WRONG_TYPE);
    reader.open(event(EventKind.EXAMPLE, null));
    assertThat(reader.next(rows)).isTrue();
    assertThat(reader.reason()).isEqualTo(Reason.EMPTY);
    assertThat(reader.itemAsExample()).isNull();
  }

  @Test
  void everyClassOfManyIsFound() {
    List<String> classes = IntStream.range(0, 500).mapToObj(i -> "class " + i).toList();
    InputSpec many = new InputSpec(InputSpec.Kind.DENSE, 1, 0, InputSpec.Target.CLASS, classes, 10);
    ExampleReader reader = new ExampleReader(many, TOPICS, 1024, TIMES);
    Rows rows = new Rows(true);
    for (int i = 0; i < classes.size(); i++) {
      reader.open(event(EventKind.EXAMPLE, Wire.example("a", "", 1, 1, "class " + i, dense(1))));
      assertThat(reader.next(rows)).isTrue();
      assertThat(rows.label(i)).isEqualTo(i);
    }
  }
}
