package io.millrace.operators.shell;

import io.millrace.operators.handler.HandlerFactory;
import io.millrace.operators.ingress.EventKind;
import io.millrace.operators.ingress.RoutedEvent;
import io.millrace.operators.output.Channel;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.java.functions.KeySelector;

/**
 * A keyed stage of a job, declared by its family.
 *
 * @param uid id of the operator; a savepoint knows the stage by it, so it is never changed
 * @param keyedBy which of an event's keys is the stage's
 * @param kinds kinds of events it takes, from topics or from stages before it
 * @param channels outputs it emits to; metrics and dead letters are always among them
 * @param handler what it does with the events of a key
 * @param timeStep how often, in event time, it is to be told how far the partitions have come, see
 *     {@link io.millrace.operators.handler.KeyHandler#pass}; milliseconds, 0: never
 */
public record Stage(
    String uid,
    KeyedBy keyedBy,
    List<EventKind> kinds,
    List<Channel> channels,
    HandlerFactory handler,
    long timeStep) {
  /** Which of an event's keys is meant. */
  public enum KeyedBy implements KeySelector<RoutedEvent, String> {
    /** {@link RoutedEvent#key}. */
    KEY {
      @Override
      public String getKey(RoutedEvent event) {
        return event.key;
      }
    },
    /** {@link RoutedEvent#secondKey}; what is for a key group comes by the group's name. */
    SECOND_KEY {
      @Override
      public String getKey(RoutedEvent event) {
        return event.forGroup() ? event.key : event.secondKey;
      }
    }
  }

  public Stage {
    kinds = List.copyOf(kinds);
    channels =
        Stream.concat(channels.stream(), Stream.of(Channel.METRICS, Channel.DEAD_LETTERS))
            .distinct()
            .toList();
  }

  /** A stage that does not ask how far the partitions have come. */
  public Stage(
      String uid,
      KeyedBy keyedBy,
      List<EventKind> kinds,
      List<Channel> channels,
      HandlerFactory handler) {
    this(uid, keyedBy, kinds, channels, handler, 0);
  }

  /** The shortest step of those that want to be told of times, milliseconds; 0: none does. */
  public static long timeStep(List<Stage> stages) {
    return stages.stream().mapToLong(Stage::timeStep).filter(s -> s > 0).min().orElse(0);
  }

  /** Whether it can be given orders. */
  boolean takesOrders() {
    return kinds.contains(EventKind.CONTROL);
  }
}
