/**
 * Golden files of optimizers and schedules, step by step.
 *
 * <p>{@code OptimizerReplay} runs an optimizer of the catalogue from a file's start point and
 * compares parameters, published points, step sizes and slots after each step. Where its gradients
 * come from is the difference between the two kinds of file. {@link
 * io.millrace.golden.optimizer.ExplicitGradients} takes a list, whatever the parameters are; {@link
 * io.millrace.golden.optimizer.ProblemOracle} evaluates a problem that the file describes, on the
 * rows that it lists for each step. {@link io.millrace.golden.optimizer.ListedSchedules} compares
 * learning rates.
 *
 * <p>Hyperparameters have the papers' names in a file; {@code GoldenHypers} brings them to those of
 * the configuration. Coins, probes and rows are drawn from the file by {@code ListedDraws}: what a
 * method draws and the file does not list cannot be drawn.
 *
 * <p>A method that collects a large batch over several mini-batches is handed the file's large
 * batch as one of them, and a method that stores samples finds the rows of the problem stored; so
 * what is checked is the code that a job runs.
 *
 * <p>Begin with {@code OptimizerReplay}, whose documentation says what is compared with what.
 *
 * <p>May use {@code core.catalog, core.optim, core.optim.schedule, core.rng, core.spec, core.state,
 * golden.kind}.
 */
package io.millrace.golden.optimizer;
