/**
 * What an optimizer costs, found out by asking it and running it.
 *
 * <p>{@link io.millrace.cli.catalog.OptimizerCost} puts together two things. The memory is what the
 * optimizer declares that it keeps beside the parameters, for a vector and for a square matrix. The
 * calls are how often it asks each question of the objective in a step: {@link
 * io.millrace.cli.catalog.OracleCalls} runs it at its defaults on a small problem and counts.
 *
 * <p>An entry of the catalogue comes in; numbers and phrases leave. {@code ./millrace optimizers}
 * prints them and {@code docs/catalog.md} is generated from them, so neither can be out of date.
 *
 * <p>Guarantees: nothing here knows an optimizer by name; what is drawn is a function of seed and
 * step, so every run counts the same.
 *
 * <p>Begin with {@link io.millrace.cli.catalog.OptimizerCost}.
 *
 * <p>May use {@code core.catalog, core.optim, core.rng}.
 */
package io.millrace.cli.catalog;
