package io.millrace.operators.ingress;

import java.io.Serializable;
import java.util.List;

/**
 * What a source lets through.
 *
 * @param topics names of the job's input topics; events carry an index into this list
 * @param kinds kinds of {@link RoutedEvent} that the job takes; others are dead letters
 * @param maxRecordBytes largest value of a Kafka record
 * @param maxKeyBytes longest model key in UTF-8
 */
public record RouterOptions(
    List<String> topics, List<Byte> kinds, int maxRecordBytes, int maxKeyBytes)
    implements Serializable {}
