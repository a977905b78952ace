/**
 * A dictionary with a fast coder that is learned beside it: iterative shrinkage, unfolded into a
 * fixed number of layers.
 *
 * <p>{@link io.millrace.core.dictionary.unfolded.UnfoldedDictionary} leaves the dictionary to the
 * online method and trains a step and a threshold for each layer, by Adam, on the objective of a
 * lasso coder. {@link io.millrace.core.dictionary.unfolded.UnfoldedIsta} is the network forwards
 * and backwards, {@link io.millrace.core.dictionary.unfolded.UnfoldedLoss} what it is trained by.
 * {@code LayerTrainer} decides when training starts anew, because the dictionary has moved too far,
 * and {@code LayerState} knows the blocks of the state that belong to the layers.
 *
 * <p>Network and loss are public because golden files list the outputs and gradients of single
 * layers.
 *
 * <p>Signals come in by {@code step}: first the online method learns, then the layers follow. The
 * tensors {@code dictionary} and {@code layers} leave. Codes are found by the layers alone, in a
 * time that does not depend on the signal.
 *
 * <p>Begin with {@link io.millrace.core.dictionary.unfolded.UnfoldedIsta}.
 *
 * <p>May use {@code core.catalog, core.compute, core.dictionary, core.dictionary.coder,
 * core.dictionary.online, core.learn, core.optim, core.rng, core.spec, core.state}.
 */
package io.millrace.core.dictionary.unfolded;
