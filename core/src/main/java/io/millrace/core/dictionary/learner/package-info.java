/**
 * Dictionary learning as a learner that jobs and clients use, and the registries of methods and
 * coders.
 *
 * <p>{@link io.millrace.core.dictionary.learner.DictionaryOptions} are the names and numbers of a
 * configuration. {@code DictionaryParts} checks them, all at once, and makes coder and method;
 * {@link io.millrace.core.dictionary.learner.DictionaryLearner} turns rows into scaled signals and
 * hands them to the method. {@link io.millrace.core.dictionary.learner.Methods} and {@link
 * io.millrace.core.dictionary.learner.Coders} list what there is, one line each; the first of each
 * list is the default. {@link io.millrace.core.dictionary.learner.SignalScaling} is what is done to
 * a signal before it is coded.
 *
 * <p>Rows come in, dense or sparse; labels are not read. A prediction is the code of a signal, its
 * score the objective. {@code DictionaryConfig} writes the options into a published model and reads
 * them back, so that a client codes as the job did.
 *
 * <p>This package is above methods and coders: they know nothing of it. A new method or coder is
 * one file below and one line here.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.learner.DictionaryLearner}.
 *
 * <p>May use {@code core.compute, core.dictionary, core.dictionary.coder, core.dictionary.cp,
 * core.dictionary.nmf, core.dictionary.online, core.dictionary.orthogonal,
 * core.dictionary.unfolded, core.features, core.learn, core.rng, core.spec, core.state}.
 */
package io.millrace.core.dictionary.learner;
