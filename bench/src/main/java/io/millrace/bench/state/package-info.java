/**
 * {@code ./millrace bench state}: what an event costs where state is on disk.
 *
 * <p>{@link io.millrace.bench.state.StateBenchmark} runs the {@code learn} job on a real broker
 * with RocksDB, lets examples wait for their labels in every key, and then sends one kind of event
 * after the other. {@code WaitingEvents} makes them; {@code CountedLearner} tells when a phase is
 * through; {@code WrittenBytes} counts what RocksDB is given meanwhile.
 *
 * <p>What leaves are counts: bytes written per event by kind of event, and bytes of a checkpoint
 * after the events and after an interval without any. They do not depend on the machine.
 *
 * <p>Begin with {@link io.millrace.bench.state.StateBenchmark}.
 *
 * <p>May use {@code broker, cli.bench, cli.console, core.compute, core.features, core.learn,
 * core.state, jobs, operators.learner, schemas}.
 */
package io.millrace.bench.state;
