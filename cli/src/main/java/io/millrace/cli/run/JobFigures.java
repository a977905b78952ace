package io.millrace.cli.run;

import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * The figures that a job in this process reports to Flink, summed up over its subtasks, as they are
 * now. They begin at 0 when the tasks do, so also after a restart. Thread-safe.
 */
public final class JobFigures implements MetricReporter {
  private static final String REPORTER = "metrics.reporter.millrace.";
  private static final String ID = "id";

  /** Those that a cluster of this process may ask for. */
  private static final Map<String, JobFigures> OPEN = new ConcurrentHashMap<>();

  private final String id = UUID.randomUUID().toString();
  private final Map<Metric, String> metrics = new ConcurrentHashMap<>();

  /** Hands a cluster the figures that its configuration names. */
  public static final class Factory implements MetricReporterFactory {
    @Override
    public MetricReporter createMetricReporter(Properties properties) {
      return OPEN.get(properties.getProperty(ID));
    }
  }

  private JobFigures() {}

  /** Figures that the cluster of this configuration will report to. */
  static JobFigures of(Configuration flink) {
    JobFigures figures = new JobFigures();
    OPEN.put(figures.id, figures);
    flink.setString(REPORTER + "factory.class", Factory.class.getName());
    flink.setString(REPORTER + ID, figures.id);
    return figures;
  }

  /** Sum of a counter over all subtasks; 0 where there is none yet. */
  public long sum(String counter) {
    return metrics.entrySet().stream()
        .filter(e -> e.getValue().equals(counter))
        .mapToLong(e -> e.getKey() instanceof Counter c ? c.getCount() : 0)
        .sum();
  }

  /** Mean of a gauge over the subtasks that know it; NaN where none does. */
  public double mean(String gauge) {
    return metrics.entrySet().stream()
        .filter(e -> e.getValue().equals(gauge))
        .mapToDouble(
            e ->
                e.getKey() instanceof Gauge<?> g && g.getValue() instanceof Number n
                    ? n.doubleValue()
                    : Double.NaN)
        .filter(Double::isFinite)
        .average()
        .orElse(Double.NaN);
  }

  @Override
  public void open(MetricConfig config) {
    // Nothing to open: who wants figures asks for them.
  }

  @Override
  public void close() {
    OPEN.remove(id);
  }

  @Override
  public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
    if (Arrays.asList(group.getScopeComponents()).contains("millrace")) {
      metrics.put(metric, name);
    }
  }

  @Override
  public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
    metrics.remove(metric);
  }
}
