package io.millrace.operators.handler;

import io.millrace.core.compute.Workspace;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.publish.DeadLetterOffice;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A stage that keeps in lists what its handler does. */
public final class ListStage implements StageContext {
  /** A record on its channel. */
  public record Emitted(Channel channel, OutRecord record) {}

  /** Records, in order. */
  public final List<Emitted> emitted = new ArrayList<>();

  /** Events for the stages behind. */
  public final List<RoutedEvent> forwarded = new ArrayList<>();

  private final long incarnation;
  private final Workspace workspace = new Workspace();
  private final StageMetrics metrics;
  private final DeadLetterOffice letters;

  /** A stage of a family's job called "test". */
  public ListStage(String family, long incarnation, List<String> topics) {
    this.incarnation = incarnation;
    this.metrics = new StageMetrics(new UnregisteredMetricsGroup(), family);
    this.letters = new DeadLetterOffice(topics, new DeadLetters("test", 1 << 20), this, metrics);
  }

  @Override
  public String job() {
    return "list";
  }

  @Override
  public long incarnation() {
    return incarnation;
  }

  @Override
  public String backend() {
    return "scalar";
  }

  @Override
  public String localBackend() {
    return backend();
  }

  @Override
  public void emit(Channel channel, OutRecord record) {
    emitted.add(new Emitted(channel, record));
  }

  @Override
  public void forward(RoutedEvent event) {
    forwarded.add(event);
  }

  @Override
  public DeadLetterOffice letters() {
    return letters;
  }

  @Override
  public StageMetrics metrics() {
    return metrics;
  }

  @Override
  public Workspace workspace() {
    return workspace;
  }
}
