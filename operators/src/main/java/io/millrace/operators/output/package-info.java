/**
 * What leaves a stage: encoded records, and the channels that carry them.
 *
 * <p>A {@link io.millrace.operators.output.Channel} declares an output once: its role, which names
 * its setting, its topic, its side output and its sink; what Kafka may throw away; and whether its
 * records travel in transactions or at once. The channels that every family has, models, metrics
 * and dead letters, are declared here; a family adds its own. An {@link
 * io.millrace.operators.output.OutRecord} is a record for Kafka: key and value as bytes, and its
 * place, from which the partition follows. {@link io.millrace.operators.output.Outputs} is the one
 * method by which a handler sends a record to a channel.
 *
 * <p>{@link io.millrace.operators.output.DeadLetters} makes dead letters. {@link
 * io.millrace.operators.output.Evidence} comes in: an event that could not be used, or one item of
 * it, with its address and its bytes. A record leaves that holds all of that, the reason, and the
 * message for people.
 *
 * <p>Guarantees: a record that is placed by a key lies on the partition that Kafka's own
 * partitioner would choose, so a producer in any language finds the same one. A dead letter fits
 * into a Kafka record whatever its event was: what is too long is cut, and the message says so and
 * where the whole is.
 *
 * <p>Records and evidence are immutable by convention: nobody writes into their arrays. {@link
 * io.millrace.operators.output.KeyBytes} keeps the bytes of one key and is for one thread.
 *
 * <p>Begin with {@link io.millrace.operators.output.Channel}.
 *
 * <p>May use {@code operators.ingress, schemas}.
 */
package io.millrace.operators.output;
