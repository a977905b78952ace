/**
 * Non-negative matrix factorization for counts.
 *
 * <p>{@link io.millrace.core.dictionary.nmf.KlFactorization} minimises the generalized
 * Kullback-Leibler divergence between signals and their reconstructions by multiplicative updates,
 * online: each batch first finds its codes with the atoms fixed, then adds to the statistics of the
 * atoms, of which older batches are forgotten by a constant factor. Entries stay non-negative
 * because they are only ever multiplied.
 *
 * <p>The method codes by itself and takes no sparse coder. The online method with non-negative
 * atoms and codes is the one for squared error.
 *
 * <p>Signals come in by {@code step}; negative entries count as 0. The tensor {@code dictionary}
 * leaves. The state holds the atoms and the numerators and denominators of their updates. Divisions
 * are guarded by a smallest value, so a step is finite wherever its input is; one that is not
 * changes nothing.
 *
 * <p>Begin with the class documentation of {@link io.millrace.core.dictionary.nmf.KlFactorization},
 * which has the updates.
 *
 * <p>May use {@code core.compute, core.dictionary, core.learn, core.rng, core.spec, core.state}.
 */
package io.millrace.core.dictionary.nmf;
