/**
 * Golden files of random numbers.
 *
 * <p>{@link io.millrace.golden.rng.CounterRng} compares the generator with known answers of
 * Random123, and the keys, words, uniforms, normals and indexes of a stream with those of an
 * independent program. Whole numbers have to be equal; normals may differ by the tolerance of the
 * file, because logarithm and sine of another library may.
 *
 * <p>Random numbers are part of a job's result: with other numbers, the same data give another
 * model. So these files are the promise that a later build, or a reader in another language, draws
 * what this one draws.
 *
 * <p>A case of the file has either a counter and a key, for the generator alone, or the name of a
 * stream and a step, for what a job would draw there. The purposes are those of {@link
 * io.millrace.core.rng.Purpose}.
 *
 * <p>Begin with {@link io.millrace.golden.rng.CounterRng}.
 *
 * <p>May use {@code core.rng, golden.kind}.
 */
package io.millrace.golden.rng;
