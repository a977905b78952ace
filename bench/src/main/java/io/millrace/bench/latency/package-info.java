/**
 * {@code ./millrace bench tune-latency}: how long a decision takes from a request to its client.
 *
 * <p>{@link io.millrace.bench.latency.TuneLatencyBenchmark} starts a broker and a {@code tune} job,
 * asks one request after the other through the client library and reports a cost for each, as a
 * caller in a loop would. {@code RoundTrip} writes and reads single records on the same broker
 * without a job; the ratio of the two says what the job adds.
 *
 * <p>Requests come in from a loop that waits for each answer, so nothing queues: what is measured
 * is the time of one decision, not the load a job can bear. Medians, 99th percentiles and largest
 * values leave.
 *
 * <p>Guarantees: both are measured in one run; what warms up does not count; checkpoints go on
 * meanwhile, as they would.
 *
 * <p>{@link io.millrace.bench.latency.SampleJobBenchmark} is another: chains of a {@code sample}
 * job are as many tokens on their way, so the number of visits per second says how long a round
 * trip is, and what of it is the broker's.
 *
 * <p>Begin with {@link io.millrace.bench.latency.TuneLatencyBenchmark}.
 *
 * <p>May use {@code bench, broker, cli.bench, cli.console, cli.run, cli.topics, client, core.rng,
 * jobs, schemas}.
 */
package io.millrace.bench.latency;
