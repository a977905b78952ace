/**
 * What one key has learned, and its form as bytes.
 *
 * <p>A {@link io.millrace.core.state.LearnerState} is a list of named blocks of doubles and a count
 * of steps. Its {@link io.millrace.core.state.StateSchema} says names and lengths; one schema
 * serves all keys of a job. Algorithms declare blocks, are handed a state for each call, and keep
 * no reference to it: Flink's heap backends copy states while a checkpoint is written. A {@link
 * io.millrace.core.state.CoordinateTable} is a block that has numbers for the coordinates of a wide
 * vector that the key has seen, and for no other.
 *
 * <p>{@link io.millrace.core.state.BlockWriter} and {@link io.millrace.core.state.BlockReader} are
 * the one byte format of everything that is kept about a key. Blocks go by name, so that a reader
 * skips what it does not know, and a checksum covers the whole. What the blocks of a job mean is
 * the business of the job's own serializer, which is built on these two.
 *
 * <p>Guarantees: a state that is written and read again is equal in every bit, not-a-numbers and
 * signed zeros included; damaged bytes are refused with a {@link
 * io.millrace.core.state.StateException} that says what was found.
 *
 * <p>Begin with {@link io.millrace.core.state.LearnerState}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.state;
