package io.millrace.operators.ingress;

import static io.millrace.operators.ingress.Wire.TIMES;
import static io.millrace.operators.ingress.Wire.TOPICS;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.Evidence;
import io.millrace.operators.output.OutRecord;
import io.millrace.schemas.AvroSink;
import io.millrace.schemas.DecodeException;
import io.millrace.schemas.Label;
import io.millrace.schemas.Reason;
import io.millrace.schemas.RecordKind;
import io.millrace.schemas.SingleObject;
import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Whatever the bytes are: no exception, a reason with every refusal, a dead letter that can be
 * written, and memory in proportion to the bytes.
 */
class HostileBytesTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** For messages, events and strings; what lengths claim is far beyond it. */
  private static final long FIXED_BYTES = 256 * 1024;

  private static final long PER_BYTE = 256;

  private static final List<InputSpec> SPECS =
      List.of(
          new InputSpec(
              InputSpec.Kind.DENSE, 3, 0, InputSpec.Target.CLASS, List.of("DOWN", "UP"), 100),
          new InputSpec(InputSpec.Kind.SPARSE, 1000, 0, InputSpec.Target.REAL, List.of(), 100),
          new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.NON_NEGATIVE, List.of(), 100),
          new InputSpec(InputSpec.Kind.DENSE, 3, 0, InputSpec.Target.NONE, List.of(), 100));

  private final EventRouter router =
      new EventRouter(new RouterOptions(TOPICS, Wire.ALL_KINDS, 1 << 20, 256));
  private final List<ExampleReader> examples =
      SPECS.stream().map(s -> new ExampleReader(s, TOPICS, 1024, TIMES)).toList();
  private final List<LabelReader> labels =
      SPECS.stream().map(s -> new LabelReader(s, TOPICS, 1024, TIMES)).toList();
  private final ControlReader controls = new ControlReader(TOPICS, TIMES);
  private final DeadLetters letters = new DeadLetters("learn", 64 * 1024);

  @Property(tries = 1000)
  void randomBytes(@ForAll byte[] bytes) {
    survives(bytes);
  }

  @Property(tries = 2000)
  void randomBodies(@ForAll("bodies") byte[] bytes) {
    survives(bytes);
  }

  @Property(tries = 3000)
  void damagedRecords(@ForAll("damaged") byte[] bytes) {
    survives(bytes);
  }

  @Property(tries = 2000)
  void hostileLengths(@ForAll("hostile") byte[] bytes) {
    survives(bytes);
  }

  @Provide
  Arbitrary<byte[]> bodies() {
    return Combinators.combine(kinds(), Arbitraries.bytes().array(byte[].class).ofMaxSize(200))
        .as((kind, body) -> header(kind).append(body, 0, body.length).toByteArray());
  }

  /** A good record with a few bytes changed, then cut or lengthened. */
  @Provide
  Arbitrary<byte[]> damaged() {
    Arbitrary<byte[]> changes = Arbitraries.bytes().array(byte[].class).ofMaxSize(6);
    return Combinators.combine(
            Arbitraries.of(good()),
            changes,
            Arbitraries.integers().between(0, 1_000_000),
            Arbitraries.integers().between(-20, 20).injectNull(0.5))
        .as(
            (record, bytes, where, longer) -> {
              byte[] b = record.clone();
              for (int i = 0; i < bytes.length; i++) {
                int body = b.length - SingleObject.HEADER_BYTES;
                b[SingleObject.HEADER_BYTES + (where * (i + 1) & 0x7fffffff) % body] = bytes[i];
              }
              return longer == null ? b : Arrays.copyOf(b, Math.max(0, b.length + longer));
            });
  }

  /** A good record in which lengths, counts or branches claim the impossible. */
  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<Long> claims =
        Arbitraries.of(
            -1L,
            Long.MIN_VALUE,
            Long.MAX_VALUE,
            (long) Integer.MAX_VALUE,
            (long) Integer.MIN_VALUE,
            1L << 31,
            1L << 32,
            1L << 40,
            (1L << 62) - 1,
            1_000_000L,
            100_000L,
            -100_000L);
    return Combinators.combine(
            Arbitraries.of(good()), claims, Arbitraries.integers().between(0, 1_000_000))
        .as(
            (record, claim, where) -> {
              int head = SingleObject.HEADER_BYTES;
              int at = head + where % (record.length - head);
              return new AvroSink()
                  .append(record, 0, at)
                  .writeLong(claim)
                  .append(record, at + 1, record.length - at - 1)
                  .toByteArray();
            });
  }

  private static Arbitrary<RecordKind> kinds() {
    return Arbitraries.of(
        RecordKind.EXAMPLE, RecordKind.EXAMPLE_BATCH, RecordKind.LABEL, RecordKind.CONTROL);
  }

  private static AvroSink header(RecordKind kind) {
    return new AvroSink().header(SingleObject.fingerprint(kind));
  }

  private static List<byte[]> good() {
    Object dense = Wire.dense(1, 2, 3);
    Object sparse = Wire.sparse(new int[] {1, 500, 20}, 1, 2, 3);
    Object named = Wire.named(Map.of("x", 1.0, "y", 2.0), Map.of("c", "d"));
    AvroSink control = header(RecordKind.CONTROL).writeString("a").writeInt(1).writeString("lr");
    control.writeDouble(1).writeLong(5).writeString("o").writeLong(1);
    return List.of(
        Wire.example("a", "i", 5, 1, "UP", dense),
        Wire.example("a", "i", 5, 1, 1.0, sparse),
        Wire.example("key\u00e9", "", 0, 1, null, named),
        Wire.batch("a", Wire.item("i", 5, 1, "UP", dense), Wire.item("j", 0, 1, null, dense)),
        Wire.batch("a", Wire.item("i", 5, 1, 2.0, sparse), Wire.item("j", 0, 1, null, sparse)),
        Wire.batch("a", Wire.item("i", 5, 1, 2.0, named), Wire.item("j", 0, 1, null, named)),
        SingleObject.encode(new Label("a", "i", Instant.ofEpochMilli(5), "UP", 2.0)),
        SingleObject.encode(new Label("a", "i", Instant.ofEpochMilli(5), 1.0, null)),
        control.toByteArray());
  }

  private void survives(byte[] bytes) {
    byte[] before = bytes.clone();
    long most = FIXED_BYTES + PER_BYTE * bytes.length;
    if (allocatedFor(bytes) > most) { // may be classes loaded on the way: those come only once
      assertThat(allocatedFor(bytes)).isLessThan(most);
    }
    assertThat(bytes).isEqualTo(before);
  }

  private long allocatedFor(byte[] bytes) {
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    process(bytes);
    return THREADS.getThreadAllocatedBytes(thread) - before;
  }

  private void process(byte[] bytes) {
    RoutedEvent event = router.route(1, 3, 10442, 5000, bytes, bytes);
    if (event.kind == RoutedEvent.UNUSABLE) {
      refused(event, -1, null, event.reason, event.message);
      return;
    }
    check(!event.key.isEmpty(), "an event without key");
    for (int i = 0; i < SPECS.size(); i++) {
      if (event.is(EventKind.LABEL)) {
        LabelReader reader = labels.get(i);
        if (!reader.read(event)) {
          refused(event, -1, null, reader.reason(), reader.message());
        }
      } else if (event.is(EventKind.CONTROL)) {
        if (!controls.read(event)) {
          refused(event, -1, null, controls.reason(), controls.message());
        }
      } else {
        examples(event, examples.get(i), SPECS.get(i));
      }
    }
  }

  private void examples(RoutedEvent event, ExampleReader reader, InputSpec spec) {
    Rows rows = new Rows(spec.dense());
    reader.open(event);
    for (int items = 0; reader.next(rows); items++) {
      check(items <= event.value.length, "more items than bytes");
      check(reader.eventTime() >= 0, "a negative time");
      check(reader.id() != null, "no id");
      byte[] item = reader.itemAsExample();
      if (reader.reason() == null) {
        decodes(item, reader.id());
      } else {
        refused(event, reader.itemIndex(), item, reader.reason(), reader.message());
        if (reader.reason() == Reason.MALFORMED || reader.reason() == Reason.TRAILING_BYTES) {
          refusedByAvroToo(event.value);
        }
      }
    }
    check(!reader.next(rows), "an item behind the last");
    for (int row = 0; row < rows.count(); row++) {
      check(rows.end(row) - rows.start(row) <= 100, "too many coordinates");
      for (int k = rows.start(row); k < rows.end(row); k++) {
        check(Double.isFinite(rows.value()[k]), "a value that is not finite");
        check(
            spec.dense() || rows.index()[k] >= 0 && rows.index()[k] < spec.width(),
            "an index out of range");
      }
      check(rows.weight(row) >= 0 && Double.isFinite(rows.weight(row)), "a bad weight");
      check(!Double.isInfinite(rows.label(row)), "an infinite label");
    }
  }

  /** What this reader accepts, Avro's reader accepts. */
  private static void decodes(byte[] item, String id) {
    try {
      check(
          SingleObject.standard()
              .decode(io.millrace.schemas.Example.class, item)
              .getId()
              .equals(id),
          "another id");
    } catch (DecodeException e) {
      throw new AssertionError("accepted what Avro's reader refuses", e);
    }
  }

  private static void refusedByAvroToo(byte[] value) {
    try {
      throw new AssertionError("refused " + SingleObject.standard().decode(value));
    } catch (DecodeException e) {
      check(
          e.reason() == Reason.MALFORMED || e.reason() == Reason.TRAILING_BYTES,
          "another reason: " + e.reason());
    }
  }

  private void refused(RoutedEvent event, int index, byte[] item, Reason reason, String message) {
    check(reason != null && reason != Reason.UNKNOWN, "no reason");
    check(message.startsWith("events-3@10442"), message);
    OutRecord letter = letters.of(Evidence.of(event, TOPICS, index, item), reason, message);
    int key = letter.key == null ? 0 : letter.key.length;
    check(key + letter.value.length <= 64 * 1024, "a large dead letter");
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
