/**
 * {@code ./millrace bench trees}: what an event costs trees, forests and other learners without a
 * gradient, where it goes, and what they keep.
 *
 * <p>{@link io.millrace.bench.tree.TreesBenchmark} takes two looks. {@code GrownLearner} is a
 * learner that a stream has grown; parts of an event are measured one in another from the same
 * state on: go down and count, vote, learn without growing, learn. {@code LongStream} is one that
 * learns a million events of a rule that changes, and is asked for its bytes after each. {@code
 * Uniform} makes the events.
 *
 * <p>Guarantees: the learners are the production classes at their defaults; times are CPU times of
 * the thread, medians over repetitions, the making of events not counted in the first look; a state
 * that passes its bound ends the benchmark.
 *
 * <p>Begin with {@link io.millrace.bench.tree.TreesBenchmark}.
 *
 * <p>May use {@code bench, cli.bench, cli.console, core.catalog, core.compute, core.features,
 * core.learn, core.learner, core.state}.
 */
package io.millrace.bench.tree;
