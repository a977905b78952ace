package io.millrace.operators.ingress;

import static io.millrace.operators.ingress.Wire.TIMES;
import static io.millrace.operators.ingress.Wire.TOPICS;
import static io.millrace.operators.ingress.Wire.dense;
import static io.millrace.operators.ingress.Wire.event;
import static io.millrace.operators.ingress.Wire.item;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.millrace.core.features.InputSpec;
import io.millrace.core.features.Rows;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading an event of the current schema leaves nothing for the garbage collector. */
class AllocationTest {
  private static final int EVENTS = 20_000;

  static Stream<Arguments> events() {
    InputSpec dense =
        new InputSpec(
            InputSpec.Kind.DENSE, 3, 0, InputSpec.Target.CLASS, List.of("DOWN", "UP"), 100);
    InputSpec sparse =
        new InputSpec(InputSpec.Kind.SPARSE, 1000, 0, InputSpec.Target.REAL, List.of(), 100);
    InputSpec named =
        new InputSpec(InputSpec.Kind.NAMED, 0, 18, InputSpec.Target.REAL, List.of(), 100);
    Object unordered = Wire.sparse(new int[] {5, 900, 7}, 1, 2, 3);
    Object names = Wire.named(Map.of("x", 1.0, "y", 2.0), Map.of("c", "d"));
    return Stream.of(
        Arguments.of(
            "dense",
            dense,
            event(EventKind.EXAMPLE, Wire.example("a", "id", 1, 1, "UP", dense(1, 2, 3)))),
        Arguments.of(
            "dense batch",
            dense,
            event(
                EventKind.EXAMPLE_BATCH,
                Wire.batch(
                    "a",
                    item("i", 1, 1, "UP", dense(1, 2, 3)),
                    item("j", 1, 1, 0.0, dense(1, 2, 3))))),
        Arguments.of(
            "sparse",
            sparse,
            event(EventKind.EXAMPLE, Wire.example("a", "id", 1, 1, 1.0, unordered))),
        Arguments.of(
            "named", named, event(EventKind.EXAMPLE, Wire.example("a", "id", 1, 1, 1.0, names))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("events")
  void readsWithoutAllocating(String name, InputSpec spec, RoutedEvent event) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long thread = Thread.currentThread().getId();
    ExampleReader reader = new ExampleReader(spec, TOPICS, 1024, TIMES);
    Rows rows = new Rows(spec.dense());
    read(reader, rows, event);
    long before = threads.getThreadAllocatedBytes(thread);
    read(reader, rows, event);
    long allocated = threads.getThreadAllocatedBytes(thread) - before;
    assertThat(allocated).isLessThan(EVENTS); // less than a byte each: none, but for the JVM's own
  }

  private static void read(ExampleReader reader, Rows rows, RoutedEvent event) {
    for (int i = 0; i < EVENTS; i++) {
      rows.clear();
      reader.open(event);
      while (reader.next(rows)) {
        assertUsable(reader);
      }
    }
  }

  private static void assertUsable(ExampleReader reader) {
    if (reader.reason() != null || !reader.hasId()) {
      throw new AssertionError(reader.message());
    }
  }
}
