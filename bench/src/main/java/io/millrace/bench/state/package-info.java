/**
 * {@code ./millrace bench state} and {@code bench wide}: what an event costs where state is on
 * disk, and what keys of wide models take.
 *
 * <p>{@link io.millrace.bench.state.StateBenchmark} runs the {@code learn} job on a real broker
 * with RocksDB, lets examples wait for their labels in every key, and then sends one kind of event
 * after the other. {@code WaitingEvents} makes them; {@code CountedLearner} tells when a phase is
 * through; {@code WrittenBytes} counts what RocksDB is given meanwhile.
 *
 * <p>{@link io.millrace.bench.state.WideBenchmark} gives keys examples of named features ({@code
 * NamedStream}) and measures the heap that they take in the job, what RocksDB is given by an event,
 * and what snapshots of two streams take whole and as what has changed ({@code PublishedBytes}).
 * {@code KeyTable} has the bytes of a single key. Both run a {@code MeasuredJob}.
 *
 * <p>What leaves are counts: bytes, by kind of event or by key. But for the heap they do not depend
 * on the machine.
 *
 * <p>Begin with {@link io.millrace.bench.state.StateBenchmark}.
 *
 * <p>May use {@code bench, broker, cli.bench, cli.console, core.compute, core.features, core.learn,
 * core.scaling, core.state, core.supervised, jobs, operators.learner, schemas}.
 */
package io.millrace.bench.state;
