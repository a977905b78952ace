/**
 * Randomness as a function: the same job seed, stream, step, purpose and index always give the same
 * number.
 *
 * <p>There is no generator with a state of its own, so nothing about randomness has to be saved in
 * a checkpoint, and a job that is restored or rescaled draws the same numbers as one that never
 * failed. {@link io.millrace.core.rng.Philox} turns a counter and a key into random bits; {@link
 * io.millrace.core.rng.PhiloxDraws} cuts uniforms, normals and indexes from them; {@link
 * io.millrace.core.rng.Draws} is what algorithms see.
 *
 * <p>A stream is named by a text, most often the model key. Each {@link
 * io.millrace.core.rng.Purpose}, such as start values or the noise of gradients, forks a stream of
 * its own, so that two of them never share a number. Purposes are part of the result of a job: the
 * list only grows.
 *
 * <p>Guarantees: the known answers of Random123 hold; logarithm, sine and cosine are those of
 * StrictMath, so that the numbers are the same on every machine.
 *
 * <p>Begin with {@link io.millrace.core.rng.Draws}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.rng;
