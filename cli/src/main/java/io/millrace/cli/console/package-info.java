/**
 * What every command shares: how it speaks, how it fails, where it writes, and how it reaches
 * Kafka.
 *
 * <p>{@link io.millrace.cli.console.Output} carries the rule of {@code --json}: standard output
 * holds the result and nothing else. {@link io.millrace.cli.console.Progress} shows a bar on a
 * terminal, and a line every five seconds where there is none. {@link
 * io.millrace.cli.console.CommandFailed} is a failure that the user can act on, {@link
 * io.millrace.cli.console.Causes} makes a sentence of a chain of exceptions, and {@link
 * io.millrace.cli.console.ExitCode} names the three ways to end. {@link
 * io.millrace.cli.console.WorkDirectory} makes the directory of a run and sends the log there.
 *
 * <p>{@link io.millrace.cli.console.KafkaOptions} are the options of every command that talks to a
 * Kafka: where it is, and by {@link io.millrace.cli.console.Role} which topics are meant; and
 * {@link io.millrace.cli.console.Kafka} asks it whether a topic is there before the command begins,
 * so that its absence is one clear line. {@link io.millrace.cli.console.Pace} holds work back to a
 * rate.
 *
 * <p>Some of these are mixins of picocli: a command that has one as a field has its options too.
 *
 * <p>Guarantees: NaN and infinity become null in JSON, which has neither; what is printed does not
 * depend on the locale; values of Kafka's properties are never printed.
 *
 * <p>Commands and benchmarks use this package, and it knows none of them.
 *
 * <p>Begin with {@link io.millrace.cli.console.Output}.
 *
 * <p>May use {@code client, core.state, jobs}.
 */
package io.millrace.cli.console;
