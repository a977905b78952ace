/**
 * Models whose posterior is known in closed form, and Gaussian distributions.
 *
 * <p>{@link io.millrace.core.sample.gaussian.GaussianMean} and {@link
 * io.millrace.core.sample.gaussian.LinearRegression} are linear-Gaussian: the gradient of a row is
 * affine in theta. So {@link io.millrace.core.sample.gaussian.GaussianLaw} has their posterior over
 * any number of clients, and the 2-Wasserstein distance of two Gaussians, which says how far a
 * sampled one is from it.
 *
 * <p>A chain with a constant step size does not sample the posterior, but a law of its own, wider
 * by mini-batch noise and, where clients differ and visits are long, displaced. {@link
 * io.millrace.core.sample.gaussian.StationaryLaw} computes that law exactly. A long run is compared
 * with it, not with the posterior: an error of a percent shows then.
 *
 * <p>{@link io.millrace.core.sample.gaussian.DiscountedRows} are rows of either that count for less
 * the older they are.
 *
 * <p>Data lie row by row in arrays that are kept. Classes are immutable. Nothing here is on the
 * path of a local step but the gradients of rows.
 *
 * <p>Begin with {@link io.millrace.core.sample.gaussian.LinearRegression}.
 *
 * <p>May use {@code core.compute, core.linalg, core.rng, core.sample}.
 */
package io.millrace.core.sample.gaussian;
