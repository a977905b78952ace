/**
 * Drift of features: has a feature still the law that it had when the key began?
 *
 * <p>{@link io.millrace.core.drift.feature.FeatureDrift} makes bins of a feature's first values,
 * the reference, and compares every window of later values with them: the population stability
 * index ({@link io.millrace.core.drift.feature.Psi}), the distance of Kolmogorov and Smirnov, and
 * that of Wasserstein ({@link io.millrace.core.drift.feature.Distance}). {@link
 * io.millrace.core.drift.feature.Bins} has the bins.
 *
 * <p>Values come in one by one, NaN for one that is missing; figures of the last full window are
 * read from the block. The numbers of a feature are doubles in a block that the caller keeps, zeros
 * at first; counts are whole numbers, so nothing depends on the order of the values in a window.
 *
 * <p>Guarantees: an alarm knows how many values it is about: without a drift about one window in a
 * hundred raises one, however long the windows are.
 *
 * <p>Begin with {@link io.millrace.core.drift.feature.FeatureDrift}.
 *
 * <p>May use {@code core.compute, core.special}.
 */
package io.millrace.core.drift.feature;
