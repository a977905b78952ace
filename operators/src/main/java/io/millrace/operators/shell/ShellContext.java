package io.millrace.operators.shell;

import io.millrace.core.compute.Workspace;
import io.millrace.operators.handler.Key;
import io.millrace.operators.handler.StageContext;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.metrics.StageMetrics;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.DeadLetters;
import io.millrace.operators.output.OutRecord;
import io.millrace.operators.publish.DeadLetterOffice;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.util.OutputTag;

/** What a subtask of a stage hands its handler: the ways out, and what is decided for the run. */
final class ShellContext implements StageContext {
  private final Map<Channel, Route> routes = new HashMap<>();
  private final Workspace workspace = new Workspace();
  private final String job;
  private final Run run;
  private final StageMetrics metrics;
  private final Backlog backlog;
  private final DeadLetterOffice letters;

  /**
   * The way to a channel.
   *
   * @param partitions among which its records are spread in this run; 0: all there are
   */
  private record Route(OutputTag<OutRecord> tag, int partitions) {}

  ShellContext(
      StageOptions options,
      List<Channel> channels,
      Run run,
      StageMetrics metrics,
      Backlog backlog) {
    this.job = options.job();
    this.run = run;
    this.metrics = metrics;
    this.backlog = backlog;
    for (Channel channel : channels) {
      int partitions = run.partitions().getOrDefault(channel.role(), 0);
      routes.put(channel, new Route(KeyedShell.tag(channel), partitions));
    }
    DeadLetters form = new DeadLetters(options.job(), options.deadLetterBytes());
    this.letters = new DeadLetterOffice(options.topics(), form, this, metrics);
  }

  @Override
  public String job() {
    return job;
  }

  @Override
  public long incarnation() {
    return run.incarnation();
  }

  @Override
  public String backend() {
    return run.backend().arithmetic();
  }

  @Override
  public String localBackend() {
    return run.backend().id();
  }

  @Override
  public void emit(Channel channel, OutRecord record) {
    Route route = routes.get(channel);
    if (route == null) {
      throw new IllegalStateException("the stage does not list channel '" + channel.role() + "'");
    }
    OutRecord placed = route.partitions > 0 ? record.among(route.partitions) : record;
    backlog.send(route.tag, placed);
  }

  @Override
  public void forward(RoutedEvent event) {
    backlog.send(KeyedShell.FORWARD, event);
  }

  @Override
  public int keysTogether() {
    return backlog.most();
  }

  @Override
  public void putOff(Key key) {
    backlog.add(key);
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
