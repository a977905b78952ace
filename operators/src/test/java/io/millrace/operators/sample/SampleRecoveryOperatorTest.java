package io.millrace.operators.sample;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.core.features.Rows;
import io.millrace.core.sample.NaturalGaussian.Shape;
import io.millrace.core.sample.data.Keeping;
import io.millrace.operators.learner.Runner;
import io.millrace.operators.shell.KeyedShell;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.state.rocksdb.EmbeddedRocksDBStateBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever a stage is killed at, what it sends afterwards is what it would have sent. */
class SampleRecoveryOperatorTest {
  private static final SampleOptions OPTIONS = Silos.options("a", "b", "c");
  private static final SampleOptions SEARCHING =
      SampleModelsOperatorTest.options(
          SampleModelsOperatorTest.model("linear", "logistic", 2),
          "control-variate",
          "sgld",
          "laplace",
          Shape.FULL,
          Keeping.WINDOW,
          1000,
          0.95);

  /** What both stages get in a run with rows that come later, time-outs and a return. */
  private static Loop recorded() {
    Loop loop = new Loop(OPTIONS).rows(0, Silos.ROWS, "a", "b", "c").tick(10).run(60);
    loop.deaf.add("b");
    loop.run(500).tick(1000).tick(2000).tick(4000).run(30);
    loop.deaf.clear();
    loop.run(20).tick(600).rows(Silos.ROWS, Silos.ROWS + 10, "a").run(40);
    assertThat(loop.models).hasSizeGreaterThan(3);
    assertThat(loop.letters).isEmpty();
    return loop;
  }

  /** A search for the point to anchor at of many rounds, rows that fade, an epoch by order. */
  private static Loop searched() {
    PosteriorModel model = SEARCHING.model();
    Map<String, Rows> rows = SampleModelsOperatorTest.rows(model, 20, 6);
    Loop loop = new Loop(SEARCHING);
    SampleModelsOperatorTest.feed(loop, rows, 0, 12);
    loop.tick(10).run(120);
    SampleModelsOperatorTest.feed(loop, rows, 12, 15);
    loop.run(20).want(1).run(180).tick(60_000);
    assertThat(loop.status().getEpoch()).isEqualTo(2);
    assertThat(loop.model().getCounters().get("anchor-rounds")).isGreaterThan(2);
    assertThat(loop.letters).isEmpty();
    return loop;
  }

  private static Runner run(SampleOptions options, String stage, String backend, int bundle)
      throws Exception {
    Supplier<StateBackend> b =
        backend.equals("rocksdb") ? EmbeddedRocksDBStateBackend::new : HashMapStateBackend::new;
    Supplier<KeyedShell> shell =
        stage.equals("clients")
            ? () -> Silos.clients(options, bundle)
            : () -> Silos.router(options, bundle);
    return new Runner(shell, b, 1);
  }

  @ParameterizedTest
  @CsvSource({
    "false, clients, hashmap, 1, 2",
    "false, clients, rocksdb, 4, 23",
    "false, router, hashmap, 1, 1",
    "false, router, rocksdb, 1, 23",
    "true, clients, hashmap, 1, 5",
    "true, router, hashmap, 1, 3",
    "true, router, rocksdb, 1, 41"
  })
  void restoresBitEqualFromEveryPosition(
      boolean searching, String stage, String backend, int bundle, int by) throws Exception {
    SampleOptions options = searching ? SEARCHING : OPTIONS;
    Loop loop = searching ? searched() : recorded();
    List<Object> items = stage.equals("clients") ? loop.toClients : loop.toRouter;
    Runner.Result expected;
    try (Runner r = run(options, stage, "hashmap", 1)) {
      expected = r.feed(items).result();
    }
    assertThat(expected.outputs()).isNotEmpty();
    for (int at = 0; at <= items.size(); at += by) {
      try (Runner r = run(options, stage, backend, bundle)) {
        r.feed(items.subList(0, at)).restart(1).feed(items.subList(at, items.size()));
        assertThat(r.states()).as("states, restored at %d", at).isEqualTo(expected.states());
        assertThat(r.outputs).as("outputs, restored at %d", at).isEqualTo(expected.outputs());
      }
    }
  }

  @Test
  void clientsRescaleBitEqualFromOneToThreeToTwo() throws Exception {
    List<Object> items = recorded().toClients;
    Runner.Result expected;
    try (Runner r = run(OPTIONS, "clients", "hashmap", 1)) {
      expected = r.feed(items).result();
    }
    for (int at = 0; at <= items.size(); at += 17) {
      int then = Math.min(items.size(), at + 31);
      try (Runner r = run(OPTIONS, "clients", "hashmap", 1)) {
        r.feed(items.subList(0, at)).restart(3);
        r.feed(items.subList(at, then)).restart(2).feed(items.subList(then, items.size()));
        assertThat(r.states()).as("states at %d", at).isEqualTo(expected.states());
        assertThat(sorted(r.outputs)).as("at %d", at).isEqualTo(sorted(expected.outputs()));
      }
    }
  }

  /** Answers of several clients stand in one partition, in an order that nothing promises. */
  private static Map<String, List<String>> sorted(Map<String, List<String>> outputs) {
    return outputs.entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().stream().sorted().toList()));
  }
}
