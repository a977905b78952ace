/**
 * Dictionaries of matrices: each atom is an outer product of two non-negative vectors (a CP
 * dictionary), so that atoms of d1 x d2 numbers take d1 + d2 to keep.
 *
 * <p>{@link io.millrace.core.dictionary.cp.CpDictionary} minimises squares, {@link
 * io.millrace.core.dictionary.cp.WassersteinCpDictionary} the cost of transporting mass, for
 * signals that are histograms. Both solve block after block: one factor, the other factor, the
 * codes, each with a proximal term that keeps it near its last value. {@link
 * io.millrace.core.dictionary.cp.CpLeastSquares} has the blocks for squares. {@link
 * io.millrace.core.dictionary.cp.EntropicTransport} is the smoothed cost of transport in its dual;
 * {@code TransportBlocks}, {@code CodeDual} and {@code FactorDual} minimise over duals by L-BFGS.
 * {@code CpShape} knows where rows and columns of an atom lie.
 *
 * <p>Signals come in as flat arrays, row by row of the matrix they are; the hyperparameter {@code
 * rows} says how many rows that is. Factors leave as the tensors {@code u} and {@code v} beside
 * {@code dictionary}.
 *
 * <p>Least squares and transport are public because golden files list their blocks and values one
 * by one.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.cp.CpDictionary}.
 *
 * <p>May use {@code core.compute, core.dictionary, core.dictionary.coder, core.learn, core.linalg,
 * core.rng, core.spec, core.state}.
 */
package io.millrace.core.dictionary.cp;
