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
      PredictionPublisher::new,
      false),

  /** The sparse code of a signal. */
  CODES(
      new Channel(
          "codes",
          Channel.Cleanup.DELETE,
          Channel.Delivery.AS_CONFIGURED,
          false,
          "Code: the sparse code of a signal"),
      CodePublisher::new,
      true);

  /** The model that made an outcome. Used again. */
  static final class Maker {
    /** Incarnation and version of the snapshot that the model is; version 0: of none. */
    long incarnation;

    long version;

    /** Steps that it had taken. */
    long steps;

    /** How far the label is expected from the prediction at most; NaN: nobody asks. */
    double radius = Double.NaN;

    /** How many classes there are; 0: labels are numbers. */
    int classes;

    /** As {@link io.millrace.core.learn.OnlineLearner#probabilities} has it. */
    int probabilities;
  }

  /** Publishes the outcome of one event. */
  interface Publisher {
    /**
     * Publishes an outcome.
     *
     * @param id of the event, or empty
     * @param by the model that made it
     * @param label NaN: the event came without one
     */
    void publish(String key, String id, long eventTime, Maker by, Outcome outcome, double label);
  }

  private final Channel channel;
  private final Function<Outputs, Publisher> publisher;
  private final boolean byPublished;

  Results(Channel channel, Function<Outputs, Publisher> publisher, boolean byPublished) {
    this.channel = channel;
    this.publisher = publisher;
    this.byPublished = byPublished;
  }

  /**
   * Whether the newest published model makes them, and not the present one: of use only together
   * with the model that made them, they must name one that readers have.
   */
  boolean byPublished() {
    return byPublished;
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
