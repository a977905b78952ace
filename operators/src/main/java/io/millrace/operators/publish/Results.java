package io.millrace.operators.publish;

import io.millrace.core.learn.Outcome;
import java.util.function.Function;
import org.apache.flink.util.OutputTag;

/** What a learner may publish of every event, beside the models. */
public enum Results {
  /** What the model said before it learned. */
  PREDICTIONS("predictions", PredictionPublisher::new),

  /** The sparse code of a signal. */
  CODES("codes", CodePublisher::new);

  /** Publishes the outcome of one event. */
  public interface Publisher {
    /**
     * Publishes an outcome.
     *
     * @param id of the event, or empty
     * @param steps of the model that made it
     * @param label NaN: the event came without one
     */
    void publish(String key, String id, long eventTime, long steps, Outcome outcome, double label);
  }

  private final OutputTag<OutRecord> tag;
  private final Function<Outputs, Publisher> publisher;

  Results(String name, Function<Outputs, Publisher> publisher) {
    this.tag = new OutputTag<>(name, OutRecordTypeInfo.INSTANCE);
    this.publisher = publisher;
  }

  /** The side output. */
  public OutputTag<OutRecord> tag() {
    return tag;
  }

  /** Someone who writes them. */
  public Publisher publisher(Outputs outputs) {
    return publisher.apply(outputs);
  }
}
