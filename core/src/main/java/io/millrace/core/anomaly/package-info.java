/**
 * Learners that say how unusual an event is, without labels.
 *
 * <p>{@link io.millrace.core.anomaly.HalfSpaceTrees} counts how many events of a window lie in each
 * part of the space, in trees that halve it by chance; {@code HalfSpaceCuts} says where. A score
 * near 1 is that of an event where hardly any lay before; a quantile of recent scores makes an
 * alarm of it.
 *
 * <p>Rows come in by {@link io.millrace.core.learner.EventLearner}, one at a time. An answer is the
 * score and whether it is an alarm; it is empty until a window is full. Masses and cuts leave as
 * tensors, so that a reader needs no random numbers.
 *
 * <p>Guarantees: the structure of the trees follows from the job's seed and the key alone; scoring
 * changes nothing; nothing is allocated but for publishing.
 *
 * <p>Begin with {@link io.millrace.core.anomaly.HalfSpaceTrees}.
 *
 * <p>May use {@code core.compute, core.features, core.learn, core.learner, core.rng, core.spec,
 * core.state}.
 */
package io.millrace.core.anomaly;
