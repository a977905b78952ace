/**
 * Methods over particles: many points that move together, and how well draws stand for a density.
 *
 * <p>{@link io.millrace.core.sample.particle.Svgd} draws nothing: particles are driven up the
 * density and apart from each other. {@link io.millrace.core.sample.particle.MirroredSvgd} does the
 * same on the probability simplex, in coordinates in which there is no boundary; {@link
 * io.millrace.core.sample.particle.SimplexMirror} changes between the two. Both ask for the score,
 * the gradient of the log density, of every particle at every step, so particles of one model live
 * together.
 *
 * <p>{@link io.millrace.core.sample.particle.SteinDiscrepancy} measures draws of any sampler
 * against a density by its scores alone.
 *
 * <p>Particles lie one after another in one array, [count x d]. Methods are immutable.
 *
 * <p>Begin with {@link io.millrace.core.sample.particle.Svgd}.
 *
 * <p>May use {@code core.compute, core.spec}.
 */
package io.millrace.core.sample.particle;
