/**
 * The contract of dictionary learning, and what its methods and coders share.
 *
 * <p>A dictionary has K atoms of m numbers; a signal is approximated by few of them. A {@link
 * io.millrace.core.dictionary.DictionaryMethod} learns the atoms from batches of signals; a {@link
 * io.millrace.core.dictionary.SparseCoder} finds the code of one signal under given atoms. A coder
 * sees the {@link io.millrace.core.dictionary.Gram} matrix of the atoms and the correlations with
 * the signal, never the signal itself, so that coding costs the same whatever its length. {@link
 * io.millrace.core.dictionary.SignalCoder} makes both from a batch by two matrix products.
 *
 * <p>Dictionaries are atom-major, {@code D[K][m]}; batches of signals and codes are row-major.
 * State is blocks of a {@link io.millrace.core.state.LearnerState} that each method declares.
 * Methods with figures for metrics extend {@link io.millrace.core.dictionary.AbstractMethod}, which
 * names them. {@link io.millrace.core.dictionary.CodeMeasures} says how good a code is: residual,
 * objective, duality gap.
 *
 * <p>Guarantees: methods and coders are immutable; a step is taken whole or not at all; coding
 * changes nothing; ties go to the lowest index.
 *
 * <p>Coders are in {@code coder}, methods in a package each, and {@code learner} has the registries
 * and the learner on top.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.DictionaryMethod} and {@link
 * io.millrace.core.dictionary.SparseCoder}.
 *
 * <p>May use {@code core.compute, core.learn, core.linalg, core.rng, core.spec, core.state}.
 */
package io.millrace.core.dictionary;
