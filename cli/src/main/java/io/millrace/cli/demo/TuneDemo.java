package io.millrace.cli.demo;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.cli.systems.CostTable;
import io.millrace.cli.systems.ShiftedSystems;
import io.millrace.cli.systems.Shifts;
import io.millrace.cli.systems.SystemStream;
import io.millrace.client.Decision;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.TuneClient;
import io.millrace.client.TuneQuery;
import io.millrace.client.TuneTopics;
import io.millrace.schemas.FeedbackSource;
import io.millrace.schemas.Reason;
import io.millrace.schemas.SingleObject;
import io.millrace.schemas.TuneFeedback;
import io.millrace.schemas.TuneRequest;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.IntConsumer;

/**
 * The {@code tune} job on the source paper's experiment: a sequence of linear systems, each solved
 * once by SOR with the omega that a tuner decides for; what it has cost is the number of
 * iterations. Systems are dealt to the tuners in turn. At the end every system is compared with the
 * same system solved by every omega of the grid.
 *
 * <p>Some solvers work side by side: so many decisions of a tuner are made before the cost of the
 * first comes. What is asked and reported, and in which order, is the same in every run, and so are
 * the decisions.
 */
final class TuneDemo implements DemoFamily {
  static final String YAML = "sor.yaml";

  /** Length of the paper's sequences. */
  private static final int SYSTEMS = 5_000;

  /** Solvers that work side by side on the systems of one tuner. */
  private static final int SOLVERS = 4;

  private static final long SEED = 1;
  private static final long START = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();
  private static final long STEP_MILLIS = 100;
  private static final TuneTopics TOPICS = TuneTopics.of(Demo.PREFIX);

  private final List<String> keys = new ArrayList<>();
  private final int[] iterations;
  private final Path directory;

  /** What every omega costs on every system; made beside the demo. */
  private final CompletableFuture<CostTable> table;

  /**
   * A demo.
   *
   * @param limit systems to solve
   * @param tuners to deal them to
   * @param directory takes the plot
   */
  TuneDemo(int limit, int tuners, Path directory) {
    this.directory = directory;
    iterations = new int[Math.min(limit, SYSTEMS)];
    for (int k = 1; k <= tuners; k++) {
      keys.add(tuners == 1 ? "sor" : "sor-" + k);
    }
    table =
        CompletableFuture.supplyAsync(
            () -> new CostTable(systems(), iterations.length, CostTable.grid()));
  }

  private static SystemStream systems() {
    return new ShiftedSystems(Shifts.HIGH_VARIANCE, SEED);
  }

  @Override
  public String yaml() {
    return YAML;
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "solving %s, each with the omega that %s it",
        Count.of(iterations.length, "linear system"),
        keys.size() == 1 ? "a tuner chooses for" : "one of " + keys.size() + " tuners chooses for");
  }

  @Override
  public List<String> keys() {
    return keys;
  }

  @Override
  public int events() {
    return iterations.length;
  }

  @Override
  public EventTopics topics() {
    return EventTopics.single(TOPICS.requests());
  }

  private static String id(int system) {
    return "system-" + system;
  }

  @Override
  public void send(KafkaAccess kafka, EventWriter writer, IntConsumer sent) {
    SystemStream asked = systems();
    SystemStream solved = systems();
    int sideBySide = SOLVERS * keys.size();
    try (TuneClient tuners = TuneClient.open(kafka, "millrace-demo-solvers", TOPICS)) {
      for (int from = 0; from < iterations.length; from += sideBySide) {
        int to = Math.min(iterations.length, from + sideBySide);
        List<CompletableFuture<Decision>> decisions = new ArrayList<>();
        for (int i = from; i < to; i++) {
          asked.next();
          decisions.add(tuners.decideAsync(query(i, asked.context())));
        }
        for (int i = from; i < to; i++) {
          solved.next();
          Decision decision = decided(decisions.get(i - from));
          iterations[i] = solved.iterations(decision.value());
          tuners.report(decision, iterations[i]);
          sent.accept(i);
        }
      }
    }
  }

  private TuneQuery query(int system, double shift) {
    return TuneQuery.of(keys.get(system % keys.size()), shift)
        .id(id(system))
        .times(START + system * STEP_MILLIS, 0);
  }

  private static Decision decided(CompletableFuture<Decision> asked) {
    try {
      return asked.join();
    } catch (CompletionException e) {
      throw new CommandFailed("a system was not decided: " + e.getCause().getMessage(), e);
    }
  }

  @Override
  public long lastEventTimeMillis() {
    return START + (iterations.length - 1) * STEP_MILLIS;
  }

  /** Also a request with a context too many, one for an arm that is not there, bad costs. */
  @Override
  public List<BrokenEvents.Broken> broken(String topic) {
    String key = keys.get(0);
    List<BrokenEvents.Broken> all =
        BrokenEvents.unreadable(topic, key, request(List.of(0.1), List.of()));
    all.add(
        BrokenEvents.raw(
            Reason.DIMENSION_MISMATCH, topic, key, request(List.of(0.1, 0.2), List.of())));
    all.add(
        BrokenEvents.raw(Reason.UNKNOWN_ARM, topic, key, request(List.of(0.1), List.of("2.5"))));
    all.add(BrokenEvents.raw(Reason.NOT_FINITE, topic, key, cost(Double.NaN)));
    all.add(BrokenEvents.raw(Reason.DUPLICATE_EVENT, topic, key, cost(1)));
    return all;
  }

  private byte[] request(List<Double> context, List<String> arms) {
    return SingleObject.encode(
        new TuneRequest(
            keys.get(0),
            "broken",
            Instant.ofEpochMilli(START),
            Instant.EPOCH,
            context,
            arms,
            List.of()));
  }

  /** Feedback for the first system, whose cost has been reported before. */
  private byte[] cost(double cost) {
    return SingleObject.encode(
        new TuneFeedback(
            keys.get(0), id(0), Instant.ofEpochMilli(START), cost, FeedbackSource.DECISION, ""));
  }

  @Override
  public String state(MetricFollower metrics) {
    double mean = metrics.mean("loss");
    return Double.isNaN(mean) ? "" : String.format(Locale.ROOT, "%.1f iterations a system, ", mean);
  }

  @Override
  public void published(Model model) {
    // Only the costs are of use here.
  }

  @Override
  public DemoReport finish(DemoFlow flow, ModelStore store) {
    long begin = System.nanoTime();
    CostTable costs = table.join();
    flow.stages().put("compare", DemoFlow.Stage.since(begin, costs.systems()));
    TuneReport report =
        new TuneReport(flow, costs, iterations, DemoFlow.seconds(flow.startNanos()));
    report.plot().write(directory.resolve(TuneReport.PLOT));
    return report;
  }
}
