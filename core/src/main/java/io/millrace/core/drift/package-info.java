/**
 * Detectors of drift: has the mean of a stream of values, such as a model's errors, changed?
 *
 * <p>A detector takes one value after the other and answers each with a {@link
 * io.millrace.core.drift.Signal}. It is an immutable rule; its numbers are a few doubles in a block
 * that the caller keeps, zeros at first, so that they are restored bit for bit with everything else
 * that is kept of a key. After a change a detector goes on by itself: {@link
 * io.millrace.core.drift.PageHinkley} empty, {@link io.millrace.core.drift.Adwin} with the recent
 * part of its window.
 *
 * <p>Values are finite. Nothing is allocated, nothing is drawn, logarithms are those of {@link
 * java.lang.StrictMath}.
 *
 * <p>Begin with {@link io.millrace.core.drift.Adwin}.
 *
 * <p>May use {@code no other package}.
 */
package io.millrace.core.drift;
