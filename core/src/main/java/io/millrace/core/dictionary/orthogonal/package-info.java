/**
 * Orthogonal dictionaries, K = m: the one under which codes are spikiest.
 *
 * <p>{@link io.millrace.core.dictionary.orthogonal.OrthogonalDictionary} takes stochastic
 * Frank-Wolfe steps over the spectral ball; {@code Descent} chooses the lengths of the steps. One
 * step is {@link io.millrace.core.dictionary.orthogonal.FrankWolfeStep}, which is public because
 * golden files list what it finds on its way. Signals whose dictionary is complete but not
 * orthogonal are whitened first, by {@code Whitening}; {@link
 * io.millrace.core.dictionary.orthogonal.Recovery} measures how near a dictionary is to the true
 * one, for tests and benchmarks.
 *
 * <p>The method codes by itself, by multiplying with the dictionary and cutting small entries off,
 * so it takes no coder. It needs singular value decompositions of m x m matrices: it is meant for
 * signals of up to some hundred numbers.
 *
 * <p>Signals come in by {@code step}. The tensor {@code dictionary} leaves, and {@code whitener}
 * where signals are whitened: a reader multiplies signals by it before coding.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.orthogonal.OrthogonalDictionary}.
 *
 * <p>May use {@code core.compute, core.dictionary, core.learn, core.linalg, core.rng, core.spec,
 * core.state}.
 */
package io.millrace.core.dictionary.orthogonal;
