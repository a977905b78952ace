/**
 * {@code ./millrace bench optimizers}: what a step of every optimizer costs beside its gradient.
 *
 * <p>{@link io.millrace.bench.optimizer.OptimizerBenchmark} goes over the catalogue and knows no
 * optimizer by name. {@code ReadyObjective} answers every question from arrays that are ready, so
 * that the time of a step is its own. A method that works element by element is measured by {@code
 * ElementwiseMeasurement}: bytes moved per second over the copy bandwidth of this machine, where
 * {@code Traffic} finds out what must be moved at least, by changing one thing at a time. A method
 * on matrices is measured by {@code MatrixMeasurement}: its time over that of the products and
 * decompositions in it, which {@code TimedBackend} clocks.
 *
 * <p>An entry of the catalogue comes in as a {@code Subject}; a row of a table leaves.
 *
 * <p>Guarantees: steps are those of the production classes; large vectors lie in memory and small
 * ones in the cache, and both are measured; figures are medians over repetitions.
 *
 * <p>Begin with {@link io.millrace.bench.optimizer.OptimizerBenchmark}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, core.catalog, core.compute, core.optim,
 * core.rng, core.state}.
 */
package io.millrace.bench.optimizer;
