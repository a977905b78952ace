package io.millrace.cli.demo;

import io.millrace.client.Event;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import java.util.List;

/**
 * What the demo of one job family streams, and what it makes of the models. Called by the demo's
 * threads in turn, but for {@link #published}.
 */
interface DemoFamily {
  /** Name of the job's YAML, beside this class and in the work directory. */
  String yaml();

  /** One line: what is streamed. */
  String sentence();

  /** Model keys; each gets an event. */
  List<String> keys();

  /** How many events there are. */
  int events();

  /** An event, its key in it. */
  Event event(int i);

  /** Event time of the last event. */
  long lastEventTimeMillis();

  /** Events to strew among them that no job can use. */
  List<BrokenEvents.Broken> broken(String topic);

  /** Metrics for the progress line; empty until there are any. */
  String state(MetricFollower metrics);

  /** Sees every version of every model, in the thread that follows them. */
  void published(Model model);

  /** Uses the newest models. */
  DemoReport finish(DemoFlow flow, ModelStore store);
}
