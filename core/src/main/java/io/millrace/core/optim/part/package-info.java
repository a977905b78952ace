/**
 * What can be put around any optimizer: clipping, noise, weight decay, penalties with exact zeros,
 * and averaging of the published point.
 *
 * <p>A part is in use when a configuration names one of its hyperparameters. There are three kinds.
 * A gradient transform changes every gradient that the optimizer asks for; the clips and the noise
 * are such. A parameter transform changes the parameters before or after the step; decay and the
 * penalties are such. A publish transform chooses the point that is published; there can be one,
 * and only around an optimizer that publishes the point it steps on.
 *
 * <p>A part declares slots of its own, whose names start with its id and a dot. It is handed the
 * whole array of parameters, or the touched coordinates where the optimizer allows it, and works in
 * place. The order is that of {@link io.millrace.core.catalog.Parts}. The weakest promise about
 * sparse steps of all that take part is the promise of the whole.
 *
 * <p>Begin with {@link io.millrace.core.optim.part.ClipByNorm} and {@link
 * io.millrace.core.optim.part.ElasticNet}.
 *
 * <p>May use {@code core.compute, core.optim, core.rng, core.spec}.
 */
package io.millrace.core.optim.part;
