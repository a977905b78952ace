/**
 * Detectors of drift: has the mean, or the law, of a stream of values, such as a model's errors,
 * changed?
 *
 * <p>A {@link io.millrace.core.drift.Detector} takes one value after the other and answers each
 * with a {@link io.millrace.core.drift.Signal}. It is an immutable rule; its numbers are a few
 * doubles in a block that the caller keeps, zeros at first, so that they are restored bit for bit
 * with everything else that is kept of a key. After a change a detector goes on by itself: most
 * empty, {@link io.millrace.core.drift.Adwin} and {@link io.millrace.core.drift.Kswin} with the
 * recent part of their windows. {@link io.millrace.core.drift.Detectors} lists them all.
 *
 * <p>{@link io.millrace.core.drift.DetectorContext} takes the statistic of a test, and its
 * threshold, and brings what a detector may draw and scribble on.
 *
 * <p>Values are finite. Nothing is allocated per value; what is drawn is a function of the place in
 * the stream; logarithms are those of {@link java.lang.StrictMath}.
 *
 * <p>{@code core.drift.feature} compares the laws of features.
 *
 * <p>Begin with {@link io.millrace.core.drift.Ddm}, then {@link io.millrace.core.drift.Adwin}.
 *
 * <p>May use {@code core.compute, core.rng, core.spec}.
 */
package io.millrace.core.drift;
