/**
 * Replays of golden files about trees and the learners beside them.
 *
 * <p>{@link io.millrace.golden.trees.ClassTreeRun}, {@link
 * io.millrace.golden.trees.RegressionTreeRun} and {@link io.millrace.golden.trees.ForestRun} send a
 * stream of events through a rule of {@code core.tree} and compare what it answers before each
 * event, when and by what its leaves split, and everything that it keeps in the end; {@link
 * io.millrace.golden.trees.TreeDraws} compares what trees draw. {@code TreeStream} reads the
 * events, which later cases of a file name instead of repeating them; {@code TreeReplay} is what
 * the replays share. {@link io.millrace.golden.trees.NaiveBayesRun}, {@link
 * io.millrace.golden.trees.AdPredictorRun} and {@link io.millrace.golden.trees.HalfSpaceRun} make
 * their learners as a job does, with {@code RowStream} for the events.
 *
 * <p>Classes, nodes, events and counts have to be equal, other numbers within the file's tolerance.
 *
 * <p>Begin with {@link io.millrace.golden.trees.ClassTreeRun}.
 *
 * <p>May use {@code core.bayes, core.catalog, core.compute, core.drift, core.features, core.learn,
 * core.learner, core.rng, core.state, core.tree, golden.kind}.
 */
package io.millrace.golden.trees;
