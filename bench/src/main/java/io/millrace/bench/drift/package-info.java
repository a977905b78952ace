/**
 * {@code ./millrace bench drift}: how soon detectors tell a drift, how often for nothing, what they
 * cost, and what a reaction is worth.
 *
 * <p>{@link io.millrace.bench.drift.DriftBenchmark} goes over the registry of detectors. {@code
 * DetectorTable} has each look at streams of errors whose rate changes once, at a known place;
 * {@code ReactionTable} lets a model learn a concept that turns round every so often, through the
 * classes that run in the job.
 *
 * <p>Guarantees: streams are draws of a fixed seed, the same for every detector, so that all
 * figures but the times are the same on every machine; times are CPU times of the thread.
 *
 * <p>Begin with {@link io.millrace.bench.drift.DriftBenchmark}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, core.compute, core.drift, core.features,
 * core.learn, core.monitor, core.rng, core.scaling, core.state, core.supervised}.
 */
package io.millrace.bench.drift;
