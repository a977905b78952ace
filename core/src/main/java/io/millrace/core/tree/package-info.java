/**
 * Hoeffding trees for classes and for numbers, and the adaptive random forest.
 *
 * <p>A tree is one array of bytes ({@link io.millrace.core.tree.TreeMemory}): a header, nodes, and
 * the statistics of the leaves that still look for a test to split by. The array lies in a block of
 * bytes of the key's state, is little longer than the tree needs, and grows with it up to a bound;
 * a key that has seen little keeps little. To restore a key is to copy it.
 *
 * <p>{@link io.millrace.core.tree.HoeffdingTree}, {@link io.millrace.core.tree.RegressionTree} and
 * {@link io.millrace.core.tree.AdaptiveForest} are the rules: immutable, handed a view of the
 * bytes, a row, and scratch. A row is first voted on, then learned, and learning takes the vote, so
 * that it is routed once. {@code SplitSearch} and {@code VarianceSearch} find tests, {@code
 * LeafBudget} parks the leaves with the least to gain where the bytes run out. {@link
 * io.millrace.core.tree.TreeWatch} and {@link io.millrace.core.tree.ForestWatch} are told what
 * happens, for checks.
 *
 * <p>Guarantees: of equal choices the lowest index is taken; sums run upwards; logarithms,
 * exponentials and erfc are the same on every machine, so a replay splits where the first run has
 * split; draws are functions of seed, key, event, tree and node; nothing is allocated but where a
 * tree grows or shrinks.
 *
 * <p>Begin with {@link io.millrace.core.tree.HoeffdingTree}.
 *
 * <p>{@link io.millrace.core.tree.ClassTreeLearner}, {@link
 * io.millrace.core.tree.RegressionTreeLearner} and {@link io.millrace.core.tree.ForestLearner} are
 * the rules as learners of jobs; {@code TreeTensors} is the form in which a tree is published and
 * read again, to answer every row as before and to go on as it would have.
 *
 * <p>May use {@code core.compute, core.drift, core.features, core.learn, core.learner, core.rng,
 * core.special, core.spec, core.state}.
 */
package io.millrace.core.tree;
