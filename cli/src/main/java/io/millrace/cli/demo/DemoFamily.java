package io.millrace.cli.demo;

import io.millrace.client.EventTopics;
import io.millrace.client.EventWriter;
import io.millrace.client.KafkaAccess;
import io.millrace.client.Model;
import io.millrace.client.ModelStore;
import java.util.List;
import java.util.function.IntConsumer;

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

  /** Where events and orders go, to one topic so that an order comes after all of its key. */
  EventTopics topics();

  /**
   * Sends the events in their order.
   *
   * @param sent is told the number of each as soon as it has been sent
   */
  void send(KafkaAccess kafka, EventWriter writer, IntConsumer sent);

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
