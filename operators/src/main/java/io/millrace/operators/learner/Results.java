package io.millrace.operators.learner;

import io.millrace.core.learn.Outcome;
import io.millrace.operators.output.Channel;
import io.millrace.operators.output.Outputs;
import java.util.function.Function;

/** What a learner may publish of every event, beside the models. */
public enum Results {
  /** What the model said before it learned. */
  PREDICTIONS(
      new Channel(
          "predictions",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AS_CONFIGURED,
          false,
          "Prediction: what the model said of an event before it learned from it"),
      PredictionPublisher::new),

  /** The sparse code of a signal. */
  CODES(
      new Channel(
          "codes",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AS_CONFIGURED,
          false,
          "Code: the sparse code of a signal"),
      CodePublisher::new);

  /** Publishes the outcome of one event. */
  interface Publisher {
    /**
     * Publishes an outcome.
     *
     * @param id of the event, or empty
     * @param steps of the model that made it
     * @param label NaN: the event came without one
     */
    void publish(String key, String id, long eventTime, long steps, Outcome outcome, double label);
  }

  private final Channel channel;
  private final Function<Outputs, Publisher> publisher;

  Results(Channel channel, Function<Outputs, Publisher> publisher) {
    this.channel = channel;
    this.publisher = publisher;
  }

  /** Where they go. */
  public Channel channel() {
    return channel;
  }

  /** Makes a publisher of them. */
  Publisher publisher(Outputs outputs) {
    return publisher.apply(outputs);
  }
}
