/**
 * {@code ./millrace dead-letters}: why events were refused, and how to send them again.
 *
 * <p>{@link io.millrace.cli.deadletters.DeadLetterTopic} holds the options that both commands
 * share, which topic and which reasons, and reads the letters. {@link
 * io.millrace.cli.deadletters.DeadLettersListCommand} prints them. {@link
 * io.millrace.cli.deadletters.DeadLettersReplayCommand} writes events back to the topics that they
 * came from, with their original bytes, key and timestamp; {@code OriginalRecords} finds their
 * headers. {@code ReplayLedger} remembers what was sent, in a compacted topic of its own.
 *
 * <p>Dead letters come in by the client library; text, JSON or the original records leave.
 *
 * <p>Guarantees: an event is sent again once, however often the command is run, since the records
 * and the memory are committed in one transaction of Kafka; {@code --again} lifts that. A letter
 * whose bytes were cut cannot be sent and is named. Replaying one reason does not hide another.
 *
 * <p>Begin with {@link io.millrace.cli.deadletters.DeadLettersReplayCommand}.
 *
 * <p>May use {@code cli.console, client, schemas}.
 */
package io.millrace.cli.deadletters;
