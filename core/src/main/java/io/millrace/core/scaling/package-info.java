/**
 * Bringing features to a common scale on their way to a learner.
 *
 * <p>{@link io.millrace.core.scaling.Scaling} is the setting, {@link
 * io.millrace.core.scaling.FeatureScaler} does it: by running statistics that are blocks of a key's
 * state, behind the blocks of the learner it works for. Rows come in as they are; scaled values
 * leave in an array of the caller's, at the same positions. The statistics are advanced by the rows
 * of a step that was taken, after it.
 *
 * <p>Statistics are published as exact tensors, so that a reader scales as the job does, and a warm
 * start goes on with them.
 *
 * <p>Guarantees: a scaled value is finite and at most ten deviations in size; a single wild value
 * does little to the statistics; nothing is allocated but for publishing.
 *
 * <p>Begin with {@link io.millrace.core.scaling.FeatureScaler}.
 *
 * <p>May use {@code core.compute, core.features, core.learn, core.state}.
 */
package io.millrace.core.scaling;
