/**
 * What goes into a model: the form of events, and rows of numbers.
 *
 * <p>An {@link io.millrace.core.features.InputSpec} says what the events of a job look like: dense,
 * sparse or named features, how many, and what a label is. {@link io.millrace.core.features.Rows}
 * is a mini-batch in that form: coordinates of all rows in one array, with the labels and weights
 * beside it. It is filled anew for each batch and keeps its arrays. The job fills it from bytes, in
 * a reader of its own; client and command line fill it by {@link
 * io.millrace.core.features.FeatureEncoder}, which refuses what the job would send to the dead
 * letters. {@link io.millrace.core.features.FeatureHasher} turns names into coordinates; its
 * function is part of the wire format, so that a reader in any language finds the same coordinate.
 *
 * <p>Guarantees: rows hold finite numbers and indexes in range, because whoever writes them has
 * checked that; classes are given by their index. Rows of one batch are all dense or all sparse.
 *
 * <p>Rows and hashers are not thread-safe; an input's form is immutable.
 *
 * <p>Begin with {@link io.millrace.core.features.InputSpec}, then {@link
 * io.millrace.core.features.Rows}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.features;
