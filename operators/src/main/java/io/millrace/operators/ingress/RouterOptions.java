package io.millrace.operators.ingress;

import java.io.Serializable;
import java.util.List;

/**
 * What a source lets through.
 *
 * @param topics names of the job's input topics; events carry an index into this list
 * @param kinds kinds that the job takes; others are dead letters
 * @param maxRecordBytes largest value of a Kafka record
 * @param maxKeyBytes longest key in UTF-8
 */
public record RouterOptions(
    List<String> topics, List<EventKind> kinds, int maxRecordBytes, int maxKeyBytes)
    implements Serializable {

  /** Refuses kinds that share a code. */
  public RouterOptions {
    topics = List.copyOf(topics);
    kinds = List.copyOf(kinds);
    if (kinds.stream().map(EventKind::code).distinct().count() != kinds.size()) {
      throw new IllegalStateException("kinds " + kinds + " share a code");
    }
  }
}
