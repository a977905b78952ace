/**
 * {@code ./millrace metrics} and {@code ./millrace predictions}: what a job says while it works.
 *
 * <p>{@link io.millrace.cli.topics.RecordFollower} reads the committed records of a topic, from its
 * beginning or from its end; {@code Following} has the options of commands that go on reading.
 * {@link io.millrace.cli.topics.MetricsCommand} prints the newest figures of every key, and what
 * became of orders; {@link io.millrace.cli.topics.PredictionsCommand} what was said of events. The
 * demo reads with {@link io.millrace.cli.topics.RecordFollower} too, and {@link
 * io.millrace.cli.topics.OrderAnswer} waits with it for what has become of an order.
 *
 * <p>Records come in from Kafka; lines and JSON leave.
 *
 * <p>Guarantees: nothing that was not committed is shown; a record that is none of ours is named
 * with its address; figures that do not exist for a family or a loss are left out.
 *
 * <p>Begin with {@link io.millrace.cli.topics.RecordFollower}.
 *
 * <p>May use {@code cli.console, schemas}.
 */
package io.millrace.cli.topics;
