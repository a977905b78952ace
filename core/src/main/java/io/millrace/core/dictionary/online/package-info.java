/**
 * Online dictionary learning by sufficient statistics: the default method.
 *
 * <p>{@link io.millrace.core.dictionary.online.OnlineDictionary} codes a batch under the present
 * atoms, adds the codes to two matrices of statistics, and improves the atoms one after the other
 * on the quadratic that the statistics define. With non-negative atoms and codes it is non-negative
 * matrix factorization. {@code AtomUpdate} is the half of a round that follows coding: it can be
 * read and tested alone. {@link io.millrace.core.dictionary.online.AtomSet} are the convex sets
 * that atoms are kept in, with their projections.
 *
 * <p>Signals and weights come in by {@code step}; atoms leave as the tensor {@code dictionary}. The
 * state holds the dictionary, the statistics A and B, the Gram matrix, so that single signals can
 * be coded without a product, and the round. A step works on copies and writes them back when all
 * numbers are finite.
 *
 * <p>For each signal a round costs m K products for the correlations and what the coder takes; for
 * each batch it costs about {@code m K^2} for a sweep over the atoms. An atom that no code uses is
 * replaced by a signal of the batch; its statistics are cleared.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.online.OnlineDictionary}.
 *
 * <p>May use {@code core.compute, core.dictionary, core.learn, core.rng, core.spec, core.state}.
 */
package io.millrace.core.dictionary.online;
