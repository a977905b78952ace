/**
 * {@code ./millrace bench pipeline}: events per second of a whole job on a real broker.
 *
 * <p>{@link io.millrace.bench.pipeline.PipelineBenchmark} fills topics, runs the {@code learn} job
 * over them, and runs the same job with a learner that does nothing. The ratio of the two says what
 * learning costs beside the pipeline. A {@code Case} is a form of events; {@code Feeder} fills the
 * topics before anything is timed; {@code IdleLearner} is the one that does nothing.
 *
 * <p>{@code Gauge} times a job from its first example to all but its last few, so that starting and
 * stopping a cluster do not count; {@code GaugedLearner} reports to it. {@code CompilerThreads}
 * tells the CPU time of the just-in-time compiler, which a short job has much of and a long one
 * hardly any.
 *
 * <p>Records come in from {@code bench.samples}. Rates leave per second, per CPU second, and per
 * CPU second without the compiler, with their ratios.
 *
 * <p>Guarantees: both jobs read the same topics, in turn; runs that warm up do not count; a job
 * that fails ends the benchmark instead of being timed.
 *
 * <p>Begin with {@link io.millrace.bench.pipeline.PipelineBenchmark}.
 *
 * <p>May use {@code bench, bench.samples, broker, cli.bench, cli.console, core.compute,
 * core.features, core.learn, core.spec, core.state, jobs, operators.learner, operators.shell}.
 */
package io.millrace.bench.pipeline;
