package io.millrace.cli.demo;

import io.millrace.cli.console.CommandFailed;
import io.millrace.cli.console.Count;
import io.millrace.client.Event;
import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import io.millrace.client.Score;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntConsumer;

/**
 * The {@code learn} job on the electricity stream. The rows are dealt to the model keys in turn;
 * the last tenth is held back and scored with the newest models at the end, so that the models are
 * judged on what lies ahead of all they have seen.
 */
final class LearnDemo implements DemoFamily {
  static final String YAML = "electricity.yaml";

  private final List<String> keys = new ArrayList<>();
  private final List<ElectricityStream.Row> rows;
  private final int sent;

  /**
   * A demo.
   *
   * @param limit rows to take, held-back ones included
   * @param models to deal them to
   */
  LearnDemo(int limit, int models) {
    rows = ElectricityStream.rows(limit);
    sent = rows.size() - rows.size() / 10;
    for (int k = 1; k <= models; k++) {
      keys.add(models == 1 ? "nsw" : "nsw-" + k);
    }
  }

  @Override
  public String yaml() {
    return YAML;
  }

  @Override
  public String sentence() {
    return String.format(
        Locale.ROOT,
        "streaming %s of the electricity market to %s, %s held back",
        Count.of(sent, "row"),
        Count.of(keys.size(), "model"),
        Count.of(rows.size() - sent, "row"));
  }

  @Override
  public List<String> keys() {
    return keys;
  }

  @Override
  public int events() {
    return sent;
  }

  private String key(ElectricityStream.Row row) {
    return keys.get(row.number() % keys.size());
  }

  @Override
  public EventTopics topics() {
    return EventTopics.of(Demo.PREFIX);
  }

  @Override
  public void send(KafkaAccess kafka, EventWriter writer, IntConsumer sent) {
    for (int i = 0; i < events(); i++) {
      writer.send(event(i));
      sent.accept(i);
    }
  }

  private Event event(int i) {
    return rows.get(i).event(key(rows.get(i)));
  }

  @Override
  public long lastEventTimeMillis() {
    return rows.get(sent - 1).eventTimeMillis();
  }

  @Override
  public List<BrokenEvents.Broken> broken(String topic) {
    ElectricityStream.Row row = rows.get(0);
    List<BrokenEvents.Broken> all =
        BrokenEvents.of(topic, key(row), row.features(), e -> e.label(row.label()));
    all.add(BrokenEvents.unknownClass(key(row), row.features()));
    return all;
  }

  @Override
  public String state(MetricFollower metrics) {
    double loss = metrics.mean("loss");
    return Double.isNaN(loss)
        ? ""
        : String.format(Locale.ROOT, "loss %.4f, accuracy %.4f, ", loss, metrics.mean("accuracy"));
  }

  @Override
  public void published(Model model) {
    // Only the newest are of use here.
  }

  @Override
  public DemoReport finish(DemoFlow flow, ModelStore store) {
    long begin = System.nanoTime();
    double loss = 0;
    int correct = 0;
    for (ElectricityStream.Row row : rows.subList(sent, rows.size())) {
      Model model =
          store
              .get(key(row))
              .orElseThrow(() -> new CommandFailed("no model of '" + key(row) + "' came"));
      Score score = model.predict(row.features());
      int label = ElectricityStream.CLASSES.indexOf(row.label());
      double p = label == 1 ? score.value() : 1 - score.value();
      loss -= StrictMath.log(Math.max(Double.MIN_NORMAL, p));
      correct += score.classIndex() == label ? 1 : 0;
    }
    int held = rows.size() - sent;
    flow.stages().put("score", DemoFlow.Stage.since(begin, held));
    List<Map.Entry<Map<String, Long>, Map<String, Double>>> models = new ArrayList<>();
    for (String k : store.keys()) {
      store.get(k).ifPresent(m -> models.add(Map.entry(m.counters(), m.metrics())));
    }
    return new LearnReport(
        flow,
        rows.size(),
        MetricFollower.mean(models, "loss"),
        MetricFollower.mean(models, "accuracy"),
        held,
        loss / held,
        (double) correct / held,
        DemoFlow.seconds(flow.startNanos()));
  }
}
