package io.millrace.operators.output;

import java.io.Serializable;

/**
 * An output of a stage, declared once: configuration, creation of topics, topology and
 * documentation read it from the family's list, and a handler emits to it by one method.
 *
 * @param role names its setting ({@code topics.<role>}), its default topic, its side output and its
 *     sink
 * @param cleanup of the topic where the job creates it
 * @param delivery what a reader may rely on
 * @param loops whether the topic is an input of the same job. Who receives such a record drops what
 *     it has seen, by origin and sequence number, so that at-least-once has effectively-once effect
 * @param doc completes "Holds ..." in the documentation
 */
public record Channel(String role, Cleanup cleanup, Delivery delivery, boolean loops, String doc)
    implements Serializable {
  /** What Kafka may throw away. */
  public enum Cleanup {
    /** Old records, by the topic's retention. */
    DELETE,
    /** All but the last record of a key. */
    COMPACT;

    /** As Kafka's {@code cleanup.policy}. */
    public String policy() {
      return this == DELETE ? "delete" : "compact";
    }
  }

  /** How records reach their topic. */
  public enum Delivery {
    /** As the job's {@code delivery} says: in transactions unless it is told otherwise. */
    AS_CONFIGURED,
    /** At once, and perhaps twice: for what somebody waits for. */
    AT_LEAST_ONCE
  }

  /** Models of all families, whole or in parts. */
  public static final Channel MODELS =
      new Channel(
          "models",
          Cleanup.COMPACT,
          Delivery.AS_CONFIGURED,
          false,
          "ModelSnapshot, ModelPart and ModelDelta");

  /** What is to be known of keys and of orders. */
  public static final Channel METRICS =
      new Channel(
          "metrics",
          Cleanup.DELETE,
          Delivery.AS_CONFIGURED,
          false,
          "Metric: progressive validation; ControlEcho: what became of each order; GateDecision: what"
              + " became of a candidate");

  /** Events that could not be used. */
  public static final Channel DEAD_LETTERS =
      new Channel(
          "dead-letters",
          Cleanup.DELETE,
          Delivery.AS_CONFIGURED,
          false,
          "DeadLetter: events that could not be used, with the reason");

  public Channel {
    if (loops && delivery != Delivery.AT_LEAST_ONCE) {
      throw new IllegalStateException(
          "channel '" + role + "' loops; a hop through transactions takes a checkpoint interval");
    }
  }

  /** Channels are told apart by their roles. */
  @Override
  public boolean equals(Object o) {
    return o instanceof Channel other && other.role.equals(role);
  }

  @Override
  public int hashCode() {
    return role.hashCode();
  }

  /** Id of its sink; a savepoint knows the sink by it. */
  public String uid() {
    return "sink-" + role;
  }
}
